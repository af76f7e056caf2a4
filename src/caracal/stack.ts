import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { type Finding, refuse, type ReportedFinding } from '../core/errors';
import { instanceLabels, LABELS } from '../core/identity';
import { type ConnectionBudget, stackConnectionBudget } from '../data/connection-budget';
import type { IPostgres } from '../data/postgres';
import type { IRedis } from '../data/redis';
import { AlertRules } from '../monitoring/alert-rules';
import { availabilityAlerts } from '../monitoring/availability-alerts';
import type { ExposedPath, Exposure, PublicRoute } from '../network/exposure';
import { CERT_MANAGER_API } from '../network/tls';
import type { ISecrets } from '../secrets/secret-source';
import { FORMAT_DESCRIPTIONS } from '../secrets/format';
import { acmeSolverPolicy } from '../stack/namespace';
import { type ExclusiveResource, PlatformStack } from '../stack/platform-stack';
import { pathIn } from '../stack/stack-problems';
import { trialProblems } from '../stack/trial';
import type { Rule } from '../validation/rule';
import type { Component } from '../workload/component';
import type { MountedTrust } from '../workload/trust';
import { compose, known, type Value } from '../core/value';
import { caracalAlerts } from './alerts';
import { Api } from './api';
import { Audit } from './audit';
import { AuthMigration } from './auth-migration';
import { GOVERNED_CALL } from './clients-rule';
import { Coordinator } from './coordinator';
import { edge } from './edges';
import { PUBLIC_PATHS, type PublicService, READ_TIMEOUT_SECONDS } from './exposed';
import { Gateway } from './gateway';
import { Migration } from './migration';
import { ingressHost } from './origins';
import { caracalProblems } from './problems';
import { CARACAL_SERVICES, type CaracalService } from './mode';
import type { CaracalStackProps } from './props';
import { caracalRules } from './rules';
import { issuedEntries, referenceEntries, type SecretChecklistEntry } from './secret-checklist';
import { issuedKeys, secretRegistry } from './secrets';
import { fromRelease } from './service';
import { type CaracalSettings, featuresOf, INTERNET, issuerTargets, PRODUCT, withDefaults } from './settings';
import { Sts } from './sts';
import { PROPERTY_OF, trialSettings, wholeParts } from './trial';
import { Web } from './web';

