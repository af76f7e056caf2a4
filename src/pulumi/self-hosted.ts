import * as pulumi from '@pulumi/pulumi';
import type { ApiObject } from 'cdk8s';
import { describeFinding } from '../core/errors';
import type { PlatformStack } from '../stack/platform-stack';
import type { BuildStack } from './build';
import { optionFindings } from './component-options';
import { planDeployment, type ServiceEndpoint } from './deployment-plan';
import { fateOf, settledDependencies } from './fate';
import { replacementWarnings } from './mutable-configuration';
import { admissionOfProgram } from './program';
import { registerObjects } from './register-objects';

/** Type token of the component; part of every URN, so it never changes. */
const TYPE = 'cdk8s-selfhosted:index:SelfHosted';

/**
 * Options of the component. `provider`, `parent`, `aliases`, `transforms`, `dependsOn` and the like mean what they mean
 * for every component; `protect` holds for every object but Jobs, which a release replaces. A protected `parent` would
 * protect these too: a warning says so. Options of single resources (`ignoreChanges`, `replaceOnChanges`) do nothing on a component: a warning says so.
 */
export interface SelfHostedOptions extends pulumi.ComponentResourceOptions {
  /**
   * Chooses objects that are in the cluster already: they are imported instead of created, for instance the namespace
   * that an earlier `pulumi destroy` retained: `(object) => object.kind === 'Namespace'`. Take it out after the first
   * update. The provider imports no kind with fields that cannot change (Secret, Job, Deployment, StatefulSet): its
   * setting `upsertExistingObjects` takes those over, see docs/pulumi.md.
   * @default - every object is created
   */
  readonly adopt?: (object: ApiObject) => boolean;
}

/** What a stack is, for the stack's outputs and for other resources of the program. */
export interface SelfHostedData {
  /** The product. */
  readonly product: string;
  /** Name of the installation. */
  readonly instance: string;
  /** The profile. */
  readonly profile: string;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Namespace of every object. */
  readonly namespace: string;
  /** Release of the product; absent where the stack names none. */
  readonly version?: string;
  /** Services by component: `services.gateway.host`. */
  readonly services: Readonly<Record<string, ServiceEndpoint>>;
}

/**
 * A stack of this library as Pulumi resources: one component, and below it one resource for each object that `cdk8s
 * synth` would have written, typed, in the order of the phases.
 *
 * Resources are named `<component>:<namespace>/<object>`, so URNs follow the names of objects, and moving or wrapping
 * constructs in the build function changes none.
 */
export class SelfHosted<Stack extends PlatformStack = PlatformStack> extends pulumi.ComponentResource<SelfHostedData> {
  /** The stack: its components, `findings()`, `flows()`, `secretChecklist()`. */
  public readonly stack: Stack;
  /** Namespace of every object. */
  public readonly namespace: pulumi.Output<string>;
  /**
   * Services by component, with host and ports: `caracal.services.gateway.host`. Known in a preview. What is given one of
   * these waits for the Service.
   */
  public readonly services: Readonly<Record<string, pulumi.Output<ServiceEndpoint>>>;
  private readonly resources: ReadonlyMap<ApiObject, pulumi.CustomResource>;

  /**
   * @param name Name of the component, unique in the program; the names of its resources begin with it.
   * @param build Builds the stack.
   * @throws ConfigurationError with every open problem of the stack, before anything is registered. Components that the
   *   program made before, without waiting for anything in between, are not registered either.
   */
  constructor(name: string, build: BuildStack<Stack>, options: SelfHostedOptions = {}) {
    const { adopt = () => false, ...component } = options;
    const admission = admissionOfProgram();
    const findings = optionFindings(name, component);
    const plan = admission.require(() => planDeployment(name, build, findings));
    // The settings of a provider that is passed on cannot be read here.
    const usesDefaultProvider =
      component.provider === undefined && component.providers === undefined && component.parent === undefined;
    const manifests = plan.objects.map(({ manifest }) => manifest);
    const warnings = [
      ...plan.warnings,
      ...findings.filter(({ level }) => level === 'warning'),
      ...(usesDefaultProvider ? replacementWarnings(plan.stack.node.path, manifests) : []),
    ];
    // Protection is told object by object: engines hand that of a component down, also to a Job that says `false`.
    const { protect: _protect, ...own } = component;
    super(TYPE, name, {}, { ...own, dependsOn: whenGranted(admission.granted, component.dependsOn) });
    this.stack = plan.stack;
    const fate = fateOf(this, [admission.granted.then(async () => settledDependencies(component))]);
    const registered = admission.require(() =>
      registerObjects(plan, { name, parent: this, fate, options: component, adopt }),
    );
    plan.stack.seal();
    this.resources = new Map(registered.map(({ object, resource }) => [object, resource]));
    this.namespace = pulumi.output(plan.stack.namespaceName);
    this.services = Object.fromEntries(
      plan.services.map(({ component: of, object, endpoint }) => {
        const resource = this.resources.get(object);
        return [of, resource === undefined ? pulumi.output(endpoint) : after(resource, endpoint)];
      }),
    );
    // Not before the component is registered: the SDK sends messages in turn, and one about a resource that never is
    // would keep back every later one, the error that says why included.
    fate.then(
      () => warnings.forEach((finding) => void pulumi.log.warn(describeFinding(finding), this)),
      () => undefined,
    );
    const data: pulumi.Inputs = {
      product: plan.stack.identity.product,
      instance: plan.stack.identity.instance,
      profile: plan.stack.profile,
      cluster: plan.stack.cluster.name,
      namespace: plan.stack.namespaceName,
      ...(plan.stack.version === undefined ? {} : { version: plan.stack.version }),
      services: this.services,
    };
    // Last of all: until its outputs are registered the program counts as running, so a failure ends before it does.
    this.registerOutputs(Promise.all(registered.map((each) => each.fate)).then(() => data));
  }

  /**
   * The resource of an object of the stack, for instance `resourceOf(caracal.stack.gateway.workload)`: to depend on it
   * alone, or to read what the cluster made of it.
   */
  public resourceOf(object: ApiObject): pulumi.CustomResource | undefined {
    return this.resources.get(object);
  }
}

/** Dependencies that are told when the program's turn has ended. */
function whenGranted(
  granted: Promise<void>,
  dependsOn: pulumi.ResourceOptions['dependsOn'],
): pulumi.ResourceOptions['dependsOn'] {
  // The SDK resolves promises of dependencies at any depth; its type names two.
  return granted.then(() => dependsOn ?? []) as Promise<pulumi.Resource[]>;
}

/** A text that is known now, with the dependency on a resource: what uses it waits. */
function after<T>(resource: pulumi.CustomResource, value: T): pulumi.Output<T> {
  return resource.urn.apply(() => value) as unknown as pulumi.Output<T>;
}
