import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { check, type Checks } from '../core/checks';
import { annotateDrawn } from '../core/drawn';
import { type Finding, isOpenError, refuse, type ReportedFinding, safeFinding } from '../core/errors';
import type { Value } from '../core/value';
import { type Identity, instanceLabels, LABELS, Names } from '../core/identity';
import type { RegistryMirror } from '../images/registry-mirror';
import { type Connections, eachOnce, type Flow } from '../network/connections';
import type { Cluster } from '../platform/cluster';
import { type ProfileName, profileSettings, type ProfileSettings } from '../platform/profile';
import { baseRules } from '../validation/base-rules';
import { manifestOf } from '../validation/manifest';
import { MONITORING_API } from '../workload/service-monitor';
import { foreignImages } from '../validation/pods';
import { type Rule, runRules, type StackModel } from '../validation/rule';
import { writeObjects } from '../validation/written-object';
import { Component } from '../workload/component';
import { provideContext, type StackContext } from '../workload/context';
import { PodJob } from '../workload/pod-job';
import type { PodDefaults } from '../workload/pod-defaults';
import { imagesOf } from '../workload/spec';
import { type Acknowledgement, Acknowledgements } from './acknowledgements';
import { AppRegistry } from './app-registry';
import { namespaceObjects, type StackNamespace } from './namespace';
import { nestingProblems } from './nesting';
import { inOrder } from './ordering';
import { constructsOf, constructsUpToStacks, objectsOf } from './own-constructs';
import { sealStack } from './seal';
import { constructProblems, pathIn, stackProblems } from './stack-problems';
import { WorkloadConnections, type WorkloadConnectionsOptions, workloadOf } from './workload-connections';

/** What every stack needs, whatever the product. */
export interface PlatformStackProps {
  /** Profile: production, its rehearsal, or dev. */
  readonly profile: ProfileName;
  /** Namespace of every object: the name of one that exists, or one that the stack creates. */
  readonly namespace: string | StackNamespace;
  /** The cluster. */
  readonly cluster: Cluster;
  /** The product that the stack runs; it names the pods' `app.kubernetes.io/name`. */
  readonly product: string;
  /**
   * Name of this installation, unique in its namespace. Object names begin with it.
   * @default - the product
   */
  readonly instance?: string;
  /**
   * How objects are named.
   * @default Names.standard()
   */
  readonly names?: Names;
  /**
   * Settings of every pod.
   * @default - none
   */
  readonly pods?: PodDefaults;
  /**
   * Labels of every object of the stack, also of your own ones in it, for cost centres and the like. Pods have `pods.labels`.
   * Selectors and claims stay without them.
   * @default - those of the library alone
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations of every object that the library makes in the stack, for delivery tools and the like. Pods have
   * `pods.annotations`. What an object says itself goes before.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Where images are pulled from.
   * @default - from their own registries
   */
  readonly mirror?: RegistryMirror;
  /**
   * Release of the product, for whoever reads the stack. Version labels come from the specs of components and Jobs.
   * @default - unknown
   */
  readonly version?: string;
  /**
   * Whether components are scraped and alert rules are emitted.
   * @default - as the profile says
   */
  readonly monitored?: boolean;
  /**
   * Rules of your own, besides those that hold for every stack.
   * @default - none
   */
  readonly rules?: readonly Rule[];
}

/** Checks of `PlatformStackProps`. */
export const PLATFORM_STACK_CHECKS: Checks<PlatformStackProps> = {
  profile: check.oneOf('production', 'rc', 'dev'),
  namespace: check.any,
  cluster: check.instance('Cluster'),
  product: check.text,
  instance: check.text,
  labels: check.record,
  annotations: check.record,
  names: check.instance('Names'),
  pods: check.record,
  mirror: check.instance('RegistryMirror'),
  version: check.text,
  monitored: check.flag,
  rules: check.each(check.record),
};

/** Something that only one stack of a product may use in a cluster. */
export interface ExclusiveResource {
  /** What it is, comparable: the address of a database server. One that only the deployment knows is compared then. */
  readonly key: Value<string>;
  /** Why it cannot be shared. */
  readonly message: string;
  /** What to do instead. */
  readonly fix: string;
}

