import { foreignPods, hasLabels } from '../pods';
import type { Rule } from '../rule';

/** Pods of others that carry the labels by which a component's pods are selected. */
export const takenLabels: Rule = {
  id: 'workload/taken-labels',
  level: 'error',
  acknowledgeable: false,
  why: 'Services would send them requests, policies would let them through, and budgets and spread rules would count them',
  fix: 'give the pods labels of their own, at least another app.kubernetes.io/component',
  check: (model) =>
    foreignPods(model)
      .filter(({ namespace }) => namespace === model.context.namespaceName)
      .flatMap((pods) =>
        [...model.components, ...model.jobs]
          .filter(({ selector }) => hasLabels(selector, pods))
          .map(({ node, selector }) => ({
            path: pods.object.path,
            message: `the pods of ${pods.object.title} carry the labels that select those of ${node.path}`,
            given: JSON.stringify(selector),
          })),
      ),
};
