import { setTimeout as sleep } from 'node:timers/promises';
import { applyProblems, prune } from './harness/apply';
import { AvailabilityWatch, describeOutages } from './harness/availability';
import { componentsOf } from './harness/components';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { drain, type DrainReport } from './harness/drain';
import { THREE_NODES, ZONE_LABEL } from './harness/layouts';
import { createNamespace } from './harness/namespaces';
import type { KubeObject, Node, Pod } from './harness/objects';
import { keptDuringChange } from './harness/promises';
import { handOverReplicas, letGoOfReplicas, replicasMoves } from './harness/replicas';
import { settle } from './harness/rest';
import { spreadProblems } from './harness/spread';
import { createVolumes } from './harness/volumes';
import { loseZone } from './harness/zone';
import { change, handmadePlatform, labelsOf } from './handmade';

/** Negative controls of drains and lost zones, on the smallest cluster: what does not survive them must be found. */
let plane: ControlPlane;

const GOOD = 'good';
const BUDGET = 'bad-budget';
const TAINTS = 'bad-taints';
const TOGETHER = 'bad-spread';
const ALL = [GOOD, BUDGET, TAINTS, TOGETHER];

const SPREAD = 'spec/template/spec/topologySpreadConstraints';

/** A budget that wants every pod: it never allows an eviction. */
function withBlockingBudget(): KubeObject[] {
  const minimum = { minAvailable: 3, selector: { matchLabels: labelsOf('web') } };
  return change(handmadePlatform(BUDGET), 'PodDisruptionBudget/web', 'spec', minimum);
}

/** A hard spread that counts the zone of a cordoned node, so that its pod may go nowhere else. */
function withDefaultTaintsPolicy(): KubeObject[] {
  return change(handmadePlatform(TAINTS), 'Deployment/web', `${SPREAD}/0/nodeTaintsPolicy`, undefined);
}

/** All web pods on one node, without a budget. */
function withPodsTogether(): KubeObject[] {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labelsOf('web') } };
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  const unspread = change(handmadePlatform(TOGETHER), 'Deployment/web', SPREAD, undefined);
  const objects = change(unspread, 'Deployment/web', 'spec/template/spec/affinity', affinity);
  return objects.filter(({ kind, metadata }) => kind !== 'PodDisruptionBudget' || metadata.name !== 'shop-web');
}

/** The node on which the unspread pods are. */
async function nodeOfTogether(): Promise<Node> {
  const { items } = await plane.client.list<Pod>(`/api/v1/namespaces/${TOGETHER}/pods`);
  const pod = items.find(({ metadata }) => metadata.name.startsWith('shop-web'))!;
  return plane.client.call<Node>('GET', `/api/v1/nodes/${pod.spec.nodeName}`);
}

beforeAll(async () => {
  plane = await ControlPlane.start({ layout: THREE_NODES });
  await createCrds(plane.client);
  await createVolumes(plane.client);
  const platforms = [handmadePlatform(GOOD), withBlockingBudget(), withDefaultTaintsPolicy(), withPodsTogether()];
  for (const [index, namespace] of ALL.entries()) {
    await createNamespace(plane.client, namespace);
    expect(await applyProblems(plane, platforms[index]!)).toEqual([]);
  }
  for (const namespace of ALL) expect((await settle(plane.client, namespace)).problems).toEqual([]);
});

afterAll(async () => plane?.stop());

describe('a drain', () => {
  let reports: DrainReport[];

  beforeAll(async () => {
    const node = await nodeOfTogether();
    reports = await drain(plane, node.metadata.name, ALL, { evict: 5, restart: 8 });
  });

  const reportOf = (namespace: string): DrainReport => reports.find((report) => report.namespace === namespace)!;
  const problemsOf = (namespace: string): string => reportOf(namespace).problems.join('\n');

  test("of the platform without a fault works; only the pod of the node's own zone waits, and it is named", () => {
    const { problems, waitingForZone } = reportOf(GOOD);
    expect(problems).toEqual([]);
    expect(waitingForZone.join()).toMatch(/^(Pod good\/shop-store-\d waits for zone-\w, where its volume is)?$/);
  });

  test('is blocked by a budget that allows no disruption, which is named', () => {
    expect(problemsOf(BUDGET)).toMatch(
      /Pod bad-budget\/shop-web-\S+ could not be evicted: Cannot evict pod as it would violate the pod's disruption budget/,
    );
  });

  test('leaves a pod pending when nodeTaintsPolicy has its default on three nodes', () => {
    expect(problemsOf(TAINTS)).toMatch(/Pod bad-taints\/shop-web-\S+ is Pending: .*topology spread constraints/);
  });

  test('interrupts a component that has all its pods on the node and no budget', () => {
    expect(problemsOf(TOGETHER)).toMatch(/bad-spread\/Deployment\/shop-web had no available pod for \d+ ms/);
  });
});

