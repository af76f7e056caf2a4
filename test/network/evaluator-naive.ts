import type {
  AddressEndpoint,
  NamespaceEntry,
  PodEndpoint,
  PolicyObject,
  PolicyPeerLike,
} from '../../src/network/evaluator-model';

/**
 * A second evaluator, written to be obviously right and slow, and unlike the real one: it never asks whether a rule
 * matches. It writes down every connection of a small world that each policy allows, as sets of text, and then looks
 * the question up. Networks are compared as strings of binary digits.
 */

/** One member of the world: a pod, or an address outside. */
export type Member = OutsideMember | PodMember;
type OutsideMember = AddressEndpoint & { readonly id: string };
type PodMember = PodEndpoint & { readonly id: string };

export interface World {
  readonly namespaces: readonly NamespaceEntry[];
  readonly members: readonly Member[];
  /** The only port numbers there are. */
  readonly ports: readonly number[];
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const isPod = (member: Member): member is PodMember => member.kind === 'pod';

/** A member with the one address that it uses in a connection; a pod of two families appears twice. */
interface Face {
  readonly member: Member;
  readonly ip: string;
}

/** All connections that are open under the policies, as `from>to:protocol/port`. */
export function openConnections(world: World, policies: readonly PolicyObject[]): Set<string> {
  const faces = world.members.flatMap((member) => facesOf(member));
  const flows = world.members.flatMap((source) =>
    world.members
      .filter((destination) => destination !== source)
      .flatMap((destination) => routes(source, destination))
      .flatMap(([from, to]) =>
        PROTOCOLS.flatMap((protocol) => world.ports.map((port) => ({ from, to, protocol, port }) as const)),
      ),
  );
  const isolated = { Ingress: new Set<Member>(), Egress: new Set<Member>() };
  const granted = { Ingress: new Set<(typeof flows)[number]>(), Egress: new Set<(typeof flows)[number]>() };
  for (const policy of policies) {
    const { podSelector = {}, policyTypes = [], ingress = [], egress = [] } = policy.spec;
    const namespace = policy.metadata.namespace as string;
    const types = policyTypes.length > 0 ? policyTypes : egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
    const subjects = podsWhere(world, podSelector).filter((member) => isPod(member) && member.namespace === namespace);
    const rules = {
      Ingress: ingress.map((rule) => ({ peers: rule.from ?? [], ports: rule.ports ?? [] })),
      Egress: egress.map((rule) => ({ peers: rule.to ?? [], ports: rule.ports ?? [] })),
    };
    for (const direction of ['Ingress', 'Egress'] as const) {
      if (types.includes(direction)) {
        subjects.forEach((member) => isolated[direction].add(member));
        for (const { peers, ports } of rules[direction]) {
          const others =
            peers.length === 0 ? faces : peers.flatMap((peer) => facesOfPeer(world, faces, peer, namespace));
          for (const flow of flows) {
            const [subject, other] = direction === 'Ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
            const ways =
              ports.length === 0
                ? [`${flow.protocol}/${flow.port}`]
                : ports.flatMap((port) => waysOf(world, port, flow.to.member));
            if (
              subjects.includes(subject.member) &&
              includes(others, other) &&
              ways.includes(`${flow.protocol}/${flow.port}`)
            ) {
              granted[direction].add(flow);
            }
          }
        }
      }
    }
  }
  const open = flows.filter(
    (flow) =>
      (!isolated.Egress.has(flow.from.member) || granted.Egress.has(flow)) &&
      (!isolated.Ingress.has(flow.to.member) || granted.Ingress.has(flow)),
  );
  return new Set(
    open.map(({ from, to, protocol, port }) => connectionKey(from.member.id, to.member.id, protocol, port)),
  );
}

export function connectionKey(from: string, to: string, protocol: string, port: number): string {
  return `${from}>${to}:${protocol}/${port}`;
}

const addressesOf = (member: Member): readonly string[] => (isPod(member) ? (member.ips ?? []) : [member.ip]);
const family = (ip: string): string => (ip.includes(':') ? 'IPv6' : 'IPv4');

/** Every address of a member, and for pods the state of having none that is known. */
function facesOf(member: Member): Face[] {
  return [...addressesOf(member), ...(isPod(member) ? ['none'] : [])].map((ip) => ({ member, ip }));
}

/** The pairs of addresses that a connection can use. */
function routes(source: Member, destination: Member): [Face, Face][] {
  const route = (from: string, to: string): [Face, Face] => [
    { member: source, ip: from },
    { member: destination, ip: to },
  ];
  const [here, there] = [addressesOf(source), addressesOf(destination)];
  if (here.length === 0 && there.length === 0) {
    return [route('none', 'none')];
  }
  if (here.length === 0) {
    return there.map((ip) => route('none', ip));
  }
  if (there.length === 0) {
    return here.map((ip) => route(ip, 'none'));
  }
  const direct = here.flatMap((from) => there.filter((to) => family(to) === family(from)).map((to) => route(from, to)));
  // Pods of different families cannot meet; policies are then judged as if the pods' addresses were unknown.
  return direct.length > 0
    ? direct
    : [route(isPod(source) ? 'none' : source.ip, isPod(destination) ? 'none' : destination.ip)];
}

function facesOfPeer(world: World, faces: readonly Face[], peer: PolicyPeerLike, policyNamespace: string): Face[] {
  if (peer.ipBlock !== undefined) {
    const within = (cidr: string) =>
      faces.filter(({ ip }) => ip !== 'none' && family(ip) === family(cidr) && bits(ip).startsWith(prefixBits(cidr)));
    const holes = (peer.ipBlock.except ?? []).flatMap(within);
    return within(peer.ipBlock.cidr).filter((face) => !includes(holes, face));
  }
  const byPod = podsWhere(world, peer.podSelector ?? {});
  const byNamespace =
    peer.namespaceSelector === undefined
      ? [policyNamespace]
      : select(
          world.namespaces,
          ({ name, labels }) => ({ ...labels, 'kubernetes.io/metadata.name': name }),
          peer.namespaceSelector,
        ).map(({ name }) => name);
  return faces.filter(
    ({ member }) => isPod(member) && byPod.includes(member) && byNamespace.includes(member.namespace),
  );
}

function podsWhere(world: World, selector: NonNullable<PolicyPeerLike['podSelector']>): Member[] {
  return select(world.members.filter(isPod), (member) => member.labels, selector);
}

/** Removes from all candidates those that break a condition; the negative operators are complements of the positive. */
function select<T>(
  candidates: readonly T[],
  labelsOf: (candidate: T) => Readonly<Record<string, string>>,
  { matchLabels = {}, matchExpressions = [] }: NonNullable<PolicyPeerLike['podSelector']>,
): T[] {
  const having = (key: string, values?: readonly string[]): T[] =>
    candidates.filter((candidate) => {
      const words = Object.entries(labelsOf(candidate)).map(([name, value]) => `${name}=${value}`);
      return words.some((word) =>
        values === undefined ? word.startsWith(`${key}=`) : values.some((value) => word === `${key}=${value}`),
      );
    });
  const without = (removed: readonly T[]): T[] => candidates.filter((candidate) => !removed.includes(candidate));
  const groups = [
    ...Object.entries(matchLabels).map(([key, value]) => having(key, [value])),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      const positive = operator.endsWith('In') ? having(key, values) : having(key);
      return operator === 'NotIn' || operator === 'DoesNotExist' ? without(positive) : positive;
    }),
  ];
  return candidates.filter((candidate) => groups.every((group) => group.includes(candidate)));
}

