import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { carries } from '../core/brand';
import { check, type Checks } from '../core/checks';
import { markDrawn } from '../core/drawn';
import { type Finding, show } from '../core/errors';
import { workloadNameProblem } from '../core/identity';
import { INT32_MAX } from '../core/quantity';
import { JOB_LIMIT_CHECKS } from './job-limits';
import { POD_OPTION_CHECKS } from './options';
import { PodJob, type PodJobOptions } from './pod-job';
import { scheduleProblem, timeZoneProblem } from './schedule';
import type { JobContent } from './spec';
import { specFinding, wholeNumberProblem } from './spec-finding';

/** When a Job runs, and what a user may tune on it. */
export interface ScheduledJobOptions extends PodJobOptions {
  /** When it runs, as cron writes it: `"30 3 * * *"`, or a word: `"@daily"`. */
  readonly schedule: string;
  /**
   * Time zone of the schedule, a name of the tz database: `"Europe/Berlin"`. With daylight saving a run may be left out
   * or come twice.
   * @default - that of the control plane, nearly always UTC
   */
  readonly timeZone?: string;
  /**
   * What happens when a run is due while the one before it still runs: it is left out, runs beside it, or takes its place.
   * @default "Forbid"
   */
  readonly concurrencyPolicy?: 'Forbid' | 'Allow' | 'Replace';
  /**
   * Seconds after its time within which a run that could not start then may still start, from 10: the control plane looks
   * every ten seconds.
   * @default - however late
   */
  readonly startingDeadlineSeconds?: number;
  /**
   * Whether no run starts any more. Those that run go on.
   * @default false
   */
  readonly suspend?: boolean;
  /**
   * Finished runs that are kept, with their logs.
   * @default - 3, as Kubernetes does
   */
  readonly successfulJobsHistoryLimit?: number;
  /**
   * Failed runs that are kept, with their logs.
   * @default - 1, as Kubernetes does
   */
  readonly failedJobsHistoryLimit?: number;
}

/** Checks of `ScheduledJobOptions`; schedule, zone and numbers are judged by `problems`. */
export const SCHEDULED_JOB_OPTION_CHECKS: Checks<ScheduledJobOptions> = {
  ...POD_OPTION_CHECKS,
  ...JOB_LIMIT_CHECKS,
  schedule: check.any,
  timeZone: check.any,
  concurrencyPolicy: check.oneOf('Forbid', 'Allow', 'Replace'),
  startingDeadlineSeconds: check.any,
  suspend: check.flag,
  successfulJobsHistoryLimit: check.any,
  failedJobsHistoryLimit: check.any,
};

/**
 * A Job that runs at given times: a CronJob with everything that a one-shot Job has, except the hash in its name. A change
 * of its content counts from the next run on.
 */
export class ScheduledJob extends PodJob<ScheduledJobOptions> {
  /** Whether a construct is a scheduled Job, also one of another copy of this package. */
  public static isScheduledJob(construct: IConstruct): construct is ScheduledJob {
    return carries(construct, SCHEDULED_JOB);
  }

  /** The CronJob. */
  public readonly job: ApiObject;

  /**
   * What is wrong with either is reported to the stack, all of it in one report, and fails its synthesis.
   *
   * @param content What runs.
   * @param options When it runs, and what the user tunes.
   */
  constructor(scope: Construct, id: string, content: JobContent, options: ScheduledJobOptions) {
    super(scope, id, content, options, { checks: SCHEDULED_JOB_OPTION_CHECKS, problems, nameProblem });
    Object.defineProperty(this, SCHEDULED_JOB, { value: true });
    const {
      schedule,
      timeZone,
      concurrencyPolicy = 'Forbid',
      startingDeadlineSeconds,
      suspend,
      successfulJobsHistoryLimit,
      failedJobsHistoryLimit,
    } = this.options;
    this.job = markDrawn(
      new ApiObject(this, 'Resource', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: this.objectName, labels: this.workloadLabels },
        spec: {
          schedule,
          ...(timeZone === undefined ? {} : { timeZone }),
          concurrencyPolicy,
          ...(startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds }),
          ...(suspend === undefined ? {} : { suspend }),
          ...(successfulJobsHistoryLimit === undefined ? {} : { successfulJobsHistoryLimit }),
          ...(failedJobsHistoryLimit === undefined ? {} : { failedJobsHistoryLimit }),
          jobTemplate: { metadata: { labels: this.labels }, spec: this.jobSpec() },
        },
      }),
    );
  }
}

const SCHEDULED_JOB = Symbol.for('cdk8s-selfhosted.ScheduledJob');

/** The control plane looks every ten seconds: with less, runs may never start. */
const LEAST_DEADLINE = 10;

function problems(path: string, options: ScheduledJobOptions): Finding[] {
  const { schedule, timeZone } = options;
  const text = (key: 'schedule' | 'timeZone', message: string | undefined, fix: string): Finding[] =>
    message === undefined
      ? []
      : [
          {
            id: 'workload/invalid-schedule',
            level: 'error',
            path: `${path}.${key}`,
            message,
            given: show(options[key]),
            fix,
          },
        ];
  const number = (
    key: 'startingDeadlineSeconds' | 'successfulJobsHistoryLimit' | 'failedJobsHistoryLimit',
    least: number,
  ) =>
    options[key] === undefined
      ? []
      : specFinding({
          id: 'workload/invalid-limit',
          path: `${path}.${key}`,
          message: wholeNumberProblem(key, options[key], least, INT32_MAX),
          given: options[key],
          fix: `write ${key} as a whole number`,
        });
  return [
    ...text(
      'schedule',
      typeof schedule === 'string' ? scheduleProblem(schedule) : 'a schedule is needed',
      'write minute, hour, day of the month, month, day of the week: schedule: "30 3 * * *"',
    ),
    ...text(
      'timeZone',
      timeZone === undefined ? undefined : typeof timeZone === 'string' ? timeZoneProblem(timeZone) : 'it is no text',
      'use a name of the tz database: timeZone: "Europe/Berlin"',
    ),
    ...number('startingDeadlineSeconds', LEAST_DEADLINE),
    ...number('successfulJobsHistoryLimit', 0),
    ...number('failedJobsHistoryLimit', 0),
  ];
}

function nameProblem(name: string): string | undefined {
  const problem = workloadNameProblem(name);
  return problem === undefined ? undefined : `"${name}" cannot name a CronJob: ${problem}`;
}