/**
 * A platform in one namespace: an ordinary cdk8s chart whose objects come out in the order of their phases, after every
 * rule was checked. `cdk8s synth`, `app.synthYaml()` and `Testing.synth()` just work, and none of them emits anything
 * when an error is open. It may stand in the app, in charts, in constructs and in other stacks, at any depth, with the same
 * objects.
 */
export class PlatformStack extends Chart implements StackContext {
  /** Product and instance. */
  public readonly identity: Identity;
  /** How objects are named. */
  public readonly names: Names;
  /** Namespace of every object. */
  public readonly namespaceName: string;
  /** The profile. */
  public readonly profile: ProfileName;
  /** The settings of the profile. */
  public readonly settings: ProfileSettings;
  /** The cluster. */
  public readonly cluster: Cluster;
  /** Settings of every pod. */
  public readonly pods: PodDefaults;
  /** Where images are pulled from. */
  public readonly mirror: RegistryMirror | undefined;
  /** Release of the product. */
  public readonly version: string | undefined;
  /** Whether components are to be scraped. */
  public readonly monitored: boolean;
  /** Whether they can be: monitors are emitted only where the cluster takes them. */
  public readonly emitsMonitors: boolean;
  private readonly ownRules: readonly Rule[];
  private readonly acknowledgements = new Acknowledgements();
  private readonly reported: Finding[] = [];
  private readonly connected = new Map<ApiObject, WorkloadConnections>();

