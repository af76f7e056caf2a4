import type { KubeObject } from './objects';

/** How long a simulated pod takes to become ready, in milliseconds. */
const START_MILLIS = 500;

/** How long a simulated pod takes to end, in milliseconds. */
const STOP_MILLIS = 500;

/**
 * The same for the pod of a StatefulSet, which comes back under its name. kwok's own stages delete a pod at once, and then
 * the pod is back before the disruption controller looks, which takes it for one that still has to go and refuses further
 * evictions for two minutes. On a busy machine the controller looks late.
 */
const STOP_NAMED_MILLIS = 2000;

/** Annotations of a pod that make its containers fail; only pods of Jobs end at all. */
export const FAILING_POD = { 'kubelet.test/outcome': 'fails' } as const;

/** Annotations of a Job's pod that keep it running for ever. */
export const HELD_POD = { 'kubelet.test/outcome': 'holds' } as const;

const OUTCOME = '.metadata.annotations["kubelet.test/outcome"]';
const OWNER = '.metadata.ownerReferences.[].kind';
const FAILS = FAILING_POD['kubelet.test/outcome'];
const HOLDS = HELD_POD['kubelet.test/outcome'];

/**
 * What the simulated kubelet does, as configuration of kwok: a node becomes ready, a pod becomes ready (with its init
 * containers completed and its readiness gates fulfilled), a Job's pod completes, fails or is held, a pod that is told to end ends.
 *
 * Nodes have no heartbeat beside their lease: kwok plans heartbeats ahead and would also write one for a node that it
 * no longer holds, which would bring a lost node back.
 */
export function kubeletStages(): KubeObject[] {
  return [
    stage('node-ready', {
      kind: 'Node',
      when: [
        { key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: 'NotIn', values: ['True'] },
      ],
      delayMillis: 0,
      next: { statusTemplate: NODE_READY },
    }),
    stage('pod-ready', {
      when: [absent('.metadata.deletionTimestamp'), absent('.status.podIP')],
      delayMillis: START_MILLIS,
      next: { statusTemplate: READY },
    }),
    stage('pod-complete', {
      when: [...RUNNING_IN_A_JOB, { key: OUTCOME, operator: 'NotIn', values: [FAILS, HOLDS] }],
      delayMillis: 0,
      next: { statusTemplate: endedWith('Succeeded') },
    }),
    stage('pod-fail', {
      when: [...RUNNING_IN_A_JOB, { key: OUTCOME, operator: 'In', values: [FAILS] }],
      delayMillis: 0,
      next: { statusTemplate: endedWith('Failed') },
    }),
    // A real kubelet says how a pod has ended before it lets it go, and the Job's controller waits for that.
    stage('job-pod-killed', {
      when: [DELETED, OF_A_JOB, { key: '.status.phase', operator: 'NotIn', values: ENDED }],
      delayMillis: 0,
      next: { statusTemplate: endedWith('Failed') },
    }),
    stage('job-pod-delete', {
      when: [DELETED, OF_A_JOB, { key: '.status.phase', operator: 'In', values: ENDED }],
      delayMillis: STOP_MILLIS,
      next: { delete: true },
    }),
    stage('pod-delete', {
      when: [DELETED, { key: OWNER, operator: 'NotIn', values: ['StatefulSet', 'Job'] }],
      delayMillis: STOP_MILLIS,
      next: { delete: true },
    }),
    stage('named-pod-delete', {
      when: [DELETED, { key: OWNER, operator: 'In', values: ['StatefulSet'] }],
      delayMillis: STOP_NAMED_MILLIS,
      next: { delete: true },
    }),
  ];
}

interface StageSpec {
  /** @default Pod */
  readonly kind?: 'Node' | 'Pod';
  readonly when: readonly object[];
  readonly delayMillis: number;
  readonly next: object;
}

function stage(name: string, { kind = 'Pod', when, delayMillis, next }: StageSpec): KubeObject {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions: when },
      delay: { durationMilliseconds: delayMillis },
      next,
    },
  };
}

function absent(key: string): object {
  return { key, operator: 'DoesNotExist' };
}

const OF_A_JOB = { key: OWNER, operator: 'In', values: ['Job'] };

const ENDED = ['Succeeded', 'Failed'];

const RUNNING_IN_A_JOB = [
  absent('.metadata.deletionTimestamp'),
  { key: '.status.phase', operator: 'In', values: ['Running'] },
  OF_A_JOB,
];

const DELETED = { key: '.metadata.deletionTimestamp', operator: 'Exists' };

const NODE_READY = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ NodeName | Quote }} }
phase: Running
`;

const READY = `
{{ $now := Now }}
{{ $node := .spec.nodeName }}
conditions:
{{ range $type := list "Initialized" "Ready" "ContainersReady" }}
- { type: {{ $type | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
{{ range .spec.readinessGates }}
- { type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
{{ if eq .restartPolicy "Always" }}
  started: true
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ else }}
  state:
    terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }
{{ end }}
{{ end }}
hostIP: {{ NodeIPWith $node | Quote }}
podIP: {{ PodIPWith $node false ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`;

function endedWith(phase: 'Succeeded' | 'Failed'): string {
  const [exitCode, reason] = phase === 'Succeeded' ? [0, 'Completed'] : [1, 'Error'];
  return `
{{ $now := Now }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      { exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }
{{ end }}
phase: ${phase}
`;
}
