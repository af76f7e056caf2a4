import { SecretRef, SecretSource } from '../../src';
import { refusal } from '../support/findings';
import { testCluster, testStack } from '../support/ledger';
import { KEYS, provide } from './registry';

const PLACES = {
  dbPassword: { secret: 'pg-superuser', key: 'password' },
  databaseUrl: SecretRef.key({ secret: { name: 'pg-app' }, key: 'uri' }),
};

const source = SecretSource.existing({ name: 'books', keys: PLACES });

describe('keys of Secrets that operators make', () => {
  test('are found under the names that the operator gave them; all others stand in the Secret', () => {
    const { secrets } = provide(testStack(), source);
    expect(secrets.entryOf?.('dbPassword')).toEqual({ kind: 'secret', secretName: 'pg-superuser', key: 'password' });
    expect(secrets.entryOf?.('databaseUrl')).toEqual({ kind: 'secret', secretName: 'pg-app', key: 'uri' });
    expect(secrets.entryOf?.('signingKey')).toEqual({ kind: 'secret', secretName: 'books', key: 'signingKey' });
  });

  test('are told where they are in the checklist', () => {
    const places = KEYS.map((key) => source.location('ledger-secrets', key));
    expect(places).toContainEqual({ kind: 'secret', secretName: 'pg-superuser', key: 'password' });
    expect(places).toContainEqual({ kind: 'secret', secretName: 'books', key: 'signingKey' });
  });

  test('a key that the stack does not know is an error, with those that it knows', () => {
    const unknown = SecretSource.existing({ name: 'books', keys: { dbPasword: PLACES.dbPassword } });
    expect(unknown.problems('ledger.secrets', { keys: KEYS }, testCluster(), false)).toEqual([
      expect.objectContaining({
        id: 'secrets/unknown-key',
        path: 'ledger.secrets.keys.dbPasword',
        allowed: KEYS.map(({ key }) => key).join(', '),
      }),
    ]);
    expect(source.problems('ledger.secrets', { keys: KEYS }, testCluster(), false)).toEqual([]);
  });

  test('every wrong place is told at once, without what was given: it may be the secret itself', () => {
    const keys = { dbPassword: 'hunter2-hunter2', signingKey: { secret: 'Not A Name', key: '../etc' } };
    const findings = refusal(() => SecretSource.existing({ name: 'Books', keys: keys as never }));
    expect(findings.map(({ path }) => path)).toEqual([
      'SecretSource.existing',
      'SecretSource.existing.keys.dbPassword',
      'SecretSource.existing.keys.signingKey.secret',
      'SecretSource.existing.keys.signingKey.key',
    ]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test.each([
    ['a password', 'hunter2-hunter2', 'write dbPassword: { secret: "...", key: "..." }'],
    [
      'a name that no Secret has',
      { secret: 'Not A Name', key: 'a' },
      'write dbPassword: { secret: "...", key: "..." }',
    ],
    [
      'a reference as pods have it',
      { secretKeyRef: { name: 'pg', key: 'password' } },
      'write dbPassword: SecretRef.key({ secret: "pg", key: "password" })',
    ],
  ])('%s is told how a place is written', (_what, place, fix) => {
    const findings = refusal(() => SecretSource.existing({ name: 'books', keys: { dbPassword: place as never } }));
    expect(findings[0]?.fix).toBe(fix);
  });
});
