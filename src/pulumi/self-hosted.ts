import * as pulumi from '@pulumi/pulumi';
import type { ApiObject } from 'cdk8s';
import { describeFinding } from '../core/errors';
import type { PlatformStack } from '../stack/platform-stack';
import type { BuildStack } from './build';
import { type DeploymentPlan, planDeployment, type ServiceEndpoint } from './deployment-plan';
import { inputsOf } from './inputs';
import { replacementWarnings } from './mutable-configuration';
import { optionsOf } from './resource-options';
import { resourceClass } from './resource-class';

/** Type token of the component; part of every URN, so it never changes. */
const TYPE = 'cdk8s-selfhosted:index:SelfHosted';

/**
 * Options of the component. `provider`, `parent`, `protect`, `aliases`, `transforms`, `dependsOn` and the like mean what
 * they mean for every component.
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
   * @throws ConfigurationError with every open problem of the stack, before anything is registered.
   */
  constructor(name: string, build: BuildStack<Stack>, options: SelfHostedOptions = {}) {
    const { adopt = () => false, ...component } = options;
    const plan = planDeployment(name, build);
    // The settings of a provider that is passed on cannot be read here.
    const usesDefaultProvider =
      component.provider === undefined && component.providers === undefined && component.parent === undefined;
    const manifests = plan.objects.map(({ manifest }) => manifest);
    const warnings = [
      ...plan.warnings,
      ...(usesDefaultProvider ? replacementWarnings(plan.stack.node.path, manifests) : []),
    ];
    super(TYPE, name, {}, component);
    this.stack = plan.stack;
    this.resources = this.registerResources(name, plan, component, adopt);
    plan.stack.seal();
    this.namespace = pulumi.output(plan.stack.namespaceName);
    this.services = Object.fromEntries(
      plan.services.map(({ component: of, object, endpoint }) => {
        const resource = this.resources.get(object);
        return [of, resource === undefined ? pulumi.output(endpoint) : after(resource, endpoint)];
      }),
    );
    warnings.forEach((finding) => void pulumi.log.warn(describeFinding(finding), this));
    this.registerOutputs({
      product: plan.stack.identity.product,
      instance: plan.stack.identity.instance,
      profile: plan.stack.profile,
      cluster: plan.stack.cluster.name,
      namespace: plan.stack.namespaceName,
      ...(plan.stack.version === undefined ? {} : { version: plan.stack.version }),
      services: this.services,
    });
  }

  /**
   * The resource of an object of the stack, for instance `resourceOf(caracal.stack.gateway.workload)`: to depend on it
   * alone, or to read what the cluster made of it.
   */
  public resourceOf(object: ApiObject): pulumi.CustomResource | undefined {
    return this.resources.get(object);
  }

  private registerResources(
    name: string,
    { objects, values, stack }: DeploymentPlan<Stack>,
    component: pulumi.ComponentResourceOptions,
    adopt: (object: ApiObject) => boolean,
  ): Map<ApiObject, pulumi.CustomResource> {
    const registered: pulumi.CustomResource[] = [];
    const resources = new Map<ApiObject, pulumi.CustomResource>();
    for (const { object, manifest, phase, before } of objects) {
      const { namespace, name: objectName } = manifest.metadata;
      const identity = [namespace, objectName].filter((part) => part !== undefined).join('/');
      const waitsFor = before.flatMap((position) => registered[position] ?? []);
      const resource = new (resourceClass(manifest))(`${name}:${identity}`, inputsOf(manifest, values), {
        ...optionsOf({ manifest, phase, durable: stack.profile !== 'dev' }),
        ...(component.customTimeouts === undefined ? {} : { customTimeouts: component.customTimeouts }),
        // The SDK does not hand these down; every other object waits for one of those that have nothing before them.
        ...(waitsFor.length > 0 ? { dependsOn: waitsFor } : { dependsOn: component.dependsOn ?? [] }),
        ...(adopt(object) ? { import: identity } : {}),
        // Before 0.1.0 these were written with the namespace of the stack, also in their URN.
        ...(namespace === undefined && object.metadata.namespace !== undefined && manifest.kind !== 'Namespace'
          ? { aliases: [{ name: `${name}:${object.metadata.namespace}/${objectName}` }] }
          : {}),
        parent: this,
      });
      registered.push(resource);
      resources.set(object, resource);
    }
    return resources;
  }
}

/** A text that is known now, with the dependency on a resource: what uses it waits. */
function after<T>(resource: pulumi.CustomResource, value: T): pulumi.Output<T> {
  return resource.urn.apply(() => value) as unknown as pulumi.Output<T>;
}