  /**
   * @throws ConfigurationError with every problem of the properties.
   */
  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    const path = pathIn(scope, id);
    const problems = stackProblems(path, props, PLATFORM_STACK_CHECKS);
    if (problems.length > 0) {
      refuse(path, problems);
    }
    const identity = { product: props.product, instance: props.instance ?? props.product };
    const namespaceName = typeof props.namespace === 'string' ? props.namespace : props.namespace.name;
    super(scope, id, {
      namespace: namespaceName,
      labels: {
        ...props.labels,
        ...instanceLabels(identity),
        [LABELS.partOf]: identity.product,
        [LABELS.managedBy]: 'cdk8s-selfhosted',
      },
    });
    annotateDrawn(this, props.annotations ?? {});
    this.identity = identity;
    this.names = props.names ?? Names.standard();
    this.namespaceName = namespaceName;
    this.profile = props.profile;
    this.settings = profileSettings(props.profile);
    this.cluster = props.cluster;
    this.pods = { ...props.pods };
    this.mirror = props.mirror;
    this.version = props.version;
    this.monitored = props.monitored ?? this.settings.monitored;
    this.emitsMonitors =
      this.monitored && props.cluster.prometheus !== undefined && props.cluster.serves(MONITORING_API);
    this.ownRules = [...(props.rules ?? [])];
    provideContext(this, this);
    namespaceObjects(this, props.namespace, identity);
    AppRegistry.of(this).add(this);
  }

  /** Reports a problem of a construct inside the stack; it fails synthesis together with all others. */
  public report(finding: Finding): void {
    this.reported.push(finding);
  }

  /**
   * Everything that was found: errors, warnings, accepted ones with their reasons, and `stack/unused-acknowledgement`
   * for what was accepted and not found. Nothing is printed.
   */
  public findings(): ReportedFinding[] {
    const clash = AppRegistry.of(this).identityProblem(this);
    const found = [
      ...this.reported,
      ...(clash === undefined ? [] : [clash]),
      ...nestingProblems(this),
      ...runRules(this.rules(), this.model()),
    ];
    return [...this.acknowledgements.apply(found), ...this.acknowledgements.unused(this.node.path, found)].map(
      safeFinding,
    );
  }

  /**
   * What the properties alone decide: problems of constructs in their own properties, and rules that are judged at
   * construction. What is done to the stack afterwards is not waited for.
   * @internal
   */
  public propertyFindings(): Finding[] {
    const judged = this.rules().filter((rule) => rule.judged === 'construction');
    return [...this.reported, ...runRules(judged, this.model())].filter(({ level }) => level === 'error');
  }

  /**
   * Accepts the findings of a rule, with a reason that is shown beside them.
   *
   * @throws ConfigurationError `stack/unknown-rule`, `stack/not-acknowledgeable` for rules that protect a promise of
   *   the library, `stack/no-reason`.
   */
  public acknowledge(id: string, acknowledgement: Acknowledgement): void {
    this.acknowledgements.add(this.node.path, this.rules(), id, acknowledgement);
  }

  /** Every allowed flow of the stack, each once: who talks to whom, on which ports, and why. */
  public flows(): Flow[] {
    const { components, jobs, connected } = this.model();
    return eachOnce([...components, ...jobs, ...connected].flatMap(({ connections }) => connections.flows));
  }

  /**
   * Every image of the stack, init containers and Jobs included, each once, as its own registry names it: what a mirror
   * must hold before `mirror` is set.
   */
  public images(): string[] {
    const model = this.model();
    const own = [...model.components, ...model.jobs].flatMap(({ spec }) => imagesOf(spec).map(String));
    return [...new Set([...own, ...foreignImages(model)])].sort();
  }

  /**
   * Flows of a workload that the library did not draw, in the words of a component: `allowTo`, `allowFrom`. A
   * NetworkPolicy opens them, names are resolved, all else is closed. The same object may be asked for again.
   *
   * @param workload A raw ApiObject (Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod), or a workload of cdk8s-plus.
   * @throws ConfigurationError `network/no-workload` for an object without pods, `network/other-namespace` for one whose
   *   pods are in another namespace, or in one that nobody names.
   */
  public connectionsFor(workload: IConstruct, options: WorkloadConnectionsOptions = {}): Connections {
    const object = workloadOf(workload);
    const known = this.connected.get(object);
    const made = known ?? new WorkloadConnections(this, `Flows-${object.node.addr}`, object, options);
    this.connected.set(object, made);
    return made.connections;
  }

  /** What only one stack of the product may use in a cluster. Products override it. */
  public exclusiveResources(): readonly ExclusiveResource[] {
    return [];
  }

  /** Every component of the stack, the user's own too, in the order in which they were made. */
  public components(): Component[] {
    return constructsOf(this).filter((construct): construct is Component => Component.isComponent(construct));
  }

  /** Every one-shot Job of the stack, in the order in which they were made. */
  public jobs(): PodJob[] {
    return constructsOf(this).filter((construct): construct is PodJob => PodJob.isJob(construct));
  }

  /** Every object of the stack, in the order in which they were made. */
  public stackObjects(): ApiObject[] {
    return objectsOf(this);
  }

  /**
   * The objects as JSON, in the order of their phases. Only this stack is validated and rendered, so that an app with
   * many stacks stays linear.
   *
   * @throws ConfigurationError with every open error of the stack.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the signature of cdk8s
  public override toJson(): any[] {
    return this.orderedObjects().map((object) => manifestOf(object, this.cluster));
  }

  /**
   * Every object of the stack in the order of their phases, after every rule was checked: what an engine deploys.
   *
   * @throws ConfigurationError with every open error of the stack.
   */
  public orderedObjects(): ApiObject[] {
    const problems = [...this.findings().filter(isOpenError), ...constructsUpToStacks(this).flatMap(constructProblems)];
    if (problems.length > 0) {
      refuse(this.node.path, problems);
    }
    return inOrder(this.node.path, objectsOf(this));
  }

  /**
   * An engine has taken the objects: whatever would change them now reaches nobody, and is refused.
   * @internal
   */
  public seal(): void {
    sealStack(this, this.stackObjects());
  }

  /** Rules of the product, besides those of every stack. Products override it. */
  protected productRules(): readonly Rule[] {
    return [];
  }

  private rules(): readonly Rule[] {
    return [...baseRules(), ...this.productRules(), ...this.ownRules];
  }

  private model(): StackModel {
    // Of this chart alone: a stack inside of this one judges itself.
    const all = constructsOf(this);
    const writable = constructsUpToStacks(this).filter((each): each is ApiObject => ApiObject.isApiObject(each));
    return {
      path: this.node.path,
      context: this,
      components: all.filter((construct): construct is Component => Component.isComponent(construct)),
      jobs: all.filter((construct): construct is PodJob => PodJob.isJob(construct)),
      objects: all.filter((each): each is ApiObject => ApiObject.isApiObject(each)),
      connected: [...this.connected.values()],
      ...writeObjects(writable, this.cluster, this.namespaceName),
      root: this.node.root,
    };
  }
}
