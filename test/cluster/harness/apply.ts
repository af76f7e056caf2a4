import { isDeepStrictEqual } from 'node:util';
import type { ControlPlane } from './control-plane';
import { FIELD_MANAGER, type Manifests } from './kubectl';
import { type KubeObject, nameOf } from './objects';
import { RETAINED_KINDS } from './removal';

/** Kinds that everything else stands on: also who applies in a different order creates these first. */
const FIRST_KINDS = ['Namespace', 'CustomResourceDefinition'];

/**
 * Applies manifests in their own order, by the server, with strict validation, once and without a retry.
 *
 * @param flags further flags of kubectl
 * @returns every error and every warning; none means that the server took all of it silently
 */
export async function applyProblems(
  { kubectl }: ControlPlane,
  manifests: Manifests,
  flags: readonly string[] = [],
): Promise<string[]> {
  const { code, stderr } = await kubectl.apply(manifests, flags);
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return code !== 0 && lines.length === 0 ? [`kubectl apply ended with code ${code}`] : lines;
}

/** The reverse of the emitted order, but for namespaces and definitions. */
export function reversed(objects: readonly KubeObject[]): KubeObject[] {
  const first = objects.filter(({ kind }) => FIRST_KINDS.includes(kind));
  return [...first, ...objects.filter(({ kind }) => !FIRST_KINDS.includes(kind)).reverse()];
}

/**
 * Applies manifests that are applied already.
 *
 * @returns every warning, and every object that changed by it; an empty list is a common cause, since the server drops it
 * from what it stores and counts each further apply as a new generation
 */
export async function reapplyProblems(
  plane: ControlPlane,
  manifests: Manifests,
  objects: readonly KubeObject[],
): Promise<string[]> {
  const before = await readBack(plane, objects);
  const problems = await applyProblems(plane, manifests);
  const after = await readBack(plane, objects);
  const changed = objects.filter((_, index) => !isDeepStrictEqual(before[index], after[index]));
  return [...problems, ...changed.map((object) => `${nameOf(object)} changed by a second apply`)];
}

/** Deletes what the next version of a platform no longer has, but for what is retained, as GitOps tools do. */
export async function prune(
  { client }: ControlPlane,
  previous: readonly KubeObject[],
  next: readonly KubeObject[],
): Promise<void> {
  const keyOf = (object: KubeObject): string => `${object.apiVersion} ${nameOf(object)}`;
  const wanted = new Set(next.map(keyOf));
  const gone = previous.filter((object) => !wanted.has(keyOf(object)) && !RETAINED_KINDS.includes(object.kind));
  await Promise.all(gone.map(async (object) => client.remove(await client.pathOf(object))));
}

/** What an apply would change according to the server; none means nothing. */
export async function diffProblems({ kubectl }: ControlPlane, manifests: Manifests): Promise<string[]> {
  const { code, stdout, stderr } = await kubectl.diff(manifests);
  if (code === 0 && stderr.trim() === '') return [];
  return [`${stdout}${stderr}`.trim() || `kubectl diff ended with code ${code}`];
}

/** The declared part of each object and when we last changed it; controllers write the rest at any time. */
async function readBack({ client }: ControlPlane, objects: readonly KubeObject[]): Promise<unknown[]> {
  return Promise.all(
    objects.map(async (object) => {
      const live = await client.call('GET', await client.pathOf(object));
      const { metadata, status: _status, ...rest } = live;
      const { resourceVersion: _version, managedFields = [], ...stable } = metadata;
      const ours = (managedFields as { manager: string }[]).filter(({ manager }) => manager === FIELD_MANAGER);
      return { ...rest, stable, ours };
    }),
  );
}
