import type { Rule } from '../rule';

/** Policies that nobody enforces. */
export const policiesNotEnforced: Rule = {
  id: 'network/not-enforced',
  level: 'warning',
  acknowledgeable: true,
  why: 'the policies are accepted and do nothing',
  fix: 'use a network plug-in that enforces NetworkPolicies (Cilium, Calico)',
  check: ({ path, context: { cluster } }) =>
    cluster.enforcesNetworkPolicies
      ? []
      : [{ path, message: `cluster "${cluster.name}" does not enforce NetworkPolicies` }],
};
