import { invalidValue } from '../core/errors';
import { IpAddress } from './cidr';
import type {
  ConnectionAttempt,
  Connectivity,
  Endpoint,
  Labels,
  NamespaceEntry,
  PodEndpoint,
  PolicyObject,
  Verdict,
} from './evaluator-model';
import {
  type CompiledPolicy,
  compilePolicy,
  type CompiledRule,
  type Traffic,
  isPortNumber,
  type Party,
  PROTOCOLS,
} from './evaluator-policy';

/** What a `PolicyEvaluator` knows about the cluster. */
export interface PolicyEvaluatorProps {
  /** All NetworkPolicies of the cluster, in any order; each namespace and name once. */
  readonly policies: readonly PolicyObject[];
  /** All namespaces that pods are asked about, in any order; each name once. */
  readonly namespaces: readonly NamespaceEntry[];
}

/**
 * Answers "may pod A reach pod B on port P under these policies", as Kubernetes defines NetworkPolicies
 * (`networking.k8s.io/v1`), and names the policies that decide.
 *
 * It is pure: policies are read once in the constructor, and equal questions have equal answers. The order of
 * policies, rules, peers and ports has no meaning.
 *
 * What it does not judge: routing, Services (ask about a pod behind one), pods in the host's network and traffic
 * from a pod's own node, for which Kubernetes leaves the behaviour to the network plug-in, and replies, which always
 * pass when the connection was allowed.
 *
 * ```ts
 * const evaluator = new PolicyEvaluator({ policies, namespaces: [{ name: 'caracal' }] });
 * const answer = evaluator.mayConnect({ from: gateway, to: sts, port: 8080 });
 * explainConnectivity(answer); // "allowed: egress by caracal/caracal-gateway; ingress by caracal/caracal-sts"
 * ```
 */
export class PolicyEvaluator {
  private readonly namespaces: ReadonlyMap<string, Labels>;
  private readonly policies: ReadonlyMap<string, readonly CompiledPolicy[]>;

  /**
   * @throws ConfigurationError with id `network/invalid-policy` or `network/invalid-cidr` if the API server would
   * refuse a policy, if one has no namespace, or if two have the same identity; with `network/invalid-namespace` if
   * a namespace is listed twice
   */
  constructor(props: PolicyEvaluatorProps) {
    this.namespaces = indexNamespaces(props.namespaces);
    this.policies = indexPolicies(props.policies);
  }

  /**
   * Judges one connection.
   *
   * A pod with addresses of both families may connect if one family is open in both directions.
   *
   * @throws ConfigurationError with id `network/invalid-attempt` if a pod has no labels or a namespace that the
   * evaluator does not know, or if the port or protocol is impossible; with `network/invalid-ip` if an address is
   */
  public mayConnect(attempt: ConnectionAttempt): Connectivity {
    const { from, to } = attempt;
    const traffic = readTraffic(attempt);
    const sources = this.resolve(from);
    const destinations = this.resolve(to);
    if (isSamePod(from, to)) {
      const verdict: Verdict = { allowed: true, reason: 'loopback', policies: [] };
      return { allowed: true, egress: verdict, ingress: verdict };
    }
    const answers = pathsBetween(sources, destinations).map(([source, destination]) =>
      this.judge(source, destination, traffic),
    );
    return answers.find((answer) => answer.allowed) ?? (answers[0] as Connectivity);
  }

  private judge(source: Party, destination: Party, traffic: Traffic): Connectivity {
    const egress = this.verdict('egress', source, (rule) => rule.allows(destination, destination, traffic));
    const ingress = this.verdict('ingress', destination, (rule) => rule.allows(source, destination, traffic));
    return { allowed: egress.allowed && ingress.allowed, egress, ingress };
  }

  private verdict(direction: 'ingress' | 'egress', subject: Party, allows: (rule: CompiledRule) => boolean): Verdict {
    if (subject.kind === 'address') {
      return { allowed: true, reason: 'not-selectable', policies: [] };
    }
    const isolating = (this.policies.get(subject.namespace) ?? []).filter(
      (policy) => policy[direction] !== undefined && policy.selects(subject.labels),
    );
    if (isolating.length === 0) {
      return { allowed: true, reason: 'not-isolated', policies: [] };
    }
    const allowing = isolating.filter((policy) => policy[direction]?.some(allows));
    return allowing.length > 0
      ? { allowed: true, reason: 'rule', policies: allowing.map((policy) => policy.id) }
      : { allowed: false, reason: 'isolated', policies: isolating.map((policy) => policy.id) };
  }

