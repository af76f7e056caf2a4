import { SecretSource } from '../../src';
import { KEYS } from './registry';

const [PASSWORD, , KEK, , URL_KEY] = KEYS;
const STORE = { kind: 'ClusterSecretStore', name: 'vault' } as const;
const locations = (source: SecretSource) =>
  [PASSWORD, KEK, URL_KEY].map((key) => key && source.location('ledger-secrets', key));

describe('where the value of a key goes', () => {
  test('External Secrets: into the entry that the ExternalSecret reads, URLs are composed in the cluster', () => {
    expect(locations(SecretSource.externalSecrets({ store: STORE, prefix: 'ledger/', property: 'value' }))).toEqual([
      { kind: 'store', entry: 'ledger/db-password', property: 'value' },
      { kind: 'store', entry: 'ledger/kek', property: 'value' },
      { kind: 'secret', secretName: 'ledger-secrets', key: 'databaseUrl' },
    ]);
    expect(locations(SecretSource.externalSecrets({ store: STORE, prefix: '' }))[0]).toEqual({
      kind: 'store',
      entry: 'db-password',
    });
  });

  test('an existing Secret: into that one, whatever name the stack would have given', () => {
    expect(locations(SecretSource.existing({ name: 'mine' }))).toEqual(
      ['dbPassword', 'storeKek', 'databaseUrl'].map((key) => ({ kind: 'secret', secretName: 'mine', key })),
    );
  });

  test('derived for dev: into the Secret that is emitted', () => {
    expect(locations(SecretSource.derivedForDev('a passphrase'))[0]).toEqual({
      kind: 'secret',
      secretName: 'ledger-secrets',
      key: 'dbPassword',
    });
  });
});
