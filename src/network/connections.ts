import { brand, isBranded } from '../core/brand';
import { withInstead } from '../core/check';
import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError } from '../core/errors';
import type { NetworkPolicySpec } from '../core/kubernetes';
import type { AddressFamily } from './address-family';
import { type CiliumEntity, type CiliumPolicySpec, ciliumPolicySpec } from './cilium';
import { foreignPeer, type ForeignPeer } from './foreign-peer';
import { Peer } from './peer';
import { renderRules } from './policy';
import type { Port } from './port';

/** Something with connections of its own: a component, or a database that the stack runs. */
export interface IConnectable {
  /** The flows of this side. */
  readonly connections: Connections;
}

/** Anything that a flow can be declared with. */
export type PeerLike = Peer | IConnectable | ForeignPeer;

/** Why and where a flow is allowed. */
export interface FlowOptions {
  /**
   * Port of the side that accepts the connection.
   * @default - every port that the accepting component listens on, the ports of the API server; any other peer needs one
   */
  readonly port?: Port | readonly Port[];
  /** What the flow is for. It becomes the documentation of the flow. */
  readonly reason: string;
}

const PORT = check.instance('Port');

// A misspelt `port` would open every port of the component.
const FLOW_CHECKS: Checks<FlowOptions> = {
  port: withInstead(
    (value) => check.each(PORT)([value].flat()),
    (given) => PORT.instead?.(given),
  ),
  reason: check.text,
};

/** One allowed flow, as documentation and rules see it. */
export interface Flow {
  /** Who opens the connection. */
  readonly from: string;
  /** Who accepts it. */
  readonly to: string;
  /** Ports of the accepting side. */
  readonly ports: readonly Port[];
  /** What the flow is for. */
  readonly reason: string;
  /**
   * That the mesh of the cluster needs the flow, besides those that were declared.
   * @default - it was declared
   */
  readonly through?: 'mesh';
}

/**
 * A flow that a mesh needs of pods, whatever they do.
 * @internal
 */
export interface MeshFlow {
  /** Who opens the connection: the pods (egress) or the peer. */
  readonly direction: 'egress' | 'ingress';
  /** The other side. */
  readonly peer: Peer;
  /** Ports of the accepting side. */
  readonly ports: readonly Port[];
  /** What it is for. */
  readonly reason: string;
}

/**
 * What a mesh needs of pods that it may take part in.
 * @internal
 */
export interface MeshMembership {
  /** Name of the mesh. */
  readonly name: string;
  /** Port at which pods take what other pods of the mesh send, where it is another than that of the program. */
  readonly tunnelPort: Port | undefined;
  /** Peers that are never in the mesh. */
  readonly outside: readonly Peer[];
  /** Flows of the proxies. */
  readonly flows: readonly MeshFlow[];
}

/** Flows without repetitions, in the order in which they come. */
export function eachOnce(flows: readonly Flow[]): Flow[] {
  const seen = new Set<string>();
  return flows.filter((flow) => {
    const key = [flow.from, flow.to, flow.ports.join(), flow.reason].join('\n');
    return !seen.has(key) && seen.add(key);
  });
}

/** The pods that connections belong to. Everything is read when policies are rendered, never before. */
export interface ConnectionSubject {
  /** Name in messages and in the list of flows. */
  readonly name: string;
  /** The cluster that the pods run in. */
  readonly cluster: string;
  /** The pods' namespace. */
  readonly namespace: string;
  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Ports that the pods listen on. */
  readonly ports: readonly Port[];
  /**
   * Called once, when the first flow is declared that only a policy of Cilium can name.
   * @default - nobody wants to know
   */
  readonly onEntity?: () => void;
}

interface DeclaredFlow {
  readonly direction: 'egress' | 'ingress';
  readonly peer: Peer | Connections;
  readonly ports: readonly Port[] | undefined;
  readonly reason: string;
  readonly through?: 'mesh';
}

/**
 * The flows of one component: who it may talk to and who may talk to it. Everything else is closed. Declaring a flow
 * twice, or in another order, changes nothing; ports that are not given are read when the policy is rendered.
 */
export class Connections {
  static {
    brand(this, 'Connections');
  }

  private readonly declared: DeclaredFlow[] = [];
  private isSealed = false;
  private mesh: MeshMembership | undefined;
  private readonly peers = new Map<string | undefined, Peer>();

  constructor(private readonly subject: ConnectionSubject) {}

  /** Itself, so that what `stack.connectionsFor` returns is a peer of others, as a component is. */
  public get connections(): this {
    return this;
  }

  /** The flows of this side, in the order in which they were declared, each once. A copy. */
  public get flows(): Flow[] {
    return eachOnce(this.all().map((flow) => this.shown(flow)));
  }

