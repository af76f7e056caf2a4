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
  const isHolder = (object: ApiObject): boolean =>
    HOLDERS.includes(object.kind) && !seen.has(object.node.path) && roughSize(object) > LARGEST / 2;
  return objects.filter(isHolder).map((object) => writtenObject(object, context.cluster, context.namespaceName));
}

/**
 * About as many bytes as an object of the library's own has, told by what it is made of: nearly all of them are small,
 * and to render each one in every report would double its cost. Infinite where cdk8s does not tell.
 */
function roughSize(object: ApiObject): number {
  const { props } = object as unknown as { readonly props?: unknown };
  const whole = (_: string, value: unknown): unknown => (isLazy(value) ? value.produce() : value);
  return props === undefined ? Infinity : Buffer.byteLength(JSON.stringify(props, whole));
}

/** A value of cdk8s that is made while it is rendered, also of another copy of cdk8s. */
function isLazy(value: unknown): value is { produce(): unknown } {
  return typeof value === 'object' && value !== null && 'produce' in value && typeof value.produce === 'function';
}
