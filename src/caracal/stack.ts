import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/errors';
import { instanceSelector, LABELS } from '../core/identity';
import { connectionBudget, type ConnectionBudget } from '../data/connection-budget';
import type { IPostgres } from '../data/postgres';
import type { IRedis } from '../data/redis';
import { AlertRules } from '../monitoring/alert-rules';
import type { ISecrets } from '../secrets/secret-source';
import { FORMAT_DESCRIPTIONS } from '../secrets/format';
import { type ExclusiveResource, PlatformStack } from '../stack/platform-stack';
import type { Rule } from '../validation/rule';
import type { Component } from '../workload/component';
import type { MountedTrust } from '../workload/trust';
import { known } from '../core/value';
import { caracalAlerts } from './alerts';
import { Api } from './api';
import { Audit } from './audit';
import { AuthMigration } from './auth-migration';
import { Coordinator } from './coordinator';
import { edge } from './edges';
import { PUBLIC_PATHS, type PublicService } from './exposed';
import { Gateway } from './gateway';
import { Migration } from './migration';
import { originHost } from './origins';
import { caracalProblems } from './problems';
import type { CaracalStackProps } from './props';
import { caracalRules } from './rules';
import { secretRegistry } from './secrets';
import { POOL_SIZE } from './service';
import { type CaracalSettings, featuresOf, INTERNET, issuerTarget, PRODUCT, withDefaults } from './settings';
import { Sts } from './sts';
import { Web } from './web';

/** Connections of the two Jobs: one of the migration, the pool of the accounts' migration. */
const JOB_CONNECTIONS = 1 + POOL_SIZE;

const TRUST_FOLDER = '/run/caracal-trust';

/** One entry of the checklist of secrets. */
export interface SecretChecklistEntry {
  /** Key in the Secret. */
  readonly key: string;
  /** Form of the value. */
  readonly format: string;
  /** What it is for; for connections, the exact text with a place for the password. */
  readonly description: string;
  /** Components that mount it. */
  readonly consumers: readonly string[];
}

/**
 * Caracal in one namespace: api, sts, gateway, audit, coordinator and web, the two migrations, and in dev Postgres and
 * Redis. The stack composes public constructs and declares nothing of its own beside them.
 */
export class CaracalStack extends PlatformStack {
  /** The stack's secrets. */
  public readonly secrets: ISecrets;
  /** The database server. */
  public readonly postgres: IPostgres;
  /** The Redis server. */
  public readonly redis: IRedis;
  /** The security token service. */
  public readonly sts: Sts;
  /** The gateway. */
  public readonly gateway: Gateway;
  /** Audit. */
  public readonly audit: Audit;
  /** The coordinator. */
  public readonly coordinator: Coordinator;
  /** The management api. */
  public readonly api: Api;
  /** The console. */
  public readonly web: Web;
  /** The migration. */
  public readonly migration: Migration;
  /** The migration of the console's accounts. */
  public readonly authMigration: AuthMigration;
  /** The alerts, where the stack is monitored. */
  public readonly alerts: AlertRules | undefined;
  /** Prefixes of the gateway that are public; none where it is not exposed. */
  public readonly gatewayPaths: readonly string[];
  private readonly settingsOfProps: CaracalSettings;

