import type { AlertRule } from '../monitoring/alert-rules';
import { highest, increased, vendorAlert } from './alert-expressions';
import type { MetricSelectors } from './alert-target';
import type { CaracalAlertLimits } from './alert-thresholds';

/** Alerts about the api. Its outbox is a table, so its alerts are one for all replicas. */
export function apiAlerts(select: MetricSelectors, limits: CaracalAlertLimits): AlertRule[] {
  const component = 'api';
  const metric = (name: string): string => select.of(component, name);
  return [
    vendorAlert({
      alert: 'CaracalAPIOutboxDeadMessages',
      // A gauge in spite of its name: the number of rows that were given up.
      expr: `${highest(metric('caracal_api_outbox_dead_total'))} > ${limits.apiOutboxDead}`,
      for: '2m',
      severity: 'critical',
      component,
      summary: 'The api has given up events',
      description:
        '{{ $value }} events for the other services were given up, possibly policy changes or revocations. With API_READY_OUTBOX_DEAD_MAX at its default of 0 every pod of the api is out of service. First check Redis. If the api must come back at once, raise that variable. Then read the cause in the log of the api and reconcile the dead rows of its outbox before the next rollout.',
    }),
    vendorAlert({
      alert: 'CaracalAPIOutboxPendingOldest',
      expr: `${highest(metric('caracal_api_outbox_oldest_pending_age_seconds'))} > ${limits.apiOutboxPendingAgeSeconds}`,
      for: '5m',
      severity: 'warning',
      component,
      summary: 'The api sends events late',
      description:
        'The oldest event waits for {{ $value | humanizeDuration }}, so revocations and policy changes take effect late. First check that Redis answers and has free memory, then the latency of the database.',
    }),
    {
      alert: 'CaracalAPISecretBackendErrors',
      // Without the name of the component, unlike the metric of STS (caracal-addendum.md A22).
      expr: increased(metric('caracal_secret_backend_errors_total'), '5m', limits.secretBackendErrors),
      for: '5m',
      severity: 'warning',
      component,
      summary: 'The api cannot use the secret backend',
      description:
        'Credentials of providers cannot be stored or changed. First check that the backend answers and that the identity of the api may still write to it, then the network policy towards it. The log of {{ $labels.pod }} has the answer of the backend.',
    },
  ];
}

/** Alerts about the coordinator. */
export function coordinatorAlerts(select: MetricSelectors, limits: CaracalAlertLimits): AlertRule[] {
  const component = 'coordinator';
  return [
    {
      alert: 'CaracalCoordinatorOutboxDead',
      // A gauge in spite of its name: rows by status. Without a dead row the series does not exist.
      expr: `${highest(select.of(component, 'caracal_outbox_total', { status: 'dead' }))} > ${limits.coordinatorOutboxDead}`,
      for: '2m',
      severity: 'critical',
      component,
      summary: 'The coordinator has given up events',
      description:
        '{{ $value }} events of agents or delegations were given up, and a single one takes every pod of the coordinator out of service. First check Redis, then read the cause in the log of the coordinator. Its pods come back when the dead rows of its outbox are sent again or removed.',
    },
  ];
}
