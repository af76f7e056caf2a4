import type { Rule } from '../rule';

/** A disruption budget that lets no pod go. */
export const drainBlocked: Rule = {
  id: 'workload/drain-blocked',
  level: 'error',
  acknowledgeable: false,
  judged: 'construction',
  why: 'a node that runs such a pod can never be drained, so the cluster cannot be upgraded',
  fix: 'use Disruption.maxUnavailable(1), or more replicas than the budget keeps',
  check: ({ components }) =>
    components
      .filter(({ options, scaling }) => options.disruption?.blocksDrainOf(scaling.min) === true)
      .map(({ node, scaling }) => ({
        path: node.path,
        message: `the budget keeps all of the ${scaling.min} replicas that are always there`,
      })),
};
