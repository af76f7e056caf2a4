import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { Cidr } from '../network/cidr';
import { Peer } from '../network/peer';
import { Port } from '../network/port';

/** The cluster's DNS service, as pods reach it. */
export interface ClusterDns {
  /** The DNS pods, or the addresses of a cache on the node. `Dns` makes the usual ones. */
  readonly peer: Peer;
  /**
   * Ports of the DNS pods (not of their Service: policies apply behind it).
   * @default - 53 over UDP and TCP
   */
  readonly ports?: readonly Port[];
}

/** Where a cache on each node answers. */
export interface NodeLocalDnsProps {
  /**
   * Addresses of the cache on the node, without prefix length.
   * @default ["169.254.20.10"]
   */
  readonly addresses?: readonly string[];
  /**
   * Address of the cluster's DNS Service, where the cache answers for it too: with kube-proxy in iptables mode it does,
   * and then the pods ask this address. `kubectl get service -n kube-system kube-dns` shows it.
   * @default - none: the pods ask `addresses`
   */
  readonly serviceAddress?: string;
}

/** Address of NodeLocal DNSCache, unless it is installed with another one. */
const NODE_LOCAL = '169.254.20.10';
/** Where Cloud DNS of Google answers; on other ports it is the metadata server, which stays closed. */
const CLOUD_DNS = '169.254.169.254';

const NODE_LOCAL_CHECKS: Checks<NodeLocalDnsProps> = { addresses: check.each(check.text), serviceAddress: check.text };

/**
 * Who resolves names for pods, for the property `dns` of a cluster. What `/etc/resolv.conf` of a pod names decides: the
 * Service of kube-dns, an address of a cache on the node, or an address of the cloud. The last two are no pods, so a
 * policy for the DNS pods leaves them closed.
 */
export class Dns {
  /** CoreDNS or kube-dns as pods of kube-system, with the label that both have. */
  public static kubeDns(): Required<ClusterDns> {
    return dnsOf(kubeDnsPods());
  }

  /**
   * NodeLocal DNSCache: the addresses of the cache, its pods (network plug-ins that redirect, as Cilium and GKE
   * Dataplane V2 do, see them), and the DNS pods, which answer where the cache does not run.
   *
   * @throws ConfigurationError `platform/invalid-dns` for what is no address.
   */
  public static nodeLocal(props: NodeLocalDnsProps = {}): Required<ClusterDns> {
    requireShape('Dns.nodeLocal', props, NODE_LOCAL_CHECKS);
    const { addresses = [NODE_LOCAL], serviceAddress } = props;
    return dnsOf(
      ...addresses.map((address) => oneAddress('Dns.nodeLocal.addresses', address)),
      ...(serviceAddress === undefined ? [] : [oneAddress('Dns.nodeLocal.serviceAddress', serviceAddress)]),
      Peer.pods({ namespace: 'kube-system', labels: { 'k8s-app': 'node-local-dns' } }),
      kubeDnsPods(),
    );
  }

  /** Cloud DNS of Google as the DNS of the cluster: the metadata server's address, on port 53 alone. */
  public static cloudDns(): Required<ClusterDns> {
    return dnsOf(oneAddress('Dns.cloudDns', CLOUD_DNS));
  }

  private constructor() {}
}

/** DNS on its usual port. */
function dnsOf(...peers: readonly Peer[]): Required<ClusterDns> {
  return { peer: peers.length === 1 && peers[0] !== undefined ? peers[0] : Peer.anyOf(...peers), ports: dnsPorts() };
}

/** Port 53, over UDP and TCP. */
export function dnsPorts(): Port[] {
  return [Port.udp(53), Port.tcp(53)];
}

function kubeDnsPods(): Peer {
  return Peer.pods({ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } });
}

function oneAddress(path: string, address: string): Peer {
  try {
    return Peer.cidr(Cidr.parse(`${address}/${address.includes(':') ? 128 : 32}`).toString());
  } catch {
    return invalidValue({
      id: 'platform/invalid-dns',
      path,
      message: 'this is not an address',
      given: address,
      allowed: 'an IPv4 or IPv6 address, without prefix length and port',
      fix: 'copy it from /etc/resolv.conf of a pod: "169.254.20.10"',
    });
  }
}
