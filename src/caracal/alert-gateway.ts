import type { AlertRule } from '../monitoring/alert-rules';
import { increased, vendorAlert } from './alert-expressions';
import type { MetricSelectors } from './alert-target';
import type { CaracalAlertLimits } from './alert-thresholds';

/** Alerts about the gateway. */
export function gatewayAlerts(select: MetricSelectors, limits: CaracalAlertLimits): AlertRule[] {
  const component = 'gateway';
  const metric = (name: string): string => select.of(component, name);
  return [
    vendorAlert({
      alert: 'CaracalGatewayAuditReplayBacklogOld',
      expr: `${metric('caracal_gateway_audit_replay_oldest_age_seconds')} > ${limits.auditReplayOldestAgeSeconds}`,
      for: '5m',
      severity: 'warning',
      component,
      summary: 'The gateway holds audit events on disk that it could not send',
      description:
        'Redis did not take the events, so they wait in the replay folder of {{ $labels.pod }}. First bring Redis back. Then delete the pod: replay files are sent only when the same pod starts again. A full volume loses evidence.',
    }),
    vendorAlert({
      alert: 'CaracalGatewayAuditEvidenceLost',
      // A counter, compared as it stands: the loss stays true until the process is replaced, and so does the alert.
      expr: `${metric('caracal_gateway_audit_dropped_total')} > ${limits.gatewayAuditDropped}`,
      for: '0m',
      severity: 'critical',
      component,
      summary: 'The gateway has lost audit evidence for good',
      description:
        'Neither Redis nor the replay folder of {{ $labels.pod }} took the events. The pod stays out of service until it is replaced. First save its log and record the time span, then check Redis and the free space of the replay volume, and only then delete the pod.',
    }),
    ...(limits.gatewayStsExchangeErrors === undefined
      ? []
      : [exchangeErrors(metric('caracal_gateway_sts_exchange_errors_total'), limits.gatewayStsExchangeErrors)]),
    vendorAlert({
      alert: 'CaracalGatewaySTSCircuitOpen',
      expr: `${metric('caracal_gateway_sts_circuit_open')} > ${limits.gatewayStsCircuitOpen}`,
      for: '1m',
      severity: 'critical',
      component,
      summary: 'The gateway has stopped asking STS',
      description:
        'After repeated failures {{ $labels.pod }} refuses every request that needs a token exchange. First bring STS back: look at its pods, its database and Redis. The circuit closes by itself.',
    }),
    vendorAlert({
      alert: 'CaracalGatewayRevocationSnapshotStale',
      expr: `${metric('caracal_gateway_revocation_snapshot_fresh')} <= ${limits.gatewayRevocationSnapshotFresh}`,
      for: '2m',
      severity: 'critical',
      component,
      summary: 'The gateway does not know the current revocations',
      description:
        '{{ $labels.pod }} has not loaded the revocations from the database for over 70 seconds and leaves service. Revoked access may still pass where it serves. First check that the database answers and has free connections, then the log of the gateway.',
    }),
    vendorAlert({
      alert: 'CaracalGatewayRevocationPropagationLag',
      expr: revocationLag(metric, limits.gatewayRevocationPropagationSeconds),
      for: '2m',
      severity: 'critical',
      component,
      summary: 'Revocations reach the gateway late',
      description:
        'The last revocation was {{ $value }} seconds old when {{ $labels.pod }} applied it, and revoked access passed meanwhile. First check the latency of Redis and the load of the gateway, then who writes the stream: api and coordinator, and their outbox alerts.',
    }),
    vendorAlert({
      alert: 'CaracalGatewayRevocationReloadErrors',
      expr: increased(
        metric('caracal_gateway_revocation_reload_errors_total'),
        '5m',
        limits.gatewayRevocationReloadErrors,
      ),
      for: '2m',
      severity: 'critical',
      component,
      summary: 'The gateway fails to load revocations from the database',
      description:
        '{{ $labels.pod }} keeps its last snapshot and leaves service when that is 70 seconds old. First check that the database answers, that it has free connections, and that the role caracalgateway may still sign in.',
    }),
    {
      alert: 'CaracalGatewayRevocationRejected',
      // Each side has the labels of the pod, so `or` gives one alert per pod.
      expr: ['caracal_gateway_revocation_dead_letters_total', 'caracal_gateway_revocation_invalid_signatures_total']
        .map((name) => increased(metric(name), '5m', limits.gatewayRevocationRejected))
        .join(' or '),
      for: '0m',
      severity: 'critical',
      component,
      summary: 'The gateway refuses revocations that arrive over Redis',
      description:
        'Messages were malformed or wrongly signed. Only the snapshot, loaded from the database every 30 seconds, revokes access now. First check that all services hold the same streamsHmacKey, for instance after a rotation. If they do, treat it as somebody else writing to Redis.',
    },
    vendorAlert({
      alert: 'CaracalPostgresPoolSaturation',
      // Only the gateway exports this metric (caracal W49): a wider selector would promise what nobody measures.
      expr: `${metric('caracal_db_pool_in_use_ratio')} > ${limits.dbPoolInUseRatio}`,
      for: '5m',
      severity: 'warning',
      component,
      summary: 'The database pool of the gateway is nearly used up',
      description:
        '{{ $labels.pod }} holds most of its database connections, and requests will soon wait for one. First look for long queries and locks in the database. This covers the gateway only: sts, api, audit and coordinator export no such metric, so watch the connections of the server too.',
    }),
  ];
}

/**
 * The vendor fires at the first error, and the counter has ordinary denials among its errors (caracal-addendum.md D8):
 * every agent that asks for too much would wake somebody. So the number is the user's.
 */
function exchangeErrors(counter: string, threshold: number): AlertRule {
  return vendorAlert({
    alert: 'CaracalGatewaySTSExchangeErrors',
    expr: increased(counter, '5m', threshold),
    for: '2m',
    severity: 'warning',
    component: 'gateway',
    summary: 'The gateway fails to exchange tokens with STS, or is denied them',
    description:
      'More requests through {{ $labels.pod }} than usual get no token. The metric counts denials too: first look in the log of the gateway whether STS denied or failed. When it failed, check that the STS pods are ready, then that gateway and STS hold the same gatewayStsHmacKey. When it denied, find the agent that asks for more than its policies allow.',
  });
}

/**
 * The gauge holds the age of the *last* revocation and keeps it until the next one, hours or days later (caracal W48).
 * So the alert holds only while revocations arrive. A gauge cannot tell a second message of equal age, in whole
 * seconds, from silence; the counter of applied messages can, and either of the two is enough, so that the alert works
 * without the counter as well.
 */
function revocationLag(metric: (name: string) => string, seconds: number): string {
  const age = metric('caracal_gateway_revocation_propagation_seconds');
  const applied = metric('caracal_gateway_revocation_messages_total');
  return `${age} > ${seconds} and (changes(${age}[5m]) > 0 or changes(${applied}[5m]) > 0)`;
}
