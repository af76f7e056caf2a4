import type { Rule } from '../rule';

/**
 * An object that cannot be rendered: a lazy value throws, or it is one of cdk8s-plus that is not complete. Found only
 * while files are written, it would leave some of them written and others not.
 */
export const failingObject: Rule = {
  id: 'stack/failing-object',
  level: 'error',
  acknowledgeable: false,
  why: 'synthesis would stop in the middle, with some files written and others not',
  fix: 'complete or correct the object',
  // A patch that does not fit has a rule of its own.
  check: ({ unwritable }) =>
    unwritable.filter(({ hasUnfitPatch }) => !hasUnfitPatch).map(({ path, message }) => ({ path, message })),
};
