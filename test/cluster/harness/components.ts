import type { ApiClient } from './client';
import { matches } from './labels';
import type { Autoscaler, LabelSelector, Pod, Workload } from './objects';

/** A Deployment or StatefulSet, seen as something that must stay available. */
export interface Component {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly selector: LabelSelector;
  /** Replicas that it promises: `minReplicas` under an autoscaler, else `replicas`. */
  readonly floor: number;
  readonly workload: Workload;
}

/** `<namespace>/<Kind>/<name>`. */
export function describeComponent({ namespace, kind, name }: Component): string {
  return `${namespace}/${kind}/${name}`;
}

/** All Deployments and StatefulSets of a namespace. */
export async function componentsOf(client: ApiClient, namespace: string): Promise<Component[]> {
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const [deployments, statefulSets, autoscalers] = await Promise.all([
    client.list<Workload>(`${apps}/deployments`),
    client.list<Workload>(`${apps}/statefulsets`),
    client.list<Autoscaler>(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`),
  ]);
  return [...deployments.items, ...statefulSets.items].map((workload) => {
    const { kind, metadata, spec } = workload;
    const autoscaler = autoscalers.items.find(
      ({ spec: { scaleTargetRef: target } }) => target.kind === kind && target.name === metadata.name,
    );
    const floor = autoscaler ? (autoscaler.spec.minReplicas ?? 1) : (spec.replicas ?? 1);
    return { namespace, kind, name: metadata.name, selector: spec.selector, floor, workload };
  });
}

/** Whether a pod belongs to a component. */
export function belongsTo(component: Component, pod: Pod): boolean {
  return pod.metadata.namespace === component.namespace && matches(component.selector, pod.metadata.labels);
}
