import { checkShape, type Checks } from '../core/checks';
import { usable } from '../core/usable';
import { ConfigurationError, type Finding, show } from '../core/errors';

/**
 * Where each alert begins. Names are those of the vendor's chart where it has the parameter.
 * "Increase" means the increase of a counter within the alert's window, per pod, as Prometheus extrapolates it.
 */
export interface CaracalAlertThresholds {
  /**
   * Failed compilations of a policy bundle within 5 minutes; more fires.
   * @default 0
   */
  readonly stsOpaCompileErrors?: number;
  /**
   * Failed coordinations of a provider's credential refresh within 5 minutes; more fires.
   * @default 0
   */
  readonly stsProviderRefreshErrors?: number;
  /**
   * Refreshes refused by an open provider circuit within 5 minutes; more fires.
   * @default 0
   */
  readonly stsProviderCircuitOpen?: number;
  /**
   * Entries of the audit dead-letter queue; more fires.
   * @default 0
   */
  readonly auditDlqSize?: number;
  /**
   * Entries by which the audit dead-letter queue has grown within 10 minutes; more fires.
   * @default 0
   */
  readonly auditDlqGrowth?: number;
  /**
   * Audit events that were delivered and not yet acknowledged; more fires a warning.
   * @default 1000
   */
  readonly auditConsumerLag?: number;
  /**
   * The same events; more fires a critical alert. The api trims the stream at about 100,000 entries, acknowledged or
   * not, so half of that is the last call.
   * @default 50000
   */
  readonly auditBacklog?: number;
  /**
   * Age in seconds of the oldest replay file of STS or gateway; more fires.
   * @default 300
   */
  readonly auditReplayOldestAgeSeconds?: number;
  /**
   * Audit events that the gateway lost; more fires, until the pod is replaced.
   * @default 0
   */
  readonly gatewayAuditDropped?: number;
  /**
   * Audit events that STS lost; more fires, until the pod is replaced.
   * @default 0
   */
  readonly stsAuditDropped?: number;
  /**
   * Damaged entries of one kind that a sweep of the audit chain found; more fires.
   * @default 0
   */
  readonly auditTamper?: number;
  /**
   * Seconds since the last complete sweep of the audit chain; more fires. Sweeps run every hour.
   * @default 10800
   */
  readonly auditTamperSweepAgeSeconds?: number;
  /**
   * Failed uploads of evidence within 90 minutes; more, twice in a row, fires. Uploads run every hour.
   * @default 0
   */
  readonly auditExportErrors?: number;
  /**
   * Events of the api that were given up; more fires.
   * @default 0
   */
  readonly apiOutboxDead?: number;
  /**
   * Age in seconds of the oldest event that the api has not sent; more fires.
   * @default 300
   */
  readonly apiOutboxPendingAgeSeconds?: number;
  /**
   * Events of the coordinator that were given up; more fires.
   * @default 0
   */
  readonly coordinatorOutboxDead?: number;
  /**
   * Failed calls of the secret backend within 5 minutes, of api or STS; more fires.
   * @default 0
   */
  readonly secretBackendErrors?: number;
  /**
   * Failed token exchanges between gateway and STS within 5 minutes; more fires. The metric counts ordinary denials
   * too, so only you know how many are many: without a number there is no such alert.
   * @default - no alert: `CaracalGatewaySTSCircuitOpen` and the alerts on STS tell of failures
   */
  readonly gatewayStsExchangeErrors?: number;
  /**
   * State of the gateway's circuit to STS, 0 closed, 1 open; more fires. Less than 1.
   * @default 0
   */
  readonly gatewayStsCircuitOpen?: number;
  /**
   * State of the gateway's revocation snapshot, 0 stale, 1 fresh; this or less fires. Less than 1.
   * @default 0
   */
  readonly gatewayRevocationSnapshotFresh?: number;
  /**
   * Age in seconds of a revocation when it reaches the gateway; more fires.
   * @default 30
   */
  readonly gatewayRevocationPropagationSeconds?: number;
  /**
   * Failed loads of the revocation snapshot within 5 minutes; more fires.
   * @default 0
   */
  readonly gatewayRevocationReloadErrors?: number;
  /**
   * Revocations that the gateway refused within 5 minutes, malformed or wrongly signed; more fires.
   * @default 0
   */
  readonly gatewayRevocationRejected?: number;
  /**
   * Part of the gateway's database pool that is in use, 0 to 1; more fires.
   * @default 0.9
   */
  readonly dbPoolInUseRatio?: number;
  /**
   * Replicas that a service wants and that are not ready for half an hour; more fires.
   * @default 0
   */
  readonly replicasMissing?: number;
  /**
   * Changes of a container's readiness within 10 minutes; more fires.
   * @default 4
   */
  readonly readinessFlapsPer10m?: number;
  /**
   * Restarts of a container within 30 minutes; more fires.
   * @default 3
   */
  readonly containerRestarts?: number;
  /**
   * Free part of a replay volume, 0 to 1; less fires.
   * @default 0.2
   */
  readonly replayVolumeFreeRatio?: number;
  /**
   * Used part of Redis' `maxmemory`, 0 to 1; more fires. Needs an exporter (`redisExporter`).
   * @default 0.8
   */
  readonly redisMemoryRatio?: number;
}

