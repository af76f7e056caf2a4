import { ConfigurationError, type Finding, show } from '../core/errors';
import { check, checkShape, type Checks } from '../core/checks';
import { dnsLabelProblem, labelKeyProblem, labelValueProblem } from '../core/text';
import { Peer } from '../network/peer';
import { Port } from '../network/port';

/** Oldest minor version of Kubernetes that is supported: the first with a native preStop sleep. */
export const OLDEST_KUBERNETES_MINOR = 30;

/** Kubernetes version, `major.minor`. */
export type KubernetesVersion = `1.${number}`;

/** The cluster's DNS service, as pods reach it. */
export interface ClusterDns {
  /** The DNS pods, or the addresses of a cache on the node. */
  readonly peer: Peer;
  /**
   * Ports of the DNS pods (not of their Service: policies apply behind it).
   * @default - 53 over UDP and TCP
   */
  readonly ports?: readonly Port[];
}

/** The Prometheus that scrapes the cluster. */
export interface ClusterPrometheus {
  /** The scraping pods. */
  readonly peer: Peer;
  /**
   * Labels that its selectors want on ServiceMonitors and PrometheusRules; `{}` when it takes every one.
   * A wrong label is the usual reason for a monitor that is silently ignored (caracal W52).
   */
  readonly selectorLabels: Readonly<Record<string, string>>;
}

/** What the library must know of a cluster. */
export interface ClusterProps {
  /** Name, unique among your clusters. Components of one cluster cannot be network peers of another's. */
  readonly name: string;
  /** Minor version, 1.30 or newer. */
  readonly kubernetes: KubernetesVersion;
  /** Number of failure zones. Production spreads over zones by force from three on. */
  readonly zones: number;
  /**
   * Pods of the ingress controller, which alone may reach exposed services.
   * @default - none: an exposed service is refused
   */
  readonly ingressController?: Peer;
  /**
   * Prometheus.
   * @default - none: a monitored stack is refused
   */
  readonly prometheus?: ClusterPrometheus;
  /**
   * Cluster DNS.
   * @default - kube-dns in kube-system, port 53 over UDP and TCP
   */
  readonly dns?: ClusterDns;
  /**
   * Whether the network plug-in enforces NetworkPolicies. `false` is reported as a warning of every stack.
   * @default true
   */
  readonly enforcesNetworkPolicies?: boolean;
  /**
   * Whether metrics-server (or another source of resource metrics) runs; autoscalers need it.
   * @default true
   */
  readonly metricsServer?: boolean;
  /**
   * StorageClass of volumes that name none.
   * @default - the cluster's default class
   */
  readonly storageClass?: string;
  /**
   * API groups with version of the custom resources that are installed, `monitoring.coreos.com/v1`.
   * @default - none
   */
  readonly customResources?: readonly string[];
}

const CHECKS: Checks<ClusterProps> = {
  name: check.text,
  kubernetes: check.text,
  zones: check.count,
  ingressController: check.instance('Peer'),
  prometheus: check.record,
  dns: check.record,
  enforcesNetworkPolicies: check.flag,
  metricsServer: check.flag,
  storageClass: check.text,
  customResources: check.each(check.text),
};

/** Settings of a kind cluster. */
export interface KindClusterProps extends Partial<Omit<ClusterProps, 'name'>> {
  /**
   * Name of the cluster.
   * @default "kind"
   */
  readonly name?: string;
}

/** The cluster that a stack runs on: everything that the platform, not the product, decides. Immutable. */
export class Cluster {
  /**
   * Any conformant cluster.
   *
   * @throws ConfigurationError with every problem of the properties: `platform/invalid-cluster`, `network/no-dns-peer`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static generic(props: ClusterProps): Cluster {
    return new Cluster('Cluster.generic', props);
  }

  /** A cluster on one machine: one zone, no ingress controller, no Prometheus, unless they are named. */
  public static kind(props: KindClusterProps = {}): Cluster {
    return new Cluster('Cluster.kind', { name: 'kind', kubernetes: '1.33', zones: 1, metricsServer: false, ...props });
  }

  /** Name, unique among your clusters. */
  public readonly name: string;
  /** Minor version as a number: 33 for 1.33. */
  public readonly kubernetesMinor: number;
  /** Number of failure zones. */
  public readonly zones: number;
  /** Pods of the ingress controller. */
  public readonly ingressController: Peer | undefined;
  /** Prometheus. */
  public readonly prometheus: ClusterPrometheus | undefined;
  /** Cluster DNS, with its ports. */
  public readonly dns: Required<ClusterDns>;
  /** Whether policies are enforced. */
  public readonly enforcesNetworkPolicies: boolean;
  /** Whether autoscalers get metrics. */
  public readonly metricsServer: boolean;
  /** StorageClass of volumes that name none. */
  public readonly storageClass: string | undefined;
  private readonly customResources: ReadonlySet<string>;

