import { check } from '../core/checks';
import { adviceOf } from '../core/habits';
import { bytes, type Memory } from '../core/quantity';
import type { Volume, VolumeMount } from '../core/kubernetes';
import { parts, type Shape } from '../core/shape';
import type { Value } from '../core/value';
import { VOLUME_HABITS } from './spec-habits';

/** Files of a Secret, projected under a folder. */
export interface SecretFiles {
  /** Name of the volume. */
  readonly volume: string;
  /** Folder that holds the files. */
  readonly mountPath: string;
  /** Which key of which Secret becomes which file. */
  readonly items: readonly { readonly secretName: string; readonly key: string; readonly path: string }[];
}

/** Files with known contents, kept in a ConfigMap of the component. */
export interface ConfigFiles {
  /** Name of the volume. */
  readonly volume: string;
  /** Folder that holds the files. */
  readonly mountPath: string;
  /** Contents by file name. */
  readonly files: Readonly<Record<string, Value<string>>>;
}

/** Space that lives as long as the pod. */
export interface ScratchSpace {
  /** Name of the volume. */
  readonly volume: string;
  /** Folder that becomes writable. */
  readonly mountPath: string;
  /** Largest size; the pod is evicted above it. */
  readonly size: Memory;
  /**
   * Where it lives: on the node's disk, or in memory (then it counts into the container's memory limit).
   * @default "disk"
   */
  readonly medium?: 'disk' | 'memory';
}

/** Space that outlives the pod: a claim of its own per replica. */
export interface ReplicaStorage {
  /** Name of the volume and of the claim template. */
  readonly volume: string;
  /** Folder that is kept. */
  readonly mountPath: string;
  /** Size of each claim. Kubernetes does not let a StatefulSet change it later. */
  readonly size: Memory;
  /**
   * StorageClass of the claims.
   * @default - the cluster's `storageClass`, or else its default class
   */
  readonly storageClass?: string;
}

/** A volume of the user's own, with its mounts. */
export interface ExtraVolume {
  /** The volume, as a pod spec writes it. */
  readonly volume: Volume;
  /** Folder of the main container. */
  readonly mountPath: string;
  /**
   * Whether the container may only read. `false` lets it write.
   * @default true
   */
  readonly readOnly?: boolean;
}

type SecretItem = SecretFiles['items'][number];

const SECRET_ITEM_SHAPE: Shape<SecretItem> = {
  checks: { secretName: check.text, key: check.text, path: check.text },
  required: { secretName: '"orders"', key: '"token"', path: '"token"' },
};

const VOLUME_ADVICE = adviceOf(VOLUME_HABITS);

/** Shape of `SecretFiles`. */
export const SECRET_FILES_SHAPE: Shape<SecretFiles> = {
  checks: { volume: check.text, mountPath: check.text, items: check.list },
  required: {
    volume: '"secrets"',
    mountPath: '"/run/secrets"',
    items: '[{ secretName: "orders", key: "token", path: "token" }]',
  },
  advice: VOLUME_ADVICE,
  inside: { items: parts(SECRET_ITEM_SHAPE) },
};

/** Shape of `ConfigFiles`; the contents are judged by `configFileProblems`. */
export const CONFIG_FILES_SHAPE: Shape<ConfigFiles> = {
  checks: { volume: check.text, mountPath: check.text, files: check.record },
  required: { volume: '"config"', mountPath: '"/etc/orders"', files: '{ "app.yaml": "..." }' },
  advice: VOLUME_ADVICE,
};

/** Shape of `ScratchSpace`; the size is judged by `sizeProblems`. */
export const SCRATCH_SHAPE: Shape<ScratchSpace> = {
  checks: { volume: check.text, mountPath: check.text, size: check.any, medium: check.oneOf('disk', 'memory') },
  required: { volume: '"cache"', mountPath: '"/var/cache/orders"', size: '"64Mi"' },
  advice: VOLUME_ADVICE,
};

/** Shape of `ReplicaStorage`; the size is judged by `sizeProblems`. */
export const STORAGE_SHAPE: Shape<ReplicaStorage> = {
  checks: { volume: check.text, mountPath: check.text, size: check.any, storageClass: check.text },
  required: { volume: '"data"', mountPath: '"/data"', size: '"10Gi"' },
  advice: VOLUME_ADVICE,
};

/** Name of the volume with the certificates of private authorities. */
export const TRUST_VOLUME = 'trust';

/** Files are readable by the pod's group only: the fsGroup, of the image's user or of the one that the platform gives. */
const GROUP_READABLE = 0o440;

/** A projected volume of secret files. */
export function secretVolume(files: SecretFiles): Volume {
  const bySecret = new Map<string, { key: string; path: string }[]>();
  for (const { secretName, key, path } of files.items) {
    bySecret.set(secretName, [...(bySecret.get(secretName) ?? []), { key, path }]);
  }
  return {
    name: files.volume,
    projected: {
      defaultMode: GROUP_READABLE,
      sources: [...bySecret].map(([name, items]) => ({
        secret: { name, items: items.sort((a, b) => (a.path < b.path ? -1 : 1)) },
      })),
    },
  };
}

/** A volume of config files. The ConfigMap may hold files of other volumes too, so the files are named. */
export function configVolume(files: ConfigFiles, configMap: string): Volume {
  const items = Object.keys(files.files)
    .sort()
    .map((name) => ({ key: name, path: name }));
  return { name: files.volume, configMap: { name: configMap, defaultMode: GROUP_READABLE, items } };
}

/** An emptyDir, always with a limit. */
export function scratchVolume(space: ScratchSpace): Volume {
  return {
    name: space.volume,
    emptyDir: { sizeLimit: space.size, ...(space.medium === 'memory' ? { medium: 'Memory' } : {}) },
  };
}

/** Disk, in MiB, that scratch volumes may take from the node. */
export function scratchDiskMiB(spaces: readonly ScratchSpace[]): number {
  const onDisk = spaces.filter((space) => space.medium !== 'memory');
  return Math.ceil(onDisk.reduce((sum, space) => sum + bytes(space.size), 0) / 1024 ** 2);
}

/** A mount that the container may only read. */
export function readOnlyMount(volume: string, mountPath: string): VolumeMount {
  return { name: volume, mountPath, readOnly: true };
}
