import type { Protocol } from './port';

/**
 * What the policy evaluator reads and answers. The policy types are structural and as wide as plain JSON, so that an
 * emitted object, an object read from YAML and one written by hand all fit; values are checked when they are read.
 */

/** Labels of a pod or a namespace. */
export type Labels = Readonly<Record<string, string>>;

/** `metav1.LabelSelector`: all of its conditions must hold; without any it selects everything. */
export interface LabelSelectorLike {
  /**
   * Labels that must be present with exactly this value.
   * @default - no such condition
   */
  readonly matchLabels?: Labels | undefined;
  /**
   * Conditions with an operator: `In`, `NotIn`, `Exists`, `DoesNotExist`.
   * @default - no such condition
   */
  readonly matchExpressions?: readonly LabelRequirementLike[] | undefined;
}

/** `metav1.LabelSelectorRequirement`. */
export interface LabelRequirementLike {
  /** Label key. */
  readonly key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. `NotIn` also selects objects without the key. */
  readonly operator: string;
  /**
   * Values for `In` and `NotIn`.
   * @default - none, as `Exists` and `DoesNotExist` demand
   */
  readonly values?: readonly string[] | undefined;
}

/** `IPBlock` of a NetworkPolicy peer. */
export interface IpBlockLike {
  /** Network that is meant. */
  readonly cidr: string;
  /**
   * Smaller networks inside of `cidr` that are left out.
   * @default - nothing is left out
   */
  readonly except?: readonly string[] | undefined;
}

/** `NetworkPolicyPeer`: an IP block, or pods by one or both selectors. With both, both must match (AND). */
export interface PolicyPeerLike {
  /**
   * Pods by labels; without `namespaceSelector` in the policy's own namespace.
   * @default - all pods of the selected namespaces
   */
  readonly podSelector?: LabelSelectorLike | undefined;
  /**
   * Namespaces by labels.
   * @default - the policy's own namespace
   */
  readonly namespaceSelector?: LabelSelectorLike | undefined;
  /**
   * Addresses; excludes the selectors.
   * @default - pods are meant
   */
  readonly ipBlock?: IpBlockLike | undefined;
}

/** `NetworkPolicyPort`. */
export interface PolicyPortLike {
  /**
   * Pod port by number, or by the name that the destination pod gives it.
   * @default - all ports of the protocol
   */
  readonly port?: number | string | undefined;
  /**
   * Last port of a range that begins with a numeric `port`.
   * @default - `port` alone
   */
  readonly endPort?: number | undefined;
  /**
   * `TCP`, `UDP` or `SCTP`.
   * @default "TCP"
   */
  readonly protocol?: string | undefined;
}

/** `NetworkPolicyIngressRule`. */
export interface IngressRuleLike {
  /**
   * Sources; any one of them suffices (OR).
   * @default - every source, as for an empty list
   */
  readonly from?: readonly PolicyPeerLike[] | undefined;
  /**
   * Ports of the selected pods.
   * @default - all ports of all protocols, as for an empty list
   */
  readonly ports?: readonly PolicyPortLike[] | undefined;
}

/** `NetworkPolicyEgressRule`. */
export interface EgressRuleLike {
  /**
   * Destinations; any one of them suffices (OR).
   * @default - every destination, as for an empty list
   */
  readonly to?: readonly PolicyPeerLike[] | undefined;
  /**
   * Ports of the destination.
   * @default - all ports of all protocols, as for an empty list
   */
  readonly ports?: readonly PolicyPortLike[] | undefined;
}

/** Spec of a `networking.k8s.io/v1` NetworkPolicy. */
export interface NetworkPolicySpecLike {
  /**
   * The pods of the policy's namespace that it isolates.
   * @default - all of them, as for an empty selector
   */
  readonly podSelector?: LabelSelectorLike | undefined;
  /**
   * Directions that the policy is about: `Ingress`, `Egress`. Rules of a direction that is not named have no effect.
   * @default - Ingress always, Egress if there is at least one egress rule; an empty list counts as absent
   */
  readonly policyTypes?: readonly string[] | undefined;
  /**
   * What may come in.
   * @default - nothing
   */
  readonly ingress?: readonly IngressRuleLike[] | undefined;
  /**
   * What may go out.
   * @default - nothing, where the policy is about egress
   */
  readonly egress?: readonly EgressRuleLike[] | undefined;
}

