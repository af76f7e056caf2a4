import { Testing } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Component,
  type ComponentOptions,
  type ComponentPort,
  type ComponentSpec,
  type ConfigFiles,
  ImageRef,
  type InitContainer,
  type JobContent,
  type JobOptions,
  type MetricsEndpoint,
  type MountedTrust,
  OneShotJob,
  type PodUser,
  type ProbeSettings,
  type Probes,
  type ReplicaStorage,
  type Resources,
  type ScratchSpace,
  type SecretFiles,
  type Shutdown,
} from '../../../src';
import { testStack } from '../../support/ledger';
import { disruption, jobOptions, scaling, topologySpread } from './components';
import { among, dictionary, either, type Generators, mostly, some, sparse } from './generators';
import { dnsLabel, dnsName, hugeNumber, text, variable } from './names';
import { port, tcpPort } from './network';
import { componentOnlyOptions, podOptions, resources } from './pods';
import { calls } from './recipe';
import type { Subject } from './run';
import { dataKey } from './secrets';
import { extraVolumes } from './volumes';

// What stands in a spec is judged by the component alone, so the odd values are frequent here: one in sixty.
const ODD = 60;

const seconds = mostly(among(1, 5, 20, 3600), either(among(0, -1, 1.5, '5'), hugeNumber), ODD);
const digest = `sha256:${'a'.repeat(64)}`;
const image = mostly(
  calls('ImageRef.parse', ImageRef.parse, among(`registry.example.com/own:v1.2@${digest}`, `own@${digest}`)),
  among('own:v1', {}),
  150,
);

const user: Generators<PodUser> = {
  uid: mostly(among(1, 1001, 65532, 2 ** 31 - 1), among(0, -5, 2 ** 31, 1.5), ODD),
  gid: mostly(among(0, 1, 65532), among(-1, 2 ** 31), ODD),
  fsGroup: mostly(among(0, 1, 65532), among(-1, 2 ** 31), ODD),
};

const portName = mostly(
  either(among('http', 'grpc', 'a', 'x-1', 'fifteen-letters', '8080-a'), fc.stringMatching(/^[a-z]{1,8}$/)),
  among('HTTP', 'a--b', '-a', '80', 'a-name-of-29-letters-and-more', '', 'a_b', '1e3', '0o1a'),
  ODD,
);
// Most metrics are those of the first port.
const first = sparse<ComponentPort>({ name: mostly(among('http'), portName, 20), port: mostly(tcpPort, port, ODD) }, [
  'name',
  'port',
]);
const another = sparse<ComponentPort>({ name: portName, port: mostly(tcpPort, port, 5) }, ['name', 'port']);
const ports = mostly(
  fc.tuple(first, some(another, 0, 2)).map(([one, others]) => [one, ...others]),
  among([], [{ name: 'http' }], [{ name: 'http', port: 8080 }]),
  150,
);

const httpPath = mostly(among('/', '/health', '/a?b=c', '/%20', '/"'), among('health', '', '/a b', '/ä', '/a\n'), ODD);
const command = mostly(some(text, 1, 3), among([], ['']), ODD);
const probe: Generators<ProbeSettings> = {
  ask: mostly(
    either(sparse({ http: httpPath }, ['http']), among({ tcp: true }), sparse({ exec: command }, ['exec'])),
    among({}, { http: '/', tcp: true }),
    100,
  ),
  ...{ periodSeconds: seconds, timeoutSeconds: seconds, failureThreshold: seconds },
};
const anyProbe = sparse<ProbeSettings>(probe, ['ask']);
const probes: Generators<Probes> = { startup: anyProbe, readiness: anyProbe, liveness: anyProbe };

const shutdown: Generators<Shutdown> = { preStopSeconds: seconds, budgetSeconds: seconds, marginSeconds: seconds };

const metrics: Generators<MetricsEndpoint> = {
  path: httpPath,
  port: mostly(among('http'), portName, 15),
  bearer: sparse({ secretName: dnsName, key: dataKey }, ['secretName', 'key']),
};

const folder = mostly(
  either(
    fc.stringMatching(/^\/[a-z]{4,8}$/),
    among('/data', '/var/cache/a', '/run/a b', '/tmp', '/ä', '/data/inner', '/dev/shm', '/c/', `/${'m'.repeat(300)}`),
  ),
  among('data', '/', '/a:b', '/a/../b', '', '/proc/1', '/a\nb', '/sys'),
  ODD,
);
const volume = mostly(
  either(fc.stringMatching(/^[a-z]{4,8}$/), among('a', 'cache'), dnsLabel),
  among('TMP', 'a.b', 'trust', ''),
  60,
);
const size = mostly(among('1Mi', '64Mi', '1Gi', '2Ti'), among('1.5Gi', '1G', '0Mi', 5), 60);

