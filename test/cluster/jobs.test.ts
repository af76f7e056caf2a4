import { ControlPlane } from './harness/control-plane';
import { applyProblems } from './harness/apply';
import { evict } from './harness/drain';
import { type Example, listExamples } from './harness/examples';
import { FAILING_POD, HELD_POD } from './harness/kubelet';
import { THREE_NODES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';
import type { Condition, Job, KubeObject, Pod } from './harness/objects';
import { COMPONENT_LABEL } from './harness/selectors';
import { waitFor } from './harness/wait';

/** Jobs of a release while nodes are drained: what a disruption took counts for nothing, what failed by itself counts. */
let plane: ControlPlane;

const example: Example = listExamples().find(({ name }) => name === 'caracal-production')!;

/** Kubernetes waits twice as long after each pod that ended: 10 s, 20 s, 40 s, 80 s. */
const RETRY_SECONDS = 120;

beforeAll(async () => {
  plane = await ControlPlane.start({ layout: THREE_NODES });
  await createNamespace(plane.client, example.name);
});

afterEach(() => plane?.assertAlive());
afterAll(async () => plane?.stop());

/** The Job of the migration, its account and its policy, as the example emits them. */
async function migration(options: object): Promise<KubeObject[]> {
  const { objects } = await example.synthesize({ migration: options });
  return objects.filter(({ metadata }) => metadata.labels?.[COMPONENT_LABEL] === 'migrate');
}

/** Applies the Job and returns its name. */
async function start(objects: readonly KubeObject[]): Promise<string> {
  expect(await applyProblems(plane, objects)).toEqual([]);
  return objects.find(({ kind }) => kind === 'Job')!.metadata.name;
}

async function statusOf(name: string): Promise<{ conditions?: Condition[]; failed?: number; succeeded?: number }> {
  const job = await plane.client.call<Job>('GET', `/apis/batch/v1/namespaces/${example.name}/jobs/${name}`);
  return job.status as { conditions?: Condition[]; failed?: number };
}

/** Waits for the Job's pod that runs. */
async function runningPod(job: string): Promise<Pod> {
  let running: Pod | undefined;
  const path = `/api/v1/namespaces/${example.name}/pods?labelSelector=batch.kubernetes.io%2Fjob-name%3D${job}`;
  await waitFor(
    `a pod of ${job} runs`,
    async () => {
      const { items } = await plane.client.list<Pod>(path);
      running = items.find(({ metadata, status }) => status?.phase === 'Running' && !metadata.deletionTimestamp);
      const failed = (await statusOf(job)).conditions?.find(({ type }) => type === 'Failed');
      if (failed) throw new Error(`${job} has failed: ${failed.reason}`);
      return running
        ? []
        : items.map(({ metadata, status }) => `${metadata.name} is ${status?.phase}`).concat('none runs');
    },
    { seconds: RETRY_SECONDS },
  );
  return running!;
}

/** Evicts the Job's pod as a drain does, this many times. */
async function evictPods(job: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    expect(await evict(plane, await runningPod(job), Date.now() + 40_000)).toEqual([]);
  }
}

async function finished(job: string): Promise<Condition> {
  let last: Condition | undefined;
  await waitFor(
    `${job} ends`,
    async () => {
      const { conditions = [] } = await statusOf(job);
      last = conditions.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
      return last ? [] : ['it goes on'];
    },
    { seconds: RETRY_SECONDS },
  );
  return last!;
}

test('four evictions of its pod do not fail the migration, which then completes', async () => {
  const objects = await migration({ podAnnotations: HELD_POD });
  const job = await start(objects);
  // The default allows three retries, so the fourth eviction would be the end if evictions counted.
  expect(objects.find(({ kind }) => kind === 'Job')).toMatchObject({ spec: { backoffLimit: 3 } });
  await evictPods(job, 4);
  const pod = await runningPod(job);
  expect((await statusOf(job)).failed ?? 0).toBe(0);
  const annotations = { 'kubelet.test/outcome': null };
  await plane.client.patch(`/api/v1/namespaces/${example.name}/pods/${pod.metadata.name}`, {
    metadata: { annotations },
  });
  expect(await finished(job)).toMatchObject({ type: 'Complete' });
});

test('without the failure policy the same evictions use up the attempts', async () => {
  const objects = await migration({ podAnnotations: HELD_POD, backoffLimit: 1, rerun: 'without a policy' });
  const { spec } = objects.find(({ kind }) => kind === 'Job')! as { spec?: Record<string, unknown> };
  expect(spec).toHaveProperty('podFailurePolicy');
  delete spec?.podFailurePolicy;
  const job = await start(objects);
  await evictPods(job, 2);
  expect(await finished(job)).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' });
});

test('a program that fails by itself still uses up the attempts', async () => {
  const job = await start(await migration({ podAnnotations: FAILING_POD, backoffLimit: 1 }));
  expect(await finished(job)).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' });
  expect((await statusOf(job)).failed).toBe(2);
});

test('a Job that goes on at its deadline has failed', async () => {
  const job = await start(await migration({ podAnnotations: HELD_POD, deadlineSeconds: 3 }));
  expect(await finished(job)).toMatchObject({ type: 'Failed', reason: 'DeadlineExceeded' });
});
