import { ConfigurationError } from '../core/errors';
import type { NetworkPolicyPeer, NetworkPolicyPort } from '../core/kubernetes';
import type { Port } from './port';

/** A flow, resolved as far as one side's policy needs it. */
export interface ResolvedFlow {
  /** The other side, as NetworkPolicy peers. */
  readonly peers: readonly NetworkPolicyPeer[];
  /** Ports of the accepting side. */
  readonly ports: readonly Port[];
  /** What the flow is for. */
  readonly reason: string;
  /** Whose policy it is, for messages. */
  readonly owner: string;
}

/** One rule of a policy. */
export interface PolicyRule {
  /** Any of these peers. */
  readonly peers: NetworkPolicyPeer[];
  /** On any of these ports. */
  readonly ports: NetworkPolicyPort[];
}

/**
 * Rules for flows: one per distinct peer, with the union of its ports. The result does not depend on the order in
 * which flows were declared, so that the same platform is always the same bytes.
 *
 * @throws ConfigurationError `network/no-port` for a flow without ports: Kubernetes would read it as every port.
 */
export function renderRules(flows: readonly ResolvedFlow[]): PolicyRule[] {
  const byPeer = new Map<string, { peers: NetworkPolicyPeer[]; ports: Map<string, Port> }>();
  for (const flow of flows) {
    if (flow.ports.length === 0) {
      throw new ConfigurationError(`connections of ${flow.owner}`, [
        {
          id: 'network/no-port',
          level: 'error',
          path: flow.owner,
          message: `the flow "${flow.reason}" has no port, which Kubernetes reads as every port`,
          fix: 'name the port, or give the accepting component a port',
        },
      ]);
    }
    for (const peer of flow.peers) {
      const key = keyOf(peer);
      const rule = byPeer.get(key) ?? { peers: [JSON.parse(key) as NetworkPolicyPeer], ports: new Map<string, Port>() };
      byPeer.set(key, rule);
      flow.ports.forEach((port) => rule.ports.set(port.toString(), port));
    }
  }
  return [...byPeer.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, rule]) => ({
      peers: rule.peers,
      ports: [...rule.ports.entries()].sort(([a], [b]) => compare(a, b)).map(([, port]) => port.toPolicyPort()),
    }));
}

// A peer such as the cluster's DNS stands in the policy of every component of every environment.
const KEYS = new WeakMap<NetworkPolicyPeer, string>();

function keyOf(peer: NetworkPolicyPeer): string {
  const key = KEYS.get(peer) ?? JSON.stringify(peer, sortedKeys);
  KEYS.set(peer, key);
  return key;
}

function sortedKeys(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compare(a, b)))
    : value;
}

// Not localeCompare: its order depends on the machine's locale.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
