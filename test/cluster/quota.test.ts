import { applyProblems } from './harness/apply';
import { ControlPlane } from './harness/control-plane';
import { listExamples } from './harness/examples';
import { THREE_NODES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';
import type { KubeObject, Pod } from './harness/objects';
import { waitFor } from './harness/wait';

/**
 * A namespace with a quota on limits refuses every pod of which one container has no limit: a dev platform runs there all
 * the same, its databases and Jobs included.
 */
let plane: ControlPlane;

const example = listExamples().find(({ name }) => name === 'caracal-quickstart')!;

beforeAll(async () => {
  plane = await ControlPlane.start({ layout: THREE_NODES });
  await createNamespace(plane.client, example.name);
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'limits', namespace: example.name },
    spec: { hard: { 'limits.cpu': '40', 'limits.memory': '40Gi', 'requests.cpu': '10', 'requests.memory': '20Gi' } },
  };
  expect(await applyProblems(plane, [quota as unknown as KubeObject])).toEqual([]);
});

afterEach(() => plane?.assertAlive());
afterAll(async () => plane?.stop());

const pods = async (): Promise<Pod[]> =>
  (await plane.client.list<Pod>(`/api/v1/namespaces/${example.name}/pods`)).items;

/** Components of which a pod was made, whatever became of it. */
const withPods = async (): Promise<Set<string | undefined>> =>
  new Set((await pods()).map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']));

test('every pod of a dev platform is made under a quota on limits', async () => {
  const { objects } = await example.synthesize();
  expect(
    await applyProblems(
      plane,
      objects.filter(({ kind }) => kind !== 'Namespace'),
    ),
  ).toEqual([]);
  const wanted = objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']);
  expect(wanted).toEqual(expect.arrayContaining(['postgres', 'redis', 'migrate', 'auth-migrate', 'sts']));
  await waitFor(
    'each component has a pod',
    async () => {
      const made = await withPods();
      return wanted.filter((component) => !made.has(component)).map((component) => `${component} has none`);
    },
    { seconds: 90 },
  );
});

test('negative control: without its CPU limit a database gets no pod there', async () => {
  const { Postgres } = await import('../../src');
  const postgres = Postgres.inCluster({ resources: { cpuLimit: 'none' } });
  const { objects } = await example.synthesize({ postgres, instance: 'second' });
  const server = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && /postgres/.test(metadata.name));
  expect(
    await applyProblems(
      plane,
      objects.filter(({ kind }) => kind !== 'Namespace'),
    ),
  ).toEqual([]);
  await waitFor(
    'the controller says that it may not make the pod',
    async () => {
      const path = `/api/v1/namespaces/${example.name}/events?fieldSelector=involvedObject.name%3D${server?.metadata.name}`;
      const { items } = await plane.client.list<KubeObject & { readonly message?: string }>(path);
      return items.some(({ message = '' }) => message.includes('must specify limits.cpu')) ? [] : ['no such event yet'];
    },
    { seconds: 60 },
  );
});
