import { AvailabilityWatch, describeOutages, type Lowest, onePodEach } from './availability';
import type { ApiClient } from './client';
import { componentsOf } from './components';
import type { ControlPlane } from './control-plane';
import { nodesOf, ZONE_LABEL } from './layouts';
import { isTrue, type KubeObject, type Node } from './objects';
import { settle } from './rest';
import { waitFor } from './wait';

/** How a zone is lost: its nodes stop answering, or the cloud takes them away. */
export type ZoneLoss = 'not ready' | 'deleted';

/** What the loss of a zone meant to one namespace. */
export interface ZoneReport {
  readonly zone: string;
  readonly namespace: string;
  /** Components without an available pod. Only a profile that promises zones may be blamed for them. */
  readonly outages: string[];
  /** Pods that did not return elsewhere although no volume ties them to the zone. */
  readonly problems: string[];
  /** Pods that wait for the zone, because their volume is there. */
  readonly waitingForZone: string[];
  /** The fewest available pods of each component that has two replicas. */
  readonly lowest: Lowest[];
}

/**
 * How long stateless pods may take to return elsewhere, in seconds. Pods of a deleted node are replaced only after
 * the garbage collector has found the node missing twice, 40 seconds apart.
 */
const RETURN_SECONDS: Record<ZoneLoss, number> = { 'not ready': 40, deleted: 120 };

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/**
 * Takes a zone away, waits until what can run elsewhere does, and brings the zone back.
 * Meanwhile it is watched whether every component with two replicas keeps an available pod.
 */
export async function loseZone(
  plane: ControlPlane,
  zone: string,
  loss: ZoneLoss,
  namespaces: readonly string[],
  returnSeconds = RETURN_SECONDS[loss],
): Promise<ZoneReport[]> {
  const { client } = plane;
  const components = (await Promise.all(namespaces.map((one) => componentsOf(client, one)))).flat();
  const watch = await AvailabilityWatch.start(client, onePodEach(components));
  const nodes = nodesOf(plane.layout).filter(({ metadata }) => metadata.labels?.[ZONE_LABEL] === zone);
  try {
    await Promise.all(nodes.map((node) => (loss === 'deleted' ? removeNode(client, node) : silenceNode(client, node))));
    const states = await Promise.all(namespaces.map((one) => settle(client, one, returnSeconds)));
    const { outages, lowest } = watch.stop();
    await assertLost(client, nodes, loss);
    return namespaces.map((namespace, index) => ({
      zone,
      namespace,
      waitingForZone: states[index]!.waitingForZone,
      outages: describeOutages(outages.filter((one) => one.namespace === namespace)),
      problems: states[index]!.problems,
      lowest: lowest.filter((one) => one.namespace === namespace),
    }));
  } finally {
    await Promise.all(nodes.map((node) => (loss === 'deleted' ? client.ensure(node) : releaseLease(client, node))));
    await nodesReady(plane);
    plane.assertAlive();
  }
}

async function removeNode(client: ApiClient, { metadata }: KubeObject): Promise<void> {
  await client.remove(`/api/v1/nodes/${metadata.name}`);
}

/**
 * Makes a node stop answering. Whoever holds a node's lease is its kubelet: while another holder than kwok has it,
 * kwok touches neither the node nor its pods, so that pods that are told to end stay, as on a machine without power.
 */
async function silenceNode(client: ApiClient, { metadata: { name } }: KubeObject): Promise<void> {
  const now = new Date().toISOString().replace('Z', '000Z');
  const spec = { holderIdentity: 'nobody', leaseDurationSeconds: 3600, renewTime: now };
  await client.patch(`${LEASES}/${name}`, { spec });
  // kwok may learn of the node's state before it learns of the lease, and then repairs the node once more.
  const present = async (): Promise<string[]> => {
    const node = await client.call<Node>('GET', `/api/v1/nodes/${name}`);
    if (isTrue(node.status?.conditions, 'Ready')) await markUnknown(client, node);
    return isEvicting(node) ? [] : [`${name} is not yet regarded as lost`];
  };
  await waitFor('the control plane notices the loss', present, { seconds: 20 });
}

/** Whether the control plane has given a node up: it evicts the pods. */
function isEvicting(node: Node | undefined): boolean {
  const taints = node?.spec.taints ?? [];
  return taints.some(({ key, effect }) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute');
}

async function markUnknown(client: ApiClient, { metadata: { name }, status }: Node): Promise<void> {
  const unknown = { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'the node stopped answering' };
  const conditions = status?.conditions?.map((one) => (one.type === 'Ready' ? { ...one, ...unknown } : one));
  await client.patch(`/api/v1/nodes/${name}/status`, { status: { conditions } });
}

/** Lets kwok take the node over again: a lease that ran out is free. */
async function releaseLease(client: ApiClient, { metadata: { name } }: KubeObject): Promise<void> {
  const spec = { leaseDurationSeconds: 1, renewTime: new Date(0).toISOString().replace('Z', '000Z') };
  await client.patch(`${LEASES}/${name}`, { spec });
}

/** Otherwise the report would praise a platform that lost nothing. */
async function assertLost(client: ApiClient, nodes: readonly KubeObject[], loss: ZoneLoss): Promise<void> {
  for (const { metadata } of nodes) {
    const node = await client.tryGet<Node>(`/api/v1/nodes/${metadata.name}`);
    const lost = loss === 'deleted' ? node === undefined : isEvicting(node);
    if (!lost) throw new Error(`${metadata.name} came back before the check was over`);
  }
}

async function nodesReady({ client, layout }: ControlPlane): Promise<void> {
  const wanted = nodesOf(layout).map(({ metadata }) => metadata.name);
  const missing = async (): Promise<string[]> => {
    const { items } = await client.list<Node>('/api/v1/nodes');
    const ready = new Set(
      items.filter(({ status }) => isTrue(status?.conditions, 'Ready')).map(({ metadata }) => metadata.name),
    );
    return wanted.filter((name) => !ready.has(name));
  };
  await waitFor('all nodes are ready again', missing, { seconds: 60 });
}
