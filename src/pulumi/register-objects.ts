import type * as pulumi from '@pulumi/pulumi';
import type { ApiObject } from 'cdk8s';
import type { PlatformStack } from '../stack/platform-stack';
import type { DeploymentPlan } from './deployment-plan';
import { type Fate, fateOf } from './fate';
import { inputsOf } from './inputs';
import { resourceClass } from './resource-class';
import { optionsOf } from './resource-options';

/** What the objects of a component are registered with. */
export interface RegistrationRequest {
  /** Name of the component; the names of its resources begin with it. */
  readonly name: string;
  readonly parent: pulumi.ComponentResource;
  /** What becomes of the component. */
  readonly fate: Fate;
  /** Options of the component. */
  readonly options: pulumi.ComponentResourceOptions;
  /** Chooses objects that are imported instead of created. */
  readonly adopt: (object: ApiObject) => boolean;
}

/** An object of a stack that was registered. */
export interface RegisteredObject {
  readonly object: ApiObject;
  readonly resource: pulumi.CustomResource;
  readonly fate: Fate;
}

/** Registers every object of a plan, in the order of the phases, each with what becomes of it. */
export function registerObjects(
  { objects, values, stack }: DeploymentPlan<PlatformStack>,
  { name, parent, fate, options, adopt }: RegistrationRequest,
): RegisteredObject[] {
  const registered: RegisteredObject[] = [];
  for (const { object, manifest, phase, before } of objects) {
    const { namespace, name: objectName } = manifest.metadata;
    const identity = [namespace, objectName].filter((part) => part !== undefined).join('/');
    const waitsFor = before.flatMap((position) => registered[position] ?? []);
    const resource = new (resourceClass(manifest))(`${name}:${identity}`, inputsOf(manifest, values), {
      ...optionsOf({ manifest, phase, durable: stack.profile !== 'dev', isProtected: options.protect === true }),
      ...(options.customTimeouts === undefined ? {} : { customTimeouts: options.customTimeouts }),
      // Not the resource itself: where it is never registered, whoever depends on it would wait for ever.
      // The SDK does not hand the component's own down; every other object waits for one of those that have nothing before.
      dependsOn: waitsFor.length > 0 ? waitsFor.map(async (each) => present(each)) : (options.dependsOn ?? []),
      ...(adopt(object) ? { import: identity } : {}),
      // Before 0.1.0 these were written with the namespace of the stack, also in their URN.
      ...(namespace === undefined && object.metadata.namespace !== undefined && manifest.kind !== 'Namespace'
        ? { aliases: [{ name: `${name}:${object.metadata.namespace}/${objectName}` }] }
        : {}),
      parent,
    });
    const comesFirst = [fate, ...waitsFor.map((each) => each.fate)];
    const checked = values.standIn(manifest) ? [fate.then(async () => values.judged())] : [];
    registered.push({ object, resource, fate: fateOf(resource, [...comesFirst, ...checked]) });
  }
  return registered;
}

/** The resource, when the engine knows it. */
async function present({ resource, fate }: RegisteredObject): Promise<pulumi.Resource> {
  await fate;
  return resource;
}
