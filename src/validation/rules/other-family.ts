import type { Rule } from '../rule';

/** Flows to addresses that no pod of the cluster can have anything to do with. */
export const otherFamily: Rule = {
  id: 'network/other-family',
  level: 'warning',
  acknowledgeable: true,
  why: 'pods have no address of that family, so the policy lets through what never comes, and the real way stays closed',
  fix: 'name the peer by its address of the family that the cluster has, or say what it has: ipFamilies: ["IPv4", "IPv6"] of the Cluster',
  check: ({ components, jobs, connected, context: { cluster } }) =>
    [...components, ...jobs, ...connected].flatMap(({ node, connections }) =>
      connections.flowsOutside(cluster.ipFamilies).map(({ from, to, reason }) => ({
        path: node.path,
        message: `the flow from ${from} to ${to} (${reason}) is of a family that cluster "${cluster.name}" does not have`,
        given: `ipFamilies: ${JSON.stringify(cluster.ipFamilies)}`,
      })),
    ),
};