const TRUST_FOLDER = '/run/caracal-trust';

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
  /** The Ingress of each public service, for annotations and dependencies of your own; empty where none is emitted. */
  public readonly ingresses: Readonly<Partial<Record<PublicService, ApiObject>>>;
  /** How the public services are exposed. */
  public readonly exposure: Exposure;
  /** Prefixes of the gateway that are public, by an Ingress or by objects of your own; none where it is not exposed. */
  public readonly gatewayPaths: readonly string[];
  /**
   * Each public service with its host, the paths that are meant for the public, and its Service: what routes of your own
   * are made of under `Exposure.external`, and what the Ingresses route otherwise.
   */
  public readonly publicRoutes: Readonly<Partial<Record<PublicService, PublicRoute>>>;
  private readonly settingsOfProps: CaracalSettings;

  /**
   * @throws ConfigurationError with every problem of the properties, in one report.
   */
  constructor(scope: Construct, id: string, props: CaracalStackProps) {
    const settings = TRIED.get(props) ?? checked(pathIn(scope, id), props);
    super(scope, id, {
      product: PRODUCT,
      profile: settings.profile,
      namespace: settings.namespace,
      cluster: settings.cluster,
      version: settings.release.version,
      ...(settings.instance === undefined ? {} : { instance: settings.instance }),
      ...(settings.names === undefined ? {} : { names: settings.names }),
      ...(settings.labels === undefined ? {} : { labels: settings.labels }),
      ...(settings.annotations === undefined ? {} : { annotations: settings.annotations }),
      ...(settings.pods === undefined ? {} : { pods: settings.pods }),
      ...(settings.mirror === undefined ? {} : { mirror: settings.mirror }),
      ...(settings.monitoring?.enabled === undefined ? {} : { monitored: settings.monitoring.enabled }),
      ...(settings.rules === undefined ? {} : { rules: settings.rules }),
    });
    this.settingsOfProps = settings;
    this.exposure = settings.exposure;
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
    const ofApiAndSts = {
      ...(limits.mintsPerMinute === undefined ? {} : { mintsPerMinute: limits.mintsPerMinute }),
      ...(limits.privateEgressHosts === undefined ? {} : { privateEgressHosts: limits.privateEgressHosts }),
      ...(settings.secretBackend === undefined ? {} : { secretBackend: settings.secretBackend }),
    };
    const retention = limits.auditRetentionDays === undefined ? {} : { retentionDays: limits.auditRetentionDays };
    const replay = settings.replayPersistence;
    const pool = (name: CaracalService) => {
      const poolSize = limits.connectionsPerPod?.[name];
      return poolSize === undefined ? {} : { poolSize };
    };

    this.migration = new Migration(this, 'migrate', { ...settings.migration, ...jobs });
    this.authMigration = new AuthMigration(this, 'auth-migrate', { ...settings.authMigration, ...jobs });
    this.sts = new Sts(this, 'sts', {
      ...settings.sts,
      ...pool('sts'),
      ...core,
      ...ofApiAndSts,
      issuer,
      control,
      replay,
      providers: egress.sts ?? INTERNET,
      ...(limits.policyPollSeconds === undefined ? {} : { policyPollSeconds: limits.policyPollSeconds }),
    });
    this.gateway = new Gateway(this, 'gateway', {
      ...settings.gateway,
      ...pool('gateway'),
      ...core,
      sts: this.sts,
      replay,
      upstreams: egress.gateway ?? [],
      behindProxy: exposed(origins.gateway),
      ...(limits.gatewayUpstreamHosts === undefined ? {} : { upstreamHosts: limits.gatewayUpstreamHosts }),
    });
    this.audit = new Audit(this, 'audit', {
      ...settings.audit,
      ...pool('audit'),
      ...core,
      ...retention,
      ...(settings.auditExport === undefined ? {} : { export: settings.auditExport }),
    });
    this.coordinator = new Coordinator(this, 'coordinator', {
      ...settings.coordinator,
      ...pool('coordinator'),
      ...core,
      sts: this.sts,
      issuer,
      issuerTargets: issuerTargets(settings),
      ...(limits.coordinator === undefined ? {} : { limits: limits.coordinator }),
    });
    this.api = new Api(this, 'api', {
      ...settings.api,
      ...pool('api'),
      ...core,
      ...ofApiAndSts,
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
      ...pool('web'),
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
    this.publicRoutes = this.routesOf(settings);
    this.ingresses = this.exposeOrigins(settings);
    this.alerts = this.createAlerts(settings);
  }

  /** As of every stack. A variable that belongs to a property of the stack is reported once, with that property. */
  public override findings(): ReportedFinding[] {
    return variablesOnce(super.findings());
  }

  /**
   * As of every stack.
   * @internal
   */
  public override propertyFindings(): Finding[] {
    return variablesOnce(super.propertyFindings());
  }

  /**
   * The most connections that the platform may open, against what the database accepts: its own services and Jobs, and
   * whatever else in the stack says `connectionsPerPod`.
   */
  public connectionBudget(): ConnectionBudget {
    return stackConnectionBudget(this.postgres, { components: this.components(), jobs: this.jobs() });
  }

  /**
   * Every secret that somebody must provide, and where its value goes: into the existing Secret, into entries of the
   * secret store, and into Secrets of your own that sign-in methods and variables name. With `derivedForDev` it lists
   * what the emitted Secret holds.
   */
  public secretChecklist(): SecretChecklistEntry[] {
    const { secrets } = this.settingsOfProps;
    const composedInCluster = secrets.kind === 'externalSecrets';
    return [
      ...this.secrets.keys
        // Outside of the stack, Redis' password is a part of redisUrl and nothing else reads it.
        .filter((key) =>
          composedInCluster
            ? key.composed === undefined
            : key.key !== 'redisPassword' || this.redis.component !== undefined,
        )
        .map((key) => ({
          key: key.key,
          format: FORMAT_DESCRIPTIONS[key.format],
          description: key.description,
          consumers: key.consumers,
          location: secrets.location(this.secrets.secretName, key),
        })),
      ...issuedEntries(issuedKeys(this.settingsOfProps)),
      ...referenceEntries([this.sts, this.gateway, this.audit, this.api, this.coordinator, this.web]),
    ];
  }

  /**
   * What one installation has for itself: the database server, whose roles and databases have fixed names (caracal
   * W14), the Redis database, whose streams and groups have (caracal.md 14), and its public hosts.
   */
  public override exclusiveResources(): readonly ExclusiveResource[] {
    const { postgres, redis, exposure, origins } = this.settingsOfProps;
    const resource = (key: Value<string>, message: string, fix: string): ExclusiveResource => ({ key, message, fix });
    const hosts = Object.values(origins)
      .filter((origin) => origin !== undefined)
      .map(ingressHost);
    return [
      ...(postgres.serverKey === undefined
        ? []
        : [
            resource(
              compose`postgres ${postgres.serverKey}`,
              "Caracal's roles and databases have fixed names, so a database server serves one installation",
              'give each installation a server of its own',
            ),
          ]),
      ...(redis.serverKey === undefined
        ? []
        : [
            resource(
              compose`redis ${redis.serverKey}`,
              "Caracal's streams have fixed names, so one installation would consume the events of the other",
              'give each installation a database number or a server of its own',
            ),
          ]),
      ...(exposure.isPublic ? hosts : []).map((host) =>
        resource(
          compose`origin ${host}`,
          'two installations cannot answer for one host, and tokens of both would carry one issuer',
          'give each installation hosts of its own',
        ),
      ),
    ];
  }

  protected override productRules(): readonly Rule[] {
    return caracalRules(this, this.settingsOfProps);
  }

  private bindData(settings: CaracalSettings): { secrets: ISecrets; postgres: IPostgres; redis: IRedis } {
    const { release } = settings;
    const name = `${this.identity.instance}-runtime`;
    // The in-cluster servers mount a key of the Secret, and the Secret's URLs name the servers: its name is known first.
    const password = (registryKey: string): { secretName: string; passwordKey: string } => {
      const { secretName, key } = settings.secrets.secretEntry(name, registryKey);
      return { secretName, passwordKey: key };
    };
    const postgres = settings.postgres.bind(this, {
      ...fromRelease(release, 'postgres'),
      ...password('postgresPassword'),
      user: PRODUCT,
    });
    const redis = settings.redis.bind(this, {
      ...fromRelease(release, 'redis'),
      ...password('redisPassword'),
    });
    const secrets = settings.secrets.provide(this, {
      name,
      namespace: this.namespaceName,
      labels: instanceLabels(this.identity),
      keys: secretRegistry(postgres, redis, featuresOf(settings), issuedKeys(settings)),
    });
    return { secrets, postgres, redis };
  }

  private mountTrust({ trust }: CaracalSettings): MountedTrust | undefined {
    if (trust === undefined) {
      return undefined;
    }
    const configMap = trust.configMap ?? `${this.identity.instance}-trust`;
    if (trust.pem !== undefined) {
      markDrawn(
        new ApiObject(this, 'Trust', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: configMap },
          data: { [trust.key]: trust.pem },
        }),
      );
    }
    return {
      configMap,
      key: trust.key,
      folder: TRUST_FOLDER,
      file: `${TRUST_FOLDER}/${trust.key}`,
      ...(trust.revision === undefined ? {} : { revision: trust.revision }),
    };
  }

  private connectClients({ clients = [] }: CaracalSettings): void {
    for (const name of GOVERNED_CALL) {
      const { reason } = edge('clients', name);
      clients.forEach((client) => this[name].connections.allowFrom(client, { reason }));
    }
  }

  private get publicComponents(): Readonly<Record<PublicService, Component>> {
    return { console: this.web, sts: this.sts, gateway: this.gateway, api: this.api };
  }

  private routesOf({ exposure, origins }: CaracalSettings): CaracalStack['publicRoutes'] {
    const gateway = this.gatewayPaths.map((path): ExposedPath => ({ path, match: 'Prefix' }));
    const routes = Object.entries(this.publicComponents).flatMap(([key, { serviceName, portNumber }]) => {
      const service = key as PublicService;
      const origin = origins[service];
      return !exposure.isPublic || origin === undefined
        ? []
        : [
            [
              service,
              {
                host: ingressHost(origin),
                paths: service === 'gateway' ? gateway : PUBLIC_PATHS[service],
                service: { name: serviceName, port: portNumber },
                readTimeoutSeconds: READ_TIMEOUT_SECONDS,
              } satisfies PublicRoute,
            ],
          ];
    });
    return Object.fromEntries(routes) as CaracalStack['publicRoutes'];
  }

  private exposeOrigins({ exposure, cluster, namespace }: CaracalSettings): CaracalStack['ingresses'] {
    const ingresses: Partial<Record<PublicService, ApiObject>> = {};
    for (const [key, route] of Object.entries(this.publicRoutes)) {
      const service = key as PublicService;
      const { connections, serviceName, spec } = this.publicComponents[service];
      const ingress = exposure.expose(this, `${spec.component}-ingress`, {
        ...route,
        name: serviceName,
        labels: { [LABELS.component]: spec.component },
        service: { name: serviceName, port: 'http' },
      });
      if (ingress !== undefined) {
        ingresses[service] = ingress;
      }
      const proxy = exposure.proxy ?? cluster.ingressController;
      if (proxy !== undefined) {
        connections.allowFrom(proxy, { reason: edge('ingress controller', spec.component).reason });
      }
    }
    const issued = exposure.tls?.requiredApi === CERT_MANAGER_API;
    if (issued && typeof namespace !== 'string' && cluster.ingressController !== undefined) {
      acmeSolverPolicy(this, this.identity, cluster.ingressController);
    }
    return ingresses;
  }

  private createAlerts({ monitoring, replayPersistence }: CaracalSettings): AlertRules | undefined {
    if (!this.monitored) {
      return undefined;
    }
    const scraped = {
      sts: this.sts,
      gateway: this.gateway,
      audit: this.audit,
      api: this.api,
      coordinator: this.coordinator,
    };
    const services = { ...scraped, web: this.web };
    const ofCaracal = new Set<Component>(Object.values(services));
    return new AlertRules(this, 'alerts', {
      name: `${this.identity.instance}-alerts`,
      rules: caracalAlerts(
        {
          namespace: this.namespaceName,
          job: (component) => scraped[component].serviceName,
          podPrefix: `${this.names.of(this.identity, '')}`,
          components: ['sts', 'gateway', 'audit', 'api', 'coordinator'],
          workloads: CARACAL_SERVICES.map((component) => {
            const { serviceName, spec, scaling } = services[component];
            return { component, kind: spec.kind, name: serviceName, minimum: scaling.min, maximum: scaling.max };
          }),
          replayPersistence: replayPersistence.kind === 'persistent',
          ...(monitoring?.redisExporter === undefined ? {} : { redisExporter: monitoring.redisExporter }),
        },
        monitoring?.thresholds,
      ),
      // Whatever else runs in the stack, made after it: a team's own services, the servers of dev.
      more: () =>
        this.components()
          .filter((each) => !ofCaracal.has(each))
          .flatMap(availabilityAlerts),
    });
  }
}

