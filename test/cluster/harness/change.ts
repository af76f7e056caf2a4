import { applyProblems, prune } from './apply';
import { type Availability, AvailabilityWatch, describeOutages } from './availability';
import { componentsOf } from './components';
import type { ControlPlane } from './control-plane';
import type { Synthesis } from './examples';
import type { Pod } from './objects';
import { keptDuringChange } from './promises';
import { handOverReplicas, letGoOfReplicas, type ReplicasMoves, replicasMoves } from './replicas';
import { settle } from './rest';
import { COMPONENT_LABEL } from './selectors';

/** What a change did. */
export interface ChangeReport {
  /** What the server said, what did not come to rest, and components below their promise. */
  readonly problems: string[];
  /** Components of which a pod is another one than before, Jobs left out. */
  readonly replaced: string[];
  readonly lowest: Availability['lowest'];
  /** Whose number of replicas went to an autoscaler, or came back from one, as the guide tells users to do it. */
  readonly moves: ReplicasMoves;
}

/**
 * Applies the next version of a running platform and removes what it no longer has, under watch.
 *
 * @param seconds how long the platform may take to come to rest. @default 45
 */
export async function applyChange(
  plane: ControlPlane,
  namespace: string,
  present: Synthesis,
  next: Synthesis,
  seconds?: number,
): Promise<ChangeReport> {
  const { client } = plane;
  const running = await componentsOf(client, namespace);
  const before = await podsOf(plane, namespace);
  const watch = await AvailabilityWatch.start(client, keptDuringChange(running, next.objects));
  const said: string[] = [];
  const moves = replicasMoves(present.objects, next.objects);
  const { handedOver, takenBack } = moves;
  if (handedOver.length > 0) said.push(...(await handOverReplicas(plane, namespace, handedOver)));
  const flags = takenBack.length > 0 ? ['--force-conflicts'] : [];
  said.push(...(await applyProblems(plane, next.text, flags)));
  if (takenBack.length > 0) said.push(...(await letGoOfReplicas(plane, namespace, takenBack)));
  await prune(plane, present.objects, next.objects);
  const { problems } = await settle(client, namespace, seconds);
  const { outages, lowest } = watch.stop();
  const after = await podsOf(plane, namespace);
  // Only pods that are gone count: an autoscaler that adds one replaces nothing.
  const gone = before.filter(({ uid }) => !after.some((one) => one.uid === uid));
  const replaced = [...new Set(gone.map(({ component }) => component))].sort();
  return {
    problems: [...said, ...problems, ...describeOutages(outages)],
    replaced,
    lowest,
    moves,
  };
}

async function podsOf({ client }: ControlPlane, namespace: string): Promise<{ uid: string; component: string }[]> {
  const { items } = await client.list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
  const lasting = items.filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'Job'));
  return lasting.map(({ metadata }) => ({
    uid: metadata.uid ?? '',
    component: metadata.labels?.[COMPONENT_LABEL] ?? metadata.name,
  }));
}
