import { wholeNumber, fieldsOf, oneOfFields } from '../core/fields';
import { always, codeOr, type Habit } from '../core/habits';

/** What a probe of Kubernetes asks, as this library has it. */
function ask(given: unknown): string {
  const { httpGet, exec } = fieldsOf(given);
  const { path } = fieldsOf(httpGet);
  const { command } = fieldsOf(exec);
  return httpGet === undefined && command === undefined && 'tcpSocket' in fieldsOf(given)
    ? '{ tcp: true }'
    : codeOr(command === undefined ? { http: path ?? '/health' } : { exec: command });
}

function probe(name: string): Habit {
  return {
    names: [`${name}Probe`, name],
    from: 'Kubernetes',
    example: { httpGet: { path: '/health', port: 8080 } },
    fix: (given) => `write probes: { ${name}: { ask: ${ask(given)} } }`,
  };
}

/** What users write for the content of a Job of their own, and for the spec of a component. */
export const CONTENT_HABITS: readonly Habit[] = [
  {
    names: ['name', 'fullnameOverride'],
    from: 'Kubernetes',
    example: 'orders',
    fix: (given) => `write component: ${codeOr(given)}`,
  },
  {
    names: ['schedule'],
    from: 'Kubernetes',
    example: '0 3 * * *',
    fix: (given) =>
      `use a ScheduledJob in place of it: new ScheduledJob(stack, "...", { ... }, { schedule: ${codeOr(given)} })`,
  },
  {
    names: ['emptyDir', 'tmpDirs'],
    from: 'Kubernetes',
    example: {},
    fix: always('write scratch: [{ volume: "tmp", mountPath: "/tmp", size: "64Mi" }]'),
  },
];

/** What users write for the spec of a component of their own. */
export const SPEC_HABITS: readonly Habit[] = [
  ...CONTENT_HABITS,
  {
    names: ['port', 'portNumber', 'containerPort', 'servicePort'],
    from: 'cdk8s-plus',
    example: 8080,
    fix: (given) => `write ports: [{ name: "http", port: Port.tcp(${wholeNumber(given) ?? 8080}) }]`,
  },
  probe('liveness'),
  probe('readiness'),
  probe('startup'),
  {
    names: ['volumeClaimTemplates', 'persistence', 'pvc'],
    from: 'Helm charts',
    example: { enabled: true, size: '10Gi', mountPath: '/data' },
    fix: (given) => {
      const { mountPath = '/data', size = '10Gi' } = fieldsOf(given);
      return `write kind: "StatefulSet", storage: [${codeOr({ volume: 'data', mountPath, size })}]`;
    },
  },
];

/** What users of Kubernetes write inside of a probe. */
export const PROBE_HABITS: readonly Habit[] = [
  {
    names: ['httpGet', 'exec', 'tcpSocket'],
    from: 'Kubernetes',
    example: { path: '/health', port: 8080 },
    fix: (given) => {
      const { path, command } = fieldsOf(given);
      return `write ask: ${codeOr(command === undefined ? { http: path ?? '/health' } : { exec: command })}, or ask: { tcp: true }; the first port is asked`;
    },
  },
  {
    names: ['initialDelaySeconds'],
    from: 'Kubernetes',
    example: 30,
    fix: always('leave it out: the other probes wait until the startup probe has succeeded'),
  },
  {
    names: ['successThreshold'],
    from: 'Kubernetes',
    example: 1,
    fix: always('leave it out: one answer is a success'),
  },
];

/** What users of Kubernetes write inside of files, scratch space and storage. */
export const VOLUME_HABITS: readonly Habit[] = [
  { names: ['name'], from: 'Kubernetes', example: 'data', fix: (given) => `write volume: ${codeOr(given)}` },
  {
    names: ['path', 'folder'],
    from: 'Helm charts',
    example: '/data',
    fix: (given) => `write mountPath: ${codeOr(given)}`,
  },
  {
    names: ['sizeLimit', 'storage', 'capacity'],
    from: 'Kubernetes',
    example: '1Gi',
    fix: (given) => `write size: ${codeOr(given)}`,
  },
  {
    names: ['storageClassName'],
    from: 'Kubernetes',
    example: 'gp3',
    fix: (given) => `write storageClass: ${codeOr(given)}`,
  },
  {
    names: ['secretName', 'secret'],
    from: 'Kubernetes',
    example: 'orders',
    fix: (given) => {
      const name = typeof given === 'string' ? given : (oneOfFields(fieldsOf(given), 'secretName', 'name') ?? 'orders');
      return `each file names its Secret: write items: [${codeOr({ secretName: name, key: 'token', path: 'token' })}]`;
    },
  },
];
