import type { ApiObject } from 'cdk8s';
import type { Cluster } from '../platform/cluster';

/** An object as it is written: what cdk8s renders, patches included. */
export interface Manifest {
  /** API group and version. */
  readonly apiVersion: string;
  /** Kind. */
  readonly kind: string;
  /** Name, namespace, labels. */
  readonly metadata: {
    /** Name. */
    readonly name: string;
    /** Namespace; absent for what lives outside of namespaces. */
    readonly namespace?: string;
    /** Labels. */
    readonly labels?: Readonly<Record<string, string>>;
    /** Every other field. */
    readonly [field: string]: unknown;
  };
  /** Every other field. */
  readonly [field: string]: unknown;
}

/**
 * An object as it is written. cdk8s puts the namespace of the chart into every object; what lives outside of namespaces
 * is written without one.
 */
export function manifestOf(object: ApiObject, cluster: Cluster): Manifest {
  const manifest = object.toJson() as Manifest;
  if (!cluster.isClusterScoped(object) || manifest.metadata?.namespace === undefined) {
    return manifest;
  }
  const { namespace: _, ...metadata } = manifest.metadata;
  return { ...manifest, metadata };
}

/** Text that is equal for objects that are one and the same in a cluster: group, kind, namespace and name. */
export function objectKey(object: ApiObject, cluster: Cluster): string {
  const namespace = cluster.isClusterScoped(object) ? '' : (object.metadata.namespace ?? '');
  return `${object.apiGroup}/${object.kind} ${namespace}/${object.name}`;
}
