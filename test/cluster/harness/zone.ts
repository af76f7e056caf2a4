import { AvailabilityWatch, describeOutages } from './availability';
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
  /** Components without an available pod, and stateless pods that did not return elsewhere. */
  readonly problems: string[];
  /** Pods that wait for the zone, because their volume is there. */
  readonly waitingForZone: string[];
}

/**
 * How long stateless pods may take to return elsewhere, in seconds. Pods of a deleted node are replaced only after
 * the garbage collector has found the node missing twice, 40 seconds apart.
 */
const RETURN_SECONDS: Record<ZoneLoss, number> = { 'not ready': 40, deleted: 120 };

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/**
 * Takes a zone away, waits until what can run elsewhere does, and brings the zone back.
 * Meanwhile every component with two replicas must keep an available pod.
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
  const watch = await AvailabilityWatch.start(client, components);
  const nodes = nodesOf(plane.layout).filter(({ metadata }) => metadata.labels?.[ZONE_LABEL] === zone);
  try {
    await Promise.all(nodes.map((node) => (loss === 'deleted' ? removeNode(client, node) : silenceNode(client, node))));
    const states = await Promise.all(namespaces.map((one) => settle(client, one, returnSeconds)));
    const outages = watch.stop();
    return namespaces.map((namespace, index) => ({
      zone,
      namespace,
      waitingForZone: states[index]!.waitingForZone,
      problems: [...describeOutages(outages.filter((one) => one.namespace === namespace)), ...states[index]!.problems],
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
  const node = await client.call<Node>('GET', `/api/v1/nodes/${name}`);
  const conditions = (node.status?.conditions ?? []).map((condition) =>
    condition.type === 'Ready'
      ? { ...condition, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'the node stopped answering' }
      : condition,
  );
  await client.patch(`/api/v1/nodes/${name}/status`, { status: { conditions } });
}

/** Lets kwok take the node over again: a lease that ran out is free. */
async function releaseLease(client: ApiClient, { metadata: { name } }: KubeObject): Promise<void> {
  const spec = { leaseDurationSeconds: 1, renewTime: new Date(0).toISOString().replace('Z', '000Z') };
  await client.patch(`${LEASES}/${name}`, { spec });
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
