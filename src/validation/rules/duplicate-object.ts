import { objectKey } from '../manifest';
import type { Rule } from '../rule';

/** Two objects of one kind and name in one namespace, or outside of namespaces: the second would silently replace the first. */
export const duplicateObject: Rule = {
  id: 'stack/duplicate-object',
  level: 'error',
  acknowledgeable: false,
  why: 'the object that is applied last replaces the other one',
  fix: 'rename one of the two',
  check: ({ objects, context: { cluster } }) => {
    const first = new Map<string, string>();
    return objects.flatMap((object) => {
      const key = objectKey(object, cluster);
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, object.node.path);
        return [];
      }
      return [{ path: object.node.path, message: `${object.kind} "${object.name}" exists already at ${other}` }];
    });
  },
};
