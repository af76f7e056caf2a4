import { ApiError } from './client';
import type { ControlPlane } from './control-plane';
import { nodesOf, ZONE_LABEL } from './layouts';
import { isTrue, type KubeObject, type Node, type Pod } from './objects';
import { waitFor } from './wait';

const nodesIn = ({ layout }: ControlPlane, zone: string): KubeObject[] =>
  nodesOf(layout).filter(({ metadata }) => metadata.labels?.[ZONE_LABEL] === zone);

/** Takes a zone away with all that runs there, at once: what the garbage collector does within two minutes. */
export async function takeAway(plane: ControlPlane, zone: string): Promise<void> {
  const { client } = plane;
  for (const { metadata } of nodesIn(plane, zone)) {
    await client.remove(`/api/v1/nodes/${metadata.name}`);
    const { items } = await client.list<Pod>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${metadata.name}`);
    await Promise.all(items.map((pod) => endNow(plane, pod)));
  }
}

async function endNow({ client }: ControlPlane, { metadata: { namespace, name } }: Pod): Promise<void> {
  const now = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 };
  try {
    await client.call('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, now);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

/** Brings a zone back, empty, and waits until its nodes are ready. */
export async function bringBack(plane: ControlPlane, zone: string): Promise<void> {
  const { client } = plane;
  const nodes = nodesIn(plane, zone);
  for (const node of nodes) await client.ensure(node);
  const waiting = async (): Promise<string[]> => {
    const asked = nodes.map(({ metadata }) => client.call<Node>('GET', `/api/v1/nodes/${metadata.name}`));
    const unready = (await Promise.all(asked)).filter(({ status }) => !isTrue(status?.conditions, 'Ready'));
    return unready.map(({ metadata }) => metadata.name);
  };
  await waitFor(`${zone} is ready again`, waiting, { seconds: 60 });
}

/** Takes this share of the CPU of a zone's nodes, so that the zone is up but busy, or full. */
export async function fill(plane: ControlPlane, zone: string, cpu: string): Promise<void> {
  for (const { metadata } of nodesIn(plane, zone)) {
    await plane.client.ensure({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `filler-${metadata.name}`, namespace: 'default' },
      spec: {
        nodeName: metadata.name,
        containers: [{ name: 'filler', image: 'filler', resources: { requests: { cpu } } }],
      },
    });
  }
}

/** Ends what `fill` made. */
export async function empty(plane: ControlPlane, zone: string): Promise<void> {
  for (const { metadata } of nodesIn(plane, zone)) {
    const pod = await plane.client.tryGet<Pod>(`/api/v1/namespaces/default/pods/filler-${metadata.name}`);
    if (pod) await endNow(plane, pod);
  }
}

/** How many running pods of a component each zone has; a zone without one is left out. */
export async function podsByZone(
  { client, layout }: ControlPlane,
  namespace: string,
  component: string,
): Promise<Record<string, number>> {
  const zones = new Map(nodesOf(layout).map(({ metadata }) => [metadata.name, metadata.labels?.[ZONE_LABEL] ?? '']));
  const selector = `labelSelector=app.kubernetes.io%2Fcomponent%3D${component}`;
  const { items } = await client.list<Pod>(`/api/v1/namespaces/${namespace}/pods?${selector}`);
  const counts: Record<string, number> = {};
  for (const { spec, metadata } of items) {
    const zone = zones.get(spec.nodeName ?? '');
    if (zone !== undefined && !metadata.deletionTimestamp) counts[zone] = (counts[zone] ?? 0) + 1;
  }
  return counts;
}
