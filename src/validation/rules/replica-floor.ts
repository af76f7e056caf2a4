import type { Rule } from '../rule';

/** Fewer replicas than the profile promises. */
export const replicaFloor: Rule = {
  id: 'workload/replica-floor',
  level: 'error',
  acknowledgeable: false,
  judged: 'construction',
  why: 'with one replica, every drain and every update is an outage',
  fix: 'use Scaling.auto({ min: 2, ... }) or Scaling.fixed(2), or the dev profile',
  check: ({ components, context: { settings, profile } }) =>
    components
      .filter(({ scaling }) => scaling.min < settings.minimumReplicas)
      .map(({ node, scaling }) => ({
        path: node.path,
        message: `the ${profile} profile keeps at least ${settings.minimumReplicas} replicas`,
        given: String(scaling.min),
        allowed: `at least ${settings.minimumReplicas}`,
      })),
};