  /**
   * @throws ConfigurationError with every problem of the properties, in one report.
   */
  constructor(scope: Construct, id: string, props: CaracalStackProps) {
    const settings = checked(id, props);
    super(scope, id, {
      product: PRODUCT,
      profile: settings.profile,
      namespace: settings.namespace,
      cluster: settings.cluster,
      version: settings.release.version,
      ...(settings.instance === undefined ? {} : { instance: settings.instance }),
      ...(settings.names === undefined ? {} : { names: settings.names }),
      ...(settings.pods === undefined ? {} : { pods: settings.pods }),
      ...(settings.mirror === undefined ? {} : { mirror: settings.mirror }),
      ...(settings.monitoring?.enabled === undefined ? {} : { monitored: settings.monitoring.enabled }),
    });
    this.settingsOfProps = settings;
    const { release, origins, exposure, signIn, telemetry, limits = {}, egress = {}, control = false } = settings;
    const data = this.bindData(settings);
    this.secrets = data.secrets;
    this.postgres = data.postgres;
    this.redis = data.redis;
    const trust = this.mountTrust(settings);
    const shared = {
      release,
      secrets: this.secrets,
      ...(trust === undefined ? {} : { trust }),
    };
    const jobs = { ...shared, postgres: this.postgres };
    const service = { ...shared, features: featuresOf(settings) };
    const core = {
      ...service,
      postgres: this.postgres,
      redis: this.redis,
      ...(telemetry === undefined ? {} : { telemetry }),
    };
    const exposed = (origin: unknown): boolean => exposure.isPublic && origin !== undefined;
    const issuer = origins.sts;
    this.gatewayPaths = exposed(origins.gateway) ? [...(settings.gatewayPaths ?? ['/'])] : [];
    const sharedLimits = {
      ...(limits.mintsPerMinute === undefined ? {} : { mintsPerMinute: limits.mintsPerMinute }),
      ...(limits.privateEgressHosts === undefined ? {} : { privateEgressHosts: limits.privateEgressHosts }),
    };
    const retention = limits.auditRetentionDays === undefined ? {} : { retentionDays: limits.auditRetentionDays };
    const replay = settings.replayPersistence;

    this.migration = new Migration(this, 'migrate', { ...settings.migration, ...jobs });
    this.authMigration = new AuthMigration(this, 'auth-migrate', { ...settings.authMigration, ...jobs });
    this.sts = new Sts(this, 'sts', {
      ...settings.sts,
      ...core,
      ...sharedLimits,
      issuer,
      control,
      replay,
      providers: egress.sts ?? INTERNET,
      ...(limits.policyPollSeconds === undefined ? {} : { policyPollSeconds: limits.policyPollSeconds }),
    });
    this.gateway = new Gateway(this, 'gateway', {
      ...settings.gateway,
      ...core,
      sts: this.sts,
      replay,
      upstreams: egress.gateway ?? [],
      behindProxy: exposed(origins.gateway),
      ...(limits.gatewayUpstreamHosts === undefined ? {} : { upstreamHosts: limits.gatewayUpstreamHosts }),
    });
    this.audit = new Audit(this, 'audit', {
      ...settings.audit,
      ...core,
      ...retention,
      ...(settings.auditExport === undefined ? {} : { export: settings.auditExport }),
    });
    const target = issuerTarget(settings);
    this.coordinator = new Coordinator(this, 'coordinator', {
      ...settings.coordinator,
      ...core,
      sts: this.sts,
      issuer,
      ...(target === undefined ? {} : { issuerTarget: target }),
    });
    this.api = new Api(this, 'api', {
      ...settings.api,
      ...core,
      ...sharedLimits,
      ...retention,
      sts: this.sts,
      gateway: this.gateway,
      coordinator: this.coordinator,
      issuer,
      control,
      providers: egress.api ?? INTERNET,
      behindProxy: exposed(origins.api),
      ...(limits.apiRequestsPerMinute === undefined ? {} : { requestsPerMinute: limits.apiRequestsPerMinute }),
    });
    this.web = new Web(this, 'web', {
      ...settings.web,
      ...service,
      postgres: this.postgres,
      api: this.api,
      coordinator: this.coordinator,
      sts: this.sts,
      origin: origins.console,
      signIn,
      control,
      behindProxy: exposed(origins.console),
      secureCookies: known(origins.console)?.startsWith('http://') !== true,
      ...(settings.operators === undefined ? {} : { operators: settings.operators }),
      ...(settings.webDiagnostics === true ? { diagnostics: { gateway: this.gateway, audit: this.audit } } : {}),
    });
    this.connectClients(settings);
    this.exposeOrigins(settings);
    this.alerts = this.createAlerts(settings);
  }

  /** The most connections that the platform may open, against what the database accepts. */
  public connectionBudget(): ConnectionBudget {
    const uses = [this.sts, this.gateway, this.audit, this.api, this.coordinator, this.web].map((component) => ({
      component,
      poolSize: POOL_SIZE,
    }));
    return connectionBudget(this.postgres, uses, JOB_CONNECTIONS);
  }

  /** Every key that pods mount: what to put into an existing Secret, or into a secret store. */
  public secretChecklist(): SecretChecklistEntry[] {
    const composedInCluster = this.settingsOfProps.secrets.kind === 'externalSecrets';
    return (
      this.secrets.keys
        // Outside of the stack, Redis' password is a part of redisUrl and nothing else reads it.
        .filter((key) =>
          composedInCluster
            ? key.composed === undefined
            : key.key !== 'redisPassword' || this.redis.component !== undefined,
        )
        .map(({ key, format, description, consumers }) => ({
          key,
          format: FORMAT_DESCRIPTIONS[format],
          description,
          consumers,
        }))
    );
  }

