import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { dnsLabelProblem, freeTextProblem, labelKeyProblem, labelValueProblem } from '../../src/core/text';
import { hostileText } from './hostile';

/**
 * Manifests are YAML written by cdk8s (the npm package `yaml`) and read by Kubernetes' tools (Go). Where the two
 * differ, a text arrives as another one, or the whole file is refused. What kubectl 1.36 did with the texts below was
 * tried by hand: `kubectl annotate --local -f file.yaml -o json x=y` on a ConfigMap that `Yaml.stringify` wrote.
 */

/** Leading white space of texts with several lines, and spellings of numbers, are met often. */
const blanks = fc
  .array(fc.constantFrom(' ', '\t', '\n', 'a', '  - b: c', '\r'), { maxLength: 8 })
  .map((parts) => parts.join(''));
const numbers = fc.array(fc.constantFrom(...'01789_.exbo+-aE'), { maxLength: 6 }).map((parts) => parts.join(''));
const text = fc.oneof(hostileText, blanks, numbers);

describe('free text arrives intact or is refused', () => {
  test('what is accepted comes back from the YAML that cdk8s writes, alone and beside others', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
        const accepted = texts.filter((each) => freeTextProblem(each) === undefined);
        const written = Yaml.stringify({
          data: Object.fromEntries(accepted.map((each, index) => [`k${index}`, each])),
        });
        expect(Object.values((parse(written, { version: '1.1' }) as { data: object }).data)).toEqual(accepted);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    'a "quoted" \'text\'',
    'two\nlines\n',
    '\nstarts with an empty line\n  and is indented',
    '  spaces first\nthen more',
    '\ttab in one line',
    'a\r\nb',
    '$(date) `id` ${HOME} $(POD_IP)',
    '; rm -rf / # && || > < *',
    'Grüße, 日本 😀 \u200b\u00a0',
    'key: value # comment',
    '- !!binary &a *a {{ x }} %',
    '---',
    'null',
    'yes',
    '0777',
    '1_000',
    '1e3',
    '0x1F',
    '0b11',
    '2001-01-01',
    '',
  ])('%j arrives intact (seen with kubectl), so it is accepted', (given) => {
    expect(freeTextProblem(given)).toBeUndefined();
  });

  test.each([
    ['the whole file was refused', 'a\u0080b', 'control character'],
    ['the whole file was refused', 'a\u009fb', 'control character'],
    ['it arrived as a space', 'a\u0085b', 'control character'],
    ['the texts after it were lost', 'a\u2028- x: y', 'line separator'],
    ['the texts after it were lost', 'a\u2029b', 'line separator'],
    ['the whole file was refused', 'a\ufffeb', 'control character'],
    ['the whole file was refused', 'a\uffff', 'control character'],
    ['no process can hold it', 'a\u0000b', 'control character'],
    ['a terminal obeys it', '\u001b[2J', 'control character'],
    ['UTF-8 has no form for it', 'a\ud800b', 'surrogate'],
    ['UTF-8 has no form for it', '\udc00', 'surrogate'],
    ['the whole file was refused', '\ta\nb', 'begin with a tab'],
    ['the whole file was refused', '\n\ta', 'begin with a tab'],
    ['a space was lost', ' \n', 'line of spaces'],
    ['a line was lost', '\n  \n', 'line of spaces'],
  ])('%s: %j is refused', (_seen, given, message) => {
    expect(freeTextProblem(given)).toContain(message);
  });
});

/** Whether Go's reader takes a text without quotes for a number: underscores go first, then ParseInt and ParseFloat. */
function isNumberToGo(given: string): boolean {
  if (!/^[-+.0-9]/.test(given)) {
    return false;
  }
  const plain = given.replaceAll('_', '');
  const unsigned = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  const digitsOf = (prefix: string, digits: string): boolean =>
    unsigned.toLowerCase().startsWith(prefix) &&
    unsigned.length > prefix.length &&
    [...unsigned.slice(prefix.length).toLowerCase()].every((each) => digits.includes(each));
  const isInteger =
    digitsOf('0x', '0123456789abcdef') || digitsOf('0o', '01234567') || digitsOf('0b', '01') || /^\d+$/.test(unsigned);
  // `0b` is read once more on its own, with a sign behind it.
  const isBinary = plain.startsWith('0b') && /^[-+]?[01]+$/.test(plain.slice(2));
  return isInteger || isBinary || /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain);
}

const writtenPlainly = (given: string): boolean => !/^["'|>]/.test(Yaml.stringify(given));

describe('spellings of numbers that Go knows and the writer does not', () => {
  test.each(['0o17', '-0o1', '+_0', '0_x1', '0_b0', '0e1_', '0e_1', '0b-1', '0b+0', '1e0_', '+_.1', '-__1'])(
    '%s arrived as a number (seen with kubectl), so it is refused',
    (given) => {
      expect(isNumberToGo(given)).toBe(true);
      expect(freeTextProblem(given)).toBe('YAML readers of Kubernetes take this spelling for a number');
    },
  );

  test('whatever is accepted and stands without quotes is no number to Go', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        fc.pre(freeTextProblem(given) === undefined && writtenPlainly(given));
        expect({ given, number: isNumberToGo(given) }).toEqual({ given, number: false });
      }),
      { numRuns: 2000 },
    );
  });

  test('negative control: without the check, such texts would be met', () => {
    const met = fc.sample(numbers, { numRuns: 5000, seed: 4 }).filter(writtenPlainly).filter(isNumberToGo);
    expect(met.length).toBeGreaterThan(5);
    expect(met.filter((given) => freeTextProblem(given) === undefined)).toEqual([]);
  });

  test('names and labels are refused likewise: a namespace "0o17" would be the number 15', () => {
    expect([
      dnsLabelProblem('0o17'),
      dnsLabelProblem('0b-1'),
      labelValueProblem('0e_1'),
      labelKeyProblem('0o17'),
    ]).toEqual(Array(4).fill('YAML readers of Kubernetes take this spelling for a number'));
  });

  test('numbers that both know are quoted, so they are fine as labels and names', () => {
    expect(['17', '017', '1e3', '0x1f', '1.5', '1_0'].map(labelValueProblem)).toEqual(Array(6).fill(undefined));
    expect(dnsLabelProblem('17')).toBeUndefined();
  });
});