/** Findings without those about a variable that a rule of Caracal refuses already, naming the property to use. */
function variablesOnce<T extends Finding>(all: readonly T[]): T[] {
  const forbidden = new Set(all.filter(({ id }) => id === 'caracal/forbidden-env').map(({ path }) => path));
  return all.filter(({ id, path }) => id !== 'workload/env-taken' || !forbidden.has(path));
}

function checked(path: string, props: CaracalStackProps): CaracalSettings {
  const problems = caracalProblems(path, props);
  if (problems.length > 0) {
    const trial = { path, build: (scope: Construct, id: string) => tried(scope, id, path, props, problems) };
    const others = trialProblems({ ...trial, propertyOf: PROPERTY_OF }, wholeParts(problems));
    refuse(`CaracalStack "${path}"`, [...problems, ...others]);
  }
  return withDefaults(props);
}

/** Settings of stacks that are only tried: their properties have been refused, and are not checked again. */
const TRIED = new WeakMap<object, CaracalSettings>();

function tried(
  scope: Construct,
  id: string,
  path: string,
  props: CaracalStackProps,
  problems: readonly Finding[],
): CaracalStack {
  const settings = trialSettings(path, props, problems);
  const key = { ...settings } as CaracalStackProps;
  TRIED.set(key, settings);
  return new CaracalStack(scope, id, key);
}
