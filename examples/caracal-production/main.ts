import { App } from 'cdk8s';
import { Cluster, Dns, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls } from 'cdk8s-selfhosted';
import { type CaracalProductionProps, CaracalRelease, CaracalStack, SignIn } from 'cdk8s-selfhosted/caracal';
import manifest from './manifest.json';

/** A cluster in three zones, with the operators that the platform uses. */
const cluster = Cluster.generic({
  name: 'eu-1',
  kubernetes: '1.33',
  zones: 3,
  ingressController: Peer.namespace('traefik'),
  dns: Dns.kubeDns(),
  prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'kube-prometheus-stack' } },
  customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
});

/** Caracal for production: databases outside, secrets from a vault, public origins with certificates, monitoring on. */
export function platform(app: App, change: Partial<CaracalProductionProps> = {}): CaracalStack {
  const caracal = new CaracalStack(app, 'caracal', {
    profile: 'production',
    namespace: 'caracal-production',
    cluster,
    release: CaracalRelease.fromManifest(manifest),
    origins: {
      console: 'https://console.example.com',
      sts: 'https://sts.example.com',
      gateway: 'https://gateway.example.com',
    },
    signIn: [SignIn.github()],
    operators: ['@example.com'],
    // Agents call sts, gateway and coordinator; the policies let in nobody else.
    clients: [Peer.namespace('agents')],
    postgres: Postgres.external({
      host: 'pg.example.internal',
      peer: Peer.cidr('10.20.0.0/24'),
      maxConnections: 1300,
    }),
    redis: Redis.external({ host: 'redis.example.internal', peer: Peer.cidr('10.20.1.0/24') }),
    secrets: SecretSource.externalSecrets({ store: { kind: 'ClusterSecretStore', name: 'vault' }, prefix: 'caracal/' }),
    exposure: Exposure.ingress({ className: 'traefik', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
    ...change,
  });
  caracal.gateway.connections.allowTo(Peer.cidr('10.30.0.0/16'), {
    port: Port.tcp(8443),
    reason: 'governed upstreams',
  });
  caracal.acknowledge('caracal/scaled-replay', {
    reason: 'the alert on replay volumes pages us; the runbook scales up again until the files are sent',
  });
  caracal.acknowledge('caracal/gateway-catch-all', {
    reason: 'agents call paths of their own choice; /internal and /metrics of the gateway ask for tokens',
  });
  return caracal;
}

// Without `require` this is an ES module, which nobody else imports.
if (typeof require === 'undefined' || require.main === module) {
  const app = new App();
  platform(app);
  app.synth();
}
