import { ApiObject } from 'cdk8s';
import { isPatched, unfitPatchOf } from '../patches';
import type { Rule } from '../rule';

/**
 * An object that cannot be rendered, for instance one of cdk8s-plus that is not complete. Found only while files are
 * written, it would leave some of them written and others not.
 */
export const failingObject: Rule = {
  id: 'stack/failing-object',
  level: 'error',
  acknowledgeable: false,
  why: 'synthesis would stop in the middle, with some files written and others not',
  fix: 'complete or correct the object',
  check: ({ objects }) =>
    objects
      // Plain objects render what they were given; to try those too would double the time of a synthesis.
      .filter((object) => isPatched(object) || object.constructor !== ApiObject)
      .flatMap((object) => {
        try {
          if (unfitPatchOf(object) !== undefined) {
            return []; // a rule of its own
          }
          object.toJson();
          return [];
        } catch (error) {
          return [{ path: object.node.path, message: error instanceof Error ? error.message : String(error) }];
        }
      }),
};
