import type { Names } from '../core/identity';
import type { RegistryMirror } from '../images/registry-mirror';
import type { Postgres } from '../data/postgres';
import type { Redis } from '../data/redis';
import type { PeerLike } from '../network/connections';
import type { Exposure } from '../network/exposure';
import type { Cluster } from '../platform/cluster';
import type { SecretSource } from '../secrets/secret-source';
import type { StackNamespace } from '../stack/namespace';
import type { Rule } from '../validation/rule';
import type { JobOptions } from '../workload/one-shot-job';
import type { PodDefaults } from '../workload/pod-defaults';
import type { TrustBundle } from '../workload/trust';
import type { CaracalAlertThresholds, RedisExporterTarget } from './alerts';
import type { AuditExport } from './audit';
import type { CaracalService, LogLevel } from './mode';
import type { CoordinatorLimits } from './coordinator';
import type { Operators } from './operators';
import type { CaracalOrigins, HttpsOrigin } from './origins';
import type { CaracalRelease } from './release';
import type { ReplayPersistence } from './replay';
import type { SecretBackend } from './secret-backend';
import type { CaracalOptions } from './service';
import type { ProvenMethod, SignIn } from './sign-in';
import type { EgressTarget } from './sts';
import type { Telemetry } from './telemetry';

/** Whom components may call outside of the platform. */
export interface CaracalEgress {
  /**
   * Token endpoints and JWKS of identity providers, which the STS asks.
   * @default - the public internet on port 443
   */
  readonly sts?: readonly EgressTarget[];
  /**
   * Providers, notification sinks and AI endpoints, which the api calls.
   * @default - the public internet on port 443
   */
  readonly api?: readonly EgressTarget[];
  /**
   * Governed services, which the gateway calls; `stack.gateway.connections.allowTo` adds more.
   * @default - nobody: a gateway without upstreams is reported as a warning
   */
  readonly gateway?: readonly EgressTarget[];
  /**
   * Where the issuer's public origin is reached from inside, for the coordinator's `/v1/verify`.
   * @default - the public internet, on the port of the origin
   */
  readonly issuer?: EgressTarget;
}

/** Windows in which a previous key is still accepted. */
export interface CaracalRotation {
  /**
   * `secretStoreKekPrevious` is accepted while credentials are encrypted anew.
   * @default false
   */
  readonly encryptionKey?: boolean;
  /**
   * `idempotencyHmacKeyPrevious` is accepted; keep it for the retention of receipts, seven days.
   * @default false
   */
  readonly idempotencyKey?: boolean;
}

/** Optional administration interfaces, each with a token of its own. */
export interface CaracalAdministration {
  /**
   * The STS rotates signing keys on request (`stsAdminToken`).
   * @default false
   */
  readonly sts?: boolean;
  /**
   * Audit searches evidence and its dead-letter queue (`auditAdminToken`).
   * @default false
   */
  readonly audit?: boolean;
  /**
   * The gateway reloads revocations on request. It then holds the administration token, in the most exposed pod.
   * @default false
   */
  readonly gatewayReload?: boolean;
}

/** Limits that services share. */
export interface CaracalLimits {
  /**
   * Tokens that may be minted per minute (sts and api).
   * @default - the services' own 1000
   */
  readonly mintsPerMinute?: number;
  /**
   * Requests per minute of each client address and token at the api. The whole console counts as one.
   * @default 6000; in dev the service's own 600
   */
  readonly apiRequestsPerMinute?: number;
  /**
   * Seconds between two looks of the STS for changed policies, 1 to 300.
   * @default - the service's own 60
   */
  readonly policyPollSeconds?: number;
  /**
   * Days that evidence is kept (audit and api).
   * @default - the services' own 365
   */
  readonly auditRetentionDays?: number;
  /**
   * Hosts in private networks that sts and api may call; the network must allow it too (`egress`).
   * @default - none
   */
  readonly privateEgressHosts?: readonly string[];
  /**
   * Hosts that the gateway may call, besides what the network allows.
   * @default - every host that the network allows
   */
  readonly gatewayUpstreamHosts?: readonly string[];
  /**
   * Connections to Postgres that each pod of a component may open, 4 to 100. The connection budget counts with them.
   * @default 20
   */
  readonly connectionsPerPod?: Partial<Record<CaracalService, number>>;
  /**
   * Limits and retention of the coordinator.
   * @default - the vendor's
   */
  readonly coordinator?: CoordinatorLimits;
}

