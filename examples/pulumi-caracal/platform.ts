import type { App } from 'cdk8s';
import { Cluster, Dns, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls, type Value } from 'cdk8s-selfhosted';
import { CaracalRelease, CaracalStack, SignIn } from 'cdk8s-selfhosted/caracal';
import manifest from './manifest.json';

export const NAMESPACE = 'pulumi-caracal';

/** What the platform takes from other resources of the program: known at deployment, or plain texts. */
export interface Inputs {
  readonly databaseHost: Value<string>;
  readonly redisHost: Value<string>;
}

/** Caracal for production. The same function serves `cdk8s synth`, where the inputs are plain texts. */
export function platform(app: App, inputs: Inputs): CaracalStack {
  const caracal = new CaracalStack(app, 'caracal', {
    profile: 'production',
    namespace: NAMESPACE,
    cluster: Cluster.generic({
      name: 'eu-1',
      kubernetes: '1.33',
      zones: 3,
      ingressController: Peer.namespace('traefik'),
      dns: Dns.kubeDns(),
      prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'kube-prometheus-stack' } },
      customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
    }),
    release: CaracalRelease.fromManifest(manifest),
    origins: {
      console: 'https://console.example.com',
      sts: 'https://sts.example.com',
      gateway: 'https://gateway.example.com',
    },
    signIn: [SignIn.github({ secret: { name: 'github-oauth' } })],
    operators: ['@example.com'],
    // Agents call sts, gateway and coordinator; the policies let in nobody else.
    clients: [Peer.namespace('agents')],
    postgres: Postgres.external({
      host: inputs.databaseHost,
      peer: Peer.cidr('10.20.0.0/24'),
      maxConnections: 1300,
    }),
    redis: Redis.external({ host: inputs.redisHost, peer: Peer.cidr('10.20.1.0/24') }),
    secrets: SecretSource.externalSecrets({ store: { kind: 'ClusterSecretStore', name: 'vault' }, prefix: 'caracal/' }),
    exposure: Exposure.ingress({ className: 'traefik', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
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