  /** The endpoint once per address that it may use, IPv4 first; a pod without known addresses once. */
  private resolve(endpoint: Endpoint): readonly Party[] {
    if (endpoint.kind === 'address') {
      return [{ kind: 'address', ip: IpAddress.parse(endpoint.ip, 'PolicyEvaluator.mayConnect address.ip') }];
    }
    const namespaceLabels = this.namespaces.get(endpoint.namespace);
    if (namespaceLabels === undefined) {
      return invalidValue({
        id: 'network/invalid-attempt',
        path: 'PolicyEvaluator.mayConnect',
        message: 'the namespace of the pod is not known, so no namespaceSelector can be judged',
        given: endpoint.namespace,
        allowed: [...this.namespaces.keys()].join(', '),
        fix: 'list the namespace with its labels in `namespaces`, or correct its name',
      });
    }
    const { namespace, labels, ports = [] } = endpoint;
    if (typeof labels !== 'object' || labels === null) {
      return invalidValue({
        id: 'network/invalid-attempt',
        path: 'PolicyEvaluator.mayConnect',
        message: 'the pod has no labels, so no podSelector can be judged',
        given: labels,
        allowed: 'the labels of the pod; {} if it has none',
        fix: 'pass the labels of the pod template',
      });
    }
    return addressesOf(endpoint).map((ip) => ({ kind: 'pod', namespace, namespaceLabels, labels, ports, ip }));
  }
}

/** One line that says what was answered and which policies decided, for the message of a failing test. */
export function explainConnectivity(answer: Connectivity): string {
  const direction = (name: string, { reason, policies }: Verdict): string => {
    const names = policies.join(', ');
    switch (reason) {
      case 'rule':
        return `${name} by ${names}`;
      case 'isolated':
        return `${name} closed, isolated by ${names} without a rule that allows it`;
      case 'not-isolated':
        return `${name} open, no policy selects the pod`;
      case 'not-selectable':
        return `${name} open, policies do not select addresses`;
      case 'loopback':
        return `${name} open, both ends are the same pod`;
    }
  };
  const outcome = answer.allowed ? 'allowed' : 'denied';
  return `${outcome}: ${direction('egress', answer.egress)}; ${direction('ingress', answer.ingress)}`;
}

function indexNamespaces(entries: readonly NamespaceEntry[]): ReadonlyMap<string, Labels> {
  const index = new Map<string, Labels>();
  for (const { name, labels } of entries) {
    if (index.has(name)) {
      return invalidValue({
        id: 'network/invalid-namespace',
        path: 'PolicyEvaluator.namespaces',
        message: 'the namespace is listed twice',
        given: name,
        allowed: 'each namespace once',
        fix: 'merge the two entries',
      });
    }
    // The API server sets this label on every namespace and does not let anybody give it another value.
    index.set(name, { ...labels, 'kubernetes.io/metadata.name': name });
  }
  return index;
}

/** By namespace, so that a question costs as much as the policies of two namespaces, and sorted, for stable answers. */
function indexPolicies(policies: readonly PolicyObject[]): ReadonlyMap<string, readonly CompiledPolicy[]> {
  const sorted = policies.map(compilePolicy).sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = new Map<string, CompiledPolicy[]>();
  sorted.forEach((policy, position) => {
    if (sorted[position - 1]?.id === policy.id) {
      return invalidValue({
        id: 'network/invalid-policy',
        path: 'PolicyEvaluator.policies',
        message: 'two policies have the same namespace and name; in a cluster the second replaces the first',
        given: policy.id,
        allowed: 'each policy once',
        fix: 'give one of them another name',
      });
    }
    const siblings = index.get(policy.namespace);
    if (siblings === undefined) {
      index.set(policy.namespace, [policy]);
    } else {
      siblings.push(policy);
    }
  });
  return index;
}

function readTraffic({ port, protocol = 'TCP' }: ConnectionAttempt): Traffic {
  if (!isPortNumber(port) || !PROTOCOLS.includes(protocol)) {
    return invalidValue({
      id: 'network/invalid-attempt',
      path: 'PolicyEvaluator.mayConnect',
      message: 'the port or the protocol is impossible',
      given: { port, protocol },
      allowed: 'a port of 1 to 65535, and TCP, UDP or SCTP',
      fix: 'ask about the port number of the destination pod',
    });
  }
  return { port, protocol };
}

function addressesOf({ ips = [] }: PodEndpoint): readonly (IpAddress | undefined)[] {
  const addresses = ips.map((ip) => IpAddress.parse(ip, 'PolicyEvaluator.mayConnect pod address'));
  return addresses.length === 0 ? [undefined] : addresses.sort((a, b) => a.family - b.family);
}

function isSamePod(from: Endpoint, to: Endpoint): boolean {
  if (from.kind !== 'pod' || to.kind !== 'pod' || from.namespace !== to.namespace) {
    return false;
  }
  if (from.name !== undefined && to.name !== undefined) {
    return from.name === to.name;
  }
  const there = addressesOf(to);
  return addressesOf(from).some((ip) => ip !== undefined && there.some((other) => other?.equals(ip)));
}

/**
 * Source and destination with addresses that fit together. A connection stays in one family: an IPv4 block at one end
 * and an IPv6 block at the other do not add up.
 */
function pathsBetween(sources: readonly Party[], destinations: readonly Party[]): readonly (readonly [Party, Party])[] {
  const paths = sources.flatMap((source) =>
    destinations
      .filter(({ ip }) => ip === undefined || source.ip === undefined || ip.family === source.ip.family)
      .map((destination) => [source, destination] as const),
  );
  // No family in common is a matter of routing, not of policies: they are judged as if the pod's address were unknown.
  return paths.length > 0 ? paths : [[withoutIp(sources[0] as Party), withoutIp(destinations[0] as Party)]];
}

function withoutIp(party: Party): Party {
  return party.kind === 'pod' ? { ...party, ip: undefined } : party;
}
