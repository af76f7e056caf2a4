import type { Rule } from '../rule';

/** Two objects of one kind, namespace and name: the second would silently replace the first. */
export const duplicateObject: Rule = {
  id: 'stack/duplicate-object',
  level: 'error',
  acknowledgeable: false,
  why: 'the object that is applied last replaces the other one',
  fix: 'rename one of the two',
  check: ({ objects }) => {
    const first = new Map<string, string>();
    return objects.flatMap((object) => {
      const key = `${object.apiGroup}/${object.kind} ${object.metadata.namespace ?? ''}/${object.name}`;
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, object.node.path);
        return [];
      }
      return [{ path: object.node.path, message: `${object.kind} "${object.name}" exists already at ${other}` }];
    });
  },
};
