import type { Finding } from '../core/errors';
import { bytes, type Memory } from '../core/quantity';
import { dnsLabelProblem, dnsNameProblem, freeTextProblem } from '../core/text';
import type { PodContent } from './spec';
import { specFinding } from './spec-finding';
import { type ReplicaStorage, TRUST_VOLUME } from './volumes';

/** One mount of a container, with where it comes from in the spec. */
export interface PlannedMount {
  /** Path of the entry. */
  readonly path: string;
  /** Name of the volume. */
  readonly volume: string;
  /** Folder. */
  readonly folder: string;
  /** Whether the folder is read-only, so that nothing can be mounted inside of it. */
  readonly readOnly: boolean;
}

/** The mounts of a pod's own container, of whatever its spec has. */
export function plannedMounts(
  path: string,
  content: Partial<PodContent> & { readonly storage?: readonly ReplicaStorage[] },
): PlannedMount[] {
  const list = (key: 'secretFiles' | 'configFiles' | 'scratch' | 'storage', readOnly: boolean): PlannedMount[] =>
    (content[key] ?? []).map(({ volume, mountPath }, index) => ({
      path: `${path}.${key}[${index}]`,
      volume,
      folder: mountPath,
      readOnly,
    }));
  return [
    ...(content.trust === undefined
      ? []
      : [{ path: `${path}.trust`, volume: TRUST_VOLUME, folder: content.trust.folder, readOnly: true }]),
    ...list('secretFiles', true),
    ...list('configFiles', true),
    ...list('scratch', false),
    ...list('storage', false),
  ];
}

/** Names of volumes and folders that Kubernetes refuses, or that are there twice. */
export function mountProblems(mounts: readonly PlannedMount[]): Finding[] {
  return mounts.flatMap((mount, index) => {
    const earlier = mounts.slice(0, index);
    const wrong = dnsLabelProblem(mount.volume);
    const inside = mounts.find((each) => each !== mount && each.readOnly && isInside(mount.folder, each.folder));
    return [
      ...volumeFinding(mount, 'workload/invalid-volume', wrong && `this is not the name of a volume: ${wrong}`),
      ...volumeFinding(
        mount,
        'workload/volume-taken',
        earlier.some(({ volume }) => volume === mount.volume) ? 'the pod has a volume of this name already' : undefined,
      ),
      ...folderFinding(mount, 'workload/invalid-volume', folderProblem(mount.folder)),
      ...folderFinding(
        mount,
        'workload/volume-taken',
        earlier.some(({ folder }) => plain(folder) === plain(mount.folder))
          ? 'something else is mounted at this folder already'
          : inside === undefined
            ? undefined
            : `"${inside.folder}" is read-only, so no folder for this mount can be made inside of it`,
      ),
    ];
  });
}

/** Sizes and storage classes that Kubernetes refuses. */
export function sizeProblems(
  path: string,
  volumes: readonly { readonly size: Memory; readonly storageClass?: string }[],
): Finding[] {
  return volumes.flatMap(({ size, storageClass }, index) => {
    const wrong = storageClass === undefined ? undefined : dnsNameProblem(storageClass);
    return [
      ...amountProblems(() => bytes(size, `${path}[${index}].size`)),
      ...specFinding({
        id: 'workload/invalid-volume',
        path: `${path}[${index}].storageClass`,
        message: wrong && `this is not the name of a StorageClass: ${wrong}`,
        given: storageClass,
        fix: 'use a name that "kubectl get storageclass" shows',
      }),
    ];
  });
}

/** What is wrong with the folder of a mount, or undefined. */
export function folderProblem(folder: string): string | undefined {
  if (!/^\/[^:]*$/.test(folder)) {
    return 'a folder is an absolute path without ":"';
  }
  if (folder.split('/').includes('..')) {
    return 'the path of a folder has no ".."';
  }
  const target = plain(folder);
  return target === '/' || /^\/(?:proc|sys)(?:\/|$)|^\/dev$/.test(target)
    ? 'the container needs this folder itself'
    : freeTextProblem(folder);
}

function volumeFinding({ path, volume }: PlannedMount, id: string, message: string | undefined): Finding[] {
  return specFinding({
    id,
    path: `${path}.volume`,
    message,
    given: volume,
    fix: 'give each volume of the pod a short name of its own, such as "cache"',
  });
}

function folderFinding({ path, folder }: PlannedMount, id: string, message: string | undefined): Finding[] {
  const property = path.endsWith('.trust') ? 'folder' : 'mountPath';
  return specFinding({
    id,
    path: `${path}.${property}`,
    message,
    given: folder,
    fix: 'mount each volume at a folder of its own, such as "/var/cache/orders"',
  });
}

/** A quantity that throws what is wrong with it. */
function amountProblems(read: () => number): Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    return (error as { findings?: Finding[] }).findings ?? [];
  }
}

/** The folder without repeated and trailing slashes, and without ".". */
function plain(folder: string): string {
  // Where JavaScript gives none, another finding says so.
  return `/${String(folder ?? '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
}

function isInside(folder: string, outer: string): boolean {
  return plain(folder).startsWith(`${plain(outer)}/`);
}
