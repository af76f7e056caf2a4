import * as fc from 'fast-check';
import {
  dnsLabelProblem,
  dnsNameProblem,
  envNameProblem,
  labelKeyProblem,
  labelValueProblem,
  serviceNameProblem,
} from '../../src/core/text';
import { hostileText } from './hostile';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const UPPER = LOWER.toUpperCase();

/** The rule in words, character by character: these inside, those at both ends, up to a length. */
const obeys = (text: string, inside: string, ends: string, maximum: number): boolean =>
  text.length >= 1 &&
  text.length <= maximum &&
  [...text].every((each) => inside.includes(each)) &&
  ends.includes(text.charAt(0)) &&
  ends.includes(text.charAt(text.length - 1));

const isLabel = (text: string): boolean => obeys(text, `${LOWER}${DIGITS}-`, LOWER + DIGITS, 63);
const isQualified = (text: string): boolean => obeys(text, `${LOWER}${UPPER}${DIGITS}-_.`, LOWER + UPPER + DIGITS, 63);
const isName = (text: string): boolean => text.length <= 253 && text.split('.').every(isLabel);
/** Texts of the alphabet that rules are about, so that the accepting side is met often too. */
const near = (alphabet: string, maxLength = 70): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((all) => all.join(''));
/** Spellings of numbers have tests of their own (text-yaml.test.ts). */
const maybeNumber = (text: string): boolean => /^[-+.]?\d/.test(text);

const RULES: [string, (text: string) => string | undefined, (text: string) => boolean, fc.Arbitrary<string>][] = [
  ['a DNS label', dnsLabelProblem, isLabel, near('ab0-')],
  [
    'the name of a Service',
    serviceNameProblem,
    (text) => isLabel(text) && LOWER.includes(text.charAt(0)),
    near('ab0-'),
  ],
  ['a DNS name', dnsNameProblem, isName, near('ab0-.', 300)],
  ['a label value', labelValueProblem, (text) => text === '' || isQualified(text), near('aB0-_.')],
  [
    'a label key',
    labelKeyProblem,
    (text) => {
      const slash = text.indexOf('/');
      // The one key that Kubernetes takes and cdk8s cannot render.
      if (text === 'constructor') return false;
      return slash < 0 ? isQualified(text) : isName(text.slice(0, slash)) && isQualified(text.slice(slash + 1));
    },
    near('aB0-_./'),
  ],
  [
    'the name of an environment variable',
    envNameProblem,
    (text) =>
      text !== '' && [...text].every((each) => `${LOWER}${UPPER}${DIGITS}_`.includes(each)) && !/^\d/.test(text),
    near('aB0_'),
  ],
];

describe.each(RULES)('%s', (_what, problem, obeysRule, similar) => {
  test('is accepted exactly where the rule of Kubernetes holds, hostile texts included', () => {
    fc.assert(
      fc.property(fc.oneof(similar, hostileText), (text) => {
        fc.pre(!maybeNumber(text));
        expect({ text, accepted: problem(text) === undefined }).toEqual({ text, accepted: obeysRule(text) });
      }),
      { numRuns: 500 },
    );
  });

  test('both sides of the rule are met by that property', () => {
    const accepted = fc.sample(fc.oneof(similar, hostileText), { numRuns: 300, seed: 3 }).map(obeysRule);
    expect([accepted.includes(true), accepted.includes(false)]).toEqual([true, true]);
  });

  test.each([undefined, null, 5, true, {}, ['a'], NaN])(
    '%p is refused: printed it would be a fine text, and then select something else',
    (value) => {
      expect(problem(value as never)).toEqual(expect.any(String));
    },
  );
});

describe('lengths are counted to the last character', () => {
  const a = (length: number): string => 'a'.repeat(length);

  test.each<[string, string | undefined, string | undefined]>([
    ['a DNS label', dnsLabelProblem(a(63)), dnsLabelProblem(a(64))],
    ['a name that a StatefulSet gets', serviceNameProblem(a(52), 52), serviceNameProblem(a(53), 52)],
    ['a DNS name', dnsNameProblem(`${`${a(62)}.`.repeat(4)}a`), dnsNameProblem(`${`${a(62)}.`.repeat(4)}aa`)],
    ['a label of a DNS name', dnsNameProblem(`${a(63)}.a`), dnsNameProblem(`${a(64)}.a`)],
    ['a label value', labelValueProblem(a(63)), labelValueProblem(a(64))],
    ['the name of a label key', labelKeyProblem(`a/${a(63)}`), labelKeyProblem(`a/${a(64)}`)],
  ])('%s', (_what, fits, tooLong) => {
    expect(fits).toBeUndefined();
    expect(tooLong).toEqual(expect.any(String));
  });

  test('the message says how long it is and how long it may be', () => {
    expect(dnsLabelProblem(a(64))).toBe('it has 64 characters, 63 are possible');
    expect(serviceNameProblem(a(60), 52)).toBe('it has 60 characters, 52 are possible');
    expect(dnsNameProblem(a(254))).toBe('it has 254 characters, 253 are possible');
  });
});

describe('messages say which part is wrong', () => {
  test.each([
    ['upper case in a label', dnsLabelProblem('Caracal'), 'lower-case letters'],
    ['a digit in front of a Service name', serviceNameProblem('1caracal'), 'start with a letter'],
    ['one label of a name', dnsNameProblem('db.Example.com'), '"Example" is not a DNS label'],
    ['a trailing dot', dnsNameProblem('example.com.'), '"" is not a DNS label'],
    ['a wildcard', dnsNameProblem('*.example.com'), '"*" is not a DNS label'],
    ['a port', dnsNameProblem('example.com:443'), '"com:443" is not a DNS label'],
    ['a scheme', dnsNameProblem('https://example.com'), '"https://example" is not a DNS label'],
    ['a second slash', labelKeyProblem('a/b/c'), 'at most one "/"'],
    ['an empty prefix', labelKeyProblem('/name'), 'the prefix "" is not a DNS name'],
    ['an empty name', labelKeyProblem('example.com/'), 'the name part has 1 to 63'],
    ['a space in a value', labelValueProblem('a b'), 'at most 63 letters'],
    ['a digit in front of a variable', envNameProblem('1A'), 'no digit first'],
    ['something that is not text', labelValueProblem(5 as never), 'must be a string'],
  ])('%s', (_what, problem, part) => {
    expect(problem).toContain(part);
  });
});
