import { Peer, Port, Scaling } from '../../src';

/** Every property that may be set, each with a value that is accepted: the places that are walked. */
export function everything(): Record<string, unknown> {
  const target = (): object => ({ peer: Peer.cidr('10.0.0.0/8'), port: Port.tcp(443) });
  return {
    instance: 'caracal',
    namespace: { name: 'caracal', create: true },
    pods: {
      pullSecrets: ['registry'],
      priorityClassName: 'high',
      tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
      nodeSelector: { pool: 'apps' },
      labels: { team: 'identity' },
      annotations: { note: 'text' },
      env: { TZ: 'UTC' },
    },
    clients: [Peer.namespace('agents')],
    egress: { sts: [target()], api: [target()], gateway: [target()], issuer: target() },
    control: true,
    webDiagnostics: true,
    rotation: { encryptionKey: true, idempotencyKey: true },
    administration: { sts: true, audit: true, gatewayReload: true },
    limits: {
      mintsPerMinute: 1000,
      apiRequestsPerMinute: 600,
      policyPollSeconds: 30,
      auditRetentionDays: 90,
      privateEgressHosts: ['idp.example.internal'],
      gatewayUpstreamHosts: ['api.example.com'],
      connectionsPerPod: { api: 20 },
      coordinator: { bodyLimitBytes: 4096 },
    },
    auditExport: {
      bucket: 'evidence',
      region: 'eu-central-1',
      endpoint: 'https://s3.example.com',
      targets: [target()],
    },
    gatewayPaths: ['/mcp'],
    monitoring: { enabled: true, thresholds: { auditDlqSize: 1 }, redisExporter: { namespace: 'data', job: 'redis' } },
    operators: { active: ['@example.com'], locked: ['a@example.com'], removed: [] },
    origins: {
      console: 'https://c.example.com',
      sts: 'https://s.example.com',
      gateway: 'https://g.example.com',
      api: 'https://a.example.com',
    },
    sts: {
      logLevel: 'warn',
      resources: { cpu: '1', memory: '2Gi' },
      env: { TZ: 'UTC' },
      volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath: '/extra', readOnly: true }],
      podLabels: { team: 'identity' },
      podAnnotations: { note: 'text' },
      nodeSelector: { pool: 'apps' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      priorityClassName: 'high',
      sidecarInjection: 'disabled',
      serviceAccount: { name: 'caracal' },
      scaling: Scaling.fixed(2),
    },
    migration: { rerun: '2', env: { TZ: 'UTC' }, resources: { cpu: '100m' } },
    authMigration: { env: { TZ: 'UTC' } },
  };
}

/** Where a property stands. */
export type Path = readonly string[];

/** A list or an object without a class: what is walked. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

/** Paths of every property, and of every entry of a list. */
export function paths(value: unknown, path: Path = []): Path[] {
  const below = isPlain(value) ? Object.keys(value).flatMap((key) => paths(value[key], [...path, key])) : [];
  return path.length === 0 ? below : [path, ...below];
}

/** The properties with something else in one place. */
export function replaced(path: Path, value: unknown): Record<string, unknown> {
  const props = everything();
  const last = path.at(-1) ?? '';
  const holder = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, props);
  holder[last] = value;
  return props;
}
