import type { AlertRule } from './alert-rules';

/** A Deployment or StatefulSet, as kube-state-metrics labels it. */
export interface WatchedObject {
  /** Namespace of the object. */
  readonly namespace: string;
  /** Kind of the object. */
  readonly kind: 'Deployment' | 'StatefulSet';
  /** Name of the object. */
  readonly name: string;
}

/** What kube-state-metrics says of a kind: its label, how many pods are wanted, and how many are ready. */
export const WORKLOAD_METRICS = {
  // No workload here has minReadySeconds, so available is ready.
  Deployment: {
    label: 'deployment',
    desired: 'kube_deployment_spec_replicas',
    ready: 'kube_deployment_status_replicas_available',
  },
  StatefulSet: {
    label: 'statefulset',
    desired: 'kube_statefulset_replicas',
    ready: 'kube_statefulset_status_replicas_ready',
  },
} as const;

/** What an alert about missing replicas watches. */
export interface ReplicasMissing extends WatchedObject {
  /** Name of the alert. */
  readonly alert: string;
  /** Component that the alert is about. */
  readonly component: string;
  /**
   * Fewest replicas, at least 1. Below it another alert speaks (fewer than the minimum, or none at all), and this one is
   * silent: one problem is one alert.
   */
  readonly minimum: number;
  /**
   * Missing replicas that are tolerated; more fires.
   * @default 0
   */
  readonly tolerated?: number;
}

/**
 * The highest value of a workload's metric. Of several kube-state-metrics one counts, and labels of their pods are left
 * out: a new one does not start the wait anew.
 */
export function workloadValue({ namespace, kind, name }: WatchedObject, figure: 'desired' | 'ready'): string {
  const { label, [figure]: metric } = WORKLOAD_METRICS[kind];
  // The escapes of PromQL are those of Go, and JSON uses a part of them.
  const matchers = `namespace=${JSON.stringify(namespace)},${label}=${JSON.stringify(name)}`;
  return `max by (namespace, ${label}) (${metric}{${matchers}})`;
}

/**
 * An alert for a workload that wants more pods than are ready, for half an hour: an autoscaler that asked for six and
 * got two, pods that wait for a zone, a rollout that does not end. The minimum tells nothing of it, for that is met.
 */
export function replicasMissing(props: ReplicasMissing): AlertRule {
  const { alert, component, minimum, tolerated = 0 } = props;
  const { label } = WORKLOAD_METRICS[props.kind];
  return {
    alert,
    expr: `${workloadValue(props, 'desired')} - (${workloadValue(props, 'ready')} >= ${Math.max(1, minimum)}) > ${tolerated}`,
    // A StatefulSet replaces its pods one by one, and each may take its time to become ready.
    for: '30m',
    severity: 'warning',
    component,
    summary: `${component} wants more pods than are ready`,
    description: `{{ $value }} pods of {{ $labels.${label} }} are missing: it serves, with less than the load asks for. First look at the pods: kubectl get pods -l app.kubernetes.io/component=${component} in the namespace {{ $labels.namespace }}, then kubectl describe pod for one that is not ready. Pending means that no node has room, that a quota is used up, or that a zone is away. If there are too few pods, look at the events of {{ $labels.${label} }}.`,
  };
}
