import { codeOr, adviceOf, always, type Habit } from '../core/habits';
import { fieldsOf, oneOfFields, type UnknownFields } from '../core/fields';
import { DISRUPTION_MAKING, SCALING_MAKING, SECURITY_MAKING } from './makings';

const defined = (fields: UnknownFields): UnknownFields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The amounts of `requests` and `limits` as this library has them. */
function amounts(requests: unknown, limits: unknown): string {
  const { cpu, memory } = fieldsOf(requests);
  const { cpu: cpuLimit, memory: memoryLimit } = fieldsOf(limits);
  const given = defined({ cpu, memory, cpuLimit, memoryLimit });
  const example = { cpu: '250m', memory: '256Mi', memoryLimit: '512Mi' };
  return codeOr(Object.keys(given).length === 0 ? example : given);
}

/** Amounts that are at home in `resources`. */
const AMOUNTS = ['cpu', 'memory', 'cpuLimit', 'memoryLimit'] as const;

/** Names and values as an object: a list of `{ name, value }`, or an object already. */
function variables(given: unknown): string {
  const entries = (Array.isArray(given) ? (given as unknown[]) : []).map(fieldsOf);
  const pairs = entries.filter(({ name, value }) => typeof name === 'string' && value !== undefined);
  const object = Array.isArray(given)
    ? Object.fromEntries(pairs.map(({ name, value }) => [name, value]))
    : fieldsOf(given);
  return codeOr(Object.keys(object).length === 0 ? { NAME: 'value' } : object);
}

const scaling = (given: unknown): string => {
  const { enabled, ...fields } = fieldsOf(given);
  const off = enabled === false ? 'Scaling.fixed(2)' : undefined;
  return `write scaling: ${off ?? SCALING_MAKING.from?.(Object.keys(fields).length > 0 ? fields : given) ?? SCALING_MAKING.example}`;
};

const PROBES = 'leave it out: the component has the probes that fit its program';
const PORTS = 'leave it out: the component has the ports and the Service of its program';

/** Requests and limits as Kubernetes has them, beside `resources` or inside of it. */
const REQUESTS_AND_LIMITS: readonly Habit[] = [
  {
    names: ['requests'],
    from: 'Kubernetes',
    example: { cpu: '250m', memory: '256Mi' },
    fix: (given) => `write resources: ${amounts(given, undefined)}`,
  },
  {
    names: ['limits'],
    from: 'Kubernetes',
    example: { cpu: '1', memory: '512Mi' },
    fix: (given) => `write resources: ${amounts(undefined, given)}`,
  },
];

