import { foreignOf, foreignPods, ownPods, selects } from '../pods';
import type { Rule } from '../rule';
import { at } from '../untyped';
import { Component } from '../../workload/component';

/** Two disruption budgets over the same pods. */
export const secondBudget: Rule = {
  id: 'workload/second-budget',
  level: 'error',
  acknowledgeable: false,
  why: 'an eviction of a pod with two budgets is refused ("more than one PodDisruptionBudget"), so no node of it can be drained',
  fix: 'remove one of the two; the budget of a component is its option "disruption": Disruption.maxUnavailable(1)',
  check: (model) => {
    const budgets = foreignOf(model, 'policy', 'PodDisruptionBudget');
    if (budgets.length === 0) {
      return [];
    }
    const over = (index: number, pods: { readonly labels: Readonly<Record<string, string>> }): boolean =>
      selects(at(budgets[index]?.manifest, 'spec', 'selector'), pods);
    const own = ownPods(model).filter(
      ({ owner }) => Component.isComponent(owner) && owner.disruptionBudget !== undefined,
    );
    const groups = [
      ...own.map((pods) => ({ pods, first: -1, name: pods.owner.node.path })),
      ...foreignPods(model)
        .filter(({ namespace }) => namespace === model.context.namespaceName)
        .map((pods) => ({ pods, first: budgets.findIndex((_, index) => over(index, pods)), name: pods.object.title })),
    ];
    return groups.flatMap(({ pods, first, name }) =>
      budgets
        .filter((_, index) => index > first && over(index, pods))
        .filter(() => first >= 0 || 'owner' in pods)
        .map((budget) => ({
          path: budget.path,
          message: `${budget.title} selects the pods of ${name}, which have a budget already`,
        })),
    );
  },
};
