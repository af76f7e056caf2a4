import type { Rule } from '../rule';

/** Pods whose security is relaxed. */
export const relaxedSecurity: Rule = {
  id: 'workload/relaxed-security',
  level: 'warning',
  acknowledgeable: true,
  why: 'a writable root file system lets an intruder change the program that runs',
  fix: 'give the folder that is written a volume of its own',
  check: ({ components, jobs }) =>
    [...components, ...jobs].flatMap(({ node, options }) =>
      options.security?.reason === undefined
        ? []
        : [{ path: node.path, message: `the root file system is writable: ${options.security.reason}` }],
    ),
};