/** A NetworkPolicy as the API server takes it. Further fields of the object are not read. */
export interface PolicyObject {
  /**
   * API version, to tell it from policies of other API groups.
   * @default "networking.k8s.io/v1"
   */
  readonly apiVersion?: string | undefined;
  /**
   * Kind of the object.
   * @default "NetworkPolicy"
   */
  readonly kind?: string | undefined;
  /** Identity of the policy. */
  readonly metadata: {
    /** Name. */
    readonly name: string;
    /**
     * Namespace whose pods the policy selects.
     * @default - refused: which namespace a policy lands in must not depend on the context of kubectl
     */
    readonly namespace?: string | undefined;
  };
  /** What it selects and allows. */
  readonly spec: NetworkPolicySpecLike;
}

/** A namespace with the labels that `namespaceSelector` reads. */
export interface NamespaceEntry {
  /** Name. Kubernetes adds it as the label `kubernetes.io/metadata.name`, and so does the evaluator. */
  readonly name: string;
  /**
   * Further labels.
   * @default - only the name's own label
   */
  readonly labels?: Labels | undefined;
}

/** A port that a pod declares; policies with a named port are resolved by it. */
export interface PodPort {
  /**
   * Name of the port.
   * @default - no policy can name it
   */
  readonly name?: string | undefined;
  /** Container port, 1 to 65535. */
  readonly port: number;
  /**
   * Protocol.
   * @default "TCP"
   */
  readonly protocol?: Protocol | undefined;
}

/** A pod as one end of a connection, or any pod with these labels when it has neither `name` nor `ips`. */
export interface PodEndpoint {
  /** Tells pods from addresses. */
  readonly kind: 'pod';
  /**
   * Name of one pod. Two endpoints of one namespace with the same name are the same pod, whose traffic to itself is
   * not policed.
   * @default - two equal endpoints are two replicas; with an address in common they are one pod
   */
  readonly name?: string | undefined;
  /** Namespace, one of those that the evaluator knows. */
  readonly namespace: string;
  /** Labels of the pod. */
  readonly labels: Labels;
  /**
   * Declared ports, for policies that name ports.
   * @default - no named port matches
   */
  readonly ports?: readonly PodPort[] | undefined;
  /**
   * Pod addresses, at most one per family in a cluster.
   * @default - unknown: no `ipBlock` matches
   */
  readonly ips?: readonly string[] | undefined;
}

/** An address outside of the cluster. No policy selects it. */
export interface AddressEndpoint {
  /** Tells addresses from pods. */
  readonly kind: 'address';
  /** IPv4 or IPv6 address. */
  readonly ip: string;
}

/** One end of a connection. */
export type Endpoint = PodEndpoint | AddressEndpoint;

/** The question: may `from` open a connection to this port of `to`? */
export interface ConnectionAttempt {
  /** Who connects. */
  readonly from: Endpoint;
  /** Who is connected to. A Service is not an end: name a pod behind it. */
  readonly to: Endpoint;
  /** Port of the destination pod or address (not of a Service), 1 to 65535. */
  readonly port: number;
  /**
   * Protocol.
   * @default "TCP"
   */
  readonly protocol?: Protocol | undefined;
}

/**
 * Why one direction is open or closed.
 *
 * - `loopback`: both ends are the same pod.
 * - `not-selectable`: this end is an address, which no policy selects.
 * - `not-isolated`: no policy of this direction selects the pod.
 * - `rule`: at least one rule allows it.
 * - `isolated`: policies select the pod and no rule allows it.
 */
export type VerdictReason = 'loopback' | 'not-selectable' | 'not-isolated' | 'rule' | 'isolated';

/** The answer for one direction. */
export interface Verdict {
  /** Whether this direction is open. */
  readonly allowed: boolean;
  /** Why. */
  readonly reason: VerdictReason;
  /** `namespace/name` of the policies that allowed (`rule`) or isolated (`isolated`), sorted; empty otherwise. */
  readonly policies: readonly string[];
}

/** The answer to a connection attempt. */
export interface Connectivity {
  /** Whether both directions are open. */
  readonly allowed: boolean;
  /** What the source's policies say. */
  readonly egress: Verdict;
  /** What the destination's policies say. */
  readonly ingress: Verdict;
}