  /**
   * Flows with addresses alone, none of them of these families.
   * @internal
   */
  public flowsOutside(families: readonly AddressFamily[]): Flow[] {
    const outside = this.declared.filter(
      ({ peer }) => isBranded<Peer>(peer, 'Peer') && !peer.isNobody && !peer.isWithin(families),
    );
    return eachOnce(outside.map((flow) => this.shown(flow)));
  }

  /**
   * Lets these pods open connections to a peer. A peer that is a component, also one of another stack in the same
   * cluster, gets the matching ingress rule.
   *
   * @throws ConfigurationError `network/no-reason`, `network/no-port` for a peer without ports of its own,
   *   `network/other-cluster` for a component that runs in another cluster, `network/already-deployed` where an engine
   *   has taken the policy of either side.
   */
  public allowTo(peer: PeerLike, options: FlowOptions): void {
    this.declare('egress', peer, options);
  }

  /**
   * Lets a peer open connections to these pods.
   *
   * @throws ConfigurationError `network/no-reason`, `network/other-cluster` for a component that runs in another cluster,
   *   `network/already-deployed` where an engine has taken the policy of either side.
   */
  public allowFrom(peer: PeerLike, options: FlowOptions): void {
    this.declare('ingress', peer, options);
  }

  /**
   * Flows that only a policy of Cilium can name.
   * @internal
   */
  public entityFlows(): Flow[] {
    return eachOnce(this.declared.filter(({ peer }) => entitiesOf(peer).length > 0).map((flow) => this.shown(flow)));
  }

  /** The CiliumNetworkPolicy of these pods, for flows with peers that no NetworkPolicy can name. */
  public toCiliumPolicySpec(): CiliumPolicySpec {
    const flows = this.declared.map((flow) => ({
      direction: flow.direction,
      entities: entitiesOf(flow.peer),
      ports: this.portsOf(flow),
    }));
    return ciliumPolicySpec(this.subject.selector, flows);
  }

  /**
   * Opens what a mesh needs: flows of its proxies, and for each flow to or from pods the port that it travels through.
   * @internal
   */
  public joinMesh(membership: MeshMembership): void {
    this.mesh = membership;
  }

  /**
   * Refuses every later flow: an engine has taken the policy, and would not see it.
   * @internal
   */
  public seal(): void {
    this.isSealed = true;
  }

