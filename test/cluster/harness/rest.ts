import { isAvailable, readyNodes } from './availability';
import type { ApiClient } from './client';
import { belongsTo, type Component, componentsOf, describeComponent } from './components';
import { ZONE_LABEL } from './layouts';
import {
  isTrue,
  type Job,
  type KubeObject,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
} from './objects';
import { stillMissing } from './wait';

/** What a namespace still has to do. */
export interface NamespaceState {
  /** What is not as it should be, one text each. */
  readonly problems: string[];
  /** Pods that wait for a zone in which their volume lies; the only acceptable way not to run. */
  readonly waitingForZone: string[];
}

/** How long a namespace may take to come to rest, in seconds. */
const SETTLE_SECONDS = 45;

/**
 * Waits until every workload of a namespace reaches its floor and every pod runs or is completed.
 *
 * @returns the last state that was seen; with problems, the server's own warnings are added to them
 */
export async function settle(client: ApiClient, namespace: string, seconds = SETTLE_SECONDS): Promise<NamespaceState> {
  let state: NamespaceState = { problems: [], waitingForZone: [] };
  const ask = async (): Promise<string[]> => (state = await stateOf(client, namespace)).problems;
  const problems = await stillMissing(ask, { seconds });
  const warnings = problems.length > 0 ? await warningEvents(client, namespace) : [];
  return { ...state, problems: [...problems, ...warnings] };
}

/** The present state of a namespace. */
export async function stateOf(client: ApiClient, namespace: string): Promise<NamespaceState> {
  const core = `/api/v1/namespaces/${namespace}`;
  const [components, pods, nodes, jobs, claims, volumes] = await Promise.all([
    componentsOf(client, namespace),
    client.list<Pod>(`${core}/pods`),
    client.list<Node>('/api/v1/nodes'),
    client.list<Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`),
    client.list<PersistentVolumeClaim>(`${core}/persistentvolumeclaims`),
    client.list<PersistentVolume>('/api/v1/persistentvolumes'),
  ]);
  const zoneOfClaim = claimZones(claims.items, volumes.items);
  const seen = pods.items.map((pod) => ({ pod, ...statusOf(pod, nodes.items, zoneOfClaim) }));
  const podProblems = seen.filter(({ state }) => state === 'problem').map(({ text }) => text);
  const jobProblems = jobs.items
    .filter(({ status }) => !isTrue(status?.conditions, 'Complete'))
    .map(({ metadata }) => `Job ${namespace}/${metadata.name} is not complete`);
  const componentProblems = components.flatMap((component) => {
    const own = seen.filter(({ pod }) => belongsTo(component, pod));
    const available = own.filter(({ state }) => state === 'available').length;
    const waiting = own.filter(({ state }) => state === 'waiting').length;
    return floorProblems(component, available, waiting);
  });
  return {
    problems: [...componentProblems, ...jobProblems, ...podProblems],
    waitingForZone: seen.filter(({ state }) => state === 'waiting').map(({ text }) => text),
  };
}

function floorProblems(component: Component, available: number, waiting: number): string[] {
  const { floor, workload } = component;
  const name = describeComponent(component);
  if (available + waiting < floor) return [`${name} has ${available} available pods, its floor is ${floor}`];
  const { status, metadata } = workload;
  if (status?.observedGeneration !== metadata.generation) return [`${name} has not been observed yet`];
  // A pod that waits for its zone holds up the rest of its StatefulSet's rollout.
  if (waiting > 0) return [];
  const { replicas = 0, updatedReplicas = 0 } = status ?? {};
  const wanted = workload.spec.replicas ?? 1;
  if (replicas !== wanted) return [`${name} is being scaled: ${replicas} of ${wanted} pods`];
  return updatedReplicas === replicas ? [] : [`${name} is being rolled out: ${updatedReplicas} of ${replicas} pods`];
}

type PodState = 'available' | 'completed' | 'waiting' | 'gone' | 'problem';

function statusOf(
  pod: Pod,
  nodes: readonly Node[],
  zones: ReadonlyMap<string, string>,
): { state: PodState; text: string } {
  const name = `Pod ${pod.metadata.namespace}/${pod.metadata.name}`;
  const node = nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName);
  if (pod.status?.phase === 'Succeeded') return { state: 'completed', text: name };
  if (isAvailable(pod, readyNodes(nodes))) return { state: 'available', text: name };
  const zone = lostZoneOf(pod, nodes, zones);
  if (zone) return { state: 'waiting', text: `${name} waits for ${zone}, where its volume is` };
  const lost = pod.spec.nodeName !== undefined && !(node && isTrue(node.status?.conditions, 'Ready'));
  // Its kubelet is gone, so nobody can confirm its end; its replacement is counted on its own.
  if (lost && pod.metadata.deletionTimestamp) return { state: 'gone', text: name };
  const reason = pod.metadata.deletionTimestamp ? 'is being deleted' : `is ${pod.status?.phase}`;
  const unmet = pod.status?.conditions?.filter(({ status }) => status !== 'True') ?? [];
  const messages = unmet.map(({ reason: why, message }) => message ?? why ?? '').filter((text) => text !== '');
  return { state: 'problem', text: [`${name} ${reason}`, ...new Set(messages)].join(': ') };
}

/** The zone that a pod's volume ties it to, if that zone has no node at present on which the pod could be. */
function lostZoneOf(pod: Pod, nodes: readonly Node[], zones: ReadonlyMap<string, string>): string | undefined {
  const claims = (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
  const own = claims.flatMap((claim) => zones.get(claim) ?? []);
  return own.find((zone) => {
    const inZone = nodes.filter(({ metadata }) => metadata.labels?.[ZONE_LABEL] === zone);
    return !inZone.some(({ spec, status }) => !spec.unschedulable && isTrue(status?.conditions, 'Ready'));
  });
}

function claimZones(
  claims: readonly PersistentVolumeClaim[],
  volumes: readonly PersistentVolume[],
): ReadonlyMap<string, string> {
  const zones = new Map<string, string>();
  for (const claim of claims) {
    const volume = volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
    const terms = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    const zone = terms.flatMap(({ matchExpressions = [] }) => matchExpressions).find(({ key }) => key === ZONE_LABEL);
    if (zone?.values?.[0]) zones.set(claim.metadata.name, zone.values[0]);
  }
  return zones;
}

/** The server's warnings about a namespace: why pods were not created or not scheduled. */
async function warningEvents(client: ApiClient, namespace: string): Promise<string[]> {
  type Event = KubeObject & {
    readonly reason: string;
    readonly message: string;
    readonly involvedObject: { readonly kind: string; readonly name: string };
  };
  const { items } = await client.list<Event>(`/api/v1/namespaces/${namespace}/events?fieldSelector=type%3DWarning`);
  const texts = items.map(
    ({ reason, message, involvedObject: { kind, name } }) => `event on ${kind} ${name}: ${reason}: ${message}`,
  );
  return [...new Set(texts)].slice(-10);
}
