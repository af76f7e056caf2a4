import { Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls, type Value } from '../../src';
import { type CaracalStackProps, SignIn, Telemetry } from '../../src/caracal';
import { POSTGRES, propsOf } from './fixture';

/** The texts that a platform takes as values. */
export interface Texts<Text> {
  readonly postgres: Text;
  readonly redis: Text;
  readonly console: Text;
  readonly sts: Text;
  readonly gateway: Text;
  readonly api: Text;
  readonly collector: Text;
  readonly bucket: Text;
  readonly endpoint: Text;
  readonly variable: Text;
}

/** Texts without a problem. */
export const TEXTS: Texts<string> = {
  postgres: 'pg.example.internal',
  redis: 'redis.example.internal',
  console: 'https://console.example.com',
  sts: 'https://sts.example.com',
  gateway: 'https://gateway.example.com',
  api: 'https://api.example.com',
  collector: 'otel.example.internal',
  bucket: 'evidence',
  endpoint: 'https://s3.example.com',
  variable: 'Europe/Berlin',
};

/** Platforms of every kind that a value may end up in, each with values wherever they may stand. */
export const PLATFORMS: readonly (readonly [
  what: string,
  props: (values: Texts<Value<string>>) => CaracalStackProps,
  /** Texts that stand in no object of the stack, but in those of the user's own: a Secret with the URLs, routes. */
  elsewhere: readonly string[],
])[] = [
  ['production with the External Secrets operator and Ingresses', (values) => platform('production', values, {}), []],
  [
    'rc with an existing Secret, behind a proxy',
    (values) =>
      platform('rc', values, {
        secrets: SecretSource.existing({ name: 'platform-secrets' }),
        exposure: Exposure.external({ proxy: Peer.namespace('istio-ingress') }),
      }),
    ['redis', 'gateway', 'api'],
  ],
  [
    'dev with derived secrets',
    (values) =>
      platform('dev', values, {
        signIn: [SignIn.smtp({ from: 'a@example.com', peer: Peer.namespace('mail'), secret: { name: 'mail' } })],
        exposure: Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('certificate') }),
      }),
    [],
  ],
];

function platform(
  profile: 'production' | 'rc' | 'dev',
  values: Texts<Value<string>>,
  change: object,
): CaracalStackProps {
  const env = { TZ: values.variable };
  return propsOf(profile, {
    ...(profile === 'dev' ? { cluster: propsOf('production').cluster } : {}),
    postgres: Postgres.external({ ...POSTGRES, host: values.postgres }),
    redis: Redis.external({ host: values.redis, peer: Peer.cidr('10.20.1.0/24') }),
    origins: { console: values.console, sts: values.sts, gateway: values.gateway, api: values.api },
    telemetry: Telemetry.otlp({ host: values.collector, peer: Peer.namespace('observability') }),
    auditExport: {
      bucket: values.bucket,
      region: 'eu-central-1',
      endpoint: values.endpoint,
      targets: [{ peer: Peer.cidr('10.40.0.0/16'), port: Port.tcp(443) }],
    },
    gatewayPaths: ['/mcp'],
    pods: { env: { LANG: values.variable } },
    sts: { env },
    web: { env },
    migration: { env },
    authMigration: { env },
    ...change,
  });
}