  /** The database server: role and database names are fixed, so it serves one installation (caracal W14). */
  public override exclusiveResources(): readonly ExclusiveResource[] {
    const key = this.settingsOfProps.postgres.serverKey;
    return key === undefined || !this.settingsOfProps.postgres.hostIsKnown
      ? []
      : [
          {
            key: `postgres ${key}`,
            message: "Caracal's roles and databases have fixed names, so a database server serves one installation",
            fix: 'give each installation a server of its own',
          },
        ];
  }

  protected override productRules(): readonly Rule[] {
    return caracalRules(this);
  }

  private bindData(settings: CaracalSettings): { secrets: ISecrets; postgres: IPostgres; redis: IRedis } {
    const { release, signIn } = settings;
    const name = `${this.identity.instance}-runtime`;
    // The in-cluster servers mount a key of the Secret, and the Secret's URLs name the servers: its name is known first.
    const secretName = settings.secrets.secretName(name);
    const postgres = settings.postgres.bind(this, {
      image: release.image('postgres'),
      secretName,
      passwordKey: 'postgresPassword',
      user: PRODUCT,
    });
    const redis = settings.redis.bind(this, {
      image: release.image('redis'),
      secretName,
      passwordKey: 'redisPassword',
    });
    const secrets = settings.secrets.provide(this, {
      name,
      namespace: this.namespaceName,
      labels: instanceSelector(this.identity),
      keys: secretRegistry(postgres, redis, featuresOf(settings), signIn),
    });
    return { secrets, postgres, redis };
  }

  private mountTrust({ trust }: CaracalSettings): MountedTrust | undefined {
    if (trust === undefined) {
      return undefined;
    }
    const configMap = trust.configMap ?? `${this.identity.instance}-trust`;
    if (trust.pem !== undefined) {
      new ApiObject(this, 'Trust', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: configMap },
        data: { [trust.key]: trust.pem },
      });
    }
    return { configMap, key: trust.key, folder: TRUST_FOLDER, file: `${TRUST_FOLDER}/${trust.key}` };
  }

  private connectClients({ clients = [] }: CaracalSettings): void {
    const targets: [string, Component][] = [
      ['sts', this.sts],
      ['coordinator', this.coordinator],
      ['gateway', this.gateway],
    ];
    for (const [to, component] of targets) {
      const { reason } = edge('clients', to);
      clients.forEach((client) => component.connections.allowFrom(client, { reason }));
    }
  }

  private exposeOrigins({ exposure, origins, cluster }: CaracalSettings): void {
    const services: [PublicService, string, Component][] = [
      ['console', 'web', this.web],
      ['sts', 'sts', this.sts],
      ['gateway', 'gateway', this.gateway],
      ['api', 'api', this.api],
    ];
    for (const [service, component, { connections, serviceName }] of services) {
      const origin = origins[service];
      const host = origin === undefined ? undefined : (originHost(origin) ?? String(origin));
      if (!exposure.isPublic || host === undefined) {
        continue;
      }
      const paths =
        service === 'gateway'
          ? this.gatewayPaths.map((path) => ({ path, match: 'Prefix' as const }))
          : PUBLIC_PATHS[service];
      exposure.expose(this, `${component}-ingress`, {
        name: serviceName,
        labels: { [LABELS.component]: component },
        host,
        paths,
        service: { name: serviceName, port: 'http' },
      });
      if (cluster.ingressController !== undefined) {
        connections.allowFrom(cluster.ingressController, { reason: edge('ingress controller', component).reason });
      }
    }
  }

  private createAlerts({ monitoring, replayPersistence }: CaracalSettings): AlertRules | undefined {
    if (!this.emitsMonitors) {
      return undefined;
    }
    const scraped = {
      sts: this.sts,
      gateway: this.gateway,
      audit: this.audit,
      api: this.api,
      coordinator: this.coordinator,
    };
    return new AlertRules(this, 'alerts', {
      name: `${this.identity.instance}-alerts`,
      rules: caracalAlerts(
        {
          namespace: this.namespaceName,
          job: (component) => scraped[component].serviceName,
          podPrefix: `${this.names.of(this.identity, '')}`,
          components: ['sts', 'gateway', 'audit', 'api', 'coordinator'],
          replayPersistence: replayPersistence.kind === 'persistent',
          ...(monitoring?.redisExporter === undefined ? {} : { redisExporter: monitoring.redisExporter }),
        },
        monitoring?.thresholds,
      ),
    });
  }
}

function checked(id: string, props: CaracalStackProps): CaracalSettings {
  const problems = caracalProblems(id, props);
  if (problems.length > 0) {
    throw new ConfigurationError(`CaracalStack "${id}"`, problems);
  }
  return withDefaults(props);
}
