import type { Rule } from '../rule';

/** Flows of a workload whose pods no label tells from others. */
export const noPodLabels: Rule = {
  id: 'network/no-pod-labels',
  level: 'error',
  acknowledgeable: false,
  why: 'a policy without labels selects every pod of the namespace, those of the stack too',
  fix: 'give the pods labels of their own: metadata: { labels: { app: "..." } } in the template',
  check: ({ connected, unwritable }) =>
    unwritable.length > 0
      ? [] // an object that cannot be rendered has no labels that could be read; that is told already
      : connected
          .filter(({ selector }) => Object.keys(selector).length === 0)
          .map(({ node }) => ({ path: node.path, message: 'the pods carry no labels' })),
};