/** What users of charts and of cdk8s-plus write for a component or a Job. */
export const OPTION_HABITS: readonly Habit[] = [
  { names: ['replicas', 'replicaCount'], from: 'Helm charts', example: 3, fix: scaling },
  {
    names: ['autoscaling', 'hpa', 'horizontalPodAutoscaler'],
    from: 'Helm charts',
    example: { enabled: true, minReplicas: 2, maxReplicas: 8, targetCPUUtilizationPercentage: 70 },
    fix: scaling,
  },
  {
    names: ['minReplicas', 'maxReplicas'],
    from: 'Kubernetes',
    example: 8,
    fix: always('write scaling: Scaling.auto({ min: 2, max: 8, cpuPercent: 70 })'),
  },
  ...REQUESTS_AND_LIMITS,
  ...AMOUNTS.map((name): Habit => ({
    names: [name],
    from: 'cdk8s-plus',
    example: name.startsWith('cpu') ? '250m' : '512Mi',
    fix: (given) => `write resources: ${typeof given === 'string' ? codeOr({ [name]: given }) : amounts({}, {})}`,
  })),
  {
    names: ['envVariables', 'envVars', 'environment', 'extraEnv', 'extraEnvVars'],
    from: 'Helm charts',
    example: [{ name: 'TZ', value: 'UTC' }],
    fix: (given) => `write env: ${variables(given)}`,
  },
  {
    names: ['envFrom', 'extraEnvVarsSecret', 'extraEnvVarsCM'],
    from: 'Kubernetes',
    example: [{ secretRef: { name: 'ai-provider' } }],
    fix: always(
      'name each variable: write env: { NAME: SecretRef.key({ secret: "ai-provider", key: "apiKey" }) }, or mount all of them with volumes',
    ),
  },
  {
    names: ['volumeMounts', 'extraVolumes', 'extraVolumeMounts'],
    from: 'Helm charts',
    example: [{ name: 'ca', configMap: { name: 'private-ca' } }],
    fix: always(
      'write volumes: [{ volume: { name: "extra", configMap: { name: "extra" } }, mountPath: "/etc/extra" }]: volume and mount stand together',
    ),
  },
  {
    names: ['initContainers', 'extraInitContainers', 'extraContainers', 'sidecarContainers', 'containers'],
    from: 'Helm charts',
    example: [{ name: 'proxy', image: 'registry.example.com/proxy:1' }],
    fix: always(
      'write sidecars: [{ name: "proxy", image: ImageRef.parse("registry.example.com/proxy@sha256:...") }]: they start first and live as long as the pod; what must end first is a OneShotJob',
    ),
  },
  {
    names: ['terminationGracePeriodSeconds', 'lifecycle', 'preStop', 'preStopSeconds', 'preStopSleepSeconds'],
    from: 'Kubernetes',
    example: 60,
    fix: (given) =>
      `write shutdown: { preStopSeconds: ${typeof given === 'number' ? given : 15} }: the grace period follows from it`,
  },
  {
    names: ['serviceAnnotations'],
    from: 'Helm charts',
    example: { note: 'a' },
    fix: (given) => `write service: { annotations: ${codeOr(given)} }`,
  },
  {
    names: ['serviceAccountName'],
    from: 'Kubernetes',
    example: 'caracal-audit',
    fix: (given) => `write serviceAccount: { name: ${codeOr(given)} }`,
  },
  {
    names: ['labels', 'extraPodLabels'],
    from: 'Helm charts',
    example: { team: 'a' },
    fix: (given) => `write podLabels: ${codeOr(given)}`,
  },
  {
    names: ['annotations', 'extraPodAnnotations'],
    from: 'Helm charts',
    example: { note: 'a' },
    fix: (given) => `write podAnnotations: ${codeOr(given)}`,
  },
  {
    names: ['podMetadata', 'metadata'],
    from: 'cdk8s-plus',
    example: { labels: { team: 'a' } },
    fix: (given) => {
      const { labels = { team: 'a' }, annotations } = fieldsOf(given);
      return `write podLabels: ${codeOr(labels)}${annotations === undefined ? '' : `, podAnnotations: ${codeOr(annotations)}`}`;
    },
  },
  {
    names: ['affinity', 'nodeAffinity'],
    from: 'Kubernetes',
    example: { nodeAffinity: {} },
    fix: always(
      'write nodeSelector: { "node.kubernetes.io/instance-type": "m7i.large" } to choose nodes; zones and nodes are spread over already, and topologySpread changes how',
    ),
  },
  {
    names: ['podAntiAffinity', 'topologySpreadConstraints', 'spread'],
    from: 'Kubernetes',
    example: [{ maxSkew: 1 }],
    fix: always(
      'leave it out: pods are spread over zones and nodes already; to change how, write topologySpread: [{ topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" }]',
    ),
  },
  {
    names: ['securityContext', 'podSecurityContext', 'containerSecurityContext'],
    from: 'Helm charts',
    example: { readOnlyRootFilesystem: false },
    fix: (given) =>
      SECURITY_MAKING.from?.(given) === undefined
        ? 'leave it out: pods run as the user of their image, without privileges, on a root file system that is read-only'
        : `write security: ${SECURITY_MAKING.from(given) ?? SECURITY_MAKING.example}`,
  },
  {
    names: ['podDisruptionBudget', 'pdb'],
    from: 'Helm charts',
    example: { enabled: true, maxUnavailable: 1 },
    fix: (given) => `write disruption: ${DISRUPTION_MAKING.from?.(given) ?? DISRUPTION_MAKING.example}`,
  },
  {
    names: ['priorityClass'],
    from: 'Helm charts',
    example: 'platform',
    fix: (given) => `write priorityClassName: ${codeOr(fieldsOf(given).name ?? given)}`,
  },
  {
    names: ['imagePullSecrets', 'dockerRegistryAuth'],
    from: 'Kubernetes',
    example: [{ name: 'registry' }],
    fix: (given) => `say it once for all pods of the stack: write pods: { pullSecrets: ${pullSecrets(given)} }`,
  },
  {
    names: ['livenessProbe', 'liveness'],
    from: 'Kubernetes',
    example: { httpGet: { path: '/' } },
    fix: always(PROBES),
  },
  {
    names: ['readinessProbe', 'readiness'],
    from: 'Kubernetes',
    example: { httpGet: { path: '/' } },
    fix: always(PROBES),
  },
  {
    names: ['startupProbe', 'startup', 'probes'],
    from: 'Kubernetes',
    example: { httpGet: { path: '/' } },
    fix: always(PROBES),
  },
  { names: ['ports', 'port', 'portNumber', 'containerPort'], from: 'cdk8s-plus', example: 8080, fix: always(PORTS) },
  {
    names: ['networkPolicy', 'isolate'],
    from: 'cdk8s-plus',
    example: true,
    fix: always('leave it out: everything is closed but what connections.allowTo and allowFrom of the component open'),
  },
  {
    names: ['automountServiceAccountToken'],
    from: 'Kubernetes',
    example: false,
    fix: always('leave it out: no pod gets a token'),
  },
  {
    names: ['strategy', 'updateStrategy'],
    from: 'Kubernetes',
    example: { type: 'RollingUpdate' },
    fix: always('leave it out: updates never take a pod away before another one is ready'),
  },
];

/** What users of Kubernetes write inside of `resources`. */
export const RESOURCE_HABITS: readonly Habit[] = [
  ...REQUESTS_AND_LIMITS,
  {
    names: ['ephemeral-storage', 'ephemeralStorage'],
    from: 'Kubernetes',
    example: '1Gi',
    fix: always('leave it out: requests and limits of the disk follow from the volumes of the component'),
  },
];

/** What users of charts write inside of `service`. */
const SERVICE_HABITS: readonly Habit[] = [
  {
    names: ['type', 'port', 'ports', 'nodePort', 'loadBalancerIP', 'enabled'],
    from: 'Helm charts',
    example: 'LoadBalancer',
    fix: always(
      'leave it out: a Service is for the cluster, with the ports of its program; exposure makes hosts public',
    ),
  },
];

/** Names of Secrets as `pods.pullSecrets` has them. */
export function pullSecrets(given: unknown): string {
  const names = [given]
    .flat()
    .map((each) => oneOfFields(fieldsOf(each), 'name') ?? each)
    .filter((name) => typeof name === 'string');
  return codeOr(names.length === 0 ? ['registry'] : names);
}

/** Advice about options of components and Jobs. */
export const OPTION_ADVICE = adviceOf(OPTION_HABITS);

/** Advice about `resources`. */
export const RESOURCE_ADVICE = adviceOf(RESOURCE_HABITS);

/** Advice about `service`. */
export const SERVICE_ADVICE = adviceOf(SERVICE_HABITS);
