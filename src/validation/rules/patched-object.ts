import { patchesOf } from '../patches';
import type { Rule } from '../rule';

/** Objects with JSON patches, which rules do not see: one finding for each operation. */
export const patchedObject: Rule = {
  id: 'stack/patched-object',
  level: 'warning',
  acknowledgeable: true,
  why: 'a patch is applied after every check, so nothing vouches for its result',
  fix: 'use a property of the component where there is one; otherwise review the patch at each upgrade',
  check: ({ objects }) =>
    objects.flatMap((object) =>
      patchesOf(object).map(({ name }) => ({
        path: object.node.path,
        message: `${object.kind} "${object.name}" is changed by a JSON patch: ${name}`,
        patch: name,
      })),
    ),
};
