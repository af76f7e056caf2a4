import { type ApiClient, type ApiResource, collectionPath } from './client';
import { type KubeObject, nameOf } from './objects';
import { stillMissing } from './wait';

/** Kinds that may stay after a removal: data belongs to the operator, not to the platform's life. */
export const RETAINED_KINDS = ['PersistentVolumeClaim', 'Namespace'];

/** What the cluster itself keeps in every namespace, and what is only a trace of the past. */
const CLUSTER_OWNED = ['Event', 'ConfigMap kube-root-ca.crt', 'ServiceAccount default'];

/** The kinds of objects that a namespace can hold and that a user may list and delete. */
export async function namespacedKinds(client: ApiClient): Promise<ApiResource[]> {
  const all = await client.allResources();
  return all.filter(({ namespaced, verbs }) => namespaced && verbs.includes('list') && verbs.includes('delete'));
}

/**
 * Removes a stack by its labels, as `kubectl delete <kinds> -l <selector>` does, but for what is retained.
 *
 * @param selector labels that every object of the stack carries
 */
export async function removeByLabel(
  client: ApiClient,
  namespace: string,
  selector: Readonly<Record<string, string>>,
): Promise<void> {
  const query = encodeURIComponent(
    Object.entries(selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  );
  const kinds = (await namespacedKinds(client)).filter(({ kind }) => !RETAINED_KINDS.includes(kind));
  for (const resource of kinds) {
    const path = collectionPath(resource, namespace);
    const { items } = await client.list(`${path}?labelSelector=${query}`);
    await Promise.all(items.map(({ metadata }) => client.remove(`${path}/${metadata.name}`)));
  }
}

/** What is left of a stack after its removal, without what is retained; waits for the garbage collector. */
export async function leftovers(client: ApiClient, namespace: string, seconds = 30): Promise<string[]> {
  return stillMissing(async () => present(client, namespace), { seconds, everyMillis: 500 });
}

/** What a removal left on purpose. */
export interface Retained {
  /** The namespace and the claims in it, for the operator to know. */
  readonly names: string[];
  /** Claims that are gone, and claims that no manifest declared. */
  readonly problems: string[];
}

/**
 * What is retained of a removed stack, compared with what its manifests declare: the namespace, and the claims that they
 * name or that a StatefulSet made for its replicas.
 *
 * @param objects the manifests of the stack that was removed
 */
export async function retainedOf(
  client: ApiClient,
  namespace: string,
  objects: readonly KubeObject[],
): Promise<Retained> {
  const own = await client.tryGet(`/api/v1/namespaces/${namespace}`);
  const { items } = await client.list(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
  const stays = (object: KubeObject | undefined): boolean => object?.metadata.deletionTimestamp === undefined;
  const claims = items.filter(stays).map(({ metadata }) => metadata.name);
  const declared = objects.flatMap(claimPatterns);
  return {
    names: [`Namespace ${namespace}`, ...claims.map((name) => `PersistentVolumeClaim ${namespace}/${name}`)],
    problems: [
      ...(own && stays(own) ? [] : [`Namespace ${namespace} is gone`]),
      ...declared
        .filter((one) => !claims.some((name) => one.test(name)))
        .map((one) => `no claim ${one.source} is left`),
      ...claims
        .filter((name) => !declared.some((one) => one.test(name)))
        .map((name) => `nobody declared claim ${name}`),
    ],
  };
}

/** The names of the claims that an object declares. A StatefulSet makes one for each replica that it ever had. */
function claimPatterns({ kind, metadata, spec }: KubeObject): RegExp[] {
  if (kind === 'PersistentVolumeClaim') return [new RegExp(`^${metadata.name}$`)];
  const templates = (spec as { volumeClaimTemplates?: KubeObject[] } | undefined)?.volumeClaimTemplates ?? [];
  return templates.map((template) => new RegExp(`^${template.metadata.name}-${metadata.name}-\\d+$`));
}

async function present(client: ApiClient, namespace: string): Promise<string[]> {
  const kinds = (await namespacedKinds(client)).filter(({ kind }) => !RETAINED_KINDS.includes(kind));
  const lists = await Promise.all(kinds.map((kind) => client.list(collectionPath(kind, namespace))));
  return lists.flatMap(({ items }) => items.filter((item) => !isClusterOwned(item)).map(nameOf));
}

function isClusterOwned({ kind, metadata }: KubeObject): boolean {
  return CLUSTER_OWNED.includes(kind) || CLUSTER_OWNED.includes(`${kind} ${metadata.name}`);
}
