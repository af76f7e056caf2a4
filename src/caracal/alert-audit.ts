import type { AlertRule } from '../monitoring/alert-rules';
import { highest, increasedOrBorn, vendorAlert } from './alert-expressions';
import type { MetricSelectors } from './alert-target';
import type { CaracalAlertLimits } from './alert-thresholds';

/** What a sweep of the chain counts. `caracal_audit_hmac_failures_total` is another thing: refused events. */
const TAMPER_COUNTERS = [
  'caracal_audit_tamper_mismatch_total',
  'caracal_audit_tamper_chain_breaks_total',
  'caracal_audit_tamper_hmac_failures_total',
] as const;

/** Stream of audit events; its group is `audit-ingestor` (caracal.md 14). */
const AUDIT_STREAM = 'caracal.audit.events';

/** Alerts about audit. Queues and streams are one for all replicas, so their alerts are one for all replicas too. */
export function auditAlerts(select: MetricSelectors, limits: CaracalAlertLimits): AlertRule[] {
  const component = 'audit';
  const metric = (name: string): string => select.of(component, name);
  const deadLetters = highest(metric('caracal_audit_dlq_size'));
  const pending = highest(metric('caracal_audit_consumer_lag'));
  return [
    vendorAlert({
      alert: 'CaracalAuditDLQNonEmpty',
      expr: `${deadLetters} > ${limits.auditDlqSize}`,
      for: '2m',
      severity: 'warning',
      component,
      summary: 'Audit could not store some events',
      description:
        '{{ $value }} events are in the dead-letter queue caracal.audit.events.dlq. They are safe there, and missing from the evidence. First read the field "reason" of the entries, for instance with XRANGE in Redis: hmac_verify_failed means that a service holds another auditHmacKey, pg_permanent_error that the database refused the event.',
    }),
    vendorAlert({
      alert: 'CaracalAuditDLQGrowth',
      // A queue shrinks too: increase() would read that as the restart of a counter and fire while somebody is emptying
      // it (caracal W13), delta() is negative then. The highest of all replicas, at every step: a new pod reports 0
      // until its first poll, which would look like growth.
      expr: `delta(${deadLetters}[10m:30s]) > ${limits.auditDlqGrowth}`,
      for: '5m',
      severity: 'critical',
      component,
      summary: 'Audit fails to store more and more events',
      description:
        'The dead-letter queue has grown by {{ $value }} within 10 minutes, and evidence is incomplete until it is replayed. First stop rollouts and rotations that are under way. Then read the field "reason" of the newest entries of caracal.audit.events.dlq, and check the database.',
    }),
    vendorAlert({
      alert: 'CaracalAuditConsumerLagHigh',
      expr: `${pending} > ${limits.auditConsumerLag}`,
      for: '5m',
      severity: 'warning',
      component,
      summary: 'Audit is slow to store events',
      description:
        '{{ $value }} events were delivered to audit and not acknowledged. First check the latency of the database, then add replicas of audit. Events that no pod has fetched are not counted: when audit is down, CaracalAuditTargetMissing says so.',
    }),
    {
      alert: 'CaracalAuditBacklogNearLimit',
      expr: `${pending} > ${limits.auditBacklog}`,
      for: '2m',
      severity: 'critical',
      component,
      summary: 'Unstored audit events are about to be thrown away',
      description:
        '{{ $value }} events wait. When the stream has about 100,000 entries, the api trims it with its next write, stored or not, and that evidence is lost. The stream also fills Redis: once maxmemory is reached, writes fail and events go to the replay volumes. First bring the database and audit back, add replicas of audit, and give Redis more memory. Keep changes through the api to a minimum until the backlog is gone.',
    },
    vendorAlert({
      alert: 'CaracalAuditTamperDetected',
      // The sweep at the start covers the whole retention, and may end before the first scrape of the pod. Not a sum:
      // a counter that a release lacks would silence the other two.
      expr: TAMPER_COUNTERS.map((name) => increasedOrBorn(metric(name), '5m', limits.auditTamper)).join(' or '),
      for: '0m',
      severity: 'critical',
      component,
      summary: 'Stored audit evidence was changed',
      description:
        'The check of the audit chain in {{ $labels.pod }} found events that do not match their hash, their predecessor or their signature. Treat it as a security incident. First save the log of the pod, which names the events and zones, and stop changes to the database. A wrong auditHmacKey after a rotation looks the same: compare it before anything else is touched.',
    }),
    {
      alert: 'CaracalAuditTamperSweepStale',
      // The gauge is 0 until the first sweep is complete. At a first installation that sweep fails, since the role of
      // audit cannot sign in yet, and the next one begins an hour later (caracal-addendum.md D9): two hours cover both.
      expr: `time() - ${highest(metric('caracal_audit_tamper_last_sweep_unix'))} > ${limits.auditTamperSweepAgeSeconds}`,
      for: '2h',
      severity: 'warning',
      component,
      summary: 'Nobody checks the audit chain',
      description:
        'Every replica of audit sweeps the chain once an hour, and none has completed a sweep in time, so changed evidence would stay unnoticed. First look for "tamper sweep query" in the log of audit: the query fails or does not end, so check the database.',
    },
    {
      alert: 'CaracalAuditAllRestarted',
      // Its liveness fails after a minute without Redis, and for ever when Redis lost the consumer group. The lag says 0
      // then, so this is the only sign (caracal-addendum.md D3). The least of all pods: one that crashed is no sign.
      expr: `min by (namespace) (increase(${select.pods('kube_pod_container_status_restarts_total', [component], { container: component })}[15m])) > 0`,
      for: '0m',
      severity: 'critical',
      component,
      summary: 'Audit was restarted: Redis was away, or has lost its data',
      description: `Every pod of audit was restarted within 15 minutes. First look into the log of sts for NOGROUP. If it is not there, Redis was away for more than a minute, and no event is missing. If it is, Redis has lost its data: streams, their groups, and events that nobody had stored. By its restart audit made its group at the end of the stream, so events between the loss and the restart are in Redis and are never stored, while CaracalAuditConsumerLagHigh is silent: record the time span, and save them with XRANGE ${AUDIT_STREAM} - + before the api trims the stream. sts (three streams), gateway (revocations) and coordinator (relay) have lost their groups too and stay ready: restart them, for they make their groups when they start. A restart alone is not enough for audit. Where its group is missing, make it from the beginning of the stream: XGROUP CREATE ${AUDIT_STREAM} audit-ingestor 0 MKSTREAM; audit is back within 14 seconds, with the waiting events stored.`,
    },
    {
      alert: 'CaracalAuditExportErrors',
      // Uploads are tried once an hour. One failure keeps this true for 90 minutes only, and the next try often
      // succeeds; it takes a second one to reach 100.
      expr: `sum by (namespace, job) (increase(${metric('caracal_audit_export_errors_total')}[90m])) > ${limits.auditExportErrors}`,
      for: '100m',
      severity: 'warning',
      component,
      summary: 'Evidence is not exported',
      description:
        'The hourly upload to the bucket keeps failing. Nothing is lost: the exporter goes on with the first missing hour as long as the events are within their retention. First look for "export hour failed" in the log of audit, then check the bucket, its policy and the identity of audit.',
    },
  ];
}
