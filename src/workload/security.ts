import { brand } from '../core/brand';
import { invalidValue } from '../core/errors';

/** User and groups that a container runs as, from the image. */
export interface PodUser {
  /** User id; never 0. */
  readonly uid: number;
  /** Group id. */
  readonly gid: number;
  /** Group of mounted files, so that they need not be readable by everybody. */
  readonly fsGroup: number;
}

/** Settings that may be relaxed. */
export interface RelaxedSecurity {
  /** Why the relaxation is needed. It is shown among the findings of the stack. */
  readonly reason: string;
}

/** How far a pod is locked in. Pod Security `restricted` holds either way. Immutable. */
export class PodSecurity {
  static {
    brand(this, 'PodSecurity');
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
    return new PodSecurity(false, props.reason);
  }

  private constructor(
    /** Whether the root file system is read-only. */
    public readonly readOnlyRootFilesystem: boolean,
    /** Why it is not, where it is not. */
    public readonly reason: string | undefined,
  ) {}

  /** Security context of a pod. */
  public podContext(user: PodUser) {
    return {
      runAsNonRoot: true,
      runAsUser: user.uid,
      runAsGroup: user.gid,
      fsGroup: user.fsGroup,
      // Without it, every start changes the owner of every file on a large volume.
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    };
  }

  /** Security context of a container. */
  public containerContext() {
    return {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: this.readOnlyRootFilesystem,
      capabilities: { drop: ['ALL'] },
    };
  }
}
