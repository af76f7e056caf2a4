import * as pulumi from '@pulumi/pulumi';
import * as fc from 'fast-check';
import {
  ConfigurationError,
  describeFinding,
  type Finding,
  InternalError,
  invalidValue,
  show,
} from '../../src/core/errors';
import { Deferred } from '../../src/core/value';
import { SignIn } from '../../src/caracal/sign-in';
import { Port } from '../../src/network/port';
import { Scaling } from '../../src/workload/scaling';
import { hostileText } from './hostile';

const finding: Finding = {
  id: 'network/no-dns-peer',
  level: 'error',
  path: 'caracal/sts',
  message: 'no pod could resolve a name',
  given: '{}',
  allowed: 'a peer',
  why: 'policies close everything else',
  fix: 'name the DNS pods',
};

/** Breaks a line, or steers a terminal. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

describe('the report that a user reads', () => {
  test('has one short block per problem: place and code, what, given and allowed, why, fix', () => {
    const other: Finding = { ...finding, id: 'network/no-port', path: 'caracal/api.env', message: 'a port is missing' };
    expect(new ConfigurationError('caracal', [finding, other]).message).toBe(
      [
        '2 problems in caracal:',
        '  [sts] network/no-dns-peer',
        '    no pod could resolve a name.',
        '    Given: {}. Allowed: a peer.',
        '    Why: policies close everything else.',
        '    Fix: name the DNS pods.',
        '  [api.env] network/no-port',
        '    a port is missing.',
        '    Given: {}. Allowed: a peer.',
        '    Why: policies close everything else.',
        '    Fix: name the DNS pods.',
      ].join('\n'),
    );
  });

  test('says once what is wrong in the same way in several places, and still counts every problem', () => {
    const places = ['caracal/sts', 'caracal/api', 'elsewhere'].map((path): Finding => ({ ...finding, path }));
    const lines = new ConfigurationError('CaracalStack "caracal"', places).message.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '3 problems in CaracalStack "caracal":',
      '  [sts, api, elsewhere] network/no-dns-peer',
    ]);
    expect(lines).toHaveLength(6);
  });

  test('keeps a path whole that only begins like the subject', () => {
    const lines = new ConfigurationError('caracal', [{ ...finding, path: 'caracal-two/sts' }]).message.split('\n');
    expect(lines[1]).toBe('  [caracal-two/sts] network/no-dns-peer');
  });

  test('puts a short problem on two lines, so that nine missing properties fit on a screen', () => {
    const nine = Array.from('abcdefghi', (key): Finding => ({
      id: 'core/missing-property',
      level: 'error',
      path: `caracal.${key}`,
      message: `"${key}" is required`,
      fix: `give ${key}`,
    }));
    const lines = new ConfigurationError('CaracalStack "caracal"', nine).message.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '9 problems in CaracalStack "caracal":',
      '  [a] core/missing-property',
      '    "a" is required. Fix: give a.',
    ]);
    expect(lines.length).toBeLessThanOrEqual(20);
  });

  test('wraps long lines at 100 columns below their block, and leaves a long word whole to be copied', () => {
    const address = `https://${'a'.repeat(120)}.example`;
    const lines = new ConfigurationError('caracal', [
      { ...finding, message: 'word '.repeat(40).trim(), fix: `see ${address}` },
    ]).message.split('\n');
    const long = lines.filter((line) => line.length > 100);
    expect(long).toEqual([`    Fix: see ${address}.`]);
    expect(lines.slice(2).every((line) => line.startsWith('    '))).toBe(true);
  });

  test('leaves out what a finding does not say, and does not double a full stop', () => {
    const short: Finding = { id: 'a/b', level: 'error', path: 'p', message: 'what?', fix: 'that!' };
    expect(describeFinding(short)).toBe('[p] a/b: what? Fix: that!');
  });

  test('counts in words that fit one problem too', () => {
    expect(new ConfigurationError('x', [finding]).message).toMatch(/^1 problem in x:\n/);
  });

  test('never breaks a line or steers the terminal, whatever a user gave', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = describeFinding({ ...finding, path: text, message: text, given: show(text), fix: text });
        expect(line).not.toMatch(CONTROL);
      }),
    );
  });

  test('negative control: the texts of that property do hold such characters', () => {
    expect(fc.sample(hostileText, { numRuns: 200, seed: 1 }).some((text) => CONTROL.test(text))).toBe(true);
  });
});

describe('ConfigurationError', () => {
  test('carries its findings as data, so that a program can act on the code', () => {
    const error = new ConfigurationError('caracal', [finding]);
    expect({ name: error.name, findings: error.findings }).toEqual({ name: 'ConfigurationError', findings: [finding] });
    expect(error).toBeInstanceOf(Error);
  });

  test('keeps the findings that it was made with when the list grows later', () => {
    const findings = [finding];
    const error = new ConfigurationError('caracal', findings);
    findings.push(finding);
    expect(error.findings).toHaveLength(1);
  });
});

describe('a value factory refuses at its own line', () => {
  test('the stack trace leads to the call, so that the user finds the line', () => {
    const here = (): unknown => Port.tcp(70000);
    expect(here).toThrow(ConfigurationError);
    try {
      here();
    } catch (error) {
      expect((error as Error).stack).toContain('errors.test.ts');
    }
  });

  test('the report names the factory, the value and the way out', () => {
    expect(() => Port.tcp(70000)).toThrow(
      [
        '1 problem in Port.tcp:',
        '  network/invalid-port',
        '    this is not a port number.',
        '    Given: 70000. Allowed: whole numbers from 1 to 65535.',
        '    Fix: use the port that the pod listens on.',
      ].join('\n'),
    );
  });

  test('invalidValue makes one error finding out of what it is told, the value printed', () => {
    const refuse = () =>
      invalidValue({ id: 'a/b', path: 'F.of', message: 'm', given: { a: 1 }, allowed: 'x', fix: 'f' });
    expect(refuse).toThrow(
      expect.objectContaining({
        findings: [{ id: 'a/b', level: 'error', path: 'F.of', message: 'm', given: '{"a":1}', allowed: 'x', fix: 'f' }],
      }) as Error,
    );
  });
});

describe('InternalError', () => {
  test('says that the fault is ours, so that nobody searches their own program', () => {
    const { name, message } = new InternalError('x was read before it is known');
    expect({ name, message }).toEqual({
      name: 'InternalError',
      message:
        'cdk8s-selfhosted has a bug: x was read before it is known. Please report it with the program that led here.',
    });
  });
});

describe('show prints a value as the user wrote it', () => {
  const cyclic: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  cyclic.self = cyclic;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each<[string, unknown, string]>([
    ['text in quotes, so that spaces and emptiness are seen', ' ', '" "'],
    ['a line break as its escape', 'a\nb', '"a\\nb"'],
    ['numbers plainly', 1.5, '1.5'],
    ['NaN, which JSON would print as null', NaN, 'NaN'],
    ['Infinity likewise', -Infinity, '-Infinity'],
    ['a bigint, which JSON refuses', 10n, '10'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function, without its source', () => 1, 'a function'],
    ['data as JSON', { a: [1, 'b'] }, '{"a":[1,"b"]}'],
    ['what JSON would drop from data', { a: undefined, b: NaN, c: 1n }, '{"a":"undefined","b":"NaN","c":"1"}'],
    [
      'a deferred value in words',
      new Deferred<string>('token-1', 'props.host'),
      'a value that is known only at deployment',
    ],
    [
      'a deferred value and an Output inside of data in words too, since a token says nothing to a reader',
      { host: Deferred.create(), list: [pulumi.output('a')] },
      '{"host":"a value that is known only at deployment","list":["an Output"]}',
    ],
    ['an Output in words', pulumi.secret('hunter2'), 'an Output'],
    ['a cycle without a prototype', cyclic, 'a value that cannot be printed'],
    ['a revoked proxy', revoked.proxy, 'a value that cannot be printed'],
    [
      'an object that throws when it is printed',
      {
        toJSON() {
          throw new RangeError('no');
        },
      },
      'a value that cannot be printed',
    ],
    ['what a factory made as its call', [Port.tcp(53)], '["Port.tcp(53)"]'],
    [
      'replicas that somebody else decides as that',
      Scaling.external({ min: 2, max: 4 }),
      'Scaling.external({ min: 2, max: 4 })',
    ],
    [
      'a floor that is the maximum, still decided by an autoscaler',
      Scaling.auto({ min: 3, max: 3, cpuPercent: 70 }),
      'Scaling.auto({ min: 3, max: 3, ... })',
    ],
    ['a way to sign in without its variables and files', SignIn.github(), 'SignIn.github()'],
    [
      'what is spread, and has no methods any more, as data',
      { ...Port.tcp(53) },
      '{"protocol":"TCP","number":53,"endPort":"undefined"}',
    ],
    ['a C1 control character as its escape', 'a\u009b31m', '"a\\u009b31m"'],
    ['a line separator as its escape', 'a\u2028b', '"a\\u2028b"'],
  ])('%s', (_what, value, text) => {
    expect(show(value)).toBe(text);
  });

  test('long values are cut at 120 characters, with a sign that they were', () => {
    expect(show('a'.repeat(118))).toBe(`"${'a'.repeat(118)}"`);
    expect(show('a'.repeat(119))).toBe(`"${'a'.repeat(116)}...`);
  });

  test('the cut does not halve a character, which would have no UTF-8 form', () => {
    expect(show(`${'a'.repeat(115)}😀${'b'.repeat(20)}`)).toBe(`"${'a'.repeat(115)}...`);
  });

  test('no value makes the report fail: it is always one short line', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostileText, fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true })),
        (value) => {
          const text = show(value);
          expect(text.length).toBeLessThanOrEqual(120);
          expect(text).not.toMatch(CONTROL);
          expect(text).not.toBe('');
        },
      ),
    );
  });
});