/** Settings of monitoring. */
export interface CaracalMonitoring {
  /**
   * Whether components are scraped and alerts are emitted.
   * @default - as the profile says: on, and off in dev
   */
  readonly enabled?: boolean;
  /**
   * Thresholds of the alerts.
   * @default - see the alerts' own documentation
   */
  readonly thresholds?: CaracalAlertThresholds;
  /**
   * Exporter of the Redis that the stack uses. Redis that is full loses audit evidence.
   * @default - none: no alert on the memory of Redis
   */
  readonly redisExporter?: RedisExporterTarget;
}

/** What may be set in every profile. */
export interface CaracalCommonProps {
  /** Namespace of every object: the name of one that exists, or `{ name, create: true }`. */
  readonly namespace: string | StackNamespace;
  /**
   * Name of this installation, unique in its namespace.
   * @default "caracal"
   */
  readonly instance?: string;
  /**
   * How objects are named.
   * @default Names.standard()
   */
  readonly names?: Names;
  /**
   * Labels of every object of the stack, also of your own ones in it. Pods have `pods.labels`.
   * @default - those of the library alone
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations of every object that the library makes in the stack. Pods have `pods.annotations`.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Settings of every pod.
   * @default - none
   */
  readonly pods?: PodDefaults;
  /**
   * Where images are pulled from.
   * @default - from their own registries
   */
  readonly mirror?: RegistryMirror;
  /**
   * Certificates of private authorities, for every consumer.
   * @default - the system's
   */
  readonly trust?: TrustBundle;
  /**
   * Where traces go.
   * @default - nowhere
   */
  readonly telemetry?: Telemetry;
  /**
   * Agents and verifiers in the cluster. Each may reach sts, coordinator and gateway: a governed call needs all three.
   * @default - nobody: a platform that no agent can use is reported as a warning
   */
  readonly clients?: readonly PeerLike[];
  /**
   * Whom components may call outside of the platform.
   * @default - the public internet on port 443, for sts and api
   */
  readonly egress?: CaracalEgress;
  /**
   * Whether the control plane for governed model calls runs inside the api.
   * @default false
   */
  readonly control?: boolean;
  /**
   * Whether the console may ask sts, gateway and audit for diagnostics and control tokens.
   * @default false
   */
  readonly webDiagnostics?: boolean;
  /**
   * Windows in which a previous key is still accepted.
   * @default - none
   */
  readonly rotation?: CaracalRotation;
  /**
   * Optional administration interfaces.
   * @default - none
   */
  readonly administration?: CaracalAdministration;
  /**
   * Limits that services share.
   * @default - the services' own
   */
  readonly limits?: CaracalLimits;
  /**
   * Where the credentials of providers are kept, encrypted by the platform: `SecretBackend.vault({ ... })`. Set up for api
   * and sts alike.
   * @default - in Postgres
   */
  readonly secretBackend?: SecretBackend;
  /**
   * Where evidence is exported to.
   * @default - nowhere
   */
  readonly auditExport?: AuditExport;
  /**
   * Prefixes that the Ingress of the gateway routes.
   * @default - every path
   */
  readonly gatewayPaths?: readonly string[];
  /**
   * Rules of your own, besides those of the library.
   * @default - none
   */
  readonly rules?: readonly Rule[];
  /**
   * Scraping and alerts.
   * @default - as the profile says
   */
  readonly monitoring?: CaracalMonitoring;
  /**
   * Tunes the api.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly api?: CaracalOptions;
  /**
   * Tunes the STS.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly sts?: CaracalOptions;
  /**
   * Tunes the gateway.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly gateway?: CaracalOptions;
  /**
   * Tunes audit.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly audit?: CaracalOptions;
  /**
   * Tunes the coordinator.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly coordinator?: CaracalOptions;
  /**
   * Tunes the console.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly web?: CaracalOptions;
  /**
   * Tunes the migration.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly migration?: JobOptions;
  /**
   * Tunes the migration of the console's accounts.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly authMigration?: JobOptions;
}

/** What may be tuned on a service of a platform that people rely on: debug logs of an authority hold what must not be kept. */
export interface CaracalProductionOptions extends CaracalOptions {
  /**
   * How much the service writes.
   * @default "info"
   */
  readonly logLevel?: Exclude<LogLevel, 'trace' | 'debug'>;
}

/** A platform that people rely on, or its rehearsal. */
export interface CaracalProductionProps extends CaracalCommonProps {
  /** `production`, or `rc` for its rehearsal: the same rules, smaller. */
  readonly profile: 'production' | 'rc';
  /** The cluster. */
  readonly cluster: Cluster;
  /** The release, from its finalised manifest. */
  readonly release: CaracalRelease<'manifest'>;
  /** Where the platform is reached from outside. */
  readonly origins: CaracalOrigins<HttpsOrigin>;
  /** How operators sign in; at least one method. */
  readonly signIn: readonly [SignIn<ProvenMethod>, ...SignIn<ProvenMethod>[]];
  /** Who may sign in. */
  readonly operators: Operators;
  /** The database server: external. */
  readonly postgres: Postgres<'external', 'verify-full'>;
  /** The Redis server: external. */
  readonly redis: Redis<'external', true>;
  /** Where secrets come from: an existing Secret, the External Secrets operator, or values of a Pulumi program. */
  readonly secrets: SecretSource<'existing' | 'externalSecrets' | 'fromValues'>;
  /** How the origins are exposed. */
  readonly exposure: Exposure<'ingress' | 'external' | 'none'>;
  /**
   * Where STS and gateway keep audit events while Redis is away. Only dev may lose them.
   * @default ReplayPersistence.persistent()
   */
  readonly replayPersistence?: ReplayPersistence<'persistent'>;
  /**
   * Tunes the api.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly api?: CaracalProductionOptions;
  /**
   * Tunes the STS.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly sts?: CaracalProductionOptions;
  /**
   * Tunes the gateway.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly gateway?: CaracalProductionOptions;
  /**
   * Tunes audit.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly audit?: CaracalProductionOptions;
  /**
   * Tunes the coordinator.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly coordinator?: CaracalProductionOptions;
  /**
   * Tunes the console.
   * @default - the figures of the table in docs/caracal.md
   */
  readonly web?: CaracalProductionOptions;
}

/** A platform on a laptop: the same graph, one of everything. */
export interface CaracalDevProps extends CaracalCommonProps {
  /** `dev`. */
  readonly profile: 'dev';
  /** Where secrets come from: `SecretSource.derivedForDev(passphrase)` needs nothing else. */
  readonly secrets: SecretSource;
  /**
   * The cluster.
   * @default Cluster.kind()
   */
  readonly cluster?: Cluster;
  /**
   * The release.
   * @default CaracalRelease.newestKnown()
   */
  readonly release?: CaracalRelease;
  /**
   * Where the platform is reached from outside.
   * @default - the console at http://localhost:3002 (kubectl port-forward), the STS inside the cluster
   */
  readonly origins?: CaracalOrigins;
  /**
   * How operators sign in. `SignIn.password()` needs neither an OAuth application nor a mail server.
   * @default - no method: the console answers, nobody can sign in
   */
  readonly signIn?: readonly SignIn[];
  /**
   * Who may sign in.
   * @default - nobody
   */
  readonly operators?: Operators;
  /**
   * The database server.
   * @default Postgres.inCluster()
   */
  readonly postgres?: Postgres;
  /**
   * The Redis server.
   * @default Redis.inCluster()
   */
  readonly redis?: Redis;
  /**
   * How the origins are exposed.
   * @default Exposure.none()
   */
  readonly exposure?: Exposure;
  /**
   * Where STS and gateway keep audit events while Redis is away.
   * @default ReplayPersistence.persistent({ size: "1Gi" })
   */
  readonly replayPersistence?: ReplayPersistence;
}

/** Properties of a Caracal platform; `profile` decides which are required. */
export type CaracalStackProps = CaracalProductionProps | CaracalDevProps;
