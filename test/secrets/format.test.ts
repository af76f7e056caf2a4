import * as fc from 'fast-check';
import { FORMAT_DESCRIPTIONS, secretValue, secretValueProblem } from '../../src/secrets/format';

const hexOf = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');
const bytes = (count: number, at: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => at(index) & 0xff);
const GOOD = 'c0ffee00d15ea5e0b16b00b5deadbeef0123feed4567cafe89abf00dcdef1337';

describe('encryption keys, as the services check them at start', () => {
  test('32 bytes of no pattern are right, in either case', () => {
    expect(secretValueProblem('encryption-key', GOOD)).toBeUndefined();
    expect(secretValueProblem('encryption-key', GOOD.toUpperCase())).toBeUndefined();
  });

  test.each<[string, string]>([
    ['all bytes the same', hexOf(bytes(32, () => 0x42))],
    ['zeros', '0'.repeat(64)],
    ['counting up', hexOf(bytes(32, (index) => index))],
    ['counting up, over the end of a byte', hexOf(bytes(32, (index) => 250 + index))],
    ['counting down', hexOf(bytes(32, (index) => 200 - index))],
    ['two bytes in turns', hexOf(bytes(32, (index) => (index % 2 === 0 ? 0xab : 0xcd)))],
    ['31 bytes', GOOD.slice(2)],
    ['33 bytes', `${GOOD}aa`],
    ['an odd number of digits', GOOD.slice(1)],
    ['a digit that is none', `g${GOOD.slice(1)}`],
    ['base64', Buffer.from(GOOD, 'hex').toString('base64')],
    ['a line break inside', `${GOOD.slice(0, 32)}\n${GOOD.slice(32)}`],
    ['nothing', ''],
  ])('%s is wrong', (_what, value) => {
    expect(secretValueProblem('encryption-key', value)).toContain(FORMAT_DESCRIPTIONS['encryption-key']);
  });

  test('one changed byte makes a pattern a key: the check looks at patterns, not at strength', () => {
    const almost = bytes(32, () => 0x42).map((byte, index) => (index === 17 ? 0x43 : byte));
    expect(secretValueProblem('encryption-key', hexOf(almost))).toBeUndefined();
  });
});

describe('signing keys', () => {
  test.each([64, 66, 128])('%i digits are right', (digits) => {
    expect(secretValueProblem('hmac-key', 'a1'.repeat(digits / 2))).toBeUndefined();
  });

  test.each<[string, string]>([
    ['31 bytes', 'a1'.repeat(31)],
    ['an odd number of digits', `${'a1'.repeat(32)}a`],
    ['digits that are none', 'zz'.repeat(32)],
    ['spaces', 'a1 '.repeat(32)],
  ])('%s is wrong', (_what, value) => {
    expect(secretValueProblem('hmac-key', value)).toContain(FORMAT_DESCRIPTIONS['hmac-key']);
  });
});

describe('passwords, tokens and texts', () => {
  test('passwords have no character that a URL, a shell or the configuration of Redis would read', () => {
    for (const character of ' "\'`$&|;<>()\\/@:?#%+=\n\té') {
      expect(secretValueProblem('password', `1234${character}5678`)).toBeDefined();
    }
    expect(secretValueProblem('password', 'Az09._-x')).toBeUndefined();
    expect(secretValueProblem('password', 'short')).toBeDefined();
  });

  test('tokens travel in a header: printable, no spaces, 32 characters', () => {
    expect(secretValueProblem('token', 'x'.repeat(32))).toBeUndefined();
    expect(
      ['x'.repeat(31), `${'x'.repeat(32)} x`, `${'x'.repeat(32)}\nx`, 'é'.repeat(32)].map((value) =>
        secretValueProblem('token', value),
      ),
    ).not.toContain(undefined);
  });

  test('a text is anything that is there and has a UTF-8 form', () => {
    expect(secretValueProblem('text', 'smtp://müller:p@ss\nx')).toBeUndefined();
    expect(['', ' \n', 'a\ud800'].map((value) => secretValueProblem('text', value))).not.toContain(undefined);
  });
});

test('white space around a value is no part of it: the newline of a shell neither makes it wrong nor counts as a character', () => {
  const around = (value: string): string => `\u00a0${value}\r\n`;
  expect(secretValueProblem('encryption-key', around(GOOD))).toBeUndefined();
  expect(secretValueProblem('password', around('Az09._-x'))).toBeUndefined();
  expect(secretValueProblem('password', around('short'))).toBeDefined();
  expect(secretValueProblem('token', around('x'.repeat(32)))).toBeUndefined();
  expect(secretValueProblem('token', around('x'.repeat(31)))).toBeDefined();
  expect(secretValue(around(GOOD))).toBe(GOOD);
});

test('no message repeats the value, whatever the form', () => {
  const formats = Object.keys(FORMAT_DESCRIPTIONS) as (keyof typeof FORMAT_DESCRIPTIONS)[];
  // Long enough that the value cannot stand in the message by chance.
  const value = fc.string({ minLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...formats), value, (format, text) => {
      expect(secretValueProblem(format, text) ?? '').not.toContain(text);
    }),
  );
});

describe('a URL is more than any text', () => {
  it.each(['smtps://user:p%40ss@mail.example.com:465', 'rediss://:secret@redis:6379/0', ' smtp://mail:587\n'])(
    '%j is one',
    (url) => expect(secretValueProblem('url', url)).toBeUndefined(),
  );

  it.each(['', 'mail.example.com', 'user:password@mail.example.com:465', 'smtp://', 'smtp://a b@mail'])(
    '%j is none, and the message does not repeat it',
    (text) => {
      const problem = secretValueProblem('url', text);
      expect(problem).toContain('a URL with its scheme');
      expect(text === '' || !problem?.includes(text)).toBe(true);
    },
  );
});
