import { createHash } from 'node:crypto';
import { ApiObject, Lazy } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { check, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import type { JobSpec } from '../core/kubernetes';
import { componentSelector, LABELS } from '../core/identity';
import { dnsLabelProblem } from '../core/text';
import { printedBySource } from '../core/value';
import { Connections, type IConnectable } from '../network/connections';
import { contextOf, type StackContext } from './context';
import { DISRUPTIONS_DO_NOT_COUNT, JOB_LIMIT_CHECKS, jobLimitProblems, type JobLimits } from './job-limits';
import { POD_OPTION_CHECKS, type PodOptions, podOptionProblems, usableOptions } from './options';
import { podTemplate } from './pod-template';
import { SELECTOR_KEYS } from './component';
import { type JobContent, versionLabel } from './spec';
import type { CompleteJobContent } from './spec-defaults';
import { usableJob } from './usable-spec';

/** What a user may tune on a Job. */
export interface JobOptions extends PodOptions, JobLimits {
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
export class OneShotJob extends Construct implements IConnectable {
  /** Whether a construct is a one-shot Job, also one of another copy of this package. */
  public static isOneShotJob(construct: IConstruct): construct is OneShotJob {
    return typeof construct === 'object' && construct !== null && ONE_SHOT_JOB in construct;
  }

  /** The content that the Job is drawn from, with its defaults and the user's limits. */
  public readonly spec: CompleteJobContent;
  /** The user's options. */
  public readonly options: JobOptions;
  /** Flows of the Job's pods. */
  public readonly connections: Connections;
  /** Labels that select its pods. */
  public readonly selector: Readonly<Record<string, string>>;
  /** The Job. */
  public readonly job: ApiObject;
  /** The NetworkPolicy, which comes before the Job. */
  public readonly networkPolicy: ApiObject;
  /** The ServiceAccount, unless the user brought one. */
  public readonly serviceAccount: ApiObject | undefined;

  /**
   * What is wrong with either is reported to the stack, all of it in one report, and fails its synthesis.
   *
   * @param content What runs.
   * @param options What the user tunes.
   */
  constructor(scope: Construct, id: string, content: JobContent, options: JobOptions = {}) {
    super(scope, id);
    Object.defineProperty(this, ONE_SHOT_JOB, { value: true });
    const context = contextOf(this);
    const { identity, names, cluster, namespaceName } = context;
    const checked = usableJob(this.node.path, id, content);
    const usable = usableOptions(this.node.path, options, JOB_OPTION_CHECKS);
    this.options = usable.options;
    const { backoffLimit = checked.spec.backoffLimit, deadlineSeconds = checked.spec.deadlineSeconds } = this.options;
    this.spec = { ...checked.spec, backoffLimit, deadlineSeconds };
    const { spec } = this;
    this.selector = Object.freeze(componentSelector(identity, spec.component));
    const name = names.of(identity, spec.component);
    this.connections = new Connections({
      name,
      cluster: cluster.name,
      namespace: namespaceName,
      selector: this.selector,
      ports: [],
    });
    const problems = this.problems([...usable.findings, ...checked.findings], name);
    problems.forEach((finding) => context.report(finding));
    const labels = { [LABELS.component]: spec.component };
    this.serviceAccount =
      this.options.serviceAccount === undefined
        ? markDrawn(
            new ApiObject(this, 'ServiceAccount', {
              apiVersion: 'v1',
              kind: 'ServiceAccount',
              metadata: { name, labels },
              automountServiceAccountToken: false,
            }),
          )
        : undefined;
    this.networkPolicy = markDrawn(
      new ApiObject(this, 'NetworkPolicy', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, labels },
        spec: Lazy.any({ produce: () => this.connections.toPolicySpec() }),
      }),
    );
    // The name needs the spec now; options with problems are never emitted and might not even be drawable.
    const drawn: JobOptions = problems.length > 0 ? {} : this.options;
    this.job = markDrawn(
      new ApiObject(this, 'Resource', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: `${name}-${this.contentHash(context, name, drawn)}`,
          labels: { ...labels, ...versionLabel(spec) },
          annotations: REPEATED_BY_PULUMI,
        },
        spec: this.jobSpec(context, name, drawn),
      }),
    );
    if (spec.resolvesNames !== false) {
      this.connections.allowTo(cluster.dns.peer, { port: cluster.dns.ports, reason: 'resolves names' });
    }
  }

  private jobSpec(context: StackContext, name: string, options: JobOptions): JobSpec {
    const { spec } = this;
    return {
      backoffLimit: spec.backoffLimit,
      activeDeadlineSeconds: spec.deadlineSeconds,
      podFailurePolicy: DISRUPTIONS_DO_NOT_COUNT,
      template: podTemplate(context, this.selector, { serviceAccount: name, configMap: name }, spec, options, {
        sidecarInjection: 'disabled',
        ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers }),
        // Never, not OnFailure: each attempt is a pod of its own whose log stays readable (caracal W57).
        pod: { restartPolicy: 'Never' },
      }),
    };
  }

  /**
   * Eight hexadecimal digits that change with the content. A value that is known only at deployment counts by the
   * property that it was given for: the name must be known before the value is.
   */
  private contentHash(context: StackContext, name: string, options: JobOptions): string {
    const spec = this.jobSpec(context, name, options);
    const text = JSON.stringify([spec, options.rerun ?? ''], (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    return createHash('sha256')
      .update(printedBySource(text))
      .digest('hex')
      .slice(0, HASH_LENGTH - 1);
  }

  private problems(shape: readonly Finding[], name: string): Finding[] {
    const { path } = this.node;
    // Where the Job's own part is wrong, that has been said.
    const nameProblem = shape.some(({ path: where }) => where === `${path}.component`)
      ? undefined
      : dnsLabelProblem(`${name}${'0'.repeat(HASH_LENGTH)}`);
    return [
      ...shape,
      ...jobLimitProblems(path, this.options),
      ...podOptionProblems(path, this.options, this.spec, SELECTOR_KEYS),
      ...(nameProblem === undefined
        ? []
        : [
            {
              id: 'workload/invalid-name',
              level: 'error' as const,
              path,
              message: `"${name}" and a hash cannot name a Job: ${nameProblem}`,
              given: show(name),
              fix: 'choose a shorter instance in lower-case letters, digits and "-"',
            },
          ]),
    ];
  }
}

const ONE_SHOT_JOB = Symbol.for('cdk8s-selfhosted.OneShotJob');
