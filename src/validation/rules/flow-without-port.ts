import type { Rule } from '../rule';

/** A flow for which neither side names a port. */
export const flowWithoutPort: Rule = {
  id: 'network/no-port',
  level: 'error',
  acknowledgeable: false,
  why: 'Kubernetes reads a rule without ports as every port',
  fix: 'name the port of the flow',
  check: ({ components, jobs, connected }) =>
    [...components, ...jobs, ...connected].flatMap(({ node, connections }) =>
      connections.flows
        .filter(({ ports }) => ports.length === 0)
        .map(({ from, to }) => ({ path: node.path, message: `the flow from ${from} to ${to} has no port` })),
    ),
};
