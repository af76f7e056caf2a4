import { Exposure, Peer, Port, Postgres, Redis, type Value } from '../../src';
import { SecretBackend, Telemetry } from '../../src/caracal';
import { Deployment } from '../core/deployment';
import { refusal } from '../support/findings';
import { caracal, clusterWith, emit, POSTGRES, propsOf } from './fixture';

type Profile = 'production' | 'dev';

/** A text that a check refuses in a place that takes values. */
interface Case {
  readonly what: string;
  readonly text: string;
  /** Properties with the value in its place. */
  readonly change: (value: Value<string>) => object;
  readonly profile?: Profile;
  /** Code and path of the finding, now and at deployment. */
  readonly finding: readonly [id: string, path: string];
  /** Findings that only a value that is known at deployment has, or that has another reason then. */
  readonly atDeployment?: readonly (readonly [id: string, path: string])[];
}

const origins = (change: object): object => ({
  origins: { console: 'https://console.example.com', sts: 'https://sts.example.com', ...change },
});
const sts = (value: Value<string>): object => origins({ sts: value });
const exported = (change: object): object => ({
  auditExport: {
    bucket: 'evidence',
    region: 'eu-central-1',
    targets: [{ peer: Peer.internet(), port: Port.tcp(443) }],
    ...change,
  },
});
const external = Exposure.external({ proxy: Peer.namespace('istio') });
const invalidOrigin = ['caracal/invalid-origin', 'caracal.origins.sts'] as const;
const deferredOrigin = ['caracal/deferred-origin', 'caracal.origins.sts'] as const;

const CASES: readonly Case[] = [
  ...[
    'sts.example.com',
    '',
    'https://sts.example.com/',
    'https://STS.example.com',
    'https://a@sts.example.com',
    'https://a b',
  ].map((text): Case => ({ what: `the origin ${JSON.stringify(text)}`, text, change: sts, finding: invalidOrigin })),
  {
    what: 'an origin that is an address',
    text: 'https://192.0.2.7',
    change: sts,
    finding: invalidOrigin,
  },
  {
    what: 'an origin that is an address, with an Ingress',
    text: 'https://192.0.2.7',
    change: (value) => ({
      ...sts(value),
      cluster: clusterWith(),
      exposure: Exposure.ingress({ className: 'traefik' }),
    }),
    profile: 'dev',
    finding: invalidOrigin,
  },
  {
    what: 'an origin over http',
    text: 'http://sts.example.com',
    change: sts,
    finding: invalidOrigin,
    atDeployment: [invalidOrigin, deferredOrigin],
  },
  {
    what: 'an origin with a port, with an Ingress',
    text: 'https://sts.example.com:8443',
    change: sts,
    finding: ['caracal/origin-port', 'caracal.origins.sts'],
    atDeployment: [deferredOrigin],
  },
  {
    what: 'the host of another origin',
    text: 'https://console.example.com',
    change: sts,
    finding: ['caracal/duplicate-origin', 'caracal.origins.sts'],
  },
  ...(['postgres', 'redis'] as const).map((server): Case => ({
    what: `the vendor's placeholder for ${server}`,
    text: `${server}.default.svc.cluster.local`,
    change: (host) => ({
      [server]:
        server === 'postgres'
          ? Postgres.external({ ...POSTGRES, host })
          : Redis.external({ host, peer: Peer.internet() }),
    }),
    finding: ['caracal/placeholder-host', `caracal.${server}`],
  })),
  {
    what: 'a host that is none',
    text: 'pg.example.internal:5432',
    change: (host) => ({ postgres: Postgres.external({ ...POSTGRES, host }) }),
    finding: ['data/invalid-host', 'Postgres.external.host'],
  },
  {
    what: 'a collector that is none',
    text: 'http://otel',
    change: (host) => ({ telemetry: Telemetry.otlp({ host, peer: Peer.internet() }) }),
    finding: ['caracal/invalid-telemetry', 'Telemetry.otlp.host'],
  },
  ...['s3://evidence', 'ab', 'Evidence', 'a..b', ''].map((text): Case => ({
    what: `the bucket ${JSON.stringify(text)}`,
    text,
    change: (bucket) => exported({ bucket }),
    finding: ['caracal/invalid-export', 'caracal.auditExport.bucket'],
  })),
  {
    what: 'a store that is none',
    text: 's3.example.com',
    change: (endpoint) => exported({ endpoint }),
    finding: ['caracal/invalid-export', 'caracal.auditExport.endpoint'],
  },
  ...(
    [
      ['sts', 'caracal/sts.env.TZ'],
      ['web', 'caracal/web.env.TZ'],
      ['migration', 'caracal/migrate.env.TZ'],
      ['pods', 'caracal.pods.env.TZ'],
    ] as const
  ).map(([place, path]): Case => ({
    what: `a variable of ${place} with a control character`,
    text: 'a\u0000b',
    change: (value) => ({ [place]: { env: { TZ: value } } }),
    finding: ['workload/invalid-env', path],
  })),
  ...['0', '21', 'many', ''].map((text): Case => ({
    what: `a pool of ${JSON.stringify(text)} connections, which the budget does not count`,
    text,
    change: (value) => ({ api: { env: { DB_POOL_MAX: value } } }),
    finding: ['caracal/pool-above-budget', 'caracal/api.env.DB_POOL_MAX'],
  })),
  ...['35s', '1m30', ''].map((text): Case => ({
    what: `a timeout of ${JSON.stringify(text)} that is too short, or none`,
    text,
    change: (value) => ({ gateway: { env: { READ_TIMEOUT: value } } }),
    finding: ['caracal/gateway-timeouts', 'caracal/gateway.env'],
  })),
  ...['15001', '0', 'soon'].map((text): Case => ({
    what: `a shutdown of ${text} ms, for which no grace period is made`,
    text,
    change: (value) => ({ api: { env: { SHUTDOWN_GRACE_MS: value } } }),
    finding: ['caracal/variable-range', 'caracal/api.env.SHUTDOWN_GRACE_MS'],
  })),
  {
    what: 'a secret backend that is reached without TLS',
    text: 'http://vault.example.com',
    change: (value) => ({
      secretBackend: SecretBackend.vault({ address: value, peer: Peer.cidr('10.20.3.0/24') }),
    }),
    finding: ['caracal/invalid-backend', 'SecretBackend.vault.address'],
  },
];

