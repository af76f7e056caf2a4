import { check, type Checks } from '../core/checks';
import { wholeNumber } from '../core/fields';
import { POD_DEFAULTS_CHECKS } from '../workload/pod-defaults';
import { JOB_OPTION_CHECKS } from '../workload/one-shot-job';
import { PODS_ADVICE } from '../stack/advice';
import { groupAdvice, serviceAdvice } from './advice';
import { COORDINATOR_LIMIT_CHECKS, POOL_CHECKS } from './limit-problems';
import { EXPORTER_CHECKS } from './monitoring-problems';
import { ORIGIN_CHECKS } from './origins';
import { PEERS_CHECK, TARGET_CHECK, TARGETS_CHECK } from './peer-problems';
import { CARACAL_OPTION_CHECKS } from './service';
import type { AuditExport } from './audit';
import type {
  CaracalAdministration,
  CaracalDevProps,
  CaracalEgress,
  CaracalLimits,
  CaracalMonitoring,
  CaracalProductionProps,
  CaracalRotation,
} from './props';

const EGRESS: Checks<CaracalEgress> = {
  sts: TARGETS_CHECK,
  api: TARGETS_CHECK,
  gateway: TARGETS_CHECK,
  issuer: TARGET_CHECK,
};
const ROTATION: Checks<CaracalRotation> = { encryptionKey: check.flag, idempotencyKey: check.flag };
const ADMINISTRATION: Checks<CaracalAdministration> = { sts: check.flag, audit: check.flag, gatewayReload: check.flag };
const MONITORING: Checks<CaracalMonitoring> = {
  enabled: check.flag,
  thresholds: check.record,
  redisExporter: check.shape(EXPORTER_CHECKS),
};
const LIMITS: Checks<CaracalLimits> = {
  mintsPerMinute: check.count,
  apiRequestsPerMinute: check.count,
  policyPollSeconds: check.count,
  auditRetentionDays: check.count,
  privateEgressHosts: check.each(check.text),
  gatewayUpstreamHosts: check.each(check.text),
  connectionsPerPod: check.shape(POOL_CHECKS, undefined, (given) => {
    const connections = wholeNumber(given);
    return connections === undefined ? undefined : `{ api: ${connections} }`;
  }),
  coordinator: check.shape(COORDINATOR_LIMIT_CHECKS),
};

const AUDIT_EXPORT: Checks<AuditExport> = {
  bucket: check.textValue,
  region: check.text,
  endpoint: check.textValue,
  targets: TARGETS_CHECK,
};

/** Checks of a stack's properties, in every profile. */
export const CARACAL_CHECKS: Checks<Record<keyof CaracalProductionProps | keyof CaracalDevProps, unknown>> = {
  profile: check.oneOf('production', 'rc', 'dev'),
  namespace: check.any,
  instance: check.text,
  names: check.instance('Names'),
  cluster: check.instance('Cluster'),
  release: check.instance('CaracalRelease'),
  origins: check.shape(ORIGIN_CHECKS, groupAdvice('origins')),
  signIn: check.each(check.instance('SignIn')),
  operators: check.any,
  postgres: check.instance('Postgres'),
  redis: check.instance('Redis'),
  secrets: check.instance('SecretSource'),
  exposure: check.instance('Exposure'),
  replayPersistence: check.instance('ReplayPersistence'),
  labels: check.record,
  annotations: check.record,
  pods: check.shape(POD_DEFAULTS_CHECKS, PODS_ADVICE),
  mirror: check.instance('RegistryMirror'),
  trust: check.instance('TrustBundle'),
  telemetry: check.instance('Telemetry'),
  clients: PEERS_CHECK,
  egress: check.shape(EGRESS, groupAdvice('egress')),
  control: check.flag,
  webDiagnostics: check.flag,
  rotation: check.shape(ROTATION, groupAdvice('rotation')),
  administration: check.shape(ADMINISTRATION, groupAdvice('administration')),
  limits: check.shape(LIMITS, groupAdvice('limits')),
  secretBackend: check.instance('SecretBackend'),
  auditExport: check.shape(AUDIT_EXPORT, groupAdvice('auditExport')),
  gatewayPaths: check.each(check.text),
  rules: check.each(check.record),
  monitoring: check.shape(MONITORING, groupAdvice('monitoring')),
  api: check.shape(CARACAL_OPTION_CHECKS, serviceAdvice('api')),
  sts: check.shape(CARACAL_OPTION_CHECKS, serviceAdvice('sts')),
  gateway: check.shape(CARACAL_OPTION_CHECKS, serviceAdvice('gateway')),
  audit: check.shape(CARACAL_OPTION_CHECKS, serviceAdvice('audit')),
  coordinator: check.shape(CARACAL_OPTION_CHECKS, serviceAdvice('coordinator')),
  web: check.shape(CARACAL_OPTION_CHECKS, serviceAdvice('web')),
  migration: check.shape(JOB_OPTION_CHECKS, serviceAdvice('migration')),
  authMigration: check.shape(JOB_OPTION_CHECKS, serviceAdvice('authMigration')),
};

/** Checks of the properties that are groups of their own. */
export const GROUP_CHECKS = {
  egress: EGRESS,
  rotation: ROTATION,
  administration: ADMINISTRATION,
  monitoring: MONITORING,
  limits: LIMITS,
  auditExport: AUDIT_EXPORT,
  pods: POD_DEFAULTS_CHECKS,
} as const;
