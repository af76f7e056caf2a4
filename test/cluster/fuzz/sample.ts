import { Yaml } from 'cdk8s';
import type { ControlPlane } from '../harness/control-plane';
import { createNamespace } from '../harness/namespaces';
import { applyProblems } from '../harness/apply';
import type { KubeObject, OwnerReference, PodSpec } from '../harness/objects';
import { stillMissing } from '../harness/wait';
import type { Trial } from './run';
import { movedTo } from './server';

/** Most pods of a stack that is really created. */
const MOST_PODS = 60;

/** How long the controllers may take to create a stack's first pods, in seconds. */
const PODS_SECONDS = 30;

/** A stack of the run that is created for real. */
export interface Specimen {
  readonly trial: Trial;
  readonly objects: readonly KubeObject[];
}

/** Some stacks that synthesised, spread over the run and its profiles, without those that would fill the cluster. */
export function specimens(trials: readonly Trial[], size: number): Specimen[] {
  const fit = trials.flatMap((trial): Specimen[] =>
    trial.outcome.kind === 'synthesised' && podsOf(trial.outcome.objects) <= MOST_PODS
      ? [{ trial, objects: trial.outcome.objects }]
      : [],
  );
  const profiles = [...new Set(fit.map(({ trial }) => trial.recipe.profile))];
  return profiles.flatMap((profile) => {
    const own = fit.filter(({ trial }) => trial.recipe.profile === profile);
    const wanted = Math.ceil(size / profiles.length);
    const step = Math.max(1, Math.floor(own.length / wanted));
    return own.filter((_each, index) => index % step === 0).slice(0, wanted);
  });
}

/** Pods that the workloads of a stack ask for, with the floors of its autoscalers. */
function podsOf(objects: readonly KubeObject[]): number {
  return objects.reduce((sum, { spec }) => {
    const { replicas = 0, minReplicas = 0 } = (spec ?? {}) as { replicas?: number; minReplicas?: number };
    return sum + replicas + minReplicas;
  }, 0);
}

/**
 * Creates a stack in a namespace of its own and waits until every workload and Job has a pod.
 *
 * @returns what the server refused or warned about, workloads without a pod, and why their pods were not created
 */
export async function creationProblems(
  plane: ControlPlane,
  { objects }: Specimen,
  namespace: string,
): Promise<string[]> {
  await createNamespace(plane.client, namespace);
  const moved = objects.filter(({ kind }) => kind !== 'Namespace').map((object) => movedTo(object, namespace));
  for (const needed of prerequisites(moved, namespace)) await plane.client.ensure(needed);
  // The text that cdk8s writes, not another writer's.
  const refused = await applyProblems(plane, Yaml.stringify(...moved));
  if (refused.length > 0) return refused;
  const missing = await stillMissing(() => withoutPods(plane, namespace), { seconds: PODS_SECONDS, everyMillis: 500 });
  return [...missing, ...(await failedCreations(plane, namespace))];
}

/** Removes what was created. */
export async function removeNamespace({ client }: ControlPlane, namespace: string): Promise<void> {
  await client.remove(`/api/v1/namespaces/${namespace}`);
}

/** What users have beside their stack, and what admission asks for: ServiceAccounts and PriorityClasses. */
function prerequisites(objects: readonly KubeObject[], namespace: string): KubeObject[] {
  const pods = objects.flatMap(
    ({ spec }) => (spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec ?? [],
  );
  const own = objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
  const accounts = new Set(pods.flatMap(({ serviceAccountName }) => serviceAccountName ?? []));
  const classes = new Set(pods.flatMap((pod) => (pod as { priorityClassName?: string }).priorityClassName ?? []));
  return [
    ...[...accounts]
      .filter((name) => !own.includes(name))
      .map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } })),
    ...[...classes]
      .filter((name) => !name.startsWith('system-'))
      .map((name) => ({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: 1000 })),
  ];
}

/** Workloads and Jobs of which no pod was ever created. */
async function withoutPods({ client }: ControlPlane, namespace: string): Promise<string[]> {
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const [pods, sets, deployments, statefulSets, jobs] = await Promise.all([
    client.list(`/api/v1/namespaces/${namespace}/pods`),
    client.list(`${apps}/replicasets`),
    client.list(`${apps}/deployments`),
    client.list(`${apps}/statefulsets`),
    client.list(`/apis/batch/v1/namespaces/${namespace}/jobs`),
  ]);
  const ownersOf = (objects: readonly KubeObject[]): Set<string> =>
    new Set(objects.flatMap(({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }: OwnerReference) => uid)));
  const ofPods = ownersOf(pods.items);
  const ofSets = ownersOf(sets.items.filter(({ metadata }) => ofPods.has(metadata.uid ?? '')));
  return [...deployments.items, ...statefulSets.items, ...jobs.items]
    .filter(({ metadata: { uid = '' } }) => !ofPods.has(uid) && !ofSets.has(uid))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} has no pod`);
}

/** Why controllers could not create what they wanted: Pod Security, validation of the pod, quota. */
async function failedCreations({ client }: ControlPlane, namespace: string): Promise<string[]> {
  type Event = KubeObject & { readonly reason: string; readonly message: string };
  const { items } = await client.list<Event>(`/api/v1/namespaces/${namespace}/events?fieldSelector=type%3DWarning`);
  const failed = items.filter(({ reason }) => reason === 'FailedCreate');
  return [...new Set(failed.map(({ message }) => `FailedCreate: ${message}`))];
}
