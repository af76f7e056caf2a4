import { containersOf } from '../pod-specs';
import { writtenPods } from '../pods';
import type { Rule } from '../rule';
import { fieldsOf, type Untyped } from '../untyped';

const FIELDS = ['runAsUser', 'runAsGroup', 'fsGroup'];

/** Pods that name their user where the platform gives it. */
export const fixedUser: Rule = {
  id: 'workload/fixed-user',
  level: 'warning',
  acknowledgeable: true,
  why: 'the platform admits pods with the user that it gives them (OpenShift: "must be in the ranges"), and never runs another',
  fix: 'leave the fields out, or accept it where another SecurityContextConstraints admits the pod',
  check: (model) =>
    model.context.cluster.assignsPodUsers
      ? writtenPods(model)
          .filter(({ namespace }) => namespace === model.context.namespaceName)
          .flatMap(({ object, spec }) => {
            const fixed = fixedFields(spec);
            return fixed.length === 0
              ? []
              : [{ path: object.path, message: `${object.title} names its user (${fixed.join(', ')})` }];
          })
      : [],
};

function fixedFields(spec: Untyped): string[] {
  const contexts = [spec, ...containersOf(spec).map(({ container }) => container)].map(({ securityContext }) =>
    fieldsOf(securityContext),
  );
  return FIELDS.filter((field) => contexts.some((context) => context[field] !== undefined));
}
