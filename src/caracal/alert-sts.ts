import type { AlertRule } from '../monitoring/alert-rules';
import { increased, increasedOrBorn, vendorAlert } from './alert-expressions';
import type { MetricSelectors } from './alert-target';
import type { CaracalAlertLimits } from './alert-thresholds';

/**
 * Alerts about STS.
 *
 * The vendor's CaracalSTSPolicyBundleStale is left out: its metric counts from the last *changed* load, so the alert
 * fires for ever once a policy set stays unchanged, and a failed poll stays invisible to it (caracal W12). Failed
 * compilations and restarts are watched instead.
 */
export function stsAlerts(select: MetricSelectors, limits: CaracalAlertLimits): AlertRule[] {
  const component = 'sts';
  const metric = (name: string): string => select.of(component, name);
  return [
    vendorAlert({
      alert: 'CaracalSTSOPACompileErrors',
      // Policies are compiled at the start too, often before the first scrape.
      expr: increasedOrBorn(metric('caracal_sts_opa_compile_errors_total'), '5m', limits.stsOpaCompileErrors),
      for: '2m',
      severity: 'warning',
      component,
      summary: 'STS cannot compile a policy bundle',
      description:
        'A policy bundle failed to compile in {{ $labels.pod }}, and STS denies what that bundle decides. First look for the compile error in the log of the pod, then activate the last good version of the policy set in the console.',
    }),
    vendorAlert({
      alert: 'CaracalSTSProviderRefreshErrors',
      expr: increased(metric('caracal_sts_provider_refresh_errors_total'), '5m', limits.stsProviderRefreshErrors),
      for: '2m',
      severity: 'warning',
      component,
      summary: 'STS replicas cannot coordinate the refresh of provider credentials',
      description:
        'Leases or results of credential refreshes fail in Redis. Grants that need a provider may be denied. First check that Redis answers and has free memory, then read the log of {{ $labels.pod }}.',
    }),
    vendorAlert({
      alert: 'CaracalSTSProviderCircuitOpen',
      expr: increased(metric('caracal_sts_provider_circuit_open_total'), '5m', limits.stsProviderCircuitOpen),
      for: '2m',
      severity: 'warning',
      component,
      summary: 'STS has stopped asking a provider that keeps failing',
      description:
        'Refreshes are refused after repeated failures of one provider, and its resources are denied. First find the provider in the log of {{ $labels.pod }}, then check its token endpoint, the credential that is stored for it, and whether the network policy lets STS reach it.',
    }),
    vendorAlert({
      alert: 'CaracalSTSAuditReplayBacklogOld',
      expr: `${metric('caracal_sts_audit_replay_oldest_age_seconds')} > ${limits.auditReplayOldestAgeSeconds}`,
      for: '5m',
      severity: 'warning',
      component,
      summary: 'STS holds audit events on disk that it could not send',
      description:
        'Redis did not take the events, so they wait in the replay folder of {{ $labels.pod }}. First bring Redis back. Then delete the pod: replay files are sent only when the same pod starts again. A full volume loses evidence.',
    }),
    vendorAlert({
      alert: 'CaracalSTSAuditEvidenceLost',
      // A counter, compared as it stands: the loss stays true until the process is replaced, and so does the alert.
      expr: `${metric('caracal_sts_audit_dropped_total')} > ${limits.stsAuditDropped}`,
      for: '0m',
      severity: 'critical',
      component,
      summary: 'STS has lost audit evidence for good',
      description:
        'Neither Redis nor the replay folder of {{ $labels.pod }} took the events. The pod stays out of service until it is replaced. First save its log and record the time span, then check Redis and the free space of the replay volume, and only then delete the pod.',
    }),
    {
      alert: 'CaracalSTSSecretBackendErrors',
      expr: increased(metric('caracal_sts_secret_backend_errors_total'), '5m', limits.secretBackendErrors),
      for: '5m',
      severity: 'critical',
      component,
      summary: 'STS cannot read the secret backend',
      description:
        'STS goes on with cached credentials for at most 10 minutes and then denies every grant that needs one. First check that the backend answers and that the identity of STS may still read it, then the network policy towards it. The log of {{ $labels.pod }} has the answer of the backend.',
    },
  ];
}
