import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';

/** A Kubernetes object as cdk8s renders it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** How every resource class of the Kubernetes provider is constructed. */
export type ResourceClass = new (
  name: string,
  inputs: Record<string, unknown>,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/**
 * The class of an object: the provider's own for built-in kinds, so that type token, aliases and secret fields are those
 * that other Pulumi programs have; `CustomResource` for every other kind.
 */
export function resourceClass({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): ResourceClass {
  return builtIn(apiVersion, kind) ?? (k8s.apiextensions.CustomResource as unknown as ResourceClass);
}

// Modules are named by the first part of the group: `networking.k8s.io/v1` is `k8s.networking.v1`.
function builtIn(apiVersion: string, kind: string): ResourceClass | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  if (group === undefined || version === undefined || (group.includes('.') && !group.endsWith('.k8s.io'))) {
    return undefined;
  }
  const module = property(k8s, group.split('.')[0] ?? '');
  const found = property(property(module, version), kind) as ({ __pulumiType?: string } & ResourceClass) | undefined;
  // A group that begins with the same name is another group.
  return found?.__pulumiType === `kubernetes:${group}/${version}:${kind}` ? found : undefined;
}

function property(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && name in from ? Reflect.get(from, name) : undefined;
}
