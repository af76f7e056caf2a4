import { foreignOf, selectorProblem } from '../pods';
import type { Rule } from '../rule';
import { at } from '../untyped';

/** Kinds of which rules read the selector of pods, with its place. */
const PLACES: readonly (readonly [string, string, string])[] = [
  ['policy', 'PodDisruptionBudget', 'selector'],
  ['networking.k8s.io', 'NetworkPolicy', 'podSelector'],
];

/** A budget or a policy of the user's own whose selector nobody can read. */
export const unreadableSelector: Rule = {
  id: 'stack/unreadable-selector',
  level: 'error',
  acknowledgeable: false,
  why: 'the API server refuses the object, and no rule can say which pods it means',
  fix: 'write it as Kubernetes does: matchLabels: { app: "..." }, or matchExpressions: [{ key, operator, values }]',
  check: (model) =>
    PLACES.flatMap(([group, kind, field]) =>
      foreignOf(model, group, kind).flatMap(({ path, title, manifest }) => {
        const problem = selectorProblem(at(manifest, 'spec', field));
        return problem === undefined ? [] : [{ path, message: `${field} of ${title} cannot be read: ${problem}` }];
      }),
    ),
};
