import { brand } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { Cidr } from '../network/cidr';
import { Peer } from '../network/peer';
import { Port } from '../network/port';
import { MESH_MAKING } from './makings';

/** Where Istio's control plane is, and where its proxies show their metrics. */
export interface IstioSidecarProps {
  /**
   * Pods of istiod.
   * @default Peer.pods({ namespace: "istio-system", labels: { app: "istiod" } })
   */
  readonly controlPlane?: Peer;
  /**
   * Ports on which the proxies reach it.
   * @default - TCP 15012
   */
  readonly controlPlanePorts?: readonly Port[];
  /**
   * Ports of the proxies that Prometheus scrapes, where the cluster has one and the stack is monitored.
   * @default - TCP 15020, the metrics of proxy and program together
   */
  readonly metricsPorts?: readonly Port[];
}

/** How ztunnel carries connections between pods. */
export interface IstioAmbientProps {
  /**
   * Port at which pods take what other pods of the mesh send (HBONE).
   * @default - TCP 15008
   */
  readonly tunnelPort?: Port;
  /**
   * Addresses that probes of the kubelet come from, without prefix length.
   * @default ["169.254.7.127", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff"]
   */
  readonly probeAddresses?: readonly string[];
}

/** Where Linkerd's control plane is, and what its proxies listen on. */
export interface LinkerdProps {
  /**
   * Pods of the control plane.
   * @default Peer.namespace("linkerd")
   */
  readonly controlPlane?: Peer;
  /**
   * Ports on which the proxies reach it.
   * @default - TCP 8080 (identity), 8086 (destinations) and 8090 (policies)
   */
  readonly controlPlanePorts?: readonly Port[];
  /**
   * Port at which proxies take what other pods of the mesh send.
   * @default - TCP 4143
   */
  readonly tunnelPort?: Port;
  /**
   * Ports of the proxies that Prometheus scrapes, where the cluster has one and the stack is monitored.
   * @default - TCP 4191
   */
  readonly metricsPorts?: readonly Port[];
}

/** What a mesh needs of the network of its pods. */
interface MeshFacts {
  readonly name: string;
  readonly controlPlane?: { readonly peer: Peer; readonly ports: readonly Port[] };
  readonly tunnelPort?: Port;
  readonly metricsPorts?: readonly Port[];
  readonly probeAddresses?: readonly string[];
  readonly optOut?: Readonly<Record<string, string>>;
}

const ISTIO_SIDECAR_CHECKS: Checks<IstioSidecarProps> = {
  controlPlane: check.instance('Peer'),
  controlPlanePorts: check.each(check.instance('Port')),
  metricsPorts: check.each(check.instance('Port')),
};

const ISTIO_AMBIENT_CHECKS: Checks<IstioAmbientProps> = {
  tunnelPort: check.instance('Port'),
  probeAddresses: check.each(check.text),
};

const LINKERD_CHECKS: Checks<LinkerdProps> = {
  ...ISTIO_SIDECAR_CHECKS,
  tunnelPort: check.instance('Port'),
};

/**
 * The service mesh of a cluster. Policies apply to what its proxies send and take, so the flows that it needs are opened
 * for every pod that it may take part in: not for Jobs and components with `sidecarInjection: "disabled"`. Immutable.
 */
export class Mesh {
  static {
    brand(this, 'Mesh', MESH_MAKING);
  }

  /**
   * Istio with a proxy in each pod: the proxies reach istiod, and Prometheus reaches their metrics. Connections between
   * pods keep their ports.
   *
   * @throws ConfigurationError `platform/invalid-mesh` for a control plane that is nobody or has no ports.
   */
  public static istioSidecar(props: IstioSidecarProps = {}): Mesh {
    requireShape('Mesh.istioSidecar', props, ISTIO_SIDECAR_CHECKS);
    const {
      controlPlane = Peer.pods({ namespace: 'istio-system', labels: { app: 'istiod' } }),
      controlPlanePorts = [Port.tcp(15012)],
      metricsPorts = [Port.tcp(15020)],
    } = props;
    return new Mesh({
      name: 'Istio',
      controlPlane: reachable('Mesh.istioSidecar', controlPlane, controlPlanePorts),
      metricsPorts,
    });
  }

