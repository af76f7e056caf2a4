import {
  Cluster,
  Disruption,
  Exposure,
  Mesh,
  Names,
  Peer,
  PodSecurity,
  Port,
  Postgres,
  Redis,
  RegistryMirror,
  type Rule,
  Scaling,
  SecretRef,
  SecretSource,
  Tls,
  TrustBundle,
} from '../../src';
import {
  CaracalRelease,
  type CaracalStack,
  ReplayPersistence,
  SecretBackend,
  SignIn,
  Telemetry,
} from '../../src/caracal';
import { Deferred } from '../../src/core/value';
import { resolveThresholds } from '../../src/caracal/alert-thresholds';
import { type Made, made, type Sample, type Walk } from '../support/effect';
import { otherSidecar, podOptionSample } from '../support/option-samples';
import { caracal, manifestOf } from './fixture';

const target = () => ({ peer: Peer.cidr('10.40.0.0/16'), port: Port.tcp(443) });
const rule = (id: string): Rule => ({
  id,
  level: 'warning',
  acknowledgeable: true,
  why: 'it shows that the rule runs',
  fix: 'nothing needs to be done',
  check: ({ path }) => [{ path, message: 'found' }],
});

const reference = (key: string): SecretRef => SecretRef.key({ secret: 'backend', key });
const backend = (): Sample => ({
  address: 'https://secrets.example.internal:8200',
  peer: Peer.cidr('10.70.0.0/24'),
  port: 8201,
  token: reference('token'),
});

/** Every option of a pod that a component or a Job takes, none with its default. */
const podOptions = (): Sample => ({
  ...podOptionSample(),
  resources: { cpu: '1500m', cpuLimit: '2500m', memory: '3Gi', memoryLimit: '4Gi' },
  sidecarInjection: 'disabled',
  security: made(PodSecurity.relaxed, { reason: 'a tool writes beside itself' }),
});

const serviceOptions = (): Sample => ({
  ...podOptions(),
  scaling: Scaling.fixed(4),
  disruption: Disruption.minAvailable(2),
  topologySpread: [{ topologyKey: 'topology.kubernetes.io/region', maxSkew: 2, whenUnsatisfiable: 'ScheduleAnyway' }],
  logLevel: 'warn',
  shutdown: { preStopSeconds: 33 },
  revisionHistoryLimit: 9,
  service: { annotations: { note: 'text' } },
});

const jobOptions = (): Sample => ({
  ...podOptions(),
  sidecarInjection: 'mesh-default',
  rerun: '2',
  deadlineSeconds: 1234,
});

const linkerd = () =>
  made(Mesh.linkerd, {
    controlPlane: Peer.namespace('mesh'),
    controlPlanePorts: [Port.tcp(9000)],
    tunnelPort: Port.tcp(9001),
    metricsPorts: [Port.tcp(9002)],
  });

const istioSidecar = () =>
  made(Mesh.istioSidecar, {
    controlPlane: Peer.namespace('mesh'),
    controlPlanePorts: [Port.tcp(9000)],
    metricsPorts: [Port.tcp(9002)],
  });

const istioAmbient = () => made(Mesh.istioAmbient, { tunnelPort: Port.tcp(9001), probeAddresses: ['169.254.7.1'] });

const cluster = (mesh: Made = linkerd()) =>
  made(Cluster.generic, {
    name: 'eu-1',
    kubernetes: '1.33',
    zones: 3,
    ingressController: Peer.namespace('traefik'),
    ingressControllerPorts: [Port.tcp(8000)],
    prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'prometheus' } },
    dns: { peer: Peer.namespace('dns'), ports: [Port.tcp(5353)] },
    ipFamilies: ['IPv4'],
    assignsPodUsers: false,
    mesh,
    enforcesNetworkPolicies: false,
    metricsServer: false,
    storageClass: 'fast',
    customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
  } as never);

