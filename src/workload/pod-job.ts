import { ApiObject, Lazy } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { carries } from '../core/brand';
import type { Checks } from '../core/checks';
import { markDrawn } from '../core/drawn';
import { type Finding, show } from '../core/errors';
import { componentSelector, LABELS } from '../core/identity';
import type { JobSpec } from '../core/kubernetes';
import { Connections, type IConnectable } from '../network/connections';
import { SELECTOR_KEYS } from './component';
import { ciliumPolicy } from './cilium-policy';
import { contextOf, type StackContext } from './context';
import { DISRUPTIONS_DO_NOT_COUNT, jobLimitProblems, type JobLimits } from './job-limits';
import { type PodOptions, podOptionProblems, usableOptions } from './options';
import { joinMesh } from './mesh-flows';
import { podTemplate } from './pod-template';
import { drawableSidecars } from './sidecars';
import { type JobContent, versionLabel } from './spec';
import type { CompleteJobContent } from './spec-defaults';
import { usableJob } from './usable-spec';

/** What a user may tune on every kind of Job. */
export interface PodJobOptions extends PodOptions, JobLimits {}

/** How one kind of Job differs from another. */
interface JobKind<Options> {
  /** Checks of its options. */
  readonly checks: Checks<Options>;
  /** What is wrong with the options of its own. */
  readonly problems: (path: string, options: Options) => readonly Finding[];
  /** What is wrong with the name of its object, or undefined. */
  readonly nameProblem: (name: string) => string | undefined;
}

/**
 * What Jobs of every kind share: content, limits, flows, policy and account. A kind adds the object that runs the pods.
 */
export abstract class PodJob<Options extends PodJobOptions = PodJobOptions> extends Construct implements IConnectable {
  /** Whether a construct is a Job of any kind, also one of another copy of this package. */
  public static isJob(construct: IConstruct): construct is PodJob {
    return carries(construct, POD_JOB);
  }

  /** The content that the Job is drawn from, with its defaults and the user's limits. */
  public readonly spec: CompleteJobContent;
  /** The user's options. */
  public readonly options: Options;
  /** Flows of the Job's pods. */
  public readonly connections: Connections;
  /** Labels that select its pods. */
  public readonly selector: Readonly<Record<string, string>>;
  /** The object that runs the pods: a Job or a CronJob. */
  public abstract readonly job: ApiObject;
  /** The NetworkPolicy, which comes before the Job. */
  public readonly networkPolicy: ApiObject;
  /** The ServiceAccount, unless the user brought one. */
  public readonly serviceAccount: ApiObject | undefined;
  /** Name of the objects; that of a one-shot Job ends in a hash besides. */
  protected readonly objectName: string;
  /** What the pods are drawn with: options with problems are never emitted and might not even be drawable. */
  protected readonly drawn: Partial<Options>;
  private readonly context: StackContext;

  /**
   * What is wrong with either is reported to the stack, all of it in one report, and fails its synthesis.
   */
  protected constructor(scope: Construct, id: string, content: JobContent, options: Options, kind: JobKind<Options>) {
    super(scope, id);
    Object.defineProperty(this, POD_JOB, { value: true });
    this.context = contextOf(this);
    const { identity, names, cluster, namespaceName } = this.context;
    const checked = usableJob(this.node.path, id, content);
    const usable = usableOptions(this.node.path, options, kind.checks);
    this.options = usable.options;
    const { backoffLimit = checked.spec.backoffLimit, deadlineSeconds = checked.spec.deadlineSeconds } = this.options;
    this.spec = { ...checked.spec, ...drawableSidecars(this.options.sidecars), backoffLimit, deadlineSeconds };
    this.selector = Object.freeze(componentSelector(identity, this.spec.component));
    this.objectName = names.of(identity, this.spec.component);
    this.connections = new Connections({
      name: this.objectName,
      cluster: cluster.name,
      namespace: namespaceName,
      selector: this.selector,
      ports: [],
      onEntity: () =>
        ciliumPolicy(this, cluster, { name: this.objectName, labels: this.labels }, () =>
          this.connections.toCiliumPolicySpec(),
        ),
    });
    const problems = this.problems([...usable.findings, ...checked.findings], kind);
    problems.forEach((finding) => this.context.report(finding));
    this.drawn = problems.length > 0 ? {} : this.options;
    const metadata = { name: this.objectName, labels: this.labels };
    this.serviceAccount =
      this.options.serviceAccount === undefined
        ? markDrawn(
            new ApiObject(this, 'ServiceAccount', {
              apiVersion: 'v1',
              kind: 'ServiceAccount',
              metadata,
              automountServiceAccountToken: false,
            }),
          )
        : undefined;
    this.networkPolicy = markDrawn(
      new ApiObject(this, 'NetworkPolicy', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: Lazy.any({ produce: () => this.connections.toPolicySpec() }),
      }),
    );
    if (this.options.sidecarInjection === 'mesh-default') {
      const { connections } = this;
      joinMesh(this.context, { connections, probedPorts: [], resolvesNames: this.spec.resolvesNames !== false });
    }
    if (this.spec.resolvesNames !== false) {
      this.connections.allowTo(cluster.dns.peer, { port: cluster.dns.ports, reason: 'resolves names' });
    }
  }

  /** Labels of the objects. */
  protected get labels(): Record<string, string> {
    return { [LABELS.component]: this.spec.component };
  }

  /** Labels of the object that runs the pods. */
  protected get workloadLabels(): Record<string, string> {
    return { ...this.labels, ...versionLabel(this.spec) };
  }

  /** The spec of one run. */
  protected jobSpec(): JobSpec {
    const { spec, objectName } = this;
    const accounts = { serviceAccount: objectName, configMap: objectName };
    return {
      backoffLimit: spec.backoffLimit,
      activeDeadlineSeconds: spec.deadlineSeconds,
      podFailurePolicy: DISRUPTIONS_DO_NOT_COUNT,
      template: podTemplate(this.context, this.selector, accounts, spec, this.drawn, {
        sidecarInjection: 'disabled',
        ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers }),
        // Never, not OnFailure: each attempt is a pod of its own whose log stays readable (caracal W57).
        pod: { restartPolicy: 'Never' },
      }),
    };
  }

  private problems(shape: readonly Finding[], kind: JobKind<Options>): Finding[] {
    const { path } = this.node;
    // Where the Job's own part is wrong, that has been said.
    const message = shape.some(({ path: where }) => where === `${path}.component`)
      ? undefined
      : kind.nameProblem(this.objectName);
    return [
      ...shape,
      ...jobLimitProblems(path, this.options),
      ...podOptionProblems(path, this.options, this.spec, SELECTOR_KEYS),
      ...kind.problems(path, this.options),
      ...(message === undefined
        ? []
        : [
            {
              id: 'workload/invalid-name',
              level: 'error' as const,
              path,
              message,
              given: show(this.objectName),
              fix: 'choose a shorter instance in lower-case letters, digits and "-"',
            },
          ]),
    ];
  }
}

const POD_JOB = Symbol.for('cdk8s-selfhosted.PodJob');