const filePath = mostly(
  either(among('token', 'a/b', '.x'), fc.stringMatching(/^[a-z]{6}$/)),
  among('../../etc', '/etc', '..a', '', 'a/../b', 'token/x', './token'),
  ODD,
);
const item = sparse<SecretFiles['items'][number]>({ secretName: dnsName, key: dataKey, path: filePath }, [
  ...(['secretName', 'key', 'path'] as const),
]);
const secretFiles = some(
  sparse<SecretFiles>({ volume, mountPath: folder, items: some(item, 0, 3) }, ['volume', 'mountPath', 'items']),
  0,
  2,
);
const configFiles = some(
  sparse<ConfigFiles>({ volume, mountPath: folder, files: dictionary(dataKey, text) }, [
    ...(['volume', 'mountPath', 'files'] as const),
  ]),
  0,
  2,
);
const scratch = some(
  sparse<ScratchSpace>(
    { volume, mountPath: folder, size, medium: mostly(among('disk', 'memory'), among('Memory'), 60) },
    ['volume', 'mountPath', 'size'],
  ),
  0,
  2,
);
const storage = some(
  sparse<ReplicaStorage>({ volume, mountPath: folder, size, storageClass: dnsName }, ['volume', 'mountPath', 'size']),
  0,
  1,
);
const trust: Generators<MountedTrust> = {
  configMap: dnsName,
  key: dataKey,
  folder: mostly(among('/run/trust'), folder, 10),
  file: among('/run/trust/ca.crt'),
  revision: text,
};
const env = dictionary(variable, text);

const pod = {
  component: mostly(among('own', 'x', 'orders-2'), among('Own', '', '-a', 'a.b', 'x'.repeat(64), 'x'.repeat(50)), ODD),
  image,
  version: mostly(among('1.2.0', 'v1', '2026-11-25'), among('', 'a b', '1e_3', 'x'.repeat(64)), ODD),
  command,
  args: command,
  user: sparse<PodUser>(user, ['uid', 'gid', 'fsGroup']),
  env,
  secretFiles,
  scratch,
  trust: sparse<MountedTrust>(trust, ['configMap', 'key', 'folder', 'file']),
  resources: sparse<Resources>(resources, ['cpu', 'memory', 'memoryLimit']),
  connectionsPerPod: mostly(among(0, 5), among(-1, 1.5), ODD),
  secretsRevision: text,
  resolvesNames: among(true, false),
};

const componentSpec: Generators<ComponentSpec> = {
  ...pod,
  configFiles,
  kind: mostly(among('StatefulSet', 'Deployment'), among('CronJob'), ODD),
  ports,
  probes: sparse<Probes>(probes),
  scaling: scaling(2),
  ipFamilies: mostly(among(['IPv4', 'IPv6'], ['IPv4']), among(['IPv6'], []), ODD),
  shutdown: sparse<Shutdown>(shutdown),
  metrics: sparse<MetricsEndpoint>(metrics, ['path', 'port'], 2),
  storage,
};

const initContainer: Generators<InitContainer> = {
  name: mostly(among('wait', 'first'), among('own', 'Wait', 'a.b', ''), ODD),
  image,
  command,
  env,
  user: sparse({ uid: user.uid, gid: user.gid }, ['uid', 'gid']),
  mounts: mostly(among([]), among([{ name: 'a', mountPath: '/data' }], [{ name: 'z', mountPath: '/z' }]), 3),
  secretFiles,
};

const jobContent: Generators<JobContent> = {
  ...pod,
  component: mostly(among('job', 'migrate'), among('Job', '', 'x'.repeat(60)), ODD),
  backoffLimit: mostly(among(0, 3, 10), either(among(-1, 1.5), hugeNumber), ODD),
  deadlineSeconds: mostly(among(300, 2 ** 31 - 1), either(among(0, -1), hugeNumber), ODD),
  initContainers: some(sparse<InitContainer>(initContainer, ['name', 'image', 'command', 'env']), 0, 2),
};

const options: Generators<ComponentOptions> = {
  ...podOptions,
  ...componentOnlyOptions,
  volumes: extraVolumes,
  scaling: scaling(2),
  disruption: disruption(2),
  topologySpread,
};

/** Storage belongs to a StatefulSet, mostly. */
function withItsKind(spec: Record<string, unknown>): Record<string, unknown> {
  return Array.isArray(spec.storage) && spec.storage.length > 0 && spec.version !== 'v1'
    ? { ...spec, kind: 'StatefulSet' }
    : spec;
}

/** A component and a Job, each with its own spec and options. */
export const ownWorkloads: fc.Arbitrary<Record<string, unknown>> = fc.record({
  component: sparse<ComponentSpec>(componentSpec, ['component', 'image', 'ports'], 3).map(withItsKind),
  componentOptions: sparse<ComponentOptions>(options, [], 1),
  job: sparse<JobContent>(jobContent, ['component', 'image', 'backoffLimit', 'deadlineSeconds'], 3),
  jobOptions: mostly(among({}), jobOptions as fc.Arbitrary<Partial<JobOptions>>, 1),
});

/** Properties that a run must vary, among the specs that synthesise. */
export const OWN_PROPERTIES: readonly string[] = [
  ...Object.keys(componentSpec).map((key) => `component.${key}`),
  ...Object.keys(jobContent).map((key) => `job.${key}`),
];

/** A stack with nothing else in it. */
export const OWN: Subject = {
  build: ({ component, componentOptions, job, jobOptions: ofJob }) => {
    const stack = testStack({ namespace: { name: 'books', create: true } }, Testing.app());
    new Component(stack, 'component', component as ComponentSpec, componentOptions as ComponentOptions);
    new OneShotJob(stack, 'job', job as JobContent, ofJob as JobOptions);
    return stack;
  },
  program: (printed) => `const { component, componentOptions, job, jobOptions } = ${printed}`,
};
