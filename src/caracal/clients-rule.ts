import type { Rule } from '../validation/rule';
import { type Component, SCRAPE_REASON } from '../workload/component';
import { CARACAL_EDGES } from './edges';
import type { CaracalStack } from './stack';

/**
 * What a governed call needs: a token of the STS, the gateway that forwards it, and the coordinator, where the SDK opens
 * its session (caracal-addendum.md D6).
 */
export const GOVERNED_CALL = ['sts', 'coordinator', 'gateway'] as const;

/** Reasons of flows between components of the platform, of its console and of its control plane: no agents. */
const OWN_REASONS = new Set(
  CARACAL_EDGES.filter(({ from }) => from !== 'clients' && from !== 'ingress controller').map(({ reason }) => reason),
);

/** A platform that lets no agent make a governed call. */
export function closedToClientsRule(stack: CaracalStack): Rule {
  return {
    id: 'caracal/closed-to-clients',
    level: 'warning',
    acknowledgeable: true,
    why: 'a governed call needs sts, coordinator and gateway, and the policies let in nobody that is not named; the coordinator is never public',
    fix: 'name your agents: clients: [Peer.namespace("agents")], which opens all three; or stack.coordinator.connections.allowFrom(...) for one of them',
    check: ({ path }) => {
      const closed = GOVERNED_CALL.filter((name) => !letsInClients(stack[name]));
      return closed.length === 0
        ? []
        : [{ path, message: `no agent can make a governed call: no client may reach ${closed.join(', ')}` }];
    },
  };
}

/** Whether somebody may connect who is neither a part of the platform nor Prometheus. */
function letsInClients({ connections, serviceName }: Component): boolean {
  return connections.flows.some(
    ({ to, reason, through }) =>
      to === serviceName && through === undefined && !OWN_REASONS.has(reason) && reason !== SCRAPE_REASON,
  );
}