  private constructor(factory: string, props: ClusterProps) {
    const shape = checkShape(factory, props, CHECKS);
    const problems = shape.length > 0 ? shape : clusterProblems(factory, props);
    if (problems.length > 0) {
      throw new ConfigurationError(factory, problems);
    }
    this.name = props.name;
    this.kubernetesMinor = Number(props.kubernetes.slice(2));
    this.zones = props.zones;
    this.ingressController = props.ingressController;
    this.prometheus = props.prometheus && {
      ...props.prometheus,
      selectorLabels: { ...props.prometheus.selectorLabels },
    };
    this.dns = {
      peer: props.dns?.peer ?? Peer.pods({ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }),
      ports: [...(props.dns?.ports ?? [Port.udp(53), Port.tcp(53)])],
    };
    this.enforcesNetworkPolicies = props.enforcesNetworkPolicies ?? true;
    this.metricsServer = props.metricsServer ?? true;
    this.storageClass = props.storageClass;
    this.customResources = new Set(props.customResources ?? []);
  }

  /** Whether the cluster serves a custom API, `monitoring.coreos.com/v1`. */
  public serves(api: string): boolean {
    return this.customResources.has(api);
  }
}

function clusterProblems(factory: string, props: ClusterProps): Finding[] {
  const problem = (
    property: string,
    given: unknown,
    message: string,
    fix: string,
    id = 'platform/invalid-cluster',
  ) => ({
    id,
    level: 'error' as const,
    path: `${factory}.${property}`,
    message,
    given: show(given),
    fix,
  });
  const minor = /^1\.(\d{1,3})$/.exec(props.kubernetes ?? '')?.[1];
  const labels = Object.entries(props.prometheus?.selectorLabels ?? {});
  const badLabel = labels.find(([key, value]) => labelKeyProblem(key) ?? labelValueProblem(String(value)));
  const badApi = (props.customResources ?? []).find((api) => !/^[a-z0-9.-]+\.[a-z0-9.-]+\/v\d+([a-z]+\d+)?$/.test(api));
  return [
    ...(dnsLabelProblem(String(props.name)) === undefined
      ? []
      : [problem('name', props.name, 'this is not a cluster name', 'use lower-case letters, digits and "-"')]),
    ...(minor !== undefined && Number(minor) >= OLDEST_KUBERNETES_MINOR
      ? []
      : [
          problem(
            'kubernetes',
            props.kubernetes,
            `1.${OLDEST_KUBERNETES_MINOR} is the oldest version with a native preStop sleep, which every pod uses to drain`,
            'give "1.<minor>" of the cluster, and upgrade it if it is older',
          ),
        ]),
    ...(Number.isInteger(props.zones) && props.zones >= 1
      ? []
      : [
          problem(
            'zones',
            props.zones,
            'a cluster has at least one zone',
            'count the values of the node label topology.kubernetes.io/zone',
          ),
        ]),
    ...(props.dns !== undefined &&
    (!(props.dns.peer instanceof Peer) || props.dns.peer.isNobody || props.dns.ports?.length === 0)
      ? [
          problem(
            'dns',
            props.dns,
            'no pod could resolve a name',
            'name the DNS pods and their ports, or leave "dns" out for kube-dns',
            'network/no-dns-peer',
          ),
        ]
      : []),
    ...(props.prometheus !== undefined &&
    (!(props.prometheus.peer instanceof Peer) || props.prometheus.selectorLabels === undefined)
      ? [
          problem(
            'prometheus',
            props.prometheus,
            'Prometheus needs the peer that scrapes and the labels that its selectors want',
            'give { peer, selectorLabels }; selectorLabels is {} when it takes every monitor',
          ),
        ]
      : []),
    ...(badLabel === undefined
      ? []
      : [
          problem(
            'prometheus.selectorLabels',
            Object.fromEntries([badLabel]),
            'Kubernetes refuses this label',
            'copy the labels from the serviceMonitorSelector of the Prometheus object',
          ),
        ]),
    ...(badApi === undefined
      ? []
      : [
          problem(
            'customResources',
            badApi,
            'this is not an API group with version',
            'write it as in apiVersion: "monitoring.coreos.com/v1"',
          ),
        ]),
  ];
}
