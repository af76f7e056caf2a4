import { createHash } from 'node:crypto';
import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { carries } from '../core/brand';
import { check, type Checks } from '../core/checks';
import { markDrawn } from '../core/drawn';
import { dnsLabelProblem } from '../core/text';
import { printedBySource } from '../core/value';
import { JOB_LIMIT_CHECKS } from './job-limits';
import { POD_OPTION_CHECKS } from './options';
import { PodJob, type PodJobOptions } from './pod-job';
import type { JobContent } from './spec';

/** What a user may tune on a Job. */
export interface JobOptions extends PodJobOptions {
  /**
   * Any text; a new one runs the Job again although nothing else changed, for instance after a failure. A text that was
   * used before finds the Job of that time, which does not run again.
   * @default - the Job runs once per content
   */
  readonly rerun?: string;
}

/** Checks of `JobOptions`. */
export const JOB_OPTION_CHECKS: Checks<JobOptions> = {
  ...POD_OPTION_CHECKS,
  ...JOB_LIMIT_CHECKS,
  rerun: check.text,
};

/**
 * Pulumi replaces a Job that has not completed with its next update; without it a failed Job would fail every update.
 * Nobody else reads it. It is no part of the content, so it stands in no hash.
 */
const REPEATED_BY_PULUMI = { 'pulumi.com/replaceUnready': 'true' };

/** A dash and eight hexadecimal digits. */
const HASH_LENGTH = 9;

/**
 * A Job that runs once per content: its name ends in a hash of its spec, of `rerun` and of the secrets' revision, so a
 * new release makes a new Job instead of a forbidden change of the old one. Finished Jobs stay (no TTL): one that is
 * removed would run again with the next deployment. A failed Job is deleted by hand, or followed by one with another `rerun`.
 */
export class OneShotJob extends PodJob<JobOptions> {
  /** Whether a construct is a one-shot Job, also one of another copy of this package. */
  public static isOneShotJob(construct: IConstruct): construct is OneShotJob {
    return carries(construct, ONE_SHOT_JOB);
  }

  /** The Job. */
  public readonly job: ApiObject;

  /**
   * What is wrong with either is reported to the stack, all of it in one report, and fails its synthesis.
   *
   * @param content What runs.
   * @param options What the user tunes.
   */
  constructor(scope: Construct, id: string, content: JobContent, options: JobOptions = {}) {
    super(scope, id, content, options, { checks: JOB_OPTION_CHECKS, problems: () => [], nameProblem });
    Object.defineProperty(this, ONE_SHOT_JOB, { value: true });
    this.job = markDrawn(
      new ApiObject(this, 'Resource', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        // The name needs the spec now.
        metadata: {
          name: `${this.objectName}-${this.contentHash()}`,
          labels: this.workloadLabels,
          annotations: REPEATED_BY_PULUMI,
        },
        spec: this.jobSpec(),
      }),
    );
  }

  /**
   * Eight hexadecimal digits that change with the content. A value that is known only at deployment counts by the
   * property that it was given for: the name must be known before the value is.
   */
  private contentHash(): string {
    const text = JSON.stringify([this.jobSpec(), this.drawn.rerun ?? ''], (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    return createHash('sha256')
      .update(printedBySource(text))
      .digest('hex')
      .slice(0, HASH_LENGTH - 1);
  }
}

const ONE_SHOT_JOB = Symbol.for('cdk8s-selfhosted.OneShotJob');

function nameProblem(name: string): string | undefined {
  const problem = dnsLabelProblem(`${name}${'0'.repeat(HASH_LENGTH)}`);
  return problem === undefined ? undefined : `"${name}" and a hash cannot name a Job: ${problem}`;
}
