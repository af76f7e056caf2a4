import type { Rule } from '../rule';
import { at } from '../untyped';

/** A Namespace of the user's own for the stack, without what the stack would have given it. */
export const unprotectedNamespace: Rule = {
  id: 'stack/unprotected-namespace',
  level: 'warning',
  acknowledgeable: true,
  why: 'without Pod Security "restricted" the namespace admits any pod, and whoever removes the stack removes the namespace with its claims and Secrets',
  fix: 'let the stack create it: namespace: { name: "...", create: true }',
  check: ({ written, context }) =>
    written
      .filter(
        ({ manifest, object, isDrawn }) => manifest.kind === 'Namespace' && object.apiGroup === 'core' && !isDrawn,
      )
      .filter(({ manifest }) => manifest.metadata.name === context.namespaceName)
      .filter(({ manifest }) => at(manifest.metadata.labels, 'pod-security.kubernetes.io/enforce') !== 'restricted')
      .map(({ path, title }) => ({
        path,
        message: `${title} does not enforce Pod Security "restricted"`,
        given: 'no label pod-security.kubernetes.io/enforce: restricted',
      })),
};
