import type { Check } from '../core/checks';
import { requireWhole } from '../core/shape';
import { Component } from '../workload/component';
import { contextOf } from '../workload/context';
import type { AlertRule } from './alert-rules';
import { replicasMissing, WORKLOAD_METRICS, workloadValue } from './workload-alerts';

/**
 * Alerts of any component: none of its pods is ready, fewer than its minimum are, or fewer than its autoscaler wants.
 * They need kube-state-metrics, and nothing from the component itself.
 *
 * @throws ConfigurationError `core/wrong-type` for anything but a component.
 */
export function availabilityAlerts(component: Component): AlertRule[] {
  requireWhole(
    'availabilityAlerts',
    { component },
    { checks: { component: isComponent }, required: { component: 'stack.api' } },
  );
  const { spec, scaling, serviceName } = component;
  const name = alertName(spec.component);
  const watched = { namespace: contextOf(component).namespaceName, kind: spec.kind, name: serviceName } as const;
  const ready = workloadValue(watched, 'ready');
  const { label, ready: metric } = WORKLOAD_METRICS[spec.kind];
  // By its selector alone `absent` knows the labels that the description names.
  const series = `${metric}{namespace=${JSON.stringify(watched.namespace)},${label}=${JSON.stringify(serviceName)}}`;
  const look = `First look at the pods: kubectl get pods -l app.kubernetes.io/component=${spec.component} in the namespace {{ $labels.namespace }}`;
  const common = { component: spec.component } as const;
  return [
    {
      ...common,
      alert: `${name}NoReadyPod`,
      // Where the object is gone, nothing but this alert would miss it.
      expr: `${ready} == 0 or absent(${series})`,
      for: '5m',
      severity: 'critical',
      summary: `No pod of ${spec.component} is ready`,
      description: `Nobody is served. ${look}. Running and not ready means that the readiness probe fails: read the log. Pending means that no node has room or a volume is missing. If there is no pod, look at the events of {{ $labels.${label} }}. If they are ready, kube-state-metrics is away.`,
    },
    // With a floor of one, too few is none.
    ...(scaling.min < 2
      ? []
      : [
          {
            ...common,
            alert: `${name}BelowMinimum`,
            expr: `(${ready} > 0) < ${scaling.min}`,
            for: '20m',
            severity: 'warning',
            summary: `Fewer pods of ${spec.component} are ready than its minimum`,
            description: `{{ $value }} of at least ${scaling.min} pods are ready, so the next failure or drain may be an outage. ${look}, then kubectl describe pod for one that is not ready.`,
          } as const,
        ]),
    ...(scaling.max < 2
      ? []
      : [
          replicasMissing({
            ...watched,
            ...common,
            alert: `${name}ReplicasMissing`,
            minimum: scaling.min,
          }),
        ]),
  ];
}

const isComponent: Check = (value) =>
  Component.isComponent(value as Component) ? undefined : 'it must be a Component of a stack';

/** `order-intake` as `OrderIntake`. */
function alertName(component: string): string {
  return component
    .split('-')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('');
}
