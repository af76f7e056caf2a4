import type { Finding } from '../../src';
import { withoutSecrets } from '../../src/pulumi/secrecy';

const finding = (change: Partial<Finding> = {}): Finding => ({
  id: 'caracal/invalid-origin',
  level: 'error',
  path: 'caracal.origins.sts',
  message: 'this is not an origin',
  given: '"http://hunter2.example.com"',
  allowed: '"https://host"',
  fix: 'write it as "https://host"',
  ...change,
});

describe('a finding about a secret', () => {
  it('keeps what it says of every value, and leaves out what was given', () => {
    expect(withoutSecrets(finding(), ['http://hunter2.example.com'])).toEqual(finding({ given: 'a secret value' }));
  });

  it.each<[string, Partial<Finding>, Partial<Finding>]>([
    ['fix', { fix: 'use "https://hunter2.example.com"' }, { fix: 'correct the secret value; it is not shown here' }],
    ['message', { message: 'HUNTER2 is in upper case' }, { message: 'the value does not fit' }],
  ])('in which the %s repeats a part of it, in any case, has another one', (_field, change, expected) => {
    expect(withoutSecrets(finding(change), ['http://hunter2.example.com'])).toMatchObject(expected);
  });

  it('loses an explanation that repeats it', () => {
    const result = withoutSecrets(finding({ allowed: 'not hunter2', why: 'hunter2 is taken' }), ['a hunter2 b']);
    expect(result).not.toHaveProperty('allowed');
    expect(result).not.toHaveProperty('why');
  });

  it.each(['ab', 'é', 'schlüssel'])('leaves out short secrets and those of other alphabets too: %s', (secret) => {
    expect(JSON.stringify(withoutSecrets(finding({ fix: `change "${secret}"` }), [secret]))).not.toContain(secret);
  });

  it('of an empty text says all that it says', () => {
    expect(withoutSecrets(finding({ given: '""' }), [''])).toEqual(finding({ given: 'a secret value' }));
  });

  it('gives no value where nothing was given', () => {
    const { given, ...missing } = finding();
    expect(given).toBeDefined();
    expect(withoutSecrets(missing, ['a secret'])).not.toHaveProperty('given');
  });
});
