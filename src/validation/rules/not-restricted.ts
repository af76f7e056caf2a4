import { restrictedProblems } from '../pod-security';
import { createsNamespace, writtenPods } from '../pods';
import type { Rule, StackModel, Violation } from '../rule';

/** Pods that the namespace of the stack would not admit. */
export const notRestricted: Rule = {
  id: 'workload/not-restricted',
  level: 'error',
  acknowledgeable: true,
  why: 'the namespace that the stack creates enforces Pod Security "restricted": it takes the workload, and never one of its pods',
  fix: 'set what is missing in securityContext of the pod and of its containers, or let a Component make the pod',
  check: (model) => (createsNamespace(model) ? unrestricted(model) : []),
};

/** Pods of the stack's namespace that Pod Security `restricted` does not admit. */
export function unrestricted(model: StackModel): Violation[] {
  return writtenPods(model)
    .filter(({ namespace }) => namespace === model.context.namespaceName)
    .flatMap(({ object, spec }) => {
      const problems = restrictedProblems(spec);
      return problems.length === 0
        ? []
        : [{ path: object.path, message: `${object.title} is not "restricted": ${problems.join('; ')}` }];
    });
}
