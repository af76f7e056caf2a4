import { unfitPatchOf } from '../patches';
import type { Rule } from '../rule';

/** A JSON patch that does not fit its object: a misspelt pointer, or a field that another version named otherwise. */
export const unfitPatch: Rule = {
  id: 'stack/unfit-patch',
  level: 'error',
  acknowledgeable: false,
  why: 'what was meant would not happen, or synthesis would stop in the middle with some files written and others not',
  fix: 'correct the pointer: "/" in a name is written "~1", and a missing parent is added first',
  check: ({ objects }) =>
    objects.flatMap((object) => {
      const unfit = unfitPatchOf(object);
      if (unfit === undefined) {
        return [];
      }
      const { operation, problem, possible } = unfit;
      return [
        {
          path: object.node.path,
          message: `a JSON patch does not fit ${object.kind} "${object.name}": ${problem}`,
          given: operation.name,
          ...(possible === undefined || possible.length === 0 ? {} : { allowed: possible.join(', ') }),
          patch: operation.name,
        },
      ];
    }),
};
