import type { Rule } from '../rule';

/** A disruption budget that lets every pod go at once. */
export const drainOutage: Rule = {
  id: 'workload/drain-outage',
  level: 'error',
  acknowledgeable: false,
  judged: 'construction',
  why: 'one drain may evict every pod at once, so the replicas promise nothing',
  fix: 'use Disruption.maxUnavailable(1), or more replicas than may be missing',
  check: ({ components }) =>
    components
      .filter(({ options, scaling }) => options.disruption?.mayEvictAllOf(scaling.min) === true)
      .map(({ node, scaling }) => ({
        path: node.path,
        message: `the budget lets all of the ${scaling.min} replicas go that are always there`,
        allowed: `fewer than ${scaling.min}`,
      })),
};
