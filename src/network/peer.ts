import { brand, isBranded } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import type { LabelSelector, NetworkPolicyPeer } from '../core/kubernetes';
import { dnsLabelProblem, labelKeyProblem, labelValueProblem } from '../core/text';
import { Cidr } from './cidr';
import { CILIUM_ENTITIES, type CiliumEntity } from './cilium';
import { familyOf, type AddressFamily } from './address-family';
import { PEER_MAKING } from './makings';
import type { Port } from './port';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * Networks that are not the public internet (the special-purpose registries of IANA, RFC 6890, without the ranges for
 * documentation, which nobody uses; and multicast), so that "internet" opens no way to the cluster, to the cloud's
 * metadata endpoints or to the company network. Pods live in 198.18.0.0/15 on some clouds; 64:ff9b::/96 and
 * 64:ff9b:1::/48 lead to IPv4 addresses, private ones too.
 */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const NOT_PUBLIC_IPV6 = ['::/127', '64:ff9b::/96', '64:ff9b:1::/48', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/** Pods by labels, in one namespace, in namespaces by labels, or in every namespace. */
export interface PodPeerProps {
  /** Labels that the pods carry; all of them. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Name of the pods' namespace.
   * @default - the namespace of the pods that the peer is used with
   */
  readonly namespace?: string;
}

/** A cluster that knows where its API server is. `Cluster` is one. */
export interface ApiServerFacts {
  /** Name of the cluster. */
  readonly name: string;
  /** Endpoints of the API server. */
  readonly apiServer: { readonly addresses: readonly string[]; readonly ports: readonly Port[] } | undefined;
}

/** Addresses that are left out of a CIDR peer. */
export interface CidrPeerOptions {
  /**
   * Networks inside the CIDR that the peer does not include.
   * @default - none
   */
  readonly except?: readonly string[];
}

const POD_CHECKS: Checks<PodPeerProps> = { labels: check.record, namespace: check.any };
const CIDR_CHECKS: Checks<CidrPeerOptions> = { except: check.list };

/**
 * Somebody that pods talk to, or that talks to them: pods in a namespace, a namespace, a network. A namespace and pod
 * labels given together mean the pods with these labels in that namespace (and); for either-or, declare two flows.
 */
export class Peer {
  static {
    brand(this, 'Peer', PEER_MAKING);
  }

  /**
   * Pods by their labels.
   *
   * @throws ConfigurationError `network/invalid-peer` for no labels at all, and for names and labels that Kubernetes refuses.
   */
  public static pods(props: PodPeerProps): Peer {
    requireShape('Peer.pods', props, POD_CHECKS);
    const labels = { ...props.labels };
    if (Object.keys(labels).length === 0) {
      refuse(
        'Peer.pods',
        props,
        'no label means every pod',
        'at least one label; Peer.namespace(name) for all pods of a namespace',
      );
    }
    checkLabels('Peer.pods', labels);
    const where =
      props.namespace === undefined ? {} : { namespaceSelector: namespaceByName('Peer.pods', props.namespace) };
    const text = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return new Peer(`pods ${text}${props.namespace === undefined ? '' : ` in namespace ${props.namespace}`}`, [
      { ...where, podSelector: { matchLabels: labels } },
    ]);
  }

  /**
   * Every pod of a namespace, by the namespace's name.
   *
   * @throws ConfigurationError `network/invalid-peer` for a name that Kubernetes refuses.
   */
  public static namespace(name: string): Peer {
    // Judged before it is printed.
    const namespaceSelector = namespaceByName('Peer.namespace', name);
    return new Peer(`namespace ${name}`, [{ namespaceSelector }]);
  }

  /**
   * Every pod of the namespaces that carry these labels.
   *
   * @throws ConfigurationError `network/invalid-peer` for no labels at all, and for labels that Kubernetes refuses.
   */
  public static namespaces(labels: Readonly<Record<string, string>>): Peer {
    if (check.record(labels) !== undefined || Object.keys(labels).length === 0) {
      refuse('Peer.namespaces', labels, 'no label means every namespace', 'at least one label');
    }
    checkLabels('Peer.namespaces', labels);
    const text = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return new Peer(`namespaces ${text}`, [{ namespaceSelector: { matchLabels: { ...labels } } }]);
  }

  /**
   * A network, IPv4 or IPv6, in CIDR notation; one address is a /32 or /128.
   *
   * @throws ConfigurationError `network/invalid-cidr` for a malformed network and for an exception outside of it;
   *   `network/invalid-peer` for every address without an exception, which `Peer.anywhere` opens with a reason.
   */
  public static cidr(cidr: string, options: CidrPeerOptions = {}): Peer {
    requireShape('Peer.cidr', options, CIDR_CHECKS);
    const network = Cidr.parse(cidr);
    const except = (options.except ?? []).map((each) => Cidr.parse(each));
    // Kubernetes wants strict subsets: an exception that is the whole network leaves nobody.
    const outside = except.find((each) => !network.containsCidr(each) || each.equals(network));
    if (outside !== undefined) {
      invalidValue({
        id: 'network/invalid-cidr',
        path: 'Peer.cidr',
        message: `the exception ${outside.toString()} is not a part of ${network.toString()}`,
        given: options.except,
        allowed: 'networks inside the peer',
        fix: 'remove the exception or widen the peer',
      });
    }
    if (except.length === 0 && network.toString().endsWith('/0')) {
      refuse(
        'Peer.cidr',
        cidr,
        'opening every address needs a reason',
        'Peer.anywhere({ reason: "..." }), Peer.internet(), or a network that leaves somebody out',
      );
    }
    const exceptions = except.map((each) => each.toString());
    return new Peer(`${network.toString()}${exceptions.length > 0 ? ` except ${exceptions.join(', ')}` : ''}`, [
      { ipBlock: { cidr: network.toString(), ...(exceptions.length > 0 ? { except: exceptions } : {}) } },
    ]);
  }

  /** The public internet, IPv4 and IPv6: every address but the private, shared, link-local, loopback and multicast ones. */
  public static internet(): Peer {
    return new Peer('the internet', [
      { ipBlock: { cidr: '0.0.0.0/0', except: [...NOT_PUBLIC_IPV4] } },
      { ipBlock: { cidr: '::/0', except: [...NOT_PUBLIC_IPV6] } },
    ]);
  }

  /**
   * Every address there is, private and link-local ones too.
   *
   * @param options `reason` says why nothing narrower will do; it stands in the flow's documentation.
   * @throws ConfigurationError `network/invalid-peer` for an empty reason.
   */
  public static anywhere(options: { readonly reason: string }): Peer {
    if (typeof options?.reason !== 'string' || options.reason.trim() === '') {
      refuse('Peer.anywhere', options, 'opening everything needs a reason', 'a sentence that says why');
    }
    return new Peer(`anywhere (${options.reason})`, [
      { ipBlock: { cidr: '0.0.0.0/0' } },
      { ipBlock: { cidr: '::/0' } },
    ]);
  }

  /**
   * The API server of a cluster, with its ports: `allowTo(Peer.apiServer(stack.cluster), { reason: 'watches Pods' })`.
   * Cilium matches it by no address: there it is `Peer.ciliumEntity("kube-apiserver")`.
   *
   * @param cluster The cluster; it says where its API server is: `Cluster.generic({ apiServer: { addresses } })`.
   * @throws ConfigurationError `network/no-api-server` where the cluster does not say so.
   */
  public static apiServer(cluster: ApiServerFacts): Peer {
    const facts = cluster?.apiServer;
    if (!Array.isArray(facts?.addresses) || facts === undefined) {
      return invalidValue({
        id: 'network/no-api-server',
        path: 'Peer.apiServer',
        message: 'the cluster does not say where its API server is',
        given: cluster?.name ?? cluster,
        allowed: 'a Cluster with apiServer: { addresses: [...] }',
        fix: 'Cluster.generic({ apiServer: { addresses: ["10.0.0.10/32"] } }), from "kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes"',
      });
    }
    const rules = facts.addresses.map((address) => ({ ipBlock: { cidr: Cidr.parse(address).toString() } }));
    return new Peer(`the API server of ${cluster.name}`, rules, facts.ports);
  }

  /**
   * What Cilium knows by identity alone: `ingress`, the data plane of its Ingress and Gateway API, or `kube-apiserver`.
   * No NetworkPolicy matches them; where the cluster serves `cilium.io/v2`, a CiliumNetworkPolicy beside it opens the
   * flow, elsewhere a finding says what must be added.
   *
   * @throws ConfigurationError `network/invalid-peer` for any other entity.
   */
  public static ciliumEntity(entity: CiliumEntity): Peer {
    if (!CILIUM_ENTITIES.includes(entity)) {
      refuse('Peer.ciliumEntity', entity, 'there is no such entity here', CILIUM_ENTITIES.join(', '));
    }
    return new Peer(`Cilium's entity ${entity}`, [], undefined, [entity]);
  }

  /**
   * Several peers as one: a flow to any of them. An empty list means nobody, and whoever needs the peer says so.
   *
   * @throws ConfigurationError `network/invalid-peer` for anything that is not a peer, a list of them too.
   */
  public static anyOf(...peers: readonly Peer[]): Peer {
    const other = peers.find((peer) => !isBranded<Peer>(peer, 'Peer'));
    if (other !== undefined || peers.includes(undefined as never)) {
      refuse('Peer.anyOf', other, 'this is not a Peer', 'peers one by one: Peer.anyOf(first, second)');
    }
    return new Peer(
      peers.map((peer) => peer.description).join(' or '),
      peers.flatMap((peer) => peer.rules),
      undefined,
      [...new Set(peers.flatMap((peer) => peer.entities))],
    );
  }

  private constructor(
    /** The peer in words, for messages and for the list of flows. */
    public readonly description: string,
    private readonly rules: readonly NetworkPolicyPeer[],
    /** Ports that the peer takes connections on, where it knows them; a flow to any other peer names its ports. */
    public readonly ports?: readonly Port[],
    /** What of the peer only policies of Cilium can name. */
    public readonly entities: readonly CiliumEntity[] = [],
  ) {}

  /** Whether the peer is nobody at all (`Peer.anyOf()` of nothing). */
  public get isNobody(): boolean {
    return this.rules.length === 0 && this.entities.length === 0;
  }

  /**
   * The peer as NetworkPolicy rules write it, shared by everybody who renders it: nobody may change it.
   * @internal
   */
  public get sharedRules(): readonly NetworkPolicyPeer[] {
    return this.rules;
  }

  /**
   * Whether pods of a cluster with these families can have to do with the peer: pods always, addresses of such a family.
   * @internal
   */
  public isWithin(families: readonly AddressFamily[]): boolean {
    return (
      this.entities.length > 0 ||
      this.rules.some(({ ipBlock }) => ipBlock === undefined || families.includes(familyOf(ipBlock.cidr)))
    );
  }

  /**
   * The pods of the peer alone; nobody where it stands for addresses.
   * @internal
   */
  public withoutAddresses(): Peer {
    return new Peer(
      this.description,
      this.rules.filter(({ ipBlock }) => ipBlock === undefined),
    );
  }

  /** The peer as NetworkPolicy rules write it; several entries mean any of them. A copy. */
  public toPolicyPeers(): NetworkPolicyPeer[] {
    return structuredClone(this.rules) as NetworkPolicyPeer[];
  }
}

function namespaceByName(path: string, name: string): LabelSelector {
  const problem = dnsLabelProblem(name);
  if (problem !== undefined) {
    refuse(path, name, `this is not a namespace name: ${problem}`, 'the name of a namespace');
  }
  return { matchLabels: { [NAMESPACE_NAME]: name } };
}

function checkLabels(path: string, labels: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(labels)) {
    const problem = labelKeyProblem(key) ?? labelValueProblem(value);
    if (problem !== undefined) {
      refuse(
        path,
        { [key]: value },
        `this is not a label: ${problem}`,
        'label keys and values that Kubernetes accepts',
      );
    }
  }
}

function refuse(path: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({
    id: 'network/invalid-peer',
    path,
    message,
    given,
    allowed,
    fix: 'name exactly who the peer is',
  });
}
