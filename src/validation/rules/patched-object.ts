import type { ApiObject } from 'cdk8s';
import type { Rule } from '../rule';

/** Objects with JSON patches, which rules do not see. */
export const patchedObject: Rule = {
  id: 'stack/patched-object',
  level: 'warning',
  acknowledgeable: true,
  why: 'a patch is applied after every check, so nothing vouches for its result',
  fix: 'use a property of the component where there is one; otherwise review the patch at each upgrade',
  check: ({ objects }) =>
    objects.filter(isPatched).map((object) => ({
      path: object.node.path,
      message: `${object.kind} "${object.name}" is changed by a JSON patch`,
    })),
};

/** Whether an object is changed by a JSON patch. cdk8s keeps patches in a private field and has no accessor. */
export function isPatched(object: ApiObject): boolean {
  const { patches } = object as unknown as { readonly patches?: readonly unknown[] };
  return patches !== undefined && patches.length > 0;
}
