import { App } from 'cdk8s';
import { Cluster, Dns, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls } from 'cdk8s-selfhosted';
import { type CaracalProductionProps, CaracalRelease, CaracalStack, SignIn } from 'cdk8s-selfhosted/caracal';
import manifest from './manifest.json';

/** The rehearsal of production: the same rules, half of the size, a Secret that exists already. */
export function platform(app: App, change: Partial<CaracalProductionProps> = {}): CaracalStack {
  const caracal = new CaracalStack(app, 'caracal', {
    profile: 'rc',
    namespace: 'caracal-rc',
    cluster: Cluster.generic({
      name: 'eu-staging',
      kubernetes: '1.33',
      zones: 3,
      ingressController: Peer.namespace('traefik'),
      dns: Dns.kubeDns(),
      prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'kube-prometheus-stack' } },
      customResources: ['monitoring.coreos.com/v1'],
    }),
    release: CaracalRelease.fromManifest(manifest),
    origins: {
      console: 'https://console.rc.example.com',
      sts: 'https://sts.rc.example.com',
      gateway: 'https://gateway.rc.example.com',
    },
    signIn: [SignIn.github({ secret: { name: 'github-oauth' } })],
    operators: { active: ['@example.com'], locked: ['contractor@example.com'] },
    // Agents call sts, gateway and coordinator; the policies let in nobody else.
    clients: [Peer.namespace('agents')],
    postgres: Postgres.external({
      host: 'pg-rc.example.internal',
      peer: Peer.cidr('10.40.0.0/24'),
      maxConnections: 700,
    }),
    redis: Redis.external({ host: 'redis-rc.example.internal', peer: Peer.cidr('10.40.1.0/24') }),
    // Change the revision whenever you change the values, to a text that was never used: the pods are replaced and the
    // migration runs again.
    secrets: SecretSource.existing({ name: 'caracal-runtime', revision: '2026-11-01' }),
    exposure: Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('wildcard-rc-example-com') }),
    webDiagnostics: true,
    egress: {
      gateway: [{ peer: Peer.cidr('10.50.0.0/16'), port: Port.tcp(8443) }],
    },
    ...change,
  });
  caracal.acknowledge('caracal/scaled-replay', { reason: 'evidence of the rehearsal may wait on a volume' });
  caracal.acknowledge('caracal/gateway-catch-all', { reason: 'as in production' });
  return caracal;
}

// Without `require` this is an ES module, which nobody else imports.
if (typeof require === 'undefined' || require.main === module) {
  const app = new App();
  platform(app);
  app.synth();
}
