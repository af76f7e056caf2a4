import { type ExternalSecretsProps, type SecretKey, SecretSource } from '../../src';
import { remoteName } from '../../src/secrets/secret-key';
import { refusal } from '../support/findings';
import { testStack } from '../support/ledger';
import { KEYS, provide } from './registry';

/** What the definition of the operator would fill in by itself, inside the list of entries. */
const DEFAULTS = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };

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
      { key: 'ledger/db-password', ...DEFAULTS },
      { key: 'ledger/signing-key', ...DEFAULTS },
      { key: 'ledger/kek', ...DEFAULTS },
      { key: 'ledger/metrics-token', ...DEFAULTS },
    ]);
    expect(emit({ property: 'value' }).data[0]?.remoteRef).toEqual({
      key: 'ledger/db-password',
      property: 'value',
      ...DEFAULTS,
    });
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

  // An owner reference lets the garbage collector delete the Secret with the ExternalSecret: whoever goes over to
  // SecretSource.existing with the same name under a delivery tool that prunes would lose every key.
  test('leaves the Secret there, whether an entry disappears from the store or the ExternalSecret itself goes', () => {
    expect(emit()).toMatchObject({ target: { creationPolicy: 'Orphan', deletionPolicy: 'Retain' } });
  });

  test('owns the Secret where somebody wants it to go with the ExternalSecret', () => {
    expect(emit({ creationPolicy: 'Owner' })).toMatchObject({ target: { creationPolicy: 'Owner' } });
    expect(refusal(() => emit({ creationPolicy: 'Merge' as 'Owner' }))).toEqual([
      expect.objectContaining({
        id: 'core/wrong-type',
        path: 'SecretSource.externalSecrets.creationPolicy',
        message: 'it must be one of "Owner", "Orphan"',
      }),
    ]);
  });

  test('names the store and how often it is read', () => {
    expect(emit()).toMatchObject({
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
    });
    expect(emit({ refreshInterval: '15m' }).refreshInterval).toBe('15m');
  });

  // What the operator makes of these templates is seen with its own engine: test/external-secrets.
  test('the template takes white space off every stored value, also inside of the URL, where it is escaped as well', () => {
    expect(emit().target.template.data).toEqual({
      dbPassword: '{{ .dbPassword | trim }}',
      signingKey: '{{ .signingKey | trim }}',
      storeKek: '{{ .storeKek | trim }}',
      'metrics.token': '{{ (index . "metrics.token") | trim }}',
      databaseUrl:
        'postgres://ledger:{{ .dbPassword | trim | urlquery | replace "+" "%20" }}@db:5432/ledger?sslmode=verify-full',
    });
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
