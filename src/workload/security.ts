import { brand } from '../core/brand';
import { check, requireShape } from '../core/checks';
import { type Finding, invalidValue } from '../core/errors';
import { INT32_MAX } from '../core/quantity';
import type { Shape } from '../core/shape';
import { SECURITY_MAKING } from './makings';
import { specFinding, wholeNumberProblem } from './spec-finding';

/** User and groups that a container runs as, from the image. */
export interface PodUser {
  /** User id, from 1: Pod Security `restricted` refuses 0. */
  readonly uid: number;
  /** Group id, from 0. */
  readonly gid: number;
  /** Group of mounted files, from 0, so that they need not be readable by everybody. */
  readonly fsGroup: number;
}

/** The user of images without a shell ("nonroot"), and of specs that name none. */
export const DEFAULT_USER: PodUser = { uid: 65532, gid: 65532, fsGroup: 65532 };

/** Shape of `PodUser`; the numbers are judged by `userProblems`. */
export const USER_SHAPE: Shape<PodUser> = {
  checks: { uid: check.any, gid: check.any, fsGroup: check.any },
  required: { uid: '65532', gid: '65532', fsGroup: '65532' },
};

/** Shape of the user of one container; the group of the volumes is the pod's. */
export const CONTAINER_USER_SHAPE: Shape<Pick<PodUser, 'uid' | 'gid'>> = {
  checks: { uid: check.any, gid: check.any },
  required: { uid: '65532', gid: '65532' },
};

/** Ids that Kubernetes refuses, and root. */
export function userProblems(path: string, user: Partial<PodUser>): Finding[] {
  return (['uid', 'gid', 'fsGroup'] as const).flatMap((key) => {
    const id = user[key];
    const message =
      key === 'uid' && id === 0
        ? 'user 0 is root, which Pod Security "restricted" refuses'
        : wholeNumberProblem(key, id, key === 'uid' ? 1 : 0, INT32_MAX);
    return id === undefined
      ? []
      : specFinding({
          id: 'workload/invalid-user',
          path: `${path}.${key}`,
          message,
          given: id,
          fix: 'use the number of a user of the image: { uid: 65532, gid: 65532, fsGroup: 65532 } suits most',
        });
  });
}

/** Settings that may be relaxed. */
export interface RelaxedSecurity {
  /** Why the relaxation is needed. It is shown among the findings of the stack. */
  readonly reason: string;
}

/** How far a pod is locked in. Pod Security `restricted` holds either way. Immutable. */
export class PodSecurity {
  static {
    brand(this, 'PodSecurity', SECURITY_MAKING);
  }

  /** Everything locked: the root file system is read-only. */
  public static restricted(): PodSecurity {
    return new PodSecurity(true, undefined);
  }

  /**
   * The root file system becomes writable; all else stays.
   *
   * @throws ConfigurationError `workload/no-reason` for an empty reason.
   */
  public static relaxed(props: RelaxedSecurity): PodSecurity {
    if (typeof props?.reason !== 'string' || props.reason.trim() === '') {
      invalidValue({
        id: 'workload/no-reason',
        path: 'PodSecurity.relaxed',
        message: 'a relaxation needs a reason',
        given: props,
        allowed: '{ reason: "..." }',
        fix: 'say what writes outside of its volumes',
      });
    }
    requireShape('PodSecurity.relaxed', props, { reason: check.text });
    return new PodSecurity(false, props.reason);
  }

  private constructor(
    /** Whether the root file system is read-only. */
    public readonly readOnlyRootFilesystem: boolean,
    /** Why it is not, where it is not. */
    public readonly reason: string | undefined,
  ) {}

  /**
   * Security context of a pod.
   *
   * @param user The user of its image; none where the platform gives pods their user.
   */
  public podContext(user: PodUser | undefined) {
    return {
      runAsNonRoot: true,
      ...(user === undefined ? {} : { runAsUser: user.uid, runAsGroup: user.gid, fsGroup: user.fsGroup }),
      // Without it, every start changes the owner of every file on a large volume.
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    };
  }

  /**
   * Security context of a container.
   *
   * @param user Its user, where it differs from the pod's.
   */
  public containerContext(user?: Pick<PodUser, 'uid' | 'gid'>) {
    return {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: this.readOnlyRootFilesystem,
      capabilities: { drop: ['ALL'] },
      ...(user === undefined ? {} : { runAsUser: user.uid, runAsGroup: user.gid }),
    };
  }
}
