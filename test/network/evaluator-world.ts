import type {
  Endpoint,
  NamespaceEntry,
  NetworkPolicySpecLike,
  PodEndpoint,
  PolicyObject,
} from '../../src/network/evaluator-model';

/** One question with its answer as the Kubernetes documentation of NetworkPolicy gives it. */
export interface SemanticCase {
  /** What must hold; where it helps, which mistake it guards against. */
  readonly title: string;
  readonly policies: readonly PolicyObject[];
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly allowed: boolean;
}

/** The rest of a case after its title. */
type Question = [
  policies: readonly PolicyObject[],
  from: Endpoint,
  to: Endpoint,
  port?: number,
  protocol?: 'TCP' | 'UDP' | 'SCTP',
];

/** A connection that must be open, to TCP 8080 unless a port is given. */
export const open = (title: string, ...question: Question): SemanticCase => semanticCase(title, true, question);
/** A connection that must be closed, to TCP 8080 unless a port is given. */
export const closed = (title: string, ...question: Question): SemanticCase => semanticCase(title, false, question);

/** The namespaces of all cases. `lab` has no labels of its own. */
export const namespaces: readonly NamespaceEntry[] = [
  { name: 'shop', labels: { team: 'shop', env: 'prod' } },
  { name: 'bank', labels: { team: 'bank', env: 'prod' } },
  { name: 'lab' },
];

const pod = (namespace: string, labels: Record<string, string>, more: Partial<PodEndpoint> = {}): PodEndpoint => ({
  kind: 'pod',
  namespace,
  labels,
  ...more,
});
export const address = (ip: string): Endpoint => ({ kind: 'address', ip });

export const web = pod('shop', { app: 'web', tier: 'front' }, { ips: ['10.0.1.1', '2001:db8:1::1'] });
export const api = pod(
  'shop',
  { app: 'api', tier: 'back' },
  {
    ips: ['10.0.1.2', '2001:db8:1::2'],
    ports: [
      { name: 'http', port: 8080 },
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'sigtran', port: 2905, protocol: 'SCTP' },
      { port: 9090 },
    ],
  },
);
/** Same labels as `web`, other namespace. */
export const teller = pod('bank', { app: 'web' }, { ips: ['10.0.2.1'] });
export const ledger = pod('bank', { app: 'ledger' }, { ports: [{ name: 'http', port: 9000 }] });
export const probe = pod('lab', { app: 'probe' });
export const outside = address('198.51.100.7');
export const outsideV6 = address('2001:db8:ffff::7');

/** A policy of a namespace; `name` matters only where a case has two. */
export const policy = (namespace: string, spec: NetworkPolicySpecLike, name = 'p'): PolicyObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

export const forApi = { podSelector: { matchLabels: { app: 'api' } } };
export const denyIngress = policy('shop', { podSelector: {}, policyTypes: ['Ingress'] }, 'deny-ingress');
export const denyEgress = policy('shop', { podSelector: {}, policyTypes: ['Egress'] }, 'deny-egress');
export const denyBoth = policy('shop', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'deny-both');
type IngressRules = NonNullable<NetworkPolicySpecLike['ingress']>;
type EgressRules = NonNullable<NetworkPolicySpecLike['egress']>;
/** Isolates api and lets in what the rules say. */
export const toApi = (...ingress: IngressRules): PolicyObject =>
  policy('shop', { ...forApi, policyTypes: ['Ingress'], ingress });
/** Isolates web and lets out what the rules say. */
export const fromWeb = (...egress: EgressRules): PolicyObject =>
  policy('shop', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress });
export const labels = (key: string, value: string) => ({ matchLabels: { [key]: value } });
export const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [values.length > 0 ? { key, operator, values } : { key, operator }],
});

function semanticCase(
  title: string,
  allowed: boolean,
  [policies, from, to, port = 8080, protocol = 'TCP']: Question,
): SemanticCase {
  return { title, policies, from, to, port, protocol, allowed };
}