describe('the loss of a zone', () => {
  test.each(['not ready', 'deleted'] as const)('(nodes %s) interrupts an unspread component', async (loss) => {
    for (const namespace of ALL) expect((await settle(plane.client, namespace)).problems).toEqual([]);
    expect((await spreadProblems(plane.client, TOGETHER, true)).join()).toMatch(
      /Deployment\/shop-web: 3 pods on 1 nodes.*Deployment\/shop-web: 3 pods in 1 zones/,
    );
    const zone = (await nodeOfTogether()).metadata.labels![ZONE_LABEL]!;
    // Not long enough for anything to return: that is for the examples; here the interruption is what must be seen.
    const [good, together] = await loseZone(plane, zone, loss, [GOOD, TOGETHER], 1);
    expect(good!.outages).toEqual([]);
    expect(together!.outages.join()).toMatch(/bad-spread\/Deployment\/shop-web had no available pod for \d+ ms/);
  });
});

describe('a change of the number of replicas from fixed to autoscaled', () => {
  const isAutoscaler = ({ kind }: KubeObject): boolean => kind === 'HorizontalPodAutoscaler';
  const autoscaled = handmadePlatform(GOOD);
  const fixed = change(autoscaled, 'Deployment/web', 'spec/replicas', 4).filter((one) => !isAutoscaler(one));
  const four = change(autoscaled, 'HorizontalPodAutoscaler/web', 'spec/minReplicas', 4);

  /** Goes to four fixed replicas and watches the way back to an autoscaler. */
  async function outagesOnTheWay(handOver: boolean): Promise<string[]> {
    expect(await applyProblems(plane, fixed, ['--force-conflicts'])).toEqual([]);
    await prune(plane, autoscaled, fixed);
    expect((await settle(plane.client, GOOD)).problems).toEqual([]);
    expect(replicasMoves(fixed, four)).toEqual({ handedOver: ['web'], takenBack: [] });
    expect(replicasMoves(four, fixed)).toEqual({ handedOver: [], takenBack: ['web'] });
    expect(replicasMoves(fixed, fixed)).toEqual({ handedOver: [], takenBack: [] });
    const guards = keptDuringChange(await componentsOf(plane.client, GOOD), four);
    expect(guards.map(({ component, promised }) => [component.kind, promised])).toEqual([
      ['Deployment', 4],
      ['StatefulSet', 1],
    ]);
    const watch = await AvailabilityWatch.start(plane.client, guards);
    if (handOver) expect(await handOverReplicas(plane, GOOD, ['web'])).toEqual([]);
    expect(await applyProblems(plane, four)).toEqual([]);
    expect((await settle(plane.client, GOOD)).problems).toEqual([]);
    // The autoscaler acts every two seconds: what it does is part of the way.
    await sleep(2500);
    return describeOutages(watch.stop().outages);
  }

  test('falls to one pod and is seen, when nobody holds the number meanwhile', async () => {
    const outages = (await outagesOnTheWay(false)).join();
    expect(outages).toMatch(/^good\/Deployment\/shop-web had only 1 of the 4 promised pods available for \d+ ms$/);
  });

  test('keeps its floor when the number is handed over as the guide says', async () => {
    expect(await outagesOnTheWay(true)).toEqual([]);
  });

  test('back is refused while somebody else holds another number, until that one lets go', async () => {
    const withReplicas = (count: number): KubeObject[] => change(fixed, 'Deployment/web', 'spec/replicas', count);
    const conflict = /conflict with "replicas": .spec.replicas/;
    expect((await applyProblems(plane, withReplicas(2))).join()).toMatch(conflict);
    // The same number is no conflict, but then both hold it, and the next number is one.
    expect(await applyProblems(plane, withReplicas(4))).toEqual([]);
    expect((await applyProblems(plane, withReplicas(2))).join()).toMatch(conflict);
    expect(await letGoOfReplicas(plane, GOOD, ['web'])).toEqual([]);
    expect(await applyProblems(plane, withReplicas(2))).toEqual([]);
  });
});
