// The environment that every measurement builds, from the compiled package.
const { Cluster, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls } = require('../../lib');
const { CaracalRelease, CaracalStack, SignIn } = require('../../lib/caracal');
const manifest = require('../../examples/caracal-production/manifest.json');
const release = CaracalRelease.fromManifest(manifest);
const cluster = Cluster.generic({
  name: 'bench',
  kubernetes: '1.33',
  zones: 3,
  ingressController: Peer.namespace('traefik'),
  prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'prometheus' } },
  customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
});

/**
 * One production environment of Caracal, with a namespace, hosts and a cluster of its own.
 *
 * @param value makes of the host of a server what the engine takes: a text, or a value that the deployment knows
 */
function productionStack(app, index, value = (text) => text) {
  const stack = new CaracalStack(app, `caracal-${index}`, {
    profile: 'production',
    namespace: `caracal-${index}`,
    cluster,
    release,
    origins: {
      console: `https://console-${index}.example.com`,
      sts: `https://sts-${index}.example.com`,
      gateway: `https://gateway-${index}.example.com`,
    },
    signIn: [SignIn.github()],
    operators: ['@example.com'],
    postgres: Postgres.external({
      host: value(`pg-${index}.example.internal`),
      peer: Peer.cidr('10.20.0.0/24'),
      maxConnections: 1300,
    }),
    redis: Redis.external({ host: value(`redis-${index}.example.internal`), peer: Peer.cidr('10.20.1.0/24') }),
    secrets: SecretSource.externalSecrets({
      store: { kind: 'ClusterSecretStore', name: 'vault' },
      prefix: `caracal-${index}/`,
    }),
    exposure: Exposure.ingress({ className: 'traefik', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
  });
  stack.gateway.connections.allowTo(Peer.cidr('10.30.0.0/16'), {
    port: Port.tcp(8443),
    reason: 'governed upstreams',
  });
  // As in the example: open warnings would be printed for each stack.
  stack.acknowledge('caracal/scaled-replay', { reason: 'measured, not run' });
  stack.acknowledge('caracal/gateway-catch-all', { reason: 'measured, not run' });
  return stack;
}

module.exports = { productionStack };