/** Every protocol and port of the world that a port entry stands for at a destination. */
function waysOf(
  world: World,
  {
    port,
    endPort,
    protocol = 'TCP',
  }: { port?: number | string | undefined; endPort?: number | undefined; protocol?: string | undefined },
  destination: Member,
): string[] {
  if (typeof port === 'string') {
    const declared = isPod(destination) ? (destination.ports ?? []) : [];
    return declared
      .filter((each) => each.name === port)
      .map((each) => `${each.protocol ?? 'TCP'}/${each.port}`)
      .filter((way) => way.startsWith(`${protocol}/`));
  }
  const numbers =
    port === undefined ? world.ports : Array.from({ length: (endPort ?? port) - port + 1 }, (_, index) => port + index);
  return numbers.map((number) => `${protocol}/${number}`);
}

function includes(faces: readonly Face[], face: Face): boolean {
  return faces.some(({ member, ip }) => member === face.member && ip === face.ip);
}

/** All bits of an address; IPv6 of this world is written with "::" before its last group. */
function bits(ip: string): string {
  if (!ip.includes(':')) {
    return ip
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  }
  const [head = '', last = ''] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const filled = [...groups, ...Array<string>(7 - groups.length).fill('0'), last === '' ? '0' : last];
  return filled.map((part) => parseInt(part, 16).toString(2).padStart(16, '0')).join('');
}

function prefixBits(cidr: string): string {
  const [address = '', length] = cidr.split('/');
  return bits(address).slice(0, Number(length));
}
