import { show } from '../core/errors';
import { Cidr, type IpAddress } from './cidr';
import { isGiven, readList, readObject, refusePolicy } from './evaluator-input';
import type {
  IpBlockLike,
  Labels,
  NetworkPolicySpecLike,
  PodPort,
  PolicyObject,
  PolicyPeerLike,
  PolicyPortLike,
} from './evaluator-model';
import { compileSelector, type LabelTest } from './evaluator-selector';
import type { Protocol } from './port';

/** One end of a connection, resolved: with the labels of its namespace and the address that the connection uses. */
export type Party = PodParty | AddressParty;

/** A pod as one end. */
export interface PodParty {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly ports: readonly PodPort[];
  /** Undefined where the pod's address is not known; then no `ipBlock` matches. */
  readonly ip: IpAddress | undefined;
}

/** An address as one end. */
export interface AddressParty {
  readonly kind: 'address';
  readonly ip: IpAddress;
}

/** Port and protocol of a connection. */
export interface Traffic {
  readonly port: number;
  readonly protocol: Protocol;
}

/** A rule that can be asked. */
export interface CompiledRule {
  /** Whether the rule allows this connection: the peer is one of its peers and the port one of its ports. */
  allows(peer: Party, destination: Party, traffic: Traffic): boolean;
}

/** A policy that can be asked. */
export interface CompiledPolicy {
  /** `namespace/name`. */
  readonly id: string;
  readonly namespace: string;
  /** Whether it selects a pod of its namespace. */
  readonly selects: LabelTest;
  /** Rules by direction; undefined where the policy is not about that direction, so that it does not isolate. */
  readonly ingress: readonly CompiledRule[] | undefined;
  readonly egress: readonly CompiledRule[] | undefined;
}

type PeerTest = (peer: Party) => boolean;
type PortTest = (destination: Party, traffic: Traffic) => boolean;

/** What the API server takes as a protocol of a port. */
export const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'] satisfies Protocol[];

/** Whether this is a port number. */
export function isPortNumber(port: unknown): port is number {
  return Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65535;
}

/**
 * Reads a policy once, so that questions cost no parsing and later changes of the object have no effect.
 *
 * @throws ConfigurationError with id `network/invalid-policy` or `network/invalid-cidr` if the API server would refuse it
 */
export function compilePolicy(policy: PolicyObject): CompiledPolicy {
  const { name, namespace } = checkIdentity(policy);
  const id = `${namespace}/${name}`;
  const path = `NetworkPolicy ${id} spec`;
  const spec = readObject(policy.spec, path, ['podSelector', 'policyTypes', 'ingress', 'egress']);
  const types = directionsOf(spec, path);
  // Rules of both directions are read even where one has no effect, as the API server checks both.
  const ingress = readList(spec.ingress, `${path}.ingress`).map((rule, index) => {
    const at = `${path}.ingress[${index}]`;
    const { from, ports } = readObject(rule, at, ['from', 'ports']);
    return compileRule(compilePeers(from, namespace, `${at}.from`), compilePorts(ports, `${at}.ports`));
  });
  const egress = readList(spec.egress, `${path}.egress`).map((rule, index) => {
    const at = `${path}.egress[${index}]`;
    const { to, ports } = readObject(rule, at, ['to', 'ports']);
    return compileRule(compilePeers(to, namespace, `${at}.to`), compilePorts(ports, `${at}.ports`));
  });
  return {
    id,
    namespace,
    selects: compileSelector(spec.podSelector ?? {}, `${path}.podSelector`),
    ingress: types.includes('Ingress') ? ingress : undefined,
    egress: types.includes('Egress') ? egress : undefined,
  };
}

function checkIdentity(policy: PolicyObject): { name: string; namespace: string } {
  const { apiVersion = 'networking.k8s.io/v1', kind = 'NetworkPolicy', metadata }: Partial<PolicyObject> = policy ?? {};
  if (apiVersion !== 'networking.k8s.io/v1' || kind !== 'NetworkPolicy') {
    return refusePolicy('PolicyEvaluator.policies', {
      message: 'this object is not a NetworkPolicy of Kubernetes',
      given: `${apiVersion} ${kind}`,
      allowed: 'networking.k8s.io/v1 NetworkPolicy',
      fix: 'pass NetworkPolicies only; policies of other API groups mean something else',
    });
  }
  const { name, namespace } = metadata ?? {};
  if (typeof name !== 'string' || name === '' || typeof namespace !== 'string' || namespace === '') {
    return refusePolicy('PolicyEvaluator.policies', {
      message: 'a policy has no name or no namespace, so it is unknown which pods it selects',
      given: metadata,
      allowed: 'metadata with name and namespace',
      fix: 'set metadata.namespace to the namespace that the policy is applied in',
    });
  }
  return { name, namespace };
}