type Told = readonly (readonly [id: string, path: string])[];

/** What is refused now. */
const now = ({ change, profile = 'production' }: Case, text: string): Told =>
  refusal(() => emit(propsOf(profile, change(text))))
    .filter(({ level }) => level === 'error')
    .map(({ id, path }) => [id, path]);

/** What is refused when the value is known: the stack is built and rendered before, as an engine does it. */
function later({ change, profile = 'production' }: Case, text: string): Told {
  const deployment = new Deployment();
  emit(propsOf(profile, change(deployment.value(text))));
  return deployment.findings().map(({ id, path }) => [id, path]);
}

describe('a check of a value that only the deployment knows says then what it says of a known one', () => {
  test.each(CASES.map((each): [string, Case] => [each.what, each]))('%s', (_what, each) => {
    expect(now(each, each.text)).toEqual([each.finding]);
    expect(later(each, each.text)).toEqual(each.atDeployment ?? [each.finding]);
  });

  test('with all that a report has: what is wrong, what was given, how to fix it', () => {
    const deployment = new Deployment();
    emit(propsOf('production', { ...sts(deployment.value('http://sts.example.com')) }));
    const [first] = deployment.findings();
    expect(first).toEqual(refusal(() => emit(propsOf('production', sts('http://sts.example.com'))))[0]);
  });

  test('and of a rule the same as the rule, although it is asked many times', () => {
    const change = (host: Value<string>): object => ({ postgres: Postgres.external({ ...POSTGRES, host }) });
    const deployment = new Deployment();
    const stack = emit(propsOf('production', change(deployment.value('postgres.default'))));
    stack.findings();
    stack.toJson();
    const rule = caracal(propsOf('production', change('postgres.default')))
      .findings()
      .filter(({ id }) => id === 'caracal/placeholder-host');
    expect(rule).toHaveLength(1);
    expect(deployment.findings()).toEqual(rule);
  });

  test.each<[string, Profile, (value: (text: string) => Value<string>) => object]>([
    [
      'origins, servers and stores',
      'production',
      (value) => ({
        ...origins({ console: value('https://a.example.com'), sts: value('https://b.example.com') }),
        ...exported({ bucket: value('evidence-1'), endpoint: value('https://s3.example.com') }),
        postgres: Postgres.external({ ...POSTGRES, host: value('10.0.0.1') }),
        redis: Redis.external({ host: value('2001:db8::1'), peer: Peer.internet() }),
      }),
    ],
    [
      'variables',
      'production',
      (value) => ({
        pods: { env: { UPSTREAM_TIMEOUT: value('1m') } },
        gateway: { env: { STS_TIMEOUT: value('10s'), READ_TIMEOUT: value('1m11s') } },
        api: { env: { DB_POOL_MAX: value('20'), SHUTDOWN_GRACE_MS: value('15000') } },
        secretBackend: SecretBackend.vault({ address: value('https://vault'), peer: Peer.cidr('10.20.3.0/24') }),
      }),
    ],
    [
      'an origin behind a proxy of the user’s own',
      'production',
      (value) => ({ ...sts(value('https://a.b')), exposure: external }),
    ],
  ])('%s that are right are accepted: the refusals above are about their texts', (_what, profile, change) => {
    const deployment = new Deployment();
    emit(
      propsOf(
        profile,
        change((text) => deployment.value(text)),
      ),
    );
    expect(deployment.findings()).toEqual([]);
  });
});

describe('an origin that only the deployment knows is https on port 443', () => {
  // In dev an origin that is known may be anything: cookies and policies are made for it.
  test.each(['http://sts.example.com', 'https://sts.example.com:8443', 'http://localhost:8080'])(
    '%s is refused at deployment, and accepted in dev where it is known',
    (text) => {
      const deployment = new Deployment();
      emit(propsOf('dev', sts(deployment.value(text))));
      expect(deployment.findings()).toEqual([
        expect.objectContaining({
          id: 'caracal/deferred-origin',
          path: 'caracal.origins.sts',
          given: JSON.stringify(text),
          fix: expect.stringContaining('instead of an Output') as string,
        }),
      ]);
      expect(() => emit(propsOf('dev', sts(text)))).not.toThrow();
    },
  );
});

describe('two services on one host', () => {
  const shared = 'https://one.example.com';
  const told = (deployment: Deployment): string[] => deployment.findings().map(({ id, path }) => `${id} ${path}`);

  test('are refused when both are known, also at deployment only', () => {
    const deployment = new Deployment();
    emit(propsOf('production', origins({ console: deployment.value(shared), sts: deployment.value(shared) })));
    expect(told(deployment)).toEqual(['caracal/duplicate-origin caracal.origins.sts']);
  });

  test('are refused now when both are known now, whatever else has to wait', () => {
    const change = origins({ console: shared, sts: shared, gateway: new Deployment().value('https://g.example.com') });
    expect(refusal(() => emit(propsOf('production', change))).map(({ id, path }) => [id, path])).toEqual([
      ['caracal/duplicate-origin', 'caracal.origins.sts'],
    ]);
  });
});
