import type { ApiObject } from 'cdk8s';
import type { Rule, StackModel } from '../rule';
import { writtenObject, type WrittenObject } from '../written-object';

/**
 * Bytes from which a client-side apply is likely to fail. It keeps the whole object in an annotation, and the API server
 * takes 262,144 bytes of annotations; what escaping adds to quotes and line breaks is counted, the rest is margin.
 */
const LARGEST = 250_000;

/** Kinds of the library's own objects that hold what users give: certificates, files, lists, values. */
const HOLDERS: readonly string[] = ['ConfigMap', 'Secret', 'PrometheusRule'];

/** Objects that `kubectl apply` without `--server-side` could not apply. */
export const largeObject: Rule = {
  id: 'stack/large-object',
  level: 'warning',
  acknowledgeable: true,
  why: 'a client-side apply keeps a copy of the object in an annotation, and annotations have at most 262,144 bytes',
  fix: 'apply with --server-side (Argo CD: the sync option ServerSideApply=true; Flux does), then accept the finding; or keep the content in a ConfigMap that exists already: TrustBundle.fromConfigMap({ configMap: "..." })',
  check: (model) =>
    [...model.written, ...ownHolders(model)].flatMap(({ path, title, manifest }) => {
      const size = Buffer.byteLength(JSON.stringify(manifest));
      return size <= LARGEST
        ? []
        : [
            {
              path,
              message: `${title} is too large for a client-side apply`,
              given: `${size} bytes`,
              allowed: `${LARGEST}`,
            },
          ];
    }),
};

function ownHolders({ objects, written, unwritable, context }: StackModel): WrittenObject[] {
  const seen = new Set([...written, ...unwritable].map(({ path }) => path));
  const isHolder = (object: ApiObject): boolean => HOLDERS.includes(object.kind) && !seen.has(object.node.path);
  return objects.filter(isHolder).map((object) => writtenObject(object, context.cluster, context.namespaceName));
}
