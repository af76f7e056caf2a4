export {
  DEFAULT_ALERT_THRESHOLDS,
  type CaracalAlertLimits,
  type CaracalAlertThresholds,
  type RedisExporterTarget,
} from './alerts';
export { Api, type ApiProps } from './api';
export { Audit, type AuditExport, type AuditProps } from './audit';
export { AuthMigration } from './auth-migration';
export { Coordinator, type CoordinatorLimits, type CoordinatorProps } from './coordinator';
export { CaracalCoreService } from './core-service';
export { CARACAL_EDGES, type CaracalEdge } from './edges';
export type { PublicService } from './exposed';
export { Gateway, type GatewayProps } from './gateway';
export { Migration, type CaracalJobProps } from './migration';
export type { CaracalService, LogLevel } from './mode';
export type { Operator, Operators, OperatorStates } from './operators';
export type { CaracalOrigins, HttpsOrigin } from './origins';
export type {
  CaracalAdministration,
  CaracalCommonProps,
  CaracalDevProps,
  CaracalEgress,
  CaracalLimits,
  CaracalMonitoring,
  CaracalProductionOptions,
  CaracalProductionProps,
  CaracalRotation,
  CaracalStackProps,
} from './props';
export { CaracalRelease, type CaracalImage, type CaracalManifest, type ReleaseSource } from './release';
export { ReplayPersistence, type PersistentReplayProps, type ReplayKind } from './replay';
export type { SecretFeatures } from './secrets';
export type { CaracalCoreServiceProps, CaracalOptions, CaracalServiceProps, SecretVariables } from './service';
export {
  SignIn,
  type OAuthSignInProps,
  type ProvenMethod,
  type SignInEgress,
  type SignInMethod,
  type SignInSecret,
  type SmtpSignInProps,
} from './sign-in';
export type {
  AwsAccessKey,
  AwsSecretsManagerProps,
  AzureApplication,
  AzureKeyVaultProps,
  CustomBackendProps,
  GcpSecretManagerProps,
  InfisicalBackendProps,
  VaultBackendProps,
} from './backend-props';
export { type CredentialFile } from './credential-file';
export { SecretBackend } from './secret-backend';
export type { SecretChecklistEntry } from './secret-checklist';
export { CaracalStack } from './stack';
export { Sts, type EgressTarget, type StsProps } from './sts';
export { Telemetry, type OtlpProps } from './telemetry';
export { Web, type WebDiagnostics, type WebProps } from './web';