/** What every production sample has. */
const base = (): Sample => ({
  profile: 'production',
  namespace: 'caracal',
  cluster: cluster(),
  release: CaracalRelease.fromManifest(manifestOf()),
  origins: {
    console: 'https://console.example.com',
    sts: 'https://sts.example.com',
    gateway: 'https://gateway.example.com',
    api: 'https://api.example.com',
  },
  signIn: [SignIn.github()],
  operators: { active: ['@example.com'], locked: ['a@example.com'], removed: ['b@example.com'] },
  postgres: made(Postgres.external, {
    host: 'pg.example.internal',
    port: 6432,
    peer: Peer.cidr('10.20.0.0/24'),
    maxConnections: 4000,
    reservedConnections: 11,
    adminUser: 'admin',
  } as never),
  redis: made(Redis.external, {
    host: 'redis.example.internal',
    port: 6380,
    peer: Peer.cidr('10.20.1.0/24'),
    database: 3,
  } as never),
  secrets: made(SecretSource.externalSecrets, {
    store: { kind: 'ClusterSecretStore', name: 'vault' },
    prefix: 'caracal/',
    property: 'value',
    refreshInterval: '15m',
    creationPolicy: 'Owner',
    revision: '7',
  } as never),
  exposure: made(Exposure.ingress, {
    className: 'traefik',
    tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
    annotations: { 'example.com/a': 'b' },
    controller: 'nginx',
    pathType: 'ImplementationSpecific',
  } as never),
});

const SERVER = { host: 'data.example.internal', peer: Peer.cidr('10.50.0.0/24') };

/** Other thresholds than the alerts have by themselves. */
const thresholds = (): Sample =>
  Object.fromEntries(
    Object.entries(resolveThresholds({ gatewayStsExchangeErrors: 5 })).map(([name, value]) => [
      name,
      value <= 0.5 ? value + 0.1 : value < 1 ? value - 0.1 : value + 1,
    ]),
  );

