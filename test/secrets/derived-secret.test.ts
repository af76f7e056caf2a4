import * as fc from 'fast-check';
import {
  Deferred,
  type DerivedSecretOptions,
  type SecretKey,
  type SecretRequest,
  SecretSource,
  type Value,
} from '../../src';
import { known, parsePrinted } from '../../src/core/value';
import { secretValueProblem } from '../../src/secrets/format';
import { Deployment } from '../core/deployment';
import { hostileText } from '../core/hostile';
import { refusal } from '../support/findings';
import { testStack } from '../support/ledger';
import { KEYS, provide } from './registry';

function derive(passphrase = 'a passphrase', change: Partial<SecretRequest> = {}, options: DerivedSecretOptions = {}) {
  const stack = testStack({ profile: 'dev', namespace: change.namespace ?? 'books' });
  const { secrets, emitted } = provide(stack, SecretSource.derivedForDev(passphrase, options), change);
  const [object, ...more] = emitted;
  expect(more).toEqual([]);
  const values = Object.fromEntries(
    Object.entries(object?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
  return { object, values, secrets };
}

describe('values derived from a passphrase', () => {
  test('are the same for the same passphrase: who installs again keeps the data', () => {
    expect(derive().values).toEqual(derive().values);
    // Pinned: another derivation would lock every dev installation out of its database.
    expect(derive().values.dbPassword).toBe('cc50584aaaf796774263a21ca1c2673c87bb186d3b387840b6cdd68e6e59508d');
  });

  test('have every key of the registry exactly once, each of its form', () => {
    const { values } = derive();
    expect(Object.keys(values).sort()).toEqual(KEYS.map(({ key }) => key).sort());
    expect(KEYS.map(({ key, format }) => secretValueProblem(format, values[key] ?? ''))).toEqual(
      KEYS.map(() => undefined),
    );
  });

  test('of one key never serve for another, nor for another namespace, instance or passphrase', () => {
    const all = [
      derive(),
      derive('another passphrase'),
      derive('a passphrase', { namespace: 'other' }),
      derive('a passphrase', { name: 'west-secrets' }),
    ];
    const stored = all.flatMap(({ values }) =>
      KEYS.filter(({ composed }) => composed === undefined).map(({ key }) => values[key]),
    );
    expect(new Set(stored).size).toBe(16);
  });

  test('are well-formed whatever the passphrase is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: 'binary' }), (passphrase) => {
        const { values } = derive(passphrase);
        expect(KEYS.map(({ key, format }) => secretValueProblem(format, values[key] ?? ''))).toEqual(
          KEYS.map(() => undefined),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('are composed into URLs, escaped', () => {
    const { values } = derive('a passphrase', {}, { values: { dbPassword: 'local.dev-password_1' } });
    expect(values.databaseUrl).toBe('postgres://ledger:local.dev-password_1@db:5432/ledger?sslmode=verify-full');
    const text: SecretKey = { key: 'note', description: 'x', format: 'text', consumers: [] };
    const url: SecretKey = {
      key: 'url',
      description: 'x',
      format: 'text',
      consumers: [],
      composed: ['x://', { secret: 'note' }, '@y'],
    };
    expect(derive('a passphrase', { keys: [text, url] }, { values: { note: 'a/b c' } }).values.url).toBe(
      'x://a%2Fb%20c@y',
    );
  });

  test('are marked in the cluster as what they are', () => {
    expect(derive().object).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: {
        name: 'ledger-secrets',
        namespace: 'books',
        labels: { app: 'ledger' },
        annotations: { 'cdk8s-selfhosted/derived-for-dev': 'true' },
      },
    });
  });

  test('give a revision that follows them, and shows none of them', () => {
    const revision = (...given: Parameters<typeof derive>) => derive(...given).secrets.revision;
    expect(revision()).toBe(revision());
    expect(revision()).toMatch(/^[0-9a-f]{12}$/);
    expect(revision('another passphrase')).not.toBe(revision());
    expect(revision('a passphrase', {}, { values: { dbPassword: 'something-else' } })).not.toBe(revision());
    const text = known(revision() ?? '') ?? 'unknown';
    expect(Object.values(derive().values).filter((value) => value.includes(text))).toEqual([]);
  });

  describe('with a host that is known only at deployment', () => {
    const withUrl = (host: Value<string>, key = 'url') => {
      const url: SecretKey = {
        key,
        description: 'x',
        format: 'text',
        consumers: [],
        composed: ['x://', { secret: 'dbPassword' }, '@', host, '/y'],
      };
      return derive('a passphrase', { keys: [...KEYS, url] });
    };

    test('become what they are with a known one: data, encoded, and the revision, whatever the host', () => {
      fc.assert(
        fc.property(hostileText, (text) => {
          const deployment = new Deployment();
          const later = withUrl(deployment.value(text));
          const now = withUrl(text);
          expect(deployment.deploy(later.object)).toEqual(now.object);
          expect(deployment.resolve(later.secrets.revision ?? '')).toBe(now.secrets.revision);
          // Data that were printed as they stand would be no base64; the API server refuses it.
          expect(deployment.deploy(later.object?.data)?.url).toMatch(/^[A-Za-z0-9+/]*=*$/);
        }),
        { numRuns: 50 },
      );
    });

    test('have a revision that is not known either, so that pods are replaced with the host; it depends on nothing else', () => {
      const revisions = ['a', 'b', 'a'].map((text) => {
        const deployment = new Deployment();
        return deployment.resolve(withUrl(deployment.value(text)).secrets.revision ?? '');
      });
      expect(revisions[0]).toBe(revisions[2]);
      expect(revisions[1]).not.toBe(revisions[0]);
      // A token may be another one in each run, a source may not: Job names count it.
      const sourceOf = (value: Value<string> | undefined) => (Deferred.isDeferred(value) ? value.source : 'known');
      const named = (source: string) => sourceOf(withUrl(new Deferred('<1>', source)).secrets.revision);
      expect(named('props.host')).toBe(named('props.host'));
      expect(named('props.other')).not.toBe(named('props.host'));
    });

    test('keep everything else known: only the URL waits for the deployment', () => {
      const value = Deferred.create();
      const { object } = withUrl(value);
      const waiting = Object.entries(object?.data ?? {}).filter(([, text]) =>
        parsePrinted(text).some((part) => Deferred.isDeferred(part)),
      );
      expect(waiting.map(([key]) => key)).toEqual(['url']);
      expect(object).not.toHaveProperty('stringData');
    });
  });

  test('stand encoded, so that a comparison with the cluster finds no difference', () => {
    expect(derive().object).not.toHaveProperty('stringData');
  });
});

describe('values that the user gives instead', () => {
  test('are taken as they are', () => {
    expect(derive('a passphrase', {}, { values: { dbPassword: 'my-own-password' } }).values).toMatchObject({
      dbPassword: 'my-own-password',
    });
  });

  test('white space around one is no part of it, in the URL neither', () => {
    const { values } = derive('a passphrase', {}, { values: { dbPassword: ' my-own-password\n' } });
    expect(values.dbPassword).toBe('my-own-password');
    expect(values.databaseUrl).toContain(':my-own-password@');
  });

  const bytes = (at: (index: number) => number): string =>
    Buffer.from(Array.from({ length: 32 }, (_, index) => at(index) & 0xff)).toString('hex');

  test.each<[string, string, string]>([
    ['all bytes the same', 'storeKek', bytes(() => 0x5a)],
    ['counting up', 'storeKek', bytes((index) => 10 + index)],
    ['counting down', 'storeKek', bytes((index) => 90 - index)],
    ['two bytes in turns', 'storeKek', bytes((index) => (index % 2 === 0 ? 0x12 : 0xef))],
    ['31 bytes', 'storeKek', 'f3'.repeat(30) + 'a1'],
    ['an odd number of digits', 'signingKey', `${'f3a1'.repeat(20)}b`],
    ['text', 'signingKey', 'correct horse battery staple, correct horse battery staple'],
    ['a password for a shell', 'dbPassword', 'pa$$(word)"quoted"'],
  ])('%s is refused for its key, and not repeated', (_what, key, value) => {
    const findings = refusal(() => derive('a passphrase', {}, { values: { [key]: value } }));
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'secrets/invalid-value',
        path: `SecretSource.derivedForDev.values.${key}`,
        level: 'error',
      }),
    ]);
    expect(JSON.stringify(findings)).not.toContain(JSON.stringify(value).slice(1, -1));
  });

  test.each([
    ['a key that nobody mounts', 'dbPasword', 'something-long'],
    ['a key that is composed of others', 'databaseUrl', 'postgres://x'],
  ])('%s is refused, with the keys that there are', (_what, key, value) => {
    expect(refusal(() => derive('a passphrase', {}, { values: { [key]: value } }))).toEqual([
      expect.objectContaining({
        id: 'secrets/unknown-key',
        allowed: 'dbPassword, signingKey, storeKek, metrics.token',
      }),
    ]);
  });

  test('all problems come at once', () => {
    const values = { storeKek: '00', signingKey: '00', nope: '00', dbPassword: 7 as unknown as string };
    expect(refusal(() => derive('a passphrase', {}, { values })).map(({ path }) => path.split('.').pop())).toEqual(
      Object.keys(values),
    );
  });
});
