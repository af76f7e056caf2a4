// A program as users bundle it: a platform for dev and one for production, with every kind of value, printed.
import { App } from 'cdk8s';
import * as main from 'cdk8s-selfhosted';
import * as caracal from 'cdk8s-selfhosted/caracal';

const { Cluster, Disruption, Exposure, Names, Peer, PodSecurity, Port, Postgres, Redis } = main;
const { RegistryMirror, Scaling, SecretSource, Tls, TrustBundle } = main;
const { CaracalRelease, CaracalStack, ReplayPersistence, SignIn, Telemetry } = caracal;

const images = ['go', 'node', 'web', 'postgres', 'redis'];
const release = CaracalRelease.fromManifest({
  mode: 'stable',
  version: '1.0.0',
  images: Object.fromEntries(images.map((key) => [key, `ghcr.io/garudex-labs/caracal-${key}:v1.0.0`])),
  imageDigests: Object.fromEntries(images.map((key, index) => [key, `sha256:${String(index).repeat(64)}`])),
});

const app = new App();

new CaracalStack(app, 'dev', {
  profile: 'dev',
  namespace: 'caracal-dev',
  cluster: Cluster.kind(),
  postgres: Postgres.inCluster(),
  redis: Redis.inCluster(),
  secrets: SecretSource.derivedForDev('a passphrase that is long enough'),
  replayPersistence: ReplayPersistence.ephemeral(),
});

const production = new CaracalStack(app, 'production', {
  profile: 'production',
  namespace: 'caracal',
  names: Names.helmRelease('prod', 'caracal'),
  cluster: Cluster.generic({
    name: 'eu-1',
    kubernetes: '1.33',
    zones: 3,
    dns: { peer: Peer.namespace('kube-system'), ports: [Port.udp(53), Port.tcp(53)] },
    ingressController: Peer.namespace('traefik'),
    prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'prometheus' } },
    customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
  }),
  release,
  origins: {
    console: 'https://console.example.com',
    sts: 'https://sts.example.com',
    gateway: 'https://gateway.example.com',
  },
  signIn: [SignIn.github(), SignIn.smtp({ from: 'caracal@example.com', peer: Peer.cidr('10.20.2.0/24') })],
  operators: ['@example.com'],
  postgres: Postgres.external({ host: 'pg.example.com', peer: Peer.cidr('10.20.0.0/24'), maxConnections: 1300 }),
  redis: Redis.external({ host: 'redis.example.com', peer: Peer.cidr('10.20.1.0/24') }),
  secrets: SecretSource.externalSecrets({ store: { kind: 'ClusterSecretStore', name: 'vault' }, prefix: 'caracal/' }),
  exposure: Exposure.ingress({ className: 'traefik', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
  replayPersistence: ReplayPersistence.persistent({ size: '2Gi' }),
  mirror: RegistryMirror.prefix('registry.example.com/mirror'),
  trust: TrustBundle.fromConfigMap({ configMap: 'authorities' }),
  telemetry: Telemetry.otlp({ host: 'otel.example.com', peer: Peer.anyOf(Peer.namespace('observability')) }),
  egress: { gateway: [{ peer: Peer.cidr('10.30.0.0/16'), port: Port.tcp(8443) }] },
  api: { scaling: Scaling.fixed(3), disruption: Disruption.maxUnavailable(1), security: PodSecurity.restricted() },
});
production.api.connections.allowTo(production.sts, { reason: 'a flow between two components' });
production.acknowledge('caracal/scaled-replay', { reason: 'the runbook scales up again until the files are sent' });

process.stdout.write(app.synthYaml());
