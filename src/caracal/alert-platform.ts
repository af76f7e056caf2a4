import type { AlertRule } from '../monitoring/alert-rules';
import { vendorAlert } from './alert-expressions';
import type { AlertTarget, CaracalScraped, MetricSelectors } from './alert-target';
import type { CaracalAlertLimits } from './alert-thresholds';

/** How a component is written in the name of an alert, and what its absence means. */
const MISSING: Readonly<Record<CaracalScraped, readonly [name: string, consequence: string]>> = {
  api: ['API', 'Configuration and console may be down; tokens are still issued'],
  sts: ['STS', 'No token may be issued, and the gateway refuses what needs one'],
  gateway: ['Gateway', 'Governed calls may fail'],
  audit: ['Audit', 'Established traffic goes on, and evidence piles up in Redis until it is trimmed or Redis is full'],
  coordinator: ['Coordinator', 'Sessions and delegations of agents may be down; established traffic goes on'],
};

/**
 * No pod of a component is scraped. Every other alert of the component is silent then, for no data is no alert
 * (caracal W50). `absent()` covers the case without targets, the sum the case of targets that do not answer.
 */
export function targetMissing(select: MetricSelectors, component: CaracalScraped): AlertRule {
  const [name, consequence] = MISSING[component];
  const up = select.of(component, 'up');
  return {
    alert: `Caracal${name}TargetMissing`,
    expr: `sum by (namespace, job) (${up}) == 0 or absent(${up})`,
    for: '5m',
    severity: 'critical',
    component,
    summary: `No pod of ${component} answers Prometheus`,
    description: `${consequence}. All other alerts of ${component} are blind. First look at the pods: kubectl get pods -l app.kubernetes.io/component=${component} in the namespace {{ $labels.namespace }}. If they are ready, look at the targets page of Prometheus: 401 or 403 means a wrong metrics credential, a timeout a missing network path, no target a ServiceMonitor that Prometheus does not select.`,
  };
}

/** Alerts from kube-state-metrics and the kubelet, as kube-prometheus-stack labels them (`honorLabels`). */
export function platformAlerts(select: MetricSelectors, limits: CaracalAlertLimits, target: AlertTarget): AlertRule[] {
  return [
    vendorAlert({
      alert: 'CaracalReadinessFlapping',
      expr: `changes(${select.pods('kube_pod_container_status_ready')}[10m]) > ${limits.readinessFlapsPer10m}`,
      for: '5m',
      severity: 'warning',
      component: 'platform',
      summary: 'A pod keeps entering and leaving service',
      description:
        '{{ $labels.pod }} became ready and unready {{ $value }} times within 10 minutes. First ask its /ready for the reason, or kubectl describe pod for the failed probes, then check the database and Redis, and whether the CPU is throttled.',
    }),
    {
      alert: 'CaracalContainerRestarting',
      // In a settled crash loop the kubelet waits 5 minutes between two starts: 30 minutes see six of them.
      expr: `increase(${select.pods('kube_pod_container_status_restarts_total')}[30m]) > ${limits.containerRestarts}`,
      for: '5m',
      severity: 'warning',
      component: 'platform',
      summary: 'A container keeps restarting',
      description:
        '{{ $labels.container }} of {{ $labels.pod }} has restarted {{ $value | humanize }} times within 30 minutes. First read kubectl logs --previous, and kubectl describe pod for the reason: OOMKilled asks for a higher memory limit, a failed startup probe of sts or gateway may be a long replay of audit events.',
    },
    {
      alert: 'CaracalMigrationFailed',
      // Not kube_job_status_failed: that counts failed pods, and stays above 0 after a retry has succeeded.
      expr: `${select.migrations('kube_job_failed', { condition: 'true' })} > 0`,
      for: '0m',
      severity: 'critical',
      component: 'migrate',
      summary: 'A migration of the database has failed',
      description:
        '{{ $labels.job_name }} has used up its attempts. The new release may lack its schema, and changed passwords of database roles do not work. First read the logs of its pods, which are kept. Look at both Jobs, migrate and auth-migrate: one cause often fails the two. When it is gone, repeat every failed one with another "rerun" (migration.rerun, authMigration.rerun), or delete it and deploy again; delete the failed Job to end this alert.',
    },
    ...(target.replayPersistence ? [replayVolumeFilling(select, limits.replayVolumeFreeRatio)] : []),
    ...(target.redisExporter === undefined
      ? []
      : [redisMemoryHigh(select, target.redisExporter, limits.redisMemoryRatio)]),
  ];
}

function replayVolumeFilling(select: MetricSelectors, ratio: number): AlertRule {
  const available = select.replayClaims('kubelet_volume_stats_available_bytes');
  const capacity = select.replayClaims('kubelet_volume_stats_capacity_bytes');
  return {
    alert: 'CaracalReplayVolumeFilling',
    expr: `${available} / ${capacity} < ${ratio}`,
    for: '5m',
    severity: 'warning',
    component: 'platform',
    summary: 'A replay volume is nearly full',
    description:
      'Only {{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free. When it is full and Redis is away, audit evidence is lost and the pod leaves service. First bring Redis back, then delete the pod of the volume: it sends its files when it starts. If the storage class allows it, enlarge the claim.',
  };
}

function redisMemoryHigh(
  select: MetricSelectors,
  exporter: NonNullable<AlertTarget['redisExporter']>,
  ratio: number,
): AlertRule {
  const used = select.redis(exporter, 'redis_memory_used_bytes');
  const maximum = select.redis(exporter, 'redis_memory_max_bytes');
  return {
    alert: 'CaracalRedisMemoryHigh',
    // maxmemory is 0 where there is no limit; a division by it would fire for ever.
    expr: `${used} / (${maximum} > 0) > ${ratio}`,
    for: '5m',
    severity: 'critical',
    component: 'redis',
    summary: 'Redis is nearly full',
    description:
      'Redis uses {{ $value | humanizePercentage }} of maxmemory. With noeviction its writes fail when it is full: revocations and policy changes wait, audit events go to the replay volumes, and evidence is lost when those are full too. First check that audit is running, for its stream is the one that grows, then raise maxmemory.',
  };
}
