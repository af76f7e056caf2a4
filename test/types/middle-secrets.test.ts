import { ConfigurationError, Deferred, type SecretKey, SecretRef, SecretSource } from '../../src';
import type { CaracalOptions } from '../../src/caracal';

/**
 * Each line after `@ts-expect-error` must not compile; the compiler says so when it does. What JavaScript passes all the
 * same is refused when the program runs.
 */
describe('a secret is never a plain string', () => {
  test('where a Secret is expected', () => {
    // @ts-expect-error -- a string is no Secret
    expect(() => SecretSource.existing('hunter2-hunter2')).toThrow(ConfigurationError);
    // @ts-expect-error -- a value has no place here
    expect(() => SecretSource.existing({ name: 'mine', value: 'hunter2' })).toThrow(ConfigurationError);
    expect(SecretSource.existing({ name: 'mine' }).kind).toBe('existing');
  });

  test('where a key of one is expected', () => {
    // @ts-expect-error -- a string is no key of a Secret
    expect(() => SecretRef.key('hunter2-hunter2')).toThrow(ConfigurationError);
    // @ts-expect-error -- a value has no place here
    expect(() => SecretRef.key({ secret: 'mine', key: 'k', value: 'hunter2' })).toThrow(ConfigurationError);
    // @ts-expect-error -- private members keep literals out
    const reference: SecretRef = { secretName: 'mine', key: 'k' };
    expect(SecretRef.isSecretRef(reference)).toBe(false);
    // @ts-expect-error -- a key of AWS is a reference, never text
    const plain: CaracalOptions = { env: { AWS_SECRET_ACCESS_KEY: 'hunter2' } };
    const computed: Record<string, string> = { AUDIT_MAX_DELIVERIES: '9' };
    const fine: CaracalOptions[] = [
      { env: { AWS_SECRET_ACCESS_KEY: SecretRef.key({ secret: 'mine', key: 'k' }) } },
      { env: computed },
    ];
    expect([plain, ...fine]).toHaveLength(3);
  });

  test('and a source is made by a factory, not by a literal', () => {
    // @ts-expect-error -- private members keep literals out
    const source: SecretSource = { kind: 'existing', requiredApi: undefined };
    expect(source).not.toBeInstanceOf(SecretSource);
  });
});

test('a store is named in full', () => {
  // @ts-expect-error -- the kind of the store is missing
  expect(() => SecretSource.externalSecrets({ store: { name: 'vault' }, prefix: '' })).toThrow(ConfigurationError);
  // @ts-expect-error -- there is no such kind
  expect(() => SecretSource.externalSecrets({ store: { kind: 'Vault', name: 'vault' }, prefix: '' })).toThrow(
    ConfigurationError,
  );
  // @ts-expect-error -- the prefix is a decision, not a default
  expect(() => SecretSource.externalSecrets({ store: { kind: 'SecretStore', name: 'vault' } })).toThrow(
    ConfigurationError,
  );
  const interval = { store: { kind: 'SecretStore', name: 'vault' }, prefix: '' } as const;
  // @ts-expect-error -- an interval has a unit
  expect(() => SecretSource.externalSecrets({ ...interval, refreshInterval: '60' })).toThrow(ConfigurationError);
});

test('the form of a secret is one of those that services check', () => {
  // @ts-expect-error -- there is no such form
  const key: SecretKey = { key: 'x', description: 'x', format: 'hex', consumers: [] };
  expect(key.key).toBe('x');
});

test('a value that is known at deployment may be a part of a URL, but never a name', () => {
  const later = new Deferred<string>('<later>', 'props.later');
  const url: SecretKey = { key: 'url', description: 'x', format: 'text', consumers: [], composed: [later] };
  expect(url.composed).toHaveLength(1);
  // @ts-expect-error -- names are known at synthesis
  expect(() => SecretSource.existing({ name: later })).toThrow(ConfigurationError);
});
