import {
  ConfigurationError,
  Exposure,
  Peer,
  Port,
  Postgres,
  Redis,
  Scaling,
  SecretSource,
  Tls,
  TrustBundle,
} from '../../src';
import { CaracalRelease, ReplayPersistence, SignIn, Telemetry } from '../../src/caracal';
import { refusal } from '../support/findings';
import { everything, isPlain, type Path, paths, replaced } from './everything';
import { emit, manifestOf, publishedProps } from './fixture';

const text = (path: Path): string => path.join('.');

// Properties whose type takes one of the wrong values on purpose, or whose keys are names of the user's own.
const FREE =
  /^(pods|sts|migration|authMigration)\.(labels|annotations|nodeSelector|env|podLabels|podAnnotations)$|^sts\.volumes\.0\.volume|^namespace$/;

describe('JavaScript callers and spreads', () => {
  it('the properties that are walked are accepted as they are', () => {
    const errors = emit(publishedProps(everything()))
      .findings()
      .filter(({ level }) => level === 'error');
    expect(errors).toEqual([]);
    expect(paths(everything()).length).toBeGreaterThan(80);
  });

  it.each([
    ...new Set(
      paths(everything())
        .map((path) => path.slice(0, -1))
        .map((path) => JSON.stringify(path)),
    ),
  ])('a property that does not exist is refused in %s, with its path and the one that was meant', (encoded) => {
    const path = JSON.parse(encoded) as Path;
    const holder = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], everything());
    if (Array.isArray(holder) || FREE.test(text(path)) || !isPlain(holder)) {
      expect(holder).toBeDefined(); // names in here are the user's own
      return;
    }
    const [first = ''] = Object.keys(holder);
    // The last two letters in turns: a usual slip.
    const slip = `${first.slice(0, -2)}${first.at(-1) ?? ''}${first.at(-2) ?? ''}`;
    const wrong = slip === first || first.length < 4 ? `${first}x` : slip;
    const findings = refusal(() => emit(publishedProps(replaced([...path, wrong], holder[first]))));
    const mine = findings.filter(
      ({ id, path: where }) => id === 'core/unknown-property' && where.endsWith(`.${wrong}`),
    );
    expect(mine).toHaveLength(1);
    expect(mine[0]?.fix).toBe(`did you mean "${first}"?`);
  });

  it.each(paths(everything()).map((path) => [text(path), path] as const))(
    'a value of another type is a report about %s, never a TypeError, and never goes through',
    (name, path) => {
      const values: unknown[] = [null, 5.5, { unknown: 1 }, [5], () => 'text', Symbol('s')];
      const outcomes = values.map((value) => {
        try {
          emit(publishedProps(replaced(path, value)));
          return 'accepted';
        } catch (error) {
          return error instanceof ConfigurationError
            ? 'refused'
            : `${(error as Error).name}: ${(error as Error).message}`;
        }
      });
      // A threshold is any number.
      const accepted = outcomes.filter((outcome) => outcome === 'accepted').length;
      expect(outcomes.filter((outcome) => outcome !== 'refused' && outcome !== 'accepted')).toEqual([]);
      expect(accepted).toBeLessThanOrEqual(/auditDlqSize$/.test(name) ? 1 : /volume\.emptyDir$/.test(name) ? 2 : 0);
    },
  );

  it.each([undefined, null, 5, 'text', []])('properties that are %p as a whole are a report', (props) => {
    expect(refusal(() => emit(props as never)).length).toBeGreaterThan(0);
  });
});

