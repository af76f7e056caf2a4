import * as fc from 'fast-check';
import { type SecretKey, SecretSource, type Value } from '../../src';
import { compose } from '../../src/core/value';
import { Deployment } from '../core/deployment';
import { HOSTILE_TEXTS } from '../core/hostile';
import { KEYS, provide } from '../secrets/registry';
import { testStack } from '../support/ledger';
import { type ExternalSecretSpec, renderSecret, secretFrom, type Texts } from './engine';

function emit(keys: readonly SecretKey[] = KEYS): ExternalSecretSpec {
  const store = { kind: 'ClusterSecretStore', name: 'vault' } as const;
  const { emitted } = provide(testStack(), SecretSource.externalSecrets({ store, prefix: 'ledger/' }), { keys });
  return emitted[0]?.spec as ExternalSecretSpec;
}

const composedKey = (key: string, ...composed: NonNullable<SecretKey['composed']>): SecretKey => ({
  key,
  description: 'x',
  format: 'text',
  consumers: [],
  composed,
});

const storedKey = (key: string): SecretKey => ({ key, description: 'x', format: 'password', consumers: [] });

/** Texts that JSON carries as they are: half of a surrogate pair is no text for it. */
const TEXTS = [
  ...HOSTILE_TEXTS,
  ...fc.sample(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[{}. a-z|"]{0,8}$/)), {
    numRuns: 150,
    seed: 9,
  }),
].filter((text) => !/\p{Surrogate}/u.test(text));

test('the values that the store holds arrive under their keys, the URL is composed of them', () => {
  const store: Texts = {
    'ledger/db-password': 'a/b+c=d:e f',
    'ledger/signing-key': 's',
    'ledger/kek': 'k\n',
    'ledger/metrics-token': 't',
  };
  expect(secretFrom(emit(), (entry) => store[entry] ?? 'missing')).toEqual({
    dbPassword: 'a/b+c=d:e f',
    signingKey: 's',
    storeKek: 'k',
    'metrics.token': 't',
    databaseUrl: 'postgres://ledger:a%2Fb%2Bc%3Dd%3Ae%20f@db:5432/ledger?sslmode=verify-full',
  });
});

test('any password can be read back from the URL', () => {
  const passwords = TEXTS.map((text) => `p${text}p`);
  const keys = passwords.flatMap((_, index) => [
    storedKey(`p${index}`),
    composedKey(`url${index}`, 'redis://:', { secret: `p${index}` }, '@redis:6379/0'),
  ]);
  const made = secretFrom(emit(keys), (entry) => passwords[Number(entry.replace('ledger/p', ''))] ?? '');
  passwords.forEach((password, index) => {
    const url = new URL(made[`url${index}`] ?? '');
    expect(decodeURIComponent(url.password)).toBe(password);
    expect([url.hostname, url.port, url.pathname]).toEqual(['redis', '6379', '/0']);
  });
});

test('literal text arrives as it stands, braces too', () => {
  const keys = TEXTS.map((text, index) => composedKey(`k${index}`, text, { secret: 'password' }, text));
  const made = secretFrom(emit([storedKey('password'), ...keys]), () => 'pw');
  TEXTS.forEach((text, index) => expect(made[`k${index}`]).toBe(`${text}pw${text}`));
});

test('a value that is known only at deployment arrives as the text that it becomes, braces too', () => {
  const deployment = new Deployment();
  const keysWith = (host: (text: string) => Value<string>) =>
    TEXTS.map((text, index) => {
      const value = host(text);
      return composedKey(`k${index}`, '{', { secret: 'password' }, compose`{${value}{`, value);
    });
  const later = emit([storedKey('password'), ...keysWith((text) => deployment.value(text))]);
  const template = deployment.deploy(later.target.template.data);
  expect(template).toEqual(emit([storedKey('password'), ...keysWith((text) => text)]).target.template.data);
  const made = renderSecret(template, { password: 'pw' });
  TEXTS.forEach((text, index) => expect(made[`k${index}`]).toBe(`{pw{${text}{${text}`));
});

test('negative control: such a text as it stands, in a template, would be a template itself', () => {
  expect(() => renderSecret({ key: 'x{{host}}' }, {})).toThrow('function "host" not defined');
  expect(renderSecret({ key: '{{ .password }}' }, { password: 'a secret' })).toEqual({ key: 'a secret' });
});
