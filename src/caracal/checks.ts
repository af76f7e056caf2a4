import { check, type Checks } from '../core/checks';
import { POD_DEFAULTS_CHECKS } from '../workload/pod-defaults';
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

/** Checks of a stack's properties, in every profile. */
export const CARACAL_CHECKS: Checks<Record<keyof CaracalProductionProps | keyof CaracalDevProps, unknown>> = {
  profile: check.oneOf('production', 'rc', 'dev'),
  namespace: check.any,
  instance: check.text,
  names: check.instance('Names'),
  cluster: check.instance('Cluster'),
  release: check.instance('CaracalRelease'),
  origins: check.record,
  signIn: check.each(check.instance('SignIn')),
  operators: check.any,
  postgres: check.instance('Postgres'),
  redis: check.instance('Redis'),
  secrets: check.instance('SecretSource'),
  exposure: check.instance('Exposure'),
  replayPersistence: check.instance('ReplayPersistence'),
  pods: check.record,
  mirror: check.instance('RegistryMirror'),
  trust: check.instance('TrustBundle'),
  telemetry: check.instance('Telemetry'),
  clients: check.list,
  egress: check.record,
  control: check.flag,
  webDiagnostics: check.flag,
  rotation: check.record,
  administration: check.record,
  limits: check.record,
  auditExport: check.record,
  gatewayPaths: check.each(check.text),
  rules: check.list,
  monitoring: check.record,
  api: check.record,
  sts: check.record,
  gateway: check.record,
  audit: check.record,
  coordinator: check.record,
  web: check.record,
  migration: check.record,
  authMigration: check.record,
};

const EGRESS: Checks<CaracalEgress> = { sts: check.list, api: check.list, gateway: check.list, issuer: check.record };
const ROTATION: Checks<CaracalRotation> = { encryptionKey: check.flag, idempotencyKey: check.flag };
const ADMINISTRATION: Checks<CaracalAdministration> = { sts: check.flag, audit: check.flag, gatewayReload: check.flag };
const MONITORING: Checks<CaracalMonitoring> = {
  enabled: check.flag,
  thresholds: check.record,
  redisExporter: check.record,
};
const LIMITS: Checks<CaracalLimits> = {
  mintsPerMinute: check.count,
  apiRequestsPerMinute: check.count,
  policyPollSeconds: check.count,
  auditRetentionDays: check.count,
  privateEgressHosts: check.each(check.text),
  gatewayUpstreamHosts: check.each(check.text),
  connectionsPerPod: check.record,
  coordinator: check.record,
};

const AUDIT_EXPORT: Checks<AuditExport> = {
  bucket: check.textValue,
  region: check.text,
  endpoint: check.textValue,
  targets: check.list,
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
