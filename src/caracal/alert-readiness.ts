import type { AlertRule } from '../monitoring/alert-rules';
import { replicasMissing, WORKLOAD_METRICS } from '../monitoring/workload-alerts';
import type { AlertTarget, MetricSelectors, WatchedWorkload } from './alert-target';
import type { CaracalAlertLimits } from './alert-thresholds';
import type { CaracalService } from './mode';

/** How a service is written in the name of an alert, and what it means that nobody serves. */
const SERVICES: Readonly<Record<CaracalService, readonly [name: string, consequence: string, hint?: string]>> = {
  api: ['API', 'Configuration and console are down; tokens are still issued'],
  sts: ['STS', 'No token is issued, and the gateway refuses what needs one'],
  gateway: ['Gateway', 'Governed calls fail'],
  audit: [
    'Audit',
    'Established traffic goes on. Evidence may pile up in Redis until it is trimmed or Redis is full',
    ' NOGROUP in the log means that Redis has lost its data: make the group before audit restarts by itself, or the events of that time are not stored: XGROUP CREATE caracal.audit.events audit-ingestor 0 MKSTREAM, then restart sts, gateway and coordinator, which lost theirs without a sign. After a short outage of Redis audit stays not ready until the next event: any change in the console makes one.',
  ],
  coordinator: ['Coordinator', 'Sessions and delegations of agents are down; established traffic goes on'],
  web: ['Web', 'Operators cannot reach the console; tokens are still issued and governed calls go on'],
};

/**
 * Alerts about ready pods, from kube-state-metrics. `up` does not tell: Prometheus scrapes pods that are not ready too,
 * so it stays 1 while every pod is out of service.
 */
export function readinessAlerts(select: MetricSelectors, limits: CaracalAlertLimits, target: AlertTarget): AlertRule[] {
  return target.workloads.flatMap((workload) => [
    noReadyPod(select, workload, target.components),
    // With a floor of one, too few is none.
    ...(workload.minimum < 2 ? [] : [belowMinimum(select, workload)]),
    // One that never has more than one replica misses none while one is ready.
    ...(workload.maximum < 2
      ? []
      : [
          replicasMissing({
            ...workload,
            alert: `Caracal${SERVICES[workload.component][0]}ReplicasMissing`,
            namespace: target.namespace,
            tolerated: limits.replicasMissing,
          }),
        ]),
  ]);
}

function noReadyPod(select: MetricSelectors, workload: WatchedWorkload, scraped: readonly CaracalService[]): AlertRule {
  const { component, kind } = workload;
  const [name, consequence, hint = ''] = SERVICES[component];
  const label = WORKLOAD_METRICS[kind].label;
  const pods = select.workload(workload, WORKLOAD_METRICS[kind].ready);
  // A scraped component that is deleted is missed by its targets. Asking for the series there too would page once for
  // each service when kube-state-metrics is away; once, for the service that nobody else misses, says it as well.
  const missedByTargets = scraped.includes(component);
  return {
    alert: `Caracal${name}NoReadyPod`,
    // The highest of several kube-state-metrics, and no labels of their pods: a new one does not start the wait anew.
    expr: `max by (namespace, ${label}) (${pods}) == 0${missedByTargets ? '' : ` or absent(${pods})`}`,
    for: '5m',
    severity: 'critical',
    component,
    summary: `No pod of ${component} is ready`,
    description: `${consequence}. First look at the pods: kubectl get pods -l app.kubernetes.io/component=${component} in the namespace {{ $labels.namespace }}. Running and not ready means that /ready fails: check the database and Redis, and read the log.${hint} Pending means that no node has room or a volume is missing. If there is none, look at the events of {{ $labels.${label} }}.${missedByTargets ? '' : ' If they are ready, kube-state-metrics is away, and every alert about pods and Jobs is blind.'}`,
  };
}

function belowMinimum(select: MetricSelectors, workload: WatchedWorkload): AlertRule {
  const { component, kind, minimum } = workload;
  const label = WORKLOAD_METRICS[kind].label;
  return {
    alert: `Caracal${SERVICES[component][0]}BelowMinimum`,
    // None at all is the alert above. A pod of a StatefulSet may replay audit events for 15 minutes before it is ready.
    expr: `(max by (namespace, ${label}) (${select.workload(workload, WORKLOAD_METRICS[kind].ready)}) > 0) < ${minimum}`,
    for: '20m',
    severity: 'warning',
    component,
    summary: `Fewer pods of ${component} are ready than its minimum`,
    description: `{{ $value }} of at least ${minimum} pods are ready, so the next failure or drain may be an outage. First look at the pods: kubectl get pods -l app.kubernetes.io/component=${component} in the namespace {{ $labels.namespace }}, then kubectl describe pod for one that is not ready. Pending means that no node has room, or that its volume is in another zone.`,
  };
}
