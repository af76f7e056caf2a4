import { fieldsOf, oneOfFields, wholeNumber } from '../core/fields';
import { always, codeOr, type Habit } from '../core/habits';
import { makingOf } from '../core/brand';
import { dnsNameProblem } from '../core/text';
import { EXPOSURE_MAKING } from '../network/makings';
import { SCALING_MAKING } from '../workload/makings';
import { RELEASE_MAKING, REPLAY_MAKING, SIGN_IN_MAKING, TELEMETRY_MAKING } from './makings';

const example = (name: string): string => makingOf(name)?.example ?? '...';

const postgres = (): string =>
  `write postgres: ${example('Postgres')}; its password is the key postgresPassword of secrets`;
const redis = (): string => `write redis: ${example('Redis')}; its password is a key of secrets`;
const secrets = (): string => `write secrets: ${example('SecretSource')}; stack.secretChecklist() lists its keys`;

/** Origins for a host that one was given for; charts have one host where this platform has several. */
function origins(given: unknown): string {
  const [first] = [given].flat() as unknown[];
  const named = oneOfFields(fieldsOf(first), 'host', 'name', 'hostname') ?? first;
  const host = typeof named === 'string' ? named.replace(/^https?:\/\//, '').replace(/[/:].*$/, '') : '';
  const domain = dnsNameProblem(host) === undefined && host.includes('.') ? host : 'example.com';
  return `write origins: { console: "https://console.${domain}", sts: "https://sts.${domain}" }: each service has a host of its own`;
}

const exposure = (given: unknown): string =>
  `write exposure: ${EXPOSURE_MAKING.from?.(given) ?? EXPOSURE_MAKING.example}`;

const scaling = (given: unknown): string =>
  `each component has its own: write sts: { scaling: ${SCALING_MAKING.from?.(given) ?? SCALING_MAKING.example} }`;

const monitoring = (given: unknown): string => {
  const { enabled = given } = fieldsOf(given);
  return `write monitoring: { enabled: ${enabled === false ? 'false' : 'true'} }; where Prometheus is, the cluster says: prometheus: { peer, selectorLabels }`;
};

/** What users of charts write for the whole of Caracal. */
export const CARACAL_HABITS: readonly Habit[] = [
  { names: ['replicas', 'replicaCount'], from: 'Helm charts', example: 3, fix: scaling },
  {
    names: ['autoscaling', 'hpa'],
    from: 'Helm charts',
    example: { enabled: true, minReplicas: 2, maxReplicas: 8 },
    fix: scaling,
  },
  {
    names: ['requests', 'limitsMemory', 'memory', 'cpu'],
    from: 'Kubernetes',
    example: { memory: '512Mi' },
    fix: always(
      'each component has its own: write sts: { resources: { cpu: "250m", memory: "1Gi", memoryLimit: "2Gi" } }',
    ),
  },
  {
    names: ['ingress'],
    from: 'Helm charts',
    example: { enabled: true, className: 'nginx', tls: [{ secretName: 'caracal-tls' }] },
    fix: exposure,
  },
  {
    names: ['tls'],
    from: 'Helm charts',
    example: [{ secretName: 'caracal-tls' }],
    fix: (given) => exposure({ tls: given }),
  },
  {
    names: ['ingressClassName', 'ingressClass', 'className'],
    from: 'Helm charts',
    example: 'nginx',
    fix: (given) => exposure({ className: given }),
  },
  {
    names: ['host', 'hosts', 'hostname', 'domain', 'baseUrl', 'url', 'publicUrl', 'externalUrl'],
    from: 'Helm charts',
    example: 'example.com',
    fix: origins,
  },
  {
    names: ['service', 'ports', 'nodePort'],
    from: 'Helm charts',
    example: { type: 'LoadBalancer' },
    fix: always(
      'Services are reached inside of the cluster only: write exposure: Exposure.ingress({ ... }), or exposure: Exposure.external({ proxy: Peer.namespace("istio-ingress") }) for a load balancer or gateway of your own',
    ),
  },
  {
    names: ['image', 'imageTag', 'tag', 'version', 'appVersion', 'images'],
    from: 'Helm charts',
    example: { repository: 'ghcr.io/garudex-labs/caracal-go', tag: 'v1.0.0' },
    fix: (given) => {
      const { registry } = fieldsOf(given);
      const mirror =
        typeof registry === 'string'
          ? `; write mirror: RegistryMirror.prefix(${codeOr(registry)}) to pull from there`
          : '';
      return `write release: ${RELEASE_MAKING.example}: all images of a release belong together${mirror}`;
    },
  },
  {
    names: ['persistence', 'storage', 'volumeClaimTemplates', 'pvc'],
    from: 'Helm charts',
    example: { enabled: true, size: '10Gi', storageClass: 'gp3' },
    fix: (given) => `write replayPersistence: ${REPLAY_MAKING.from?.(given) ?? REPLAY_MAKING.example}`,
  },
  {
    names: ['existingSecret', 'existingSecretName', 'secretName', 'secretRef', 'externalSecrets'],
    from: 'Helm charts',
    example: 'caracal-secrets',
    fix: secrets,
  },
  {
    names: ['auth', 'password', 'passwords', 'adminPassword', 'postgresPassword', 'redisPassword', 'credentials'],
    from: 'Helm charts',
    example: { password: '...' },
    fix: () => `no secret stands in a program: ${secrets()}`,
  },
  {
    names: ['externalDatabase', 'postgresql', 'database', 'databaseUrl', 'db', 'pgHost'],
    from: 'Helm charts',
    example: { host: 'pg.example.internal' },
    fix: postgres,
  },
  {
    names: ['externalRedis', 'redisUrl', 'redisHost', 'cache'],
    from: 'Helm charts',
    example: { host: 'redis' },
    fix: redis,
  },
  {
    names: ['oauth', 'sso', 'oidc', 'github', 'google', 'smtp', 'mail'],
    from: 'Helm charts',
    example: { github: { clientId: '...' } },
    fix: (given) => `write signIn: [${SIGN_IN_MAKING.from?.(given) ?? SIGN_IN_MAKING.example}]`,
  },
  {
    names: ['admins', 'adminEmails', 'adminEmail', 'users', 'allowlist', 'allowedEmails', 'allowedDomains'],
    from: 'Helm charts',
    example: ['name@example.com'],
    fix: (given) => {
      const entries = ([given].flat() as unknown[]).filter((each) => typeof each === 'string' && each.includes('@'));
      return `write operators: ${codeOr(entries.length === 0 ? ['name@example.com', '@example.com'] : entries)}`;
    },
  },
  {
    names: ['metrics', 'serviceMonitor', 'prometheus', 'prometheusRule', 'alerts', 'podMonitor', 'monitored'],
    from: 'Helm charts',
    example: { enabled: true },
    fix: monitoring,
  },
  {
    names: ['otel', 'opentelemetry', 'otlp', 'tracing', 'traces'],
    from: 'Helm charts',
    example: { endpoint: 'http://otel-collector.observability:4318' },
    fix: (given) => `write telemetry: ${TELEMETRY_MAKING.from?.(given) ?? TELEMETRY_MAKING.example}`,
  },
  {
    names: ['ca', 'caBundle', 'caCert', 'caCerts', 'customCA', 'extraCaCerts'],
    from: 'Helm charts',
    example: 'private-ca',
    fix: always('write trust: TrustBundle.fromConfigMap({ configMap: "private-ca" })'),
  },
  {
    names: ['logLevel', 'logging', 'log'],
    from: 'Helm charts',
    example: 'info',
    fix: (given) =>
      `each component has its own: write sts: { logLevel: ${typeof given === 'string' ? codeOr(given) : '"info"'} }`,
  },
  {
    names: ['nodeAffinity', 'affinity'],
    from: 'Kubernetes',
    example: { nodeAffinity: {} },
    fix: always(
      'write pods: { nodeSelector: { "node.kubernetes.io/instance-type": "m7i.large" } }; spreading over zones is done already',
    ),
  },
  {
    names: ['environment', 'env', 'mode', 'stage'],
    from: 'Helm charts',
    example: 'production',
    fix: (given) =>
      typeof given === 'string'
        ? 'write profile: "production", profile: "rc" or profile: "dev"'
        : 'write pods: { env: { NAME: "value" } } for all pods, or sts: { env: { NAME: "value" } } for one component',
  },
  {
    names: ['extraVolumes', 'extraVolumeMounts'],
    from: 'Helm charts',
    example: [{ name: 'ca', configMap: { name: 'private-ca' } }],
    fix: always(
      'each component has its own: write sts: { volumes: [{ volume: { name: "extra", configMap: { name: "extra" } }, mountPath: "/etc/extra" }] }',
    ),
  },
];

/** What users of charts write for a component of Caracal. */
export const SERVICE_HABITS: readonly Habit[] = [
  {
    names: ['image', 'imageTag', 'tag', 'version'],
    from: 'Helm charts',
    example: { tag: 'v1.0.0' },
    fix: always(`all images of a release belong together: write release: ${RELEASE_MAKING.example} on the stack`),
  },
  {
    names: ['ingress', 'hosts', 'host', 'tls'],
    from: 'Helm charts',
    example: { enabled: true },
    fix: (given) =>
      `the stack exposes its services: ${exposure(fieldsOf(given).type === undefined ? given : undefined)}`,
  },
  {
    names: ['persistence', 'storage', 'storageClass', 'storageClassName'],
    from: 'Helm charts',
    example: { size: '10Gi' },
    fix: (given) => `write replayPersistence: ${REPLAY_MAKING.from?.(given) ?? REPLAY_MAKING.example} on the stack`,
  },
  {
    names: ['metrics', 'serviceMonitor'],
    from: 'Helm charts',
    example: { enabled: true },
    fix: (given) => `the stack says it for all components: ${monitoring(given)}`,
  },
  {
    names: ['log', 'logging', 'loglevel'],
    from: 'Helm charts',
    example: 'info',
    fix: (given) => `write logLevel: ${typeof given === 'string' ? codeOr(given) : '"info"'}`,
  },
  {
    names: ['existingSecret', 'secrets'],
    from: 'Helm charts',
    example: 'caracal-secrets',
    fix: () => `the stack has the secrets of all components: ${secrets()}`,
  },
];

/** Where the size of a component's pool is set. */
export function poolAdvice(component: string, property: string, given: unknown): string | undefined {
  if (!['connectionsPerPod', 'poolSize', 'maxConnections', 'pool'].includes(property)) {
    return undefined;
  }
  return `the budget of the stack counts it: write limits: { connectionsPerPod: { ${component}: ${wholeNumber(given) ?? 20} } }`;
}
