import { check, type Checks } from '../core/checks';
import type { Value } from '../core/value';
import type { IPostgres } from '../data/postgres';
import type { IRedis } from '../data/redis';
import { Port } from '../network/port';
import type { SecretRef } from '../secrets/secret-ref';
import type { ISecrets } from '../secrets/secret-source';
import type { StackContext } from '../workload/context';
import { everyAddress } from '../workload/ip-families';
import type { Env, ExtraEnv } from '../workload/env';
import { COMPONENT_OPTION_CHECKS, type ComponentOptions } from '../workload/options';
import type { CompleteProbes } from '../workload/probes';
import type { PodUser } from '../workload/security';
import type { ComponentPort, MetricsEndpoint, PodContent } from '../workload/spec';
import type { MountedTrust } from '../workload/trust';
import type { SecretFiles } from '../workload/volumes';
import { CARACAL_MODE, LOGGED_ENVIRONMENT, type LogLevel } from './mode';
import type { CaracalImage, CaracalRelease } from './release';
import { SECRETS_FOLDER, type SecretFeatures, usesOf } from './secrets';
import type { Telemetry } from './telemetry';

/**
 * Secrets without a file form, which a plain string must not carry (caracal-addendum.md B7). Keys of AI providers are
 * refused as plain strings too, but at synthesis: a type with their pattern would refuse every computed record.
 */
export interface SecretVariables {
  /**
   * Access key for the bucket of audit's export, or for the secret backend of api and sts.
   * @default - none: the identity of the pod
   */
  readonly AWS_ACCESS_KEY_ID?: SecretRef;
  /**
   * The secret of that key.
   * @default - none
   */
  readonly AWS_SECRET_ACCESS_KEY?: SecretRef;
  /**
   * The session of that key.
   * @default - none
   */
  readonly AWS_SESSION_TOKEN?: SecretRef;
}

/** What a user may tune on every service of Caracal. */
export interface CaracalOptions extends ComponentOptions {
  /**
   * More environment variables. A variable that the component sets itself is refused: use its property. Secrets that the
   * services read from a variable only are references: `SecretRef.key({ secret: 'ai-provider', key: 'apiKey' })`.
   * @default - none
   */
  readonly env?: ExtraEnv & SecretVariables;
  /**
   * How much the service writes.
   * @default "info"
   */
  readonly logLevel?: LogLevel;
}

/** Checks of `CaracalOptions`. */
export const CARACAL_OPTION_CHECKS: Checks<CaracalOptions> = {
  ...COMPONENT_OPTION_CHECKS,
  logLevel: check.oneOf('trace', 'debug', 'info', 'warn', 'error'),
};

/** What every service of Caracal is given. */
export interface CaracalServiceProps extends CaracalOptions {
  /** The release that runs. */
  readonly release: CaracalRelease;
  /**
   * Connections to Postgres that each pod may open.
   * @default 20
   */
  readonly poolSize?: number;
  /** The stack's secrets. */
  readonly secrets: ISecrets;
  /**
   * Optional keys that exist.
   * @default - none
   */
  readonly features?: Partial<SecretFeatures>;
  /**
   * Certificates of private authorities.
   * @default - the system's
   */
  readonly trust?: MountedTrust;
}

/** What the five services with the main database are given. */
export interface CaracalCoreServiceProps extends CaracalServiceProps {
  /** The database. */
  readonly postgres: IPostgres;
  /** The streams. */
  readonly redis: IRedis;
  /**
   * Where traces go.
   * @default - nowhere
   */
  readonly telemetry?: Telemetry;
}

/** User of the Go, Node and web images (caracal.md 2). */
export const NONROOT: PodUser = { uid: 65532, gid: 65532, fsGroup: 65532 };

/** Connections to Postgres that a pod may open: `DB_MAX_CONNS` and `DB_POOL_MAX` (caracal.md 6). */
export const POOL_SIZE = 20;

/** What a pod runs of a release. */
export function fromRelease(release: CaracalRelease, image: CaracalImage): Pick<PodContent, 'image' | 'version'> {
  return { image: release.image(image), version: release.version };
}

/** Path of a secret's file. */
export function secretFile(key: string): string {
  return `${SECRETS_FOLDER}/${key}`;
}

