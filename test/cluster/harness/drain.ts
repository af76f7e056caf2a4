import { setTimeout as sleep } from 'node:timers/promises';
import { AvailabilityWatch, describeOutages, type Lowest, onePodEach } from './availability';
import { ApiError } from './client';
import { componentsOf } from './components';
import type { ControlPlane } from './control-plane';
import type { Node, Pod } from './objects';
import { settle } from './rest';

/** How long the parts of a drain may take, in seconds. */
export interface DrainLimits {
  /** The eviction of all pods of the node. */
  readonly evict: number;
  /** The start of their replacements elsewhere. */
  readonly restart: number;
}

const DRAIN_LIMITS: DrainLimits = { evict: 40, restart: 20 };

/** Pause before an eviction that was refused is tried again, in milliseconds; kubectl waits five seconds. */
const RETRY_MILLIS = 300;

/** What the drain of one node meant to one namespace. */
export interface DrainReport {
  readonly node: string;
  readonly namespace: string;
  /** How long the evictions took, in seconds. */
  readonly seconds: number;
  /** Evictions that were refused, components without an available pod, pods that found no place. */
  readonly problems: string[];
  /** Pods that must wait for the node's zone, because their volume is there. */
  readonly waitingForZone: string[];
  /** The fewest available pods of each component that has two replicas. */
  readonly lowest: Lowest[];
}

/**
 * Drains a node as `kubectl drain` does (cordon, eviction API), then lets it take part again.
 * Meanwhile every component with two replicas must keep an available pod, and afterwards all must come to rest again.
 *
 * @param namespaces whose pods are drained and reported, all at once
 */
export async function drain(
  plane: ControlPlane,
  node: string,
  namespaces: readonly string[],
  limits = DRAIN_LIMITS,
): Promise<DrainReport[]> {
  const { client } = plane;
  const components = (await Promise.all(namespaces.map((one) => componentsOf(client, one)))).flat();
  const watch = await AvailabilityWatch.start(client, onePodEach(components));
  const nodePath = `/api/v1/nodes/${node}`;
  let problems: { namespace: string; text: string }[] = [];
  const began = Date.now();
  let seconds = 0;
  try {
    await client.patch<Node>(nodePath, { spec: { unschedulable: true } });
    const { items } = await client.list<Pod>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`);
    const pods = items.filter(({ metadata: { namespace } }) => namespaces.includes(namespace ?? ''));
    problems = (await Promise.all(pods.map((pod) => evict(plane, pod, began + limits.evict * 1000)))).flat();
    seconds = (Date.now() - began) / 1000;
    const states = await Promise.all(namespaces.map((one) => settle(client, one, limits.restart)));
    const { outages, lowest } = watch.stop();
    return namespaces.map((namespace, index) => ({
      node,
      namespace,
      seconds,
      waitingForZone: states[index]!.waitingForZone,
      lowest: lowest.filter((one) => one.namespace === namespace),
      problems: [
        ...problems.filter((one) => one.namespace === namespace).map(({ text }) => text),
        ...describeOutages(outages.filter((one) => one.namespace === namespace)),
        ...states[index]!.problems,
      ],
    }));
  } finally {
    await client.patch<Node>(nodePath, { spec: { unschedulable: null } });
    plane.assertAlive();
  }
}

/** Evicts a pod and waits until it is gone. */
export async function evict(
  { client }: ControlPlane,
  pod: Pod,
  deadline: number,
): Promise<{ namespace: string; text: string }[]> {
  const { namespace = '', name, uid, ownerReferences = [] } = pod.metadata;
  const refused = (why: string): { namespace: string; text: string }[] => [
    { namespace, text: `Pod ${namespace}/${name} could not be evicted: ${why}` },
  ];
  if (!ownerReferences.some(({ controller }) => controller)) return refused('nothing would start it again');
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  let why = '';
  let accepted = false;
  for (;;) {
    try {
      if (!accepted) await client.call('POST', `${path}/eviction`, eviction);
      accepted = true;
      why = 'it is still being deleted';
      if ((await client.tryGet<Pod>(path))?.metadata.uid !== uid) return [];
    } catch (error) {
      // 404: gone already; 409: another pod has its name; 429: the disruption budget says no for now.
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404 || error.status === 409) return [];
      if (error.status !== 429) return refused(error.message);
      why = error.message;
    }
    if (Date.now() > deadline) return refused(why);
    await sleep(RETRY_MILLIS);
  }
}

/**
 * Drains every node in turn; before the next one everything must have come to rest.
 *
 * @returns one report for each node and namespace
 */
export async function drainEachNode(plane: ControlPlane, namespaces: readonly string[]): Promise<DrainReport[]> {
  const { items } = await plane.client.list<Node>('/api/v1/nodes');
  const reports: DrainReport[] = [];
  for (const { metadata } of items) {
    const ofNode = await drain(plane, metadata.name, namespaces);
    const states = await Promise.all(namespaces.map((one) => settle(plane.client, one)));
    reports.push(
      ...ofNode.map((report, index) => ({
        ...report,
        problems: [...report.problems, ...states[index]!.problems.map((text) => `after its return: ${text}`)],
      })),
    );
  }
  return reports;
}
