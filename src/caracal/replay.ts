import { brand } from '../core/brand';
import type { Memory } from '../core/quantity';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { bytes } from '../core/quantity';
import { dnsNameProblem } from '../core/text';
import type { ComponentSpec } from '../workload/spec';
import { REPLAY_MAKING } from './makings';

/** Settings of volumes for replay files. */
export interface PersistentReplayProps {
  /**
   * Size of each replica's volume. Kubernetes does not let it change later; a full volume loses evidence (caracal W62).
   * @default "5Gi"
   */
  readonly size?: Memory;
  /**
   * StorageClass of the volumes.
   * @default - the cluster's `storageClass`, or else its default class
   */
  readonly storageClass?: string;
}

const CHECKS: Checks<PersistentReplayProps> = { size: check.any, storageClass: check.text };

/**
 * Attempts of the startup probe, 5 s apart: 15 minutes. STS and gateway send replay files before they listen, so after
 * an outage of Redis the vendor's 150 s would end them in the middle of it (caracal-addendum.md B11).
 */
export const REPLAY_STARTUP_ATTEMPTS = 180;

const FOLDER = '/var/lib/caracal';
const VOLUME = 'replay';

/** Whether replay files outlive their pod. */
export type ReplayKind = 'persistent' | 'ephemeral';

/**
 * Where STS and gateway keep audit events while Redis is away. The files are sent at the next start of the same pod,
 * so they must outlive it.
 */
export class ReplayPersistence<Kind extends ReplayKind = ReplayKind> {
  static {
    brand(this, 'ReplayPersistence', REPLAY_MAKING);
  }

  /** A volume per replica: STS and gateway are StatefulSets. */
  public static persistent(props: PersistentReplayProps = {}): ReplayPersistence<'persistent'> {
    requireShape('ReplayPersistence.persistent', props, CHECKS);
    const { size = '5Gi', storageClass } = props;
    bytes(size, 'ReplayPersistence.persistent.size');
    if (storageClass !== undefined && dnsNameProblem(storageClass) !== undefined) {
      invalidValue({
        id: 'caracal/invalid-replay',
        path: 'ReplayPersistence.persistent.storageClass',
        message: 'this is not the name of a StorageClass',
        given: storageClass,
        allowed: 'a DNS name',
        fix: 'name a StorageClass of the cluster',
      });
    }
    return new ReplayPersistence('persistent', size, storageClass);
  }

  /**
   * Space that is gone with the pod: STS and gateway are Deployments, and evicted pods lose evidence. Only dev
   * accepts it (caracal W28).
   */
  public static ephemeral(): ReplayPersistence<'ephemeral'> {
    return new ReplayPersistence('ephemeral', '1Gi', undefined);
  }

  private constructor(
    /** Whether the files outlive their pod. */
    public readonly kind: Kind,
    /** Size of each volume. */
    public readonly size: Memory,
    /** StorageClass of the volumes. */
    public readonly storageClass: string | undefined,
  ) {}
}

/** Kind of the workload. */
export function replayWorkload(replay: ReplayPersistence): Pick<ComponentSpec, 'kind'> {
  return { kind: replay.kind === 'persistent' ? 'StatefulSet' : 'Deployment' };
}

/** Claim template or bounded scratch space for replay files. */
export function replayVolumes(replay: ReplayPersistence): Pick<ComponentSpec, 'storage' | 'scratch'> {
  const { size, storageClass } = replay;
  return replay.kind === 'persistent'
    ? {
        storage: [{ volume: VOLUME, mountPath: FOLDER, size, ...(storageClass === undefined ? {} : { storageClass }) }],
      }
    : { scratch: [{ volume: VOLUME, mountPath: FOLDER, size }] };
}
