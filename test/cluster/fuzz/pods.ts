import * as fc from 'fast-check';
import {
  ImageRef,
  type PodDefaults,
  PodSecurity,
  Port,
  type Resources,
  type Sidecar,
  type SidecarReady,
} from '../../../src';
import type { Toleration } from '../../../src/core/kubernetes';
import { among, dictionary, distinct, either, type Generators, mostly, settings, some, sparse } from './generators';
import { dnsName, hugeNumber, kubernetesKey, labelKey, labelValue, text, variable } from './names';
import { calls } from './recipe';

const OLD_NODE_LABELS = ['beta.kubernetes.io/os', 'failure-domain.beta.kubernetes.io/zone', 'beta.kubernetes.io/arch'];

/** Labels of nodes. */
export const nodeKey = mostly(
  mostly(labelKey, among('kubernetes.io/arch', 'topology.kubernetes.io/zone'), 3),
  among(...OLD_NODE_LABELS),
  200,
);

const labels = mostly(dictionary(labelKey, labelValue), dictionary(kubernetesKey, labelValue), 320);

/** Annotations that the API server reads on pods. */
const readAnnotations = either(
  dictionary(
    among('controller.kubernetes.io/pod-deletion-cost'),
    mostly(among('100', '-1'), among('many', '9999999999'), 1),
  ),
  dictionary(
    among(
      'container.apparmor.security.beta.kubernetes.io/sts',
      'container.apparmor.security.beta.kubernetes.io/migrate',
    ),
    among('runtime/default', 'unconfined', 'localhost/a', 'x'),
  ),
  dictionary(
    either(
      kubernetesKey,
      among(
        ...['seccomp.security.alpha.kubernetes.io/pod', 'kubernetes.io/config.mirror', 'kubernetes.io/psp'],
        ...[
          'security.alpha.kubernetes.io/sysctls',
          'scheduler.alpha.kubernetes.io/critical-pod',
          'kubectl.kubernetes.io/x',
        ],
        ...['scheduler.alpha.kubernetes.io/tolerations', 'pod.beta.kubernetes.io/hostname', 'kubernetes.io/created-by'],
      ),
    ),
    among('', 'unconfined', 'x', 'true'),
  ),
);

const annotations = mostly(
  dictionary(labelKey, text),
  either(
    readAnnotations,
    among(
      { a: 'x'.repeat(262_140) },
      { a: 'x'.repeat(200_000), b: 'y'.repeat(100_000) },
      { a: '\u00e4'.repeat(140_000) },
    ),
  ),
  300,
);

const toleration: Generators<Toleration> = {
  key: labelKey,
  operator: mostly(among('Exists', 'Equal'), among('Lt', 'exists')),
  value: labelValue,
  effect: mostly(among('NoSchedule', 'NoExecute', 'PreferNoSchedule'), among('Never')),
  tolerationSeconds: mostly(among(0, 300), either(hugeNumber, among(-1, 1.5)), 30),
};

const tolerations = mostly(
  some(
    either(
      sparse<Toleration>(toleration, ['key', 'value', 'effect'], 0),
      sparse({ key: labelKey, operator: among('Exists'), effect: toleration.effect }, ['operator'], 5),
      sparse(
        {
          key: labelKey,
          operator: among('Exists'),
          effect: among('NoExecute'),
          tolerationSeconds: toleration.tolerationSeconds,
        },
        [...(['operator', 'effect', 'tolerationSeconds'] as const)],
      ),
    ),
    1,
    3,
  ),
  some(sparse<Toleration>(toleration)),
  200,
);

const env = dictionary(variable, text);

const defaults: Generators<PodDefaults> = {
  pullSecrets: mostly(distinct(dnsName, 1, 3), among([], ['a', 'a'])),
  priorityClassName: mostly(among('platform-high', 'system-cluster-critical'), dnsName, 4),
  tolerations,
  nodeSelector: dictionary(nodeKey, labelValue),
  labels,
  annotations,
  env,
};

/** Settings of every pod. */
export const podDefaults = sparse<PodDefaults>(defaults);