/** Programs that together give every property of a platform. */
const samples: Record<string, Sample> = {
  production: {
    ...base(),
    instance: 'platform',
    names: Names.helmRelease('release', 'chart'),
    labels: { 'cost-centre': '4711' },
    annotations: { owner: 'platform' },
    pods: {
      pullSecrets: ['registry'],
      priorityClassName: 'high',
      tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 60 }],
      nodeSelector: { pool: 'apps' },
      labels: { team: 'identity' },
      annotations: { note: 'text' },
      env: { TZ: 'UTC' },
    },
    mirror: RegistryMirror.prefix('mirror.example.internal/team'),
    trust: made(TrustBundle.fromConfigMap, { configMap: 'trust', key: 'ca.pem', revision: '3' }),
    telemetry: made(Telemetry.otlp, { host: 'otel.example.internal', port: 4319, peer: Peer.namespace('otel') }),
    clients: [Peer.namespace('agents')],
    egress: { sts: [target()], api: [target()], gateway: [target()], issuer: target() },
    control: true,
    webDiagnostics: true,
    rotation: { encryptionKey: true, idempotencyKey: true },
    administration: { sts: true, audit: true, gatewayReload: true },
    limits: {
      mintsPerMinute: 1001,
      apiRequestsPerMinute: 601,
      policyPollSeconds: 31,
      auditRetentionDays: 91,
      privateEgressHosts: ['idp.example.internal'],
      gatewayUpstreamHosts: ['api.example.com'],
      connectionsPerPod: { api: 21, sts: 22, gateway: 23, audit: 24, coordinator: 25, web: 26 },
      coordinator: {
        idempotencyRetentionSeconds: 3601,
        generatedIdempotencyRetentionSeconds: 3602,
        maxReceiptsPerScope: 101,
        sessionRetentionDays: 31,
        bodyLimitBytes: 4096,
      },
    },
    secretBackend: made(SecretBackend.vault, {
      ...backend(),
      mount: 'kv',
      namespace: 'team-a',
    } as never),
    auditExport: {
      bucket: 'evidence',
      region: 'eu-central-1',
      endpoint: 'https://s3.example.com',
      targets: [target()],
    },
    gatewayPaths: ['/mcp'],
    rules: [rule('own/rule')],
    monitoring: { thresholds: thresholds(), redisExporter: { namespace: 'data', job: 'redis' } },
    replayPersistence: made(ReplayPersistence.persistent, { size: '7Gi', storageClass: 'slow' }),
  },
  services: {
    ...base(),
    namespace: { name: 'caracal', create: true },
    ...Object.fromEntries(
      ['api', 'sts', 'gateway', 'audit', 'coordinator', 'web'].map((each) => [each, serviceOptions()]),
    ),
    secretBackend: made(SecretBackend.infisical, {
      ...backend(),
      projectId: 'project',
      environment: 'staging',
      path: '/caracal',
    } as never),
    migration: jobOptions(),
    authMigration: jobOptions(),
  },
  dev: {
    profile: 'dev',
    namespace: 'caracal',
    secrets: SecretSource.derivedForDev('an example passphrase'),
    monitoring: { enabled: true },
    secretBackend: made(SecretBackend.gcpSecretManager, {
      project: 'my-project',
      credentials: reference('gcp'),
      peer: Peer.cidr('10.70.0.0/24'),
    } as never),
    cluster: cluster(istioSidecar()),
    postgres: made(Postgres.inCluster, { ...podOptions(), size: '3Gi', maxConnections: 301 } as never),
    redis: made(Redis.inCluster, { ...podOptions(), size: '3Gi', maxMemoryMiB: 257 } as never),
  },
  plain: {
    profile: 'dev',
    namespace: 'caracal',
    cluster: cluster(istioAmbient()),
    secrets: made((props: never) => SecretSource.existing(props), {
      name: 'runtime',
      revision: '4',
      keys: { postgresPassword: { secret: 'database', key: 'password' } },
    } as never),
    postgres: made(Postgres.external, { ...SERVER, maxConnections: 400, tls: 'disable' } as never),
    redis: made(Redis.external, { ...SERVER, tls: false, username: 'caracal' } as never),
    exposure: made((props: never) => Exposure.ingress(props), { className: 'traefik' } as never),
    origins: { console: 'http://console.example.com', sts: 'http://sts.example.com' },
    signIn: [
      made(SignIn.smtp, {
        from: 'a@example.com',
        peer: Peer.namespace('mail'),
        port: 2525,
        secret: { name: 'smtp' },
      } as never),
    ],
    operators: ['@example.com'],
    secretBackend: made(SecretBackend.custom, backend() as never),
  },
  aws: {
    ...base(),
    secretBackend: made(SecretBackend.awsSecretsManager, {
      region: 'eu-central-1',
      accessKey: { id: reference('id'), secret: reference('secret'), session: reference('session') },
      peer: Peer.cidr('10.70.0.0/24'),
    } as never),
  },
  google: {
    ...base(),
    secretBackend: made(SecretBackend.azureKeyVault, {
      vaultUrl: 'https://team.vault.azure.net',
      application: { tenantId: 'tenant', clientId: 'client', clientSecret: reference('azure') },
      peer: Peer.cidr('10.70.0.0/24'),
    } as never),
    // Ports that only the deployment knows.
    postgres: made(Postgres.external, {
      ...SERVER,
      maxConnections: 4000,
      port: Deferred.create(),
      policyPort: 6432,
    } as never),
    redis: made(Redis.external, { ...SERVER, port: Deferred.create(), policyPort: 6380 } as never),
    signIn: [made(SignIn.google, { secret: { name: 'oauth' }, peer: Peer.cidr('10.60.0.0/16') } as never)],
  },
};