  /** The policy of these pods: default deny both ways, and one rule per declared flow. */
  public toPolicySpec(): NetworkPolicySpec {
    const rules = (direction: DeclaredFlow['direction']) =>
      renderRules(
        this.all()
          .filter((flow) => flow.direction === direction)
          .map((flow) => ({
            peers: this.policyPeers(flow),
            ports: this.portsOf(flow),
            reason: flow.reason,
            owner: this.subject.name,
          })),
      );
    const ingress = rules('ingress').map(({ peers, ports }) => ({ from: peers, ports }));
    const egress = rules('egress').map(({ peers, ports }) => ({ to: peers, ports }));
    // A direction without rules is left out: policyTypes closes it, and the API server drops an empty list from what it
    // stores, so that every later comparison would find a difference.
    return {
      podSelector: { matchLabels: { ...this.subject.selector } },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length === 0 ? {} : { ingress }),
      ...(egress.length === 0 ? {} : { egress }),
    };
  }

  private declare(direction: DeclaredFlow['direction'], peer: PeerLike, options: FlowOptions): void {
    if (typeof options?.reason !== 'string' || options.reason.trim() === '') {
      this.refuse('network/no-reason', 'a flow needs a reason', 'say what the flow is for: { reason: "..." }');
    }
    const shape = checkShape(`connections of ${this.subject.name}`, options, FLOW_CHECKS);
    if (shape.length > 0) {
      throw new ConfigurationError(`connections of ${this.subject.name}`, shape);
    }
    const target = resolvePeer(peer);
    const known = direction === 'egress' && isBranded<Peer>(target, 'Peer') ? target.ports : undefined;
    const ports = options.port === undefined ? known : [options.port].flat();
    this.refuseWhenSealed(direction, target);
    if (ports?.length === 0) {
      this.refuse(
        'network/no-port',
        'an empty list of ports would open every port',
        'leave "port" out or name the ports',
      );
    }
    if (isBranded<Connections>(target, 'Connections')) {
      if (target.subject.cluster !== this.subject.cluster) {
        this.refuse(
          'network/other-cluster',
          `${target.subject.name} runs in cluster "${target.subject.cluster}", where labels of this cluster mean nothing`,
          'use the address of its public endpoint: Peer.cidr(...)',
        );
      }
      const opposite = direction === 'egress' ? 'ingress' : 'egress';
      target.declared.push({ direction: opposite, peer: this, ports, reason: options.reason });
    } else if (direction === 'egress' && ports === undefined) {
      this.refuse(
        'network/no-port',
        `${target.description} has no ports of its own`,
        'name the port: { port: Port.tcp(443) }',
      );
    }
    if (entitiesOf(target).length > 0 && this.entityFlows().length === 0) {
      this.subject.onEntity?.();
    }
    this.declared.push({ direction, peer: target, ports, reason: options.reason });
  }

  private shown(flow: DeclaredFlow): Flow {
    const other = isBranded<Connections>(flow.peer, 'Connections') ? flow.peer.subject.name : flow.peer.description;
    const [from, to] = flow.direction === 'egress' ? [this.subject.name, other] : [other, this.subject.name];
    const { reason, through } = flow;
    return { from, to, ports: this.portsOf(flow), reason, ...(through === undefined ? {} : { through }) };
  }

  /** What was declared, and what the mesh adds. */
  private all(): DeclaredFlow[] {
    const own = (this.mesh?.flows ?? []).map((flow): DeclaredFlow => ({ ...flow, through: 'mesh' }));
    return [...this.declared, ...this.declared.flatMap((flow) => this.carried(flow)), ...own];
  }

  /** A flow between pods as the mesh carries it. Peers may be in the mesh or not, so the plain flow stays open too. */
  private carried(flow: DeclaredFlow): DeclaredFlow[] {
    const { name, tunnelPort, outside = [] } = this.mesh ?? {};
    if (tunnelPort === undefined || !this.portsOf(flow).some(({ protocol }) => protocol === 'TCP')) {
      return [];
    }
    const carried = {
      ...flow,
      ports: [tunnelPort],
      reason: `${flow.reason}, through ${name}`,
      through: 'mesh' as const,
    };
    if (isBranded<Connections>(flow.peer, 'Connections')) {
      return flow.peer.mesh?.tunnelPort === undefined ? [] : [carried];
    }
    const peer = flow.peer.withoutAddresses();
    return peer.isNobody || outside.includes(flow.peer) ? [] : [{ ...carried, peer }];
  }

  private portsOf(flow: DeclaredFlow): readonly Port[] {
    if (flow.ports !== undefined) {
      return flow.ports;
    }
    return flow.direction === 'egress' && isBranded<Connections>(flow.peer, 'Connections')
      ? flow.peer.subject.ports
      : this.subject.ports;
  }

  private policyPeers(flow: DeclaredFlow) {
    if (!isBranded<Connections>(flow.peer, 'Connections')) {
      return flow.peer.sharedRules;
    }
    const { namespace } = flow.peer.subject;
    return flow.peer.asPeer(namespace === this.subject.namespace ? undefined : namespace).sharedRules;
  }

  /** These pods as a peer of others, in the own namespace or with the name of theirs. */
  private asPeer(namespace: string | undefined): Peer {
    const known = this.peers.get(namespace);
    const peer =
      known ?? Peer.pods({ labels: this.subject.selector, ...(namespace === undefined ? {} : { namespace }) });
    this.peers.set(namespace, peer);
    return peer;
  }

  // The policy of a deployed side is what it is: a flow that only `flows()` knew of would leave the port closed.
  private refuseWhenSealed(direction: DeclaredFlow['direction'], target: Peer | Connections): void {
    const id = 'network/already-deployed';
    if (this.isSealed) {
      this.refuse(
        id,
        'its stack is registered already, and the flow would not reach its policy',
        'declare the flow in the build function of the stack',
      );
    }
    if (isBranded<Connections>(target, 'Connections') && target.isSealed) {
      const [there, here] = direction === 'egress' ? ['allowFrom', 'allowTo'] : ['allowTo', 'allowFrom'];
      const lines = [
        `there connections.${there}(${target.lineFor(this.subject)}, { port, reason })`,
        `here connections.${here}(${this.lineFor(target.subject)}, { port, reason })`,
      ];
      this.refuse(
        id,
        `the stack of ${target.subject.name} is registered already, and the flow would not reach its policy`,
        `build both stacks in the order in which nobody comes too late, or name the pods on both sides, each in the build function of its stack: ${lines.join('; ')}`,
      );
    }
  }

  /** How somebody names the pods of another stack. */
  private lineFor({ namespace, selector }: ConnectionSubject): string {
    return `Peer.pods({ namespace: ${JSON.stringify(namespace)}, labels: ${JSON.stringify(selector)} })`;
  }

  private refuse(id: string, message: string, fix: string): never {
    throw new ConfigurationError(`connections of ${this.subject.name}`, [
      { id, level: 'error', path: this.subject.name, message, fix },
    ]);
  }
}

function entitiesOf(peer: Peer | Connections): readonly CiliumEntity[] {
  return isBranded<Peer>(peer, 'Peer') ? peer.entities : [];
}

function resolvePeer(peer: PeerLike): Peer | Connections {
  if (isBranded<Peer>(peer, 'Peer')) {
    return peer;
  }
  return typeof peer === 'object' &&
    peer !== null &&
    'connections' in peer &&
    isBranded<Connections>(peer.connections, 'Connections')
    ? peer.connections
    : foreignPeer(peer as ForeignPeer);
}
