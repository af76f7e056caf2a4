/**
 * Everybody outside of a stack that the contract tests declare: as the user names them (`Peer`) and as the evaluator
 * meets them (`Endpoint`). Some are pods and some are addresses, so that both kinds of peers are tried. None lies in
 * the addresses that `reachability.json` calls "internet", "private" or "metadata".
 */
import { Peer } from '../../src/network/peer';
import type { Endpoint } from '../../src/network/evaluator-model';

/** One outsider. */
export interface Outsider {
  readonly peer: Peer;
  readonly endpoint: Endpoint;
}

const pod = (namespace: string, app: string, number: number): Outsider => ({
  peer: Peer.pods({ namespace, labels: { app } }),
  endpoint: {
    kind: 'pod',
    name: app,
    namespace,
    labels: { app, 'pod-template-hash': 'abc' },
    ips: [`10.244.9.${number}`, `fd44:9::${number}`],
  },
});

const network = (third: number): Outsider => ({
  peer: Peer.cidr(`10.20.${third}.0/24`),
  endpoint: { kind: 'address', ip: `10.20.${third}.7` },
});

const metadataServer = (ip: string): Outsider => ({ peer: Peer.cidr(`${ip}/32`), endpoint: { kind: 'address', ip } });

/** Outsiders by the node ids of `reachability.json`. */
export const OUTSIDERS = {
  postgres: network(0),
  redis: network(1),
  // The peer that a generic cluster has without being told.
  dns: {
    peer: Peer.pods({ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }),
    endpoint: {
      kind: 'pod',
      name: 'coredns',
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns' },
      ips: ['10.244.0.2', 'fd44:0::2'],
    },
  },
  prometheus: pod('monitoring', 'prometheus', 2),
  ingressController: pod('ingress', 'controller', 3),
  collector: pod('observability', 'collector', 4),
  sdkPeer: pod('agents', 'agent', 5),
  operatorPeer: pod('operators', 'search', 6),
  upstream: network(2),
  resourceUpstream: pod('resources', 'resource', 7),
  aiProvider: pod('models', 'model', 8),
  secretBackend: network(3),
  s3: network(4),
  smtpServer: network(5),
  metadata: metadataServer('169.254.169.254'),
  podIdentityAgent: metadataServer('169.254.170.23'),
} satisfies Record<string, Outsider>;

/** Every namespace that an endpoint of a test lives in, beside the stack's own. */
export const OUTSIDE_NAMESPACES = [
  'kube-system',
  'monitoring',
  'ingress',
  'observability',
  'agents',
  'operators',
  'resources',
  'models',
  'unnamed',
];
