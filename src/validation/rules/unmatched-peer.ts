import { CILIUM_API } from '../../network/cilium';
import type { Rule } from '../rule';

/** Flows with a peer that only Cilium can name, where no policy of Cilium can be written. */
export const unmatchedPeer: Rule = {
  id: 'network/unmatched-peer',
  level: 'warning',
  acknowledgeable: true,
  why: 'no NetworkPolicy matches an identity of Cilium, neither by labels nor by address, so the flow stays closed',
  fix: `write customResources: ["${CILIUM_API}"] in the Cluster, then a CiliumNetworkPolicy opens it`,
  check: ({ components, jobs, connected, context: { cluster } }) =>
    cluster.serves(CILIUM_API)
      ? []
      : [...components, ...jobs, ...connected].flatMap(({ node, connections }) => {
          const flows = connections.entityFlows();
          return flows.length === 0
            ? []
            : [
                {
                  path: node.path,
                  message: flows.map(({ from, to, reason }) => `from ${from} to ${to} (${reason})`).join('; '),
                  fix: `${unmatchedPeer.fix}; or apply one of your own with this spec and accept the finding: ${JSON.stringify(connections.toCiliumPolicySpec())}`,
                },
              ];
        }),
};