/** `policyTypes` with the API server's defaults. */
function directionsOf(spec: NetworkPolicySpecLike, path: string): readonly string[] {
  const types = readList(spec.policyTypes, `${path}.policyTypes`);
  if (types.length === 0) {
    return readList(spec.egress, `${path}.egress`).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  return types.length <= 2 && types.every((type) => type === 'Ingress' || type === 'Egress')
    ? types
    : refusePolicy(`${path}.policyTypes`, {
        message: 'a policy type is unknown',
        given: types,
        allowed: 'Ingress, Egress, or both',
        fix: 'name the directions, in this spelling',
      });
}

function compileRule(peers: readonly PeerTest[], ports: readonly PortTest[]): CompiledRule {
  return {
    // No peers means every peer and no ports means every port; that is why a renderer must never emit an empty list.
    allows: (peer, destination, traffic) =>
      (peers.length === 0 || peers.some((test) => test(peer))) &&
      (ports.length === 0 || ports.some((test) => test(destination, traffic))),
  };
}

function compilePeers(peers: readonly PolicyPeerLike[] | undefined, namespace: string, path: string): PeerTest[] {
  return readList(peers, path).map((peer, index) => compilePeer(peer, namespace, `${path}[${index}]`));
}

function compilePeer(peer: PolicyPeerLike, policyNamespace: string, path: string): PeerTest {
  const { podSelector, namespaceSelector, ipBlock } = readObject(peer, path, [
    'podSelector',
    'namespaceSelector',
    'ipBlock',
  ]);
  const selects = isGiven(podSelector) || isGiven(namespaceSelector);
  if (isGiven(ipBlock) === selects) {
    return refusePolicy(path, {
      message: selects ? 'an ipBlock and a selector exclude each other in one peer' : 'the peer names nobody',
      given: peer,
      allowed: 'an ipBlock, or a podSelector, a namespaceSelector or both',
      fix: selects ? 'write two peers' : 'name the peer, or remove the list if everybody is meant',
    });
  }
  if (isGiven(ipBlock)) {
    return compileIpBlock(ipBlock, `${path}.ipBlock`);
  }
  const podMatches = compileSelector(podSelector ?? {}, `${path}.podSelector`);
  if (!isGiven(namespaceSelector)) {
    return (party) => party.kind === 'pod' && party.namespace === policyNamespace && podMatches(party.labels);
  }
  const namespaceMatches = compileSelector(namespaceSelector, `${path}.namespaceSelector`);
  return (party) => party.kind === 'pod' && namespaceMatches(party.namespaceLabels) && podMatches(party.labels);
}

function compileIpBlock(block: IpBlockLike, path: string): PeerTest {
  const { cidr, except } = readObject(block, path, ['cidr', 'except']);
  const network = Cidr.parse(cidr, `${path}.cidr`);
  const holes = readList(except, `${path}.except`).map((text, index) => {
    const hole = Cidr.parse(text, `${path}.except[${index}]`);
    return network.containsCidr(hole) && !network.equals(hole)
      ? hole
      : refusePolicy(`${path}.except[${index}]`, {
          message: 'the exception is not a smaller network inside of cidr',
          given: text,
          allowed: `a part of ${network.toString()}`,
          fix: 'name a part of the network, or remove the exception',
        });
  });
  return ({ ip }) => ip !== undefined && network.contains(ip) && !holes.some((hole) => hole.contains(ip));
}

function compilePorts(ports: readonly PolicyPortLike[] | undefined, path: string): PortTest[] {
  return readList(ports, path).map((port, index) => compilePort(port, `${path}[${index}]`));
}

function compilePort(given: PolicyPortLike, path: string): PortTest {
  const { port, endPort, protocol } = readObject(given, path, ['port', 'endPort', 'protocol']);
  const wanted = protocol ?? 'TCP';
  if (!PROTOCOLS.includes(wanted)) {
    return refusePort(path, given, `the protocol ${show(wanted)} is unknown`);
  }
  if (!isGiven(port)) {
    return isGiven(endPort)
      ? refusePort(path, given, 'endPort without port')
      : (_, traffic) => traffic.protocol === wanted;
  }
  if (typeof port === 'string') {
    if (isGiven(endPort) || !isPortName(port)) {
      return refusePort(path, given, isGiven(endPort) ? 'endPort with a named port' : 'this is not a port name');
    }
    return (destination, traffic) =>
      traffic.protocol === wanted && destination.kind === 'pod' && declares(destination.ports, port, traffic);
  }
  const last = endPort ?? port;
  if (!isPortNumber(port) || !isPortNumber(last) || last < port) {
    return refusePort(path, given, 'a port is out of range, or endPort is smaller than port');
  }
  return (_, traffic) => traffic.protocol === wanted && traffic.port >= port && traffic.port <= last;
}

/** Whether the pod gives this name to the connection's port. The name is the destination's, also for egress. */
function declares(ports: readonly PodPort[], name: string, traffic: Traffic): boolean {
  return ports.some(
    (port) => port.name === name && port.port === traffic.port && (port.protocol ?? 'TCP') === traffic.protocol,
  );
}

/** Port names of Kubernetes (RFC 6335): at most 15 characters, one letter at least, no double hyphen. */
function isPortName(name: string): boolean {
  return /^(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

function refusePort(path: string, given: PolicyPortLike, message: string): never {
  return refusePolicy(path, {
    message,
    given,
    allowed: 'TCP, UDP or SCTP; a number of 1 to 65535, with or without an endPort of at least that, or a port name',
    fix: 'write numbers without quotes, and endPort only after a numeric port',
  });
}
