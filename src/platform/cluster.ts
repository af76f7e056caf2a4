import { brand, type Making } from '../core/brand';
import { check, requireShape } from '../core/checks';
import { code } from '../core/code';
import { fieldsOf } from '../core/fields';
import { ConfigurationError } from '../core/errors';
import { type GroupKind, isClusterScoped } from '../core/scope';
import { ADDRESS_FAMILIES, type AddressFamily } from '../network/address-family';
import type { Peer } from '../network/peer';
import { Port } from '../network/port';
import { clusterProblems } from './cluster-problems';
import type { Mesh } from './mesh';
import { type ClusterDns, Dns, dnsPorts } from './dns';

/** Kubernetes version, `major.minor`. */
export type KubernetesVersion = `1.${number}`;

/** The API server, as pods reach it behind the Service `kubernetes`. */
export interface ClusterApiServer {
  /**
   * Networks of its endpoints, in CIDR notation: `kubectl get endpointslices -n default -l
   * kubernetes.io/service-name=kubernetes`. Policies apply behind the Service, so its own address does not help.
   */
  readonly addresses: readonly string[];
  /**
   * Ports of the endpoints.
   * @default - TCP 443 and 6443
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
   * Ports of the controller's pods on which it takes https (not of its Service: policies apply behind it). Pods that
   * call a public origin of their own platform end up there, because clusters short-cut the way to the load balancer.
   * @default - TCP 443 (ingress-nginx) and 8443 (Traefik)
   */
  readonly ingressControllerPorts?: readonly Port[];
  /**
   * Prometheus.
   * @default - none: a monitored stack is refused
   */
  readonly prometheus?: ClusterPrometheus;
  /**
   * Cluster DNS, as `/etc/resolv.conf` of a pod names it: `Dns.kubeDns()`, `Dns.nodeLocal()`, `Dns.cloudDns()`, or a peer
   * of your own with its ports. Where production or rc leaves it out, a warning says so.
   * @default Dns.kubeDns()
   */
  readonly dns?: ClusterDns;
  /**
   * The API server, for pods that talk to it: `Peer.apiServer(cluster)`.
   * @default - none: nobody may be let out to it
   */
  readonly apiServer?: ClusterApiServer;
  /**
   * Families of addresses that pods and Services get. With `IPv6` programs listen on `::`, with both Services have an
   * address of each.
   * @default ["IPv4"]
   */
  readonly ipFamilies?: readonly AddressFamily[];
  /**
   * Whether the platform gives pods their user and groups, as OpenShift does with the SecurityContextConstraints
   * `restricted-v2`. Then no pod names a user, a group or an fsGroup; all else of Pod Security `restricted` stays.
   * @default false
   */
  readonly assignsPodUsers?: boolean;
  /**
   * Service mesh whose proxies run in the pods, or which carries their connections.
   * @default - none: nothing of a mesh may pass the policies
   */
  readonly mesh?: Mesh;
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
  /**
   * Custom kinds that live outside of namespaces, `example.com/Widget` (group and kind): they are written without a
   * namespace, and two of one name are an error. Kinds of Kubernetes and of widely used operators are known.
   * @default - none besides the known ones
   */
  readonly clusterScopedKinds?: readonly string[];
}

/** Settings of a kind cluster. */
export interface KindClusterProps extends Partial<Omit<ClusterProps, 'name'>> {
  /**
   * Name of the cluster.
   * @default "kind"
   */
  readonly name?: string;
}

/** How a cluster is described, of its name or of its properties alone. */
const CLUSTER_MAKING: Making = {
  example: 'Cluster.generic({ name: "eu-1", kubernetes: "1.33", zones: 3 })',
  from: (given) => {
    const fields = fieldsOf(given);
    const { name = given } = fields;
    return name === 'kind'
      ? 'Cluster.kind()'
      : typeof name === 'string'
        ? `Cluster.generic(${code({ name, kubernetes: '1.33', zones: 3, ...fields })})`
        : undefined;
  },
};

/** The cluster that a stack runs on: everything that the platform, not the product, decides. Immutable. */
export class Cluster {
  static {
    brand(this, 'Cluster', CLUSTER_MAKING);
  }