/** Thresholds without a default: their alerts exist where a number is given. */
type Optional = 'gatewayStsExchangeErrors';

/** The thresholds that are in force. */
export type CaracalAlertLimits = Required<Omit<CaracalAlertThresholds, 'gatewayStsExchangeErrors'>> &
  Pick<CaracalAlertThresholds, 'gatewayStsExchangeErrors'>;

/** The thresholds that hold where none is given. */
export const DEFAULT_ALERT_THRESHOLDS: CaracalAlertLimits = Object.freeze({
  stsOpaCompileErrors: 0,
  stsProviderRefreshErrors: 0,
  stsProviderCircuitOpen: 0,
  auditDlqSize: 0,
  auditDlqGrowth: 0,
  auditConsumerLag: 1000,
  auditBacklog: 50_000,
  auditReplayOldestAgeSeconds: 300,
  gatewayAuditDropped: 0,
  stsAuditDropped: 0,
  auditTamper: 0,
  auditTamperSweepAgeSeconds: 10_800,
  auditExportErrors: 0,
  apiOutboxDead: 0,
  apiOutboxPendingAgeSeconds: 300,
  coordinatorOutboxDead: 0,
  secretBackendErrors: 0,
  gatewayStsCircuitOpen: 0,
  gatewayRevocationSnapshotFresh: 0,
  gatewayRevocationPropagationSeconds: 30,
  gatewayRevocationReloadErrors: 0,
  gatewayRevocationRejected: 0,
  dbPoolInUseRatio: 0.9,
  replicasMissing: 0,
  readinessFlapsPer10m: 4,
  containerRestarts: 3,
  replayVolumeFreeRatio: 0.2,
  redisMemoryRatio: 0.8,
});

const PATH = 'monitoring.thresholds';
const RATIOS: ReadonlySet<string> = new Set(['dbPoolInUseRatio', 'replayVolumeFreeRatio', 'redisMemoryRatio']);
const FLAGS: ReadonlySet<string> = new Set(['gatewayStsCircuitOpen', 'gatewayRevocationSnapshotFresh']);

// Values are judged below, with the one message that names what the parameter takes.
const CHECKS = Object.fromEntries(
  [...Object.keys(DEFAULT_ALERT_THRESHOLDS), 'gatewayStsExchangeErrors' satisfies Optional].map((name) => [
    name,
    () => undefined,
  ]),
) as unknown as Checks<CaracalAlertThresholds>;

/**
 * Every problem of the thresholds: `caracal/invalid-threshold` for a number that is negative, not finite, or outside of
 * what its metric can be, since such an alert would be silent or fire for ever; `core/unknown-property` for a name that
 * does not exist.
 *
 * @param path Where the thresholds are, in the paths of the findings.
 */
export function thresholdProblems(given: CaracalAlertThresholds = {}, path = PATH): Finding[] {
  const shape = checkShape(path, given, CHECKS);
  const { parts } = usable(path, given, shape);
  return [...shape, ...Object.entries(parts).flatMap(([name, value]) => valueProblem(path, name, value) ?? [])];
}

/**
 * The thresholds with defaults where none is given.
 *
 * @throws ConfigurationError with every problem, see `thresholdProblems`.
 */
export function resolveThresholds(given: CaracalAlertThresholds = {}): CaracalAlertLimits {
  const problems = thresholdProblems(given);
  if (problems.length > 0) {
    throw new ConfigurationError(PATH, problems);
  }
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_ALERT_THRESHOLDS, ...Object.fromEntries(chosen) };
}

function valueProblem(path: string, name: string, value: unknown): Finding | undefined {
  const possible = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  const silentOrEndless = possible && ((RATIOS.has(name) && value > 1) || (FLAGS.has(name) && value >= 1));
  if (value === undefined || (possible && !silentOrEndless)) {
    return undefined;
  }
  return {
    id: 'caracal/invalid-threshold',
    level: 'error',
    path: `${path}.${name}`,
    message: 'the metric never has this value, so the alert would be silent or fire for ever',
    // JSON has no NaN or Infinity; as text the report shows what was given.
    given: typeof value === 'number' ? String(value) : show(value),
    allowed: allowedValues(name),
    fix: 'give such a number, or leave the threshold out to get its default',
  };
}

function allowedValues(name: string): string {
  if (RATIOS.has(name)) {
    return 'a number from 0 to 1';
  }
  return FLAGS.has(name) ? 'a number from 0 to below 1' : 'a number of at least 0';
}
