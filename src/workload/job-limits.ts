import { check, type Checks } from '../core/checks';
import type { Finding } from '../core/errors';
import type { JobSpec } from '../core/kubernetes';
import { INT32_MAX } from '../core/quantity';
import { specFinding, wholeNumberProblem } from './spec-finding';

/** How often and for how long a Job tries. */
export interface JobLimits {
  /**
   * Attempts after the first one, 0 for none. Only attempts that failed by themselves count: a pod that a drain, a lost
   * node or a preemption took is replaced, as often as it takes.
   * @default - the figure of the Job itself
   */
  readonly backoffLimit?: number;
  /**
   * Seconds after which the Job has failed, whatever it does, from 1. Time that its pods wait for each other, for a node
   * or for an image counts too.
   * @default - the figure of the Job itself
   */
  readonly deadlineSeconds?: number;
}

/** Checks of `JobLimits`; numbers are judged by `jobLimitProblems`. */
export const JOB_LIMIT_CHECKS: Checks<JobLimits> = { backoffLimit: check.any, deadlineSeconds: check.any };

/**
 * Pods that were disrupted are replaced and count for nothing: otherwise four drained nodes in a row would use up the
 * attempts, and a release would fail although its program did not. The condition comes from the control plane (eviction,
 * preemption, a node that is gone) and from the kubelet (shortage on the node). Kubernetes then waits until a pod has
 * ended before it starts another, so two attempts never run at the same time.
 */
export const DISRUPTIONS_DO_NOT_COUNT: NonNullable<JobSpec['podFailurePolicy']> = {
  rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
};

/** What Kubernetes would refuse of the limits, and a deadline that no program could keep. */
export function jobLimitProblems(path: string, { backoffLimit, deadlineSeconds }: JobLimits): Finding[] {
  const limit = (key: keyof JobLimits, value: unknown, least: number): Finding[] =>
    value === undefined
      ? []
      : specFinding({
          id: 'workload/invalid-limit',
          path: `${path}.${key}`,
          message: wholeNumberProblem(key, value, least, INT32_MAX),
          given: value,
          fix: `write ${key} as a whole number`,
        });
  return [...limit('backoffLimit', backoffLimit, 0), ...limit('deadlineSeconds', deadlineSeconds, 1)];
}