  /**
   * Istio without proxies in pods (ambient): connections between pods travel to port 15008, and probes of the kubelet
   * come from addresses of their own. Waypoints are pods: name them with `allowTo` and `allowFrom`.
   *
   * @throws ConfigurationError `platform/invalid-mesh` for what is no address.
   */
  public static istioAmbient(props: IstioAmbientProps = {}): Mesh {
    requireShape('Mesh.istioAmbient', props, ISTIO_AMBIENT_CHECKS);
    const {
      tunnelPort = Port.tcp(15008),
      probeAddresses = ['169.254.7.127', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff'],
    } = props;
    return new Mesh({
      name: 'Istio ambient',
      tunnelPort,
      probeAddresses: probeAddresses.map(network),
      optOut: { 'istio.io/dataplane-mode': 'none' },
    });
  }

  /**
   * Linkerd: the proxies reach its control plane, connections between pods travel to port 4143, and Prometheus reaches
   * the metrics of the proxies.
   *
   * @throws ConfigurationError `platform/invalid-mesh` for a control plane that is nobody or has no ports.
   */
  public static linkerd(props: LinkerdProps = {}): Mesh {
    requireShape('Mesh.linkerd', props, LINKERD_CHECKS);
    const {
      controlPlane = Peer.namespace('linkerd'),
      controlPlanePorts = [Port.tcp(8080), Port.tcp(8086), Port.tcp(8090)],
      tunnelPort = Port.tcp(4143),
      metricsPorts = [Port.tcp(4191)],
    } = props;
    return new Mesh({
      name: 'Linkerd',
      controlPlane: reachable('Mesh.linkerd', controlPlane, controlPlanePorts),
      tunnelPort,
      metricsPorts,
    });
  }

  /** Name, for the reasons of flows. */
  public readonly name: string;
  /** Who the proxies in the pods ask what to do, and on which ports; nobody where pods have no proxy. */
  public readonly controlPlane: { readonly peer: Peer; readonly ports: readonly Port[] } | undefined;
  /** Port at which pods take what other pods of the mesh send, where it is another than that of the program. */
  public readonly tunnelPort: Port | undefined;
  /** Ports of the proxies that Prometheus scrapes. */
  public readonly metricsPorts: readonly Port[];
  /** Networks, one address each, that probes of the kubelet come from; none where they come from the node, which policies let in. */
  public readonly probeNetworks: readonly string[];
  /** Labels of pods that stay out of the mesh, besides those that injection of proxies knows. */
  public readonly optOut: Readonly<Record<string, string>>;

  private constructor(facts: MeshFacts) {
    this.name = facts.name;
    this.controlPlane = facts.controlPlane;
    this.tunnelPort = facts.tunnelPort;
    this.metricsPorts = [...(facts.metricsPorts ?? [])];
    this.probeNetworks = [...(facts.probeAddresses ?? [])];
    this.optOut = { ...facts.optOut };
  }
}

function reachable(path: string, peer: Peer, ports: readonly Port[]): NonNullable<MeshFacts['controlPlane']> {
  if (peer.isNobody || ports.length === 0) {
    invalidValue({
      id: 'platform/invalid-mesh',
      path: `${path}.controlPlane`,
      message: 'no proxy could reach the control plane',
      given: { peer: peer.description, ports: ports.map(String) },
      allowed: 'the pods of the control plane, and one port at least',
      fix: 'leave both out for those of the vendor, or name them',
    });
  }
  return { peer, ports: [...ports] };
}

function network(address: string): string {
  try {
    return Cidr.parse(`${address}/${address.includes(':') ? 128 : 32}`).toString();
  } catch {
    return invalidValue({
      id: 'platform/invalid-mesh',
      path: 'Mesh.istioAmbient.probeAddresses',
      message: 'this is not an address',
      given: address,
      allowed: 'IPv4 and IPv6 addresses, without prefix length',
      fix: 'leave it out for 169.254.7.127 and its IPv6 sibling',
    });
  }
}
