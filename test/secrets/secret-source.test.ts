import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { type ExistingSecret, type ExternalSecretsProps, InternalError, SecretSource } from '../../src';
import { refusal, refusedIds } from '../support/findings';
import { testCluster, testStack } from '../support/ledger';
import { KEYS, provide } from './registry';

const STORE = { kind: 'ClusterSecretStore', name: 'vault' } as const;
const SOURCES: readonly [string, SecretSource][] = [
  ['existing', SecretSource.existing({ name: 'mine' })],
  ['External Secrets', SecretSource.externalSecrets({ store: STORE, prefix: 'ledger/' })],
  ['derived for dev', SecretSource.derivedForDev('a passphrase')],
];

describe('a Secret that exists', () => {
  test('is named, and nothing is emitted', () => {
    const { secrets, emitted } = provide(testStack(), SecretSource.existing({ name: 'mine', revision: '3' }));
    expect(secrets).toMatchObject({ secretName: 'mine', keys: KEYS, revision: '3' });
    expect(emitted).toEqual([]);
  });

  test('may be one of cdk8s-plus, made or imported', () => {
    const chart = new Chart(new App(), 'theirs');
    const imported = Secret.fromSecretName(chart, 'imported', 'imported');
    const made = new Secret(chart, 'made', { metadata: { name: 'made' } });
    const names = [imported, made].map((secret) => provide(testStack(), SecretSource.existing(secret)).secrets);
    expect(names.map(({ secretName, revision }) => [secretName, revision])).toEqual([
      ['imported', undefined],
      ['made', undefined],
    ]);
  });

  test.each<[string, unknown, string]>([
    ['a plain string', 'mine', 'core/wrong-type'],
    ['nothing', undefined, 'core/wrong-type'],
    ['no name', {}, 'secrets/invalid-source'],
    ['a name with a space', { name: 'a b' }, 'secrets/invalid-source'],
    ['a misspelt property', { name: 'mine', revison: '1' }, 'core/unknown-property'],
    ['a number as revision', { name: 'mine', revision: 1 }, 'core/wrong-type'],
    ['a revision that no annotation can carry', { name: 'mine', revision: '\u0000' }, 'secrets/invalid-source'],
  ])('%s is refused', (_what, given, id) => {
    expect(refusedIds(() => SecretSource.existing(given as ExistingSecret))).toEqual([id]);
  });

  test('a value that somebody passes by mistake is not repeated', () => {
    const attempts: unknown[] = ['hunter2-hunter2', { name: 'mine', data: { password: 'hunter2-hunter2' } }];
    expect(
      attempts.map((given) => JSON.stringify(refusal(() => SecretSource.existing(given as ExistingSecret)))).join(),
    ).not.toContain('hunter2');
  });
});

describe('External Secrets', () => {
  test.each<[string, unknown, string]>([
    ['no store', { prefix: '' }, 'secrets/invalid-source'],
    ['a store without a name', { store: { kind: 'SecretStore' }, prefix: '' }, 'secrets/invalid-source'],
    ['a store of an unknown kind', { store: { kind: 'Vault', name: 'vault' }, prefix: '' }, 'core/wrong-type'],
    ['a misspelt property of the store', { store: { ...STORE, namespace: 'x' }, prefix: '' }, 'core/unknown-property'],
    ['no prefix', { store: STORE }, 'secrets/invalid-source'],
    ['a prefix with a space', { store: STORE, prefix: 'a b/' }, 'secrets/invalid-source'],
    ['an interval without a unit', { store: STORE, prefix: '', refreshInterval: '60' }, 'secrets/invalid-source'],
    ['an empty property', { store: STORE, prefix: '', property: '' }, 'secrets/invalid-source'],
    ['a misspelt setting', { store: STORE, prefix: '', interval: '1h' }, 'core/unknown-property'],
  ])('%s is refused', (_what, given, id) => {
    expect(refusedIds(() => SecretSource.externalSecrets(given as ExternalSecretsProps))).toEqual([id]);
  });
});