  /**
   * Any conformant cluster.
   *
   * @throws ConfigurationError with every problem of the properties: `platform/invalid-cluster`, `network/no-dns-peer`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static generic(props: ClusterProps): Cluster {
    return new Cluster('Cluster.generic', props);
  }

  /**
   * A cluster on one machine: one zone, no ingress controller, no Prometheus, unless they are named.
   *
   * @throws ConfigurationError as `Cluster.generic`.
   */
  public static kind(props: KindClusterProps = {}): Cluster {
    requireShape('Cluster.kind', { props }, { props: check.record });
    const { name = 'kind', kubernetes = '1.33', zones = 1, metricsServer = false, ...others } = props;
    return new Cluster('Cluster.kind', { name, kubernetes, zones, metricsServer, ...others });
  }

  /** Name, unique among your clusters. */
  public readonly name: string;
  /** Minor version as a number: 33 for 1.33. */
  public readonly kubernetesMinor: number;
  /** Number of failure zones. */
  public readonly zones: number;
  /** Pods of the ingress controller. */
  public readonly ingressController: Peer | undefined;
  /** Ports of the ingress controller's pods for https. */
  public readonly ingressControllerPorts: readonly Port[];
  /** Prometheus. */
  public readonly prometheus: ClusterPrometheus | undefined;
  /** Cluster DNS, with its ports. */
  public readonly dns: Required<ClusterDns>;
  /** Whether the cluster was told who its DNS is, or kube-dns is assumed. */
  public readonly saysDns: boolean;
  /** API server, with its ports. */
  public readonly apiServer: Required<ClusterApiServer> | undefined;
  /** Families of addresses that pods and Services get. */
  public readonly ipFamilies: readonly AddressFamily[];
  /** Whether the platform gives pods their user and groups. */
  public readonly assignsPodUsers: boolean;
  /** Service mesh. */
  public readonly mesh: Mesh | undefined;
  /** Whether policies are enforced. */
  public readonly enforcesNetworkPolicies: boolean;
  /** Whether autoscalers get metrics. */
  public readonly metricsServer: boolean;
  /** StorageClass of volumes that name none. */
  public readonly storageClass: string | undefined;
  private readonly customResources: ReadonlySet<string>;
  private readonly clusterScopedKinds: ReadonlySet<string>;

  private constructor(factory: string, props: ClusterProps) {
    const problems = clusterProblems(factory, props);
    if (problems.length > 0) {
      throw new ConfigurationError(factory, problems);
    }
    this.name = props.name;
    this.kubernetesMinor = Number(props.kubernetes.slice(2));
    this.zones = props.zones;
    this.ingressController = props.ingressController;
    this.ingressControllerPorts = [...(props.ingressControllerPorts ?? [Port.tcp(443), Port.tcp(8443)])];
    this.prometheus = props.prometheus && {
      ...props.prometheus,
      selectorLabels: { ...props.prometheus.selectorLabels },
    };
    this.dns = {
      peer: props.dns?.peer ?? Dns.kubeDns().peer,
      ports: [...(props.dns?.ports ?? dnsPorts())],
    };
    this.saysDns = props.dns !== undefined;
    this.apiServer = props.apiServer && {
      addresses: [...props.apiServer.addresses],
      ports: [...(props.apiServer.ports ?? [Port.tcp(443), Port.tcp(6443)])],
    };
    this.ipFamilies = ADDRESS_FAMILIES.filter((family) => (props.ipFamilies ?? ['IPv4']).includes(family));
    this.assignsPodUsers = props.assignsPodUsers ?? false;
    this.mesh = props.mesh;
    this.enforcesNetworkPolicies = props.enforcesNetworkPolicies ?? true;
    this.metricsServer = props.metricsServer ?? true;
    this.storageClass = props.storageClass;
    this.customResources = new Set(props.customResources ?? []);
    this.clusterScopedKinds = new Set(props.clusterScopedKinds ?? []);
  }

  /** Whether the cluster serves a custom API, `monitoring.coreos.com/v1`. */
  public serves(api: string): boolean {
    return this.customResources.has(api);
  }

  /** Whether objects of a kind live outside of namespaces: a known kind, or one of `clusterScopedKinds`. */
  public isClusterScoped(object: GroupKind): boolean {
    return isClusterScoped(object, this.clusterScopedKinds);
  }
}