/** How a runtime is told the size of its pool; the services' own size needs no telling. */
export function poolEnv(runtime: 'go' | 'node', poolSize: number | undefined): Record<string, string> {
  const name = runtime === 'go' ? 'DB_MAX_CONNS' : 'DB_POOL_MAX';
  return poolSize === undefined ? {} : { [name]: String(poolSize) };
}

/** The one port of every service. */
export function httpPort(number: number): readonly [ComponentPort] {
  return [{ name: 'http', port: Port.tcp(number) }];
}

/** The features, with everything that is not named switched off. */
export function allFeatures(features: Partial<SecretFeatures> = {}): SecretFeatures {
  return {
    kekRotation: false,
    idempotencyRotation: false,
    stsAdmin: false,
    auditAdmin: false,
    gatewayReload: false,
    ...features,
  };
}

/** Mounts and variables of a component's secrets, from the table of uses. */
export function secretFiles(
  component: string,
  secrets: ISecrets,
  features: SecretFeatures,
): { readonly files: SecretFiles; readonly env: Record<string, string> } {
  const uses = usesOf(component, features);
  const keys = [...new Set(uses.map(({ key }) => key))];
  return {
    files: {
      volume: 'secrets',
      mountPath: SECRETS_FOLDER,
      items: keys.map((key) => ({ ...secretKeyOf(secrets, key), path: key })),
    },
    env: Object.fromEntries(uses.map(({ key, env }) => [env, secretFile(key)])),
  };
}

/** `CARACAL_VERSION`, as the vendor writes it; without it logs and console say "dev" (caracal-addendum.md D7). */
export function versionVariable(release: CaracalRelease): string {
  return `v${release.version}`;
}

/** Variables that all services have, and those of traces and private authorities. */
export function commonEnv(
  context: StackContext,
  component: string,
  port: number,
  runtime: 'go' | 'node',
  props: CaracalCoreServiceProps,
): Env {
  const mode = CARACAL_MODE[context.profile];
  return {
    CARACAL_MODE: mode,
    CARACAL_VERSION: versionVariable(props.release),
    // On Node it would override NODE_ENV, by which api and coordinator judge URLs (caracal-addendum.md A11).
    ...(runtime === 'go' ? { CARACAL_ENV: LOGGED_ENVIRONMENT[context.profile] } : {}),
    HOST: everyAddress(context.cluster),
    PORT: String(port),
    LOG_LEVEL: props.logLevel ?? 'info',
    ...trustEnv(runtime, props.trust),
    ...poolEnv(runtime, props.poolSize),
    ...props.telemetry?.env(component, mode),
  };
}

/** How a runtime is told about private authorities: Go takes a folder besides the system's file, Node a file (caracal W15). */
export function trustEnv(runtime: 'go' | 'node', trust: MountedTrust | undefined): Record<string, string> {
  if (trust === undefined) {
    return {};
  }
  return runtime === 'go' ? { SSL_CERT_DIR: trust.folder } : { NODE_EXTRA_CA_CERTS: trust.file };
}

/**
 * Probes of a service (caracal.md 5). `/health` never asks a dependency, but for audit, whose own
 * probes wait longer; `/ready` does, so its timeout
 * must exceed what the service allows its own checks (caracal W35).
 */
export function httpProbes(readinessTimeoutSeconds: number, startupAttempts = 30): CompleteProbes {
  return {
    startup: { ask: { http: '/health' }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: startupAttempts },
    readiness: {
      ask: { http: '/ready' },
      // An attempt must be over before the next one begins.
      periodSeconds: Math.max(10, readinessTimeoutSeconds + 2),
      timeoutSeconds: readinessTimeoutSeconds,
      failureThreshold: 3,
    },
    liveness: { ask: { http: '/health' }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  };
}

/** Where pods find a key of the registry. */
export function secretKeyOf(secrets: ISecrets, name: string): { readonly secretName: string; readonly key: string } {
  const { secretName, key } = secrets.entryOf?.(name) ?? { secretName: secrets.secretName, key: name };
  return { secretName, key };
}

/** Metrics of a service, with the key of the token that it accepts. */
export function metricsEndpoint(secrets: ISecrets, key: string): MetricsEndpoint {
  return { path: '/metrics', port: 'http', bearer: secretKeyOf(secrets, key) };
}

/** The revision of the secrets, as a pod's content has it. */
export function revisionOf(secrets: ISecrets): { readonly secretsRevision?: Value<string> } {
  return secrets.revision === undefined ? {} : { secretsRevision: secrets.revision };
}