const cpu = mostly(
  among('25m', '100m', '0.2', '0.001', '0.25'),
  among('2000m', '0', '-1', '1e3', '9007199254740', '0.0001', 1),
  60,
);
const memory = mostly(among('64Mi', '128Mi', '131072Ki', '256Mi'), among('0Mi', '1G', '8191Ti', '64', '1.5Gi'), 60);

/** Resources of a container. */
export const resources: Generators<Resources> = {
  cpu,
  cpuLimit: mostly(among('2', '4000m', '2.5', '9007199254740'), among('1m', '0.0005', ''), 60),
  memory,
  memoryLimit: mostly(among('2Gi', '8Gi', '4194304Ki', '8191Ti'), among('1Mi', '1e3Mi', '9000Ti'), 60),
};

function readyOn(port: number, http: string | undefined): SidecarReady {
  return http === undefined ? { port: Port.tcp(port) } : { port: Port.tcp(port), http };
}

const sidecar: Generators<Sidecar> = {
  name: mostly(among('proxy', 'agent-2'), among('sts', 'Proxy', ''), 300),
  image: calls('ImageRef.parse', ImageRef.parse, among(`registry.example/proxy@sha256:${'c'.repeat(64)}`)),
  command: mostly(among(['/proxy'], ['sh', '-c', 'exec /proxy']), among(['\u0000']), 300),
  args: among(['--port=5432'], []),
  env: either(dictionary(variable, text), among({})),
  resources: mostly(among({ cpu: '10m', memory: '32Mi', memoryLimit: '64Mi' }), among({ cpu: '10m' }), 300),
  user: mostly(among({ uid: 1000, gid: 0 }), among({ uid: 0, gid: 0 }), 300),
  ready: mostly(
    either(calls('readyOn', readyOn, among(5432, 9090), among(undefined, '/ready')), among({ exec: ['true'] })),
    among({ exec: [] }),
    300,
  ),
  mounts: mostly(among([]), among([{ volume: 'nobody', mountPath: '/x' }]), 300),
};

/** Labels and annotations of every object of a stack. */
export const objectLabels = mostly(dictionary(labelKey, labelValue), among({ 'app.kubernetes.io/name': 'mine' }));
export const objectAnnotations = mostly(dictionary(labelKey, text), among({ a: 'x'.repeat(262_140) }), 300);

/** What components and Jobs have in common. */
export const podOptions = {
  sidecars: mostly(
    some(sparse<Sidecar>(sidecar, ['name', 'image'], 3), 0, 1),
    some(sparse<Sidecar>(sidecar, ['name', 'image']), 2, 2),
    100,
  ),
  resources: sparse<Resources>(resources),
  podLabels: labels,
  podAnnotations: annotations,
  nodeSelector: dictionary(nodeKey, labelValue),
  tolerations,
  priorityClassName: defaults.priorityClassName,
  sidecarInjection: mostly(among('mesh-default', 'disabled'), among('on')),
  security: mostly(
    calls('PodSecurity.restricted', PodSecurity.restricted),
    settings<{ reason: unknown }>(
      'PodSecurity.relaxed',
      PodSecurity.relaxed,
      { reason: mostly(among('a test', 'it writes'), among('')) },
      ['reason'],
    ),
    1,
  ),
  serviceAccount: sparse<{ name: string }>({ name: mostly(among('workload-identity', 'my-account'), dnsName, 4) }, [
    'name',
  ]),
  env: fc.oneof(env, env),
} as const;

/** What only components have, besides scaling and placement. */
export const componentOnlyOptions = {
  shutdown: mostly(among({ preStopSeconds: 1 }, { preStopSeconds: 120 }, {}), among({ preStopSeconds: 0 }), 300),
  revisionHistoryLimit: mostly(among(0, 10), either(among(-1, 1.5), hugeNumber), 300),
  service: mostly(
    among({}, { annotations: { 'service.beta.kubernetes.io/x': 'y' } }),
    among({ annotations: { 'a b': 'c' } }),
    300,
  ),
} as const;