describe('factories refuse what they do not know, at their own line', () => {
  const peer = Peer.namespace('a');
  const calls: Readonly<Record<string, (extra: object) => unknown>> = {
    'SignIn.github': (extra) => SignIn.github({ ...extra }),
    'SignIn.google': (extra) => SignIn.google({ ...extra }),
    'SignIn.smtp': (extra) => SignIn.smtp({ from: 'a@example.com', peer, ...extra }),
    'Telemetry.otlp': (extra) => Telemetry.otlp({ host: 'otel', peer, ...extra }),
    'ReplayPersistence.persistent': (extra) => ReplayPersistence.persistent({ ...extra }),
    'Exposure.ingress': (extra) => Exposure.ingress({ className: 'a', ...extra }),
    'TrustBundle.fromConfigMap': (extra) => TrustBundle.fromConfigMap({ configMap: 'a', ...extra }),
    'Scaling.auto': (extra) => Scaling.auto({ min: 2, max: 3, cpuPercent: 70, ...extra }),
    'Postgres.external': (extra) => Postgres.external({ host: 'a', peer, maxConnections: 500, ...extra }),
    'Postgres.inCluster': (extra) => Postgres.inCluster({ ...extra }),
    'Redis.external': (extra) => Redis.external({ host: 'a', peer, ...extra }),
    'Redis.inCluster': (extra) => Redis.inCluster({ ...extra }),
    'SecretSource.existing': (extra) => SecretSource.existing({ name: 'a', ...extra }),
    'SecretSource.externalSecrets': (extra) =>
      SecretSource.externalSecrets({ store: { kind: 'SecretStore', name: 'a' }, prefix: '', ...extra }),
    'SecretSource.derivedForDev': (extra) => SecretSource.derivedForDev('passphrase', { ...extra }),
    'Peer.pods': (extra) => Peer.pods({ labels: { a: 'b' }, ...extra }),
    'Peer.cidr': (extra) => Peer.cidr('10.0.0.0/8', { ...extra }),
  };

  it.each(Object.entries(calls))('%s', (_name, call) => {
    expect(() => call({})).not.toThrow();
    expect(refusal(() => call({ unknown: 1 })).map(({ id }) => id)).toEqual(['core/unknown-property']);
  });

  it('a flow with a misspelt port is refused, for it would open every port of the component', () => {
    const stack = emit(publishedProps());
    const options = { reason: 'calls it', prot: Port.tcp(8080) };
    expect(refusal(() => stack.gateway.connections.allowTo(stack.api, options)).map(({ id }) => id)).toEqual([
      'core/unknown-property',
    ]);
    expect(() =>
      stack.gateway.connections.allowTo(stack.api, { reason: 'calls it', port: Port.tcp(3000) }),
    ).not.toThrow();
  });

  it.each([
    ['CaracalRelease.fromManifest', (value: never) => CaracalRelease.fromManifest(value)],
    ['SignIn.smtp', (value: never) => SignIn.smtp(value)],
    ['Telemetry.otlp', (value: never) => Telemetry.otlp(value)],
    ['TrustBundle.fromConfigMap', (value: never) => TrustBundle.fromConfigMap(value)],
    ['TrustBundle.fromPem', (value: never) => TrustBundle.fromPem(value)],
    ['Tls.existingSecret', (value: never) => Tls.existingSecret(value)],
    ['Tls.certManager', (value: never) => Tls.certManager(value)],
    ['Postgres.external', (value: never) => Postgres.external(value)],
    ['SecretSource.existing', (value: never) => SecretSource.existing(value)],
    ['SecretSource.externalSecrets', (value: never) => SecretSource.externalSecrets(value)],
    ['SecretSource.derivedForDev', (value: never) => SecretSource.derivedForDev(value)],
    ['Exposure.ingress', (value: never) => Exposure.ingress(value)],
  ] as const)('%s reports whatever it is given in place of its argument', (_name, call) => {
    for (const value of [undefined, null, 5, [], () => 'text', Symbol('s')]) {
      expect(refusal(() => call(value as never)).length).toBeGreaterThan(0);
    }
  });

  it('a manifest with keys that are not read is accepted: the vendor adds some with each release', () => {
    expect(CaracalRelease.fromManifest(manifestOf('1.0.0', { registries: {}, newer: true })).version).toBe('1.0.0');
  });
});