/** Other values of what cannot be left out. */
const required = {
  profile: 'rc',
  namespace: 'other',
  'namespace.name': 'other',
  'cluster.name': 'eu-2',
  'cluster.kubernetes': '1.34',
  'cluster.zones': 2,
  'cluster.ingressController': Peer.namespace('envoy'),
  'cluster.prometheus.peer': Peer.namespace('metrics'),
  'cluster.prometheus.selectorLabels': { release: 'other' },
  'cluster.prometheus.selectorLabels.release': 'other',
  'cluster.ipFamilies': ['IPv4', 'IPv6'],
  'cluster.assignsPodUsers': true,
  'cluster.dns.peer': Peer.namespace('resolvers'),
  'cluster.customResources': ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'].slice(0, 3),
  release: CaracalRelease.fromManifest(manifestOf('1.0.1')),
  'origins.console': 'https://other.example.com',
  'origins.sts': 'https://other.example.com',
  signIn: [SignIn.google()],
  'operators.active': ['@example.org'],
  operators: ['@example.org'],
  'postgres.host': 'other.example.internal',
  'postgres.peer': Peer.cidr('10.99.0.0/24'),
  'postgres.maxConnections': 4001,
  'postgres.policyPort': 6433,
  'redis.policyPort': 6381,
  'redis.host': 'other.example.internal',
  'redis.peer': Peer.cidr('10.99.0.0/24'),
  'secrets.store.kind': 'SecretStore',
  'secrets.store.name': 'other',
  'secrets.prefix': 'other/',
  'secrets.name': 'other',
  'secrets.keys.postgresPassword.secret': 'other',
  'secrets.keys.postgresPassword.key': 'other',
  'exposure.className': 'other',
  'exposure.tls': Tls.existingSecret('wildcard'),
  'pods.tolerations.0.key': 'other',
  'pods.tolerations.0.effect': 'NoExecute',
  'trust.configMap': 'other',
  'telemetry.host': 'other.example.internal',
  'telemetry.peer': Peer.namespace('other'),
  ...Object.fromEntries(
    ['egress.sts.0', 'egress.api.0', 'egress.gateway.0', 'egress.issuer', 'auditExport.targets.0'].flatMap((path) => [
      [`${path}.peer`, Peer.cidr('10.98.0.0/16')],
      [`${path}.port`, Port.tcp(8443)],
    ]),
  ),
  'secretBackend.address': 'https://other.example.internal:8200',
  'secretBackend.vaultUrl': 'https://other.vault.azure.net',
  'secretBackend.peer': Peer.cidr('10.71.0.0/24'),
  'secretBackend.projectId': 'other',
  'secretBackend.project': 'my-other-project',
  'secretBackend.region': 'eu-west-1',
  'secretBackend.application.tenantId': 'other',
  'secretBackend.application.clientId': 'other',
  'secretBackend.accessKey.id': reference('other'),
  'secretBackend.accessKey.secret': reference('other'),
  'auditExport.bucket': 'others',
  'monitoring.redisExporter.namespace': 'other',
  'monitoring.redisExporter.job': 'other',
  'signIn.0.from': 'b@example.com',
  'signIn.0.peer': Peer.namespace('other'),
  'signIn.0.secret.name': 'other',
  ...Object.assign(
    {},
    ...['api', 'sts', 'gateway', 'audit', 'coordinator', 'web', 'migration', 'authMigration', 'postgres', 'redis'].map(
      (each) => ({ [`${each}.security.reason`]: 'another reason', ...otherSidecar(each) }),
    ),
  ),
};

/** The walk over a platform. */
export const CARACAL_WALK: Walk = {
  samples,
  others: {
    ...Object.fromEntries(Object.keys(samples).map((name) => [name, required])),
    dev: { ...required, secrets: SecretSource.derivedForDev('another passphrase') },
  },
  observe: (props) => observed(caracal(props)),
  exceptions: {
    'rules.0': 'a rule is judged as a whole',
    'caracal.rules[]': 'a rule is judged as a whole',
    'cluster.kubernetes': 'it decides what is refused: test/platform/cluster.test.ts',
    'Cluster.generic.apiServer': 'Peer.apiServer(cluster) reads it: test/network/peer.test.ts',
    'Cluster.generic.clusterScopedKinds': 'for objects of the user: test/stack/claims.test.ts',
    'pods.tolerations.0.effect': 'seconds need NoExecute: test/workload/placement.test.ts',
    'cluster.customResources': 'what is missing is refused: test/platform/cluster.test.ts',
    'namespace.create': 'it is always true',
    'Postgres.external.policyPort': 'beside a port that only the deployment knows: test/pulumi/database-port.test.ts',
    'Redis.external.policyPort': 'beside a port that only the deployment knows: test/pulumi/database-port.test.ts',
  },
  isPlaceOfUser: (place) =>
    !place.startsWith('caracal/') && !place.startsWith('connections of') && !place.startsWith('Peer.'),
};

/** Everything that a user sees of a platform. */
export function observed(stack: CaracalStack): unknown {
  return {
    objects: stack.stackObjects().map((object) => object.toJson() as unknown),
    findings: stack.findings(),
    flows: stack.flows(),
    budget: stack.connectionBudget(),
    checklist: stack.secretChecklist(),
    images: stack.images(),
  };
}
