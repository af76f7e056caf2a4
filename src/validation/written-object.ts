import type { ApiObject } from 'cdk8s';
import { isDrawn } from '../core/drawn';
import type { Cluster } from '../platform/cluster';
import { type Manifest, manifestOf } from './manifest';
import { isPatched, unfitPatchOf } from './patches';

/** An object as it is written, for rules that look at what the library did not draw. */
export interface WrittenObject {
  /** Construct path. */
  readonly path: string;
  /** `Deployment "worker"`, for messages. */
  readonly title: string;
  /** The object. */
  readonly object: ApiObject;
  /** What is written, patches included. */
  readonly manifest: Manifest;
  /** Namespace that it ends up in: its own, or that of the stack where nothing says another; none outside of namespaces. */
  readonly namespace: string | undefined;
  /** Whether the library draws it, so that only a patch makes it worth reading. */
  readonly isDrawn: boolean;
}

/** An object that cannot be rendered, and why. */
export interface UnwritableObject {
  /** Construct path. */
  readonly path: string;
  /** What the rendering threw. */
  readonly message: string;
  /** Whether it is a patch that does not fit; its message may repeat values, and another rule says what is wrong. */
  readonly hasUnfitPatch: boolean;
}

/** Objects of a stack that rules read as they are written. */
export interface WrittenObjects {
  /** Those that could be rendered. */
  readonly written: readonly WrittenObject[];
  /** Those that could not. */
  readonly unwritable: readonly UnwritableObject[];
}

/**
 * Renders the objects that the library did not draw, and those of its own that a patch changes: each once, and none
 * besides, so that a stack without either costs nothing.
 */
export function writeObjects(objects: readonly ApiObject[], cluster: Cluster, namespace: string): WrittenObjects {
  const written: WrittenObject[] = [];
  const unwritable: UnwritableObject[] = [];
  for (const object of objects) {
    if (isDrawn(object) && !isPatched(object)) {
      continue;
    }
    try {
      written.push(writtenObject(object, cluster, namespace));
    } catch (error) {
      unwritable.push(unwritableObject(object, error));
    }
  }
  return { written, unwritable };
}

function unwritableObject(object: ApiObject, error: unknown): UnwritableObject {
  const message = error instanceof Error ? error.message : String(error);
  return { path: object.node.path, message, hasUnfitPatch: hasUnfitPatch(object) };
}

function hasUnfitPatch(object: ApiObject): boolean {
  try {
    return unfitPatchOf(object) !== undefined;
  } catch {
    return false; // without its patches it cannot be rendered either
  }
}

/** One object, as it is written. */
export function writtenObject(object: ApiObject, cluster: Cluster, namespace: string): WrittenObject {
  const manifest = manifestOf(object, cluster);
  const own = cluster.isClusterScoped(object) ? undefined : (manifest.metadata?.namespace ?? namespace);
  return {
    path: object.node.path,
    title: `${manifest.kind} "${manifest.metadata?.name ?? object.name}"`,
    object,
    manifest,
    namespace: own,
    isDrawn: isDrawn(object),
  };
}