describe('secrets derived for dev', () => {
  test.each<[unknown]>([['hunter2'], [''], [undefined], [12345678]])(
    '%j as passphrase is refused, without repeating it',
    (passphrase) => {
      const findings = refusal(() => SecretSource.derivedForDev(passphrase as string));
      expect(findings.map(({ id }) => id)).toEqual(['secrets/invalid-source']);
      expect(JSON.stringify(findings)).not.toMatch(/hunter2|12345678/);
    },
  );

  test('8 characters are enough', () => {
    expect(() => SecretSource.derivedForDev('12345678')).not.toThrow();
  });

  test('a misspelt option is refused, without repeating its value', () => {
    const findings = refusal(() =>
      SecretSource.derivedForDev('a passphrase', { vales: { dbPassword: 'hunter2-hunter2' } } as object),
    );
    expect(findings.map(({ id }) => id)).toEqual(['core/unknown-property']);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });
});

describe('whether a source fits', () => {
  const problems = (source: SecretSource, cluster = testCluster(), derivedAllowed = false, keys = KEYS) =>
    source
      .problems('props.secrets', { keys }, cluster, derivedAllowed)
      .map(({ id, path, level }) => `${level} ${id} at ${path}`);

  test('values in the manifest are for dev alone', () => {
    const derived = SecretSource.derivedForDev('a passphrase');
    expect(problems(derived)).toEqual(['error secrets/derived-outside-dev at props.secrets']);
    expect(problems(derived, testCluster(), true)).toEqual([]);
  });

  test('External Secrets needs its operator', () => {
    const external = SecretSource.externalSecrets({ store: STORE, prefix: '' });
    expect(problems(external, testCluster({ customResources: [] }))).toEqual([
      'error secrets/api-missing at props.secrets',
    ]);
    expect(problems(external)).toEqual([]);
  });

  test('what somebody else issues cannot be derived', () => {
    const keys = [
      ...KEYS,
      {
        key: 'oauthSecret',
        description: 'signs in',
        format: 'text',
        consumers: ['server'],
        issuedElsewhere: true,
      } as const,
    ];
    expect(problems(SecretSource.derivedForDev('a passphrase'), testCluster(), true, keys)).toEqual([
      'error secrets/cannot-derive at props.secrets',
    ]);
    expect(problems(SecretSource.existing({ name: 'mine' }), testCluster(), true, keys)).toEqual([]);
    const given = SecretSource.derivedForDev('a passphrase', { values: { oauthSecret: 'from the provider' } });
    expect(problems(given, testCluster(), true, keys)).toEqual([]);
  });

  test('wrong values for dev are known before anything is emitted, so that they stand in the one report', () => {
    const source = SecretSource.derivedForDev('a passphrase', { values: { storeKek: '00', nope: 'x' } });
    expect(problems(source, testCluster(), true)).toEqual([
      'error secrets/invalid-value at props.secrets.values.storeKek',
      'error secrets/unknown-key at props.secrets.values.nope',
    ]);
    // Outside of dev the source itself is the problem.
    expect(problems(source)).toEqual(['error secrets/derived-outside-dev at props.secrets']);
  });
});

describe.each(SOURCES)('every source, here: %s', (_name, source) => {
  test('refuses a registry with one key twice', () => {
    const [first] = KEYS;
    expect(
      refusedIds(() => provide(testStack(), source, { keys: [...KEYS, ...(first === undefined ? [] : [first])] })),
    ).toEqual(['secrets/duplicate-key']);
  });

  test.each([
    ['an unknown key', 'nobody'],
    ['a key that is itself composed, which no store holds', 'databaseUrl'],
  ])('takes a value that is composed of %s for a bug of ours', (_what, secret) => {
    const url = { key: 'url', description: 'x', format: 'text', consumers: [], composed: [{ secret }] } as const;
    expect(() => provide(testStack(), source, { keys: [...KEYS, url] })).toThrow(InternalError);
  });

  test('tells the name of the Secret before anything is emitted', () => {
    expect(source.secretName('ledger-secrets')).toBe(provide(testStack(), source).secrets.secretName);
  });
});

test('no value stands in what the sources for production emit', () => {
  const values = ['hunter2', 'passphrase'];
  const emitted = SOURCES.slice(0, 2).flatMap(([, source]) => provide(testStack(), source).emitted);
  expect(emitted).toHaveLength(1);
  expect(values.filter((value) => JSON.stringify(emitted).includes(value))).toEqual([]);
  expect(emitted.map(({ kind }) => kind)).not.toContain('Secret');
});
