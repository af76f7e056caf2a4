import * as fc from 'fast-check';
import { type ExternalSecretsProps, type SecretKey, SecretSource, type Value } from '../../src';
import { compose } from '../../src/core/value';
import { remoteName } from '../../src/secrets/secret-key';
import { Deployment } from '../core/deployment';
import { testStack } from '../support/ledger';
import { renderTemplate } from './go-template';
import { KEYS, provide } from './registry';

interface ExternalSecretSpec {
  readonly refreshInterval: string;
  readonly secretStoreRef: object;
  readonly target: { readonly name: string; readonly template: { readonly data: Readonly<Record<string, string>> } };
  readonly data: readonly {
    readonly secretKey: string;
    readonly remoteRef: { readonly key: string; readonly property?: string };
  }[];
}

function emit(change: Partial<ExternalSecretsProps> = {}, keys: readonly SecretKey[] = KEYS): ExternalSecretSpec {
  const source = SecretSource.externalSecrets({
    store: { kind: 'ClusterSecretStore', name: 'vault' },
    prefix: 'ledger/',
    ...change,
  });
  const [object, ...more] = provide(testStack(), source, { keys }).emitted;
  expect(more).toEqual([]);
  expect(object?.kind).toBe('ExternalSecret');
  return object?.spec as ExternalSecretSpec;
}

/** The Secret that the operator makes of it, from a store with these entries. */
function secretFrom(spec: ExternalSecretSpec, store: Readonly<Record<string, string>>): Record<string, string> {
  const fetched = Object.fromEntries(
    spec.data.map(({ secretKey, remoteRef }) => [secretKey, store[remoteRef.key] ?? 'missing']),
  );
  return Object.fromEntries(
    Object.entries(spec.target.template.data).map(([key, template]) => [key, renderTemplate(template, fetched)]),
  );
}

describe('the ExternalSecret of a registry', () => {
  test('has every key exactly once, and fetches every stored key exactly once', () => {
    const { target, data } = emit();
    expect(target.name).toBe('ledger-secrets');
    expect(Object.keys(target.template.data).sort()).toEqual(KEYS.map(({ key }) => key).sort());
    expect(data.map(({ secretKey }) => secretKey).sort()).toEqual([
      'dbPassword',
      'metrics.token',
      'signingKey',
      'storeKek',
    ]);
  });

  test('asks the store for names that every store accepts, behind the prefix', () => {
    expect(emit().data.map(({ remoteRef }) => remoteRef)).toEqual([
      { key: 'ledger/db-password' },
      { key: 'ledger/signing-key' },
      { key: 'ledger/kek' },
      { key: 'ledger/metrics-token' },
    ]);
    expect(emit({ property: 'value' }).data[0]?.remoteRef).toEqual({ key: 'ledger/db-password', property: 'value' });
  });

  test('carries the labels of the stack, and so does the Secret that the operator makes of it', () => {
    const source = SecretSource.externalSecrets({ store: { kind: 'ClusterSecretStore', name: 'vault' }, prefix: '' });
    const [object] = provide(testStack(), source).emitted;
    expect(object?.apiVersion).toBe('external-secrets.io/v1');
    expect(object?.metadata.labels).toMatchObject({ app: 'ledger' });
    expect(object?.spec).toMatchObject({
      target: { template: { engineVersion: 'v2', metadata: { labels: { app: 'ledger' } } } },
    });
  });

  test('owns the Secret, and leaves it there when an entry disappears from the store: running pods keep their keys', () => {
    expect(emit()).toMatchObject({ target: { creationPolicy: 'Owner', deletionPolicy: 'Retain' } });
  });

  test('names the store and how often it is read', () => {
    expect(emit()).toMatchObject({
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
    });
    expect(emit({ refreshInterval: '15m' }).refreshInterval).toBe('15m');
  });

  test('the values that the store holds arrive under their keys, the URL is composed of them', () => {
    const store = {
      'ledger/db-password': 'a/b+c=d:e f',
      'ledger/signing-key': 's',
      'ledger/kek': 'k',
      'ledger/metrics-token': 't',
    };
    expect(secretFrom(emit(), store)).toEqual({
      dbPassword: 'a/b+c=d:e f',
      signingKey: 's',
      storeKek: 'k',
      'metrics.token': 't',
      databaseUrl: 'postgres://ledger:a%2Fb%2Bc%3Dd%3Ae%20f@db:5432/ledger?sslmode=verify-full',
    });
  });
});

describe('composed values', () => {
  const composedOf = (...composed: NonNullable<SecretKey['composed']>): SecretKey[] => [
    { key: 'password', description: 'x', format: 'password', consumers: [] },
    { key: 'url', description: 'x', format: 'text', consumers: [], composed },
  ];
  const urlOf = (password: string, ...composed: NonNullable<SecretKey['composed']>): string | undefined =>
    secretFrom(emit({}, composedOf(...composed)), { 'ledger/password': password }).url;

  test('any password can be read back from the URL', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (password) => {
        const url = new URL(urlOf(password, 'redis://:', { secret: 'password' }, '@redis:6379/0') ?? '');
        expect(decodeURIComponent(url.password)).toBe(password);
        expect([url.hostname, url.port, url.pathname]).toEqual(['redis', '6379', '/0']);
      }),
    );
  });

  test('literal text arrives as it stands, braces too', () => {
    const literal = fc.oneof(fc.string(), fc.stringMatching(/^[{}. a-z]{0,8}$/));
    fc.assert(
      fc.property(literal, literal, (before, after) => {
        expect(urlOf('pw', before, { secret: 'password' }, after)).toBe(`${before}pw${after}`);
      }),
    );
  });

  test('a value that is known only at deployment arrives as the text that it becomes, braces too', () => {
    const part = fc.oneof(fc.string(), fc.stringMatching(/^[{}. a-z]{0,8}$/));
    const templates = (host: Value<string>, literal: string) =>
      emit({}, composedOf(literal, { secret: 'password' }, compose`${literal}${host}{`, host)).target.template.data;
    fc.assert(
      fc.property(part, part, (host, literal) => {
        const deployment = new Deployment();
        const later = deployment.deploy(templates(deployment.value(host), literal));
        expect(later).toEqual(templates(host, literal));
        expect(renderTemplate(later.url ?? '', { password: 'pw' })).toBe(`${literal}pw${literal}${host}{${host}`);
      }),
    );
  });

  test('negative control: such a value as it stands, in a template, would be a template itself', () => {
    expect(() => renderTemplate('x{{host}}', {})).toThrow('does not understand');
  });

  test('an unescaped password would be misread: the reading of the test can fail', () => {
    expect(new URL('redis://:a/b@redis:6379/0'.replace('a/b', 'a%2Fb')).password).toBe('a%2Fb');
    expect(() => new URL('redis://:a/b@redis:6379/0')).toThrow();
  });
});

test.each([
  ['secretStoreKek', 'secret-store-kek'],
  ['redisUrl', 'redis-url'],
  ['ca.crt', 'ca-crt'],
  ['with_underscore', 'with-underscore'],
])('the entry of the key "%s" is "%s"', (key, name) => {
  expect(remoteName({ key, description: 'x', format: 'text', consumers: [] })).toBe(name);
});
