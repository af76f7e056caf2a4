import { type App, Testing } from 'cdk8s';
import { Cluster, Dns, type ClusterProps, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls } from '../../src';
import {
  type CaracalDevProps,
  type CaracalProductionProps,
  CaracalRelease,
  CaracalStack,
  type CaracalStackProps,
  SignIn,
} from '../../src/caracal';

const IMAGES = ['go', 'node', 'web', 'postgres', 'redis'];

/** A release manifest, with digests that stand for the version. */
export function manifestOf(version = '1.0.0', change: object = {}): object {
  return {
    mode: 'stable',
    version,
    images: Object.fromEntries(IMAGES.map((key) => [key, `ghcr.io/garudex-labs/caracal-${key}:v${version}`])),
    imageDigests: Object.fromEntries(
      IMAGES.map((key, index) => [
        key,
        `sha256:${String((index + version.length + Number(version.slice(-1))) % 10).repeat(64)}`,
      ]),
    ),
    ...change,
  };
}

/** A cluster that has everything. */
export function clusterWith(change: Partial<ClusterProps> = {}): Cluster {
  return Cluster.generic({
    name: 'eu-1',
    kubernetes: '1.33',
    zones: 3,
    dns: Dns.kubeDns(),
    ingressController: Peer.namespace('traefik'),
    prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'prometheus' } },
    customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
    ...change,
  });
}

/** Where the database is, unless a test says otherwise. */
export const POSTGRES = { host: 'pg.example.internal', peer: Peer.cidr('10.20.0.0/24'), maxConnections: 1300 } as const;

/** Properties of a platform without a problem. */
export function publishedProps(
  change: object = {},
  profile: 'production' | 'rc' = 'production',
): CaracalProductionProps {
  return {
    profile,
    namespace: 'caracal',
    cluster: clusterWith(),
    release: CaracalRelease.fromManifest(manifestOf()),
    origins: {
      console: 'https://console.example.com',
      sts: 'https://sts.example.com',
      gateway: 'https://gateway.example.com',
    },
    signIn: [SignIn.github()],
    operators: ['@example.com'],
    postgres: Postgres.external(POSTGRES),
    redis: Redis.external({ host: 'redis.example.internal', peer: Peer.cidr('10.20.1.0/24') }),
    secrets: SecretSource.externalSecrets({ store: { kind: 'ClusterSecretStore', name: 'vault' }, prefix: 'caracal/' }),
    exposure: Exposure.ingress({ className: 'traefik', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
    gatewayPaths: ['/mcp'],
    egress: { gateway: [{ peer: Peer.cidr('10.30.0.0/16'), port: Port.tcp(8443) }] },
    ...change,
  };
}

/** Properties of a platform on a laptop without a problem. */
export function devProps(change: object = {}): CaracalDevProps {
  return {
    profile: 'dev',
    namespace: 'caracal',
    secrets: SecretSource.derivedForDev('an example passphrase'),
    ...change,
  };
}

/** Properties in any profile. */
export function propsOf(profile: 'production' | 'rc' | 'dev', change: object = {}): CaracalStackProps {
  return profile === 'dev' ? devProps(change) : publishedProps(change, profile);
}

/** A platform in an app of its own, unless the test brings one. */
export function caracal(props: CaracalStackProps, app: App = Testing.app(), id = 'caracal'): CaracalStack {
  return new CaracalStack(app, id, props);
}

/** Builds and emits a platform: whatever is refused is refused here. */
export function emit(props: CaracalStackProps): CaracalStack {
  const stack = caracal(props);
  Testing.synth(stack);
  return stack;
}

/** The certificate of an authority that nobody uses; its key was never kept. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBjjCCATWgAwIBAgIUbD+APC+mPnB4RMUBeC5H8MtcPo4wCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRZXhhbXBsZSBhdXRob3JpdHkwIBcNMjYxMTIwMTUxNTI3WhgP
MjEyNjEwMjcxNTE1MjdaMBwxGjAYBgNVBAMMEWV4YW1wbGUgYXV0aG9yaXR5MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOO5kNusZmXCZxwADjo6XqavdZSljEEUt
iCtQh+Hq/8wNM8ve/HngNy58UCKr5mMIQWN5cOBfDgpVUseSsqvE2qNTMFEwHQYD
VR0OBBYEFNz9/1YrHpVxTK+ctQiHQ4FVsgO1MB8GA1UdIwQYMBaAFNz9/1YrHpVx
TK+ctQiHQ4FVsgO1MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
YqdnlA+bEoQTpvqXRt7jE8E8Z2UyYez6Eyj1v4eFh3wCIDpjiFMUfNjZ6NBjL/K5
GywUAc9oT2ZulJ/jsjEpyge/
-----END CERTIFICATE-----
`;
