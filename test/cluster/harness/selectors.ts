import type { ApiClient } from './client';
import { componentsOf } from './components';
import { matches } from './labels';
import {
  type Job,
  type KubeObject,
  type LabelSelector,
  nameOf,
  type Pod,
  type PodSpec,
  type Service,
  type TopologySpreadConstraint,
} from './objects';

/** The label that says which component an object belongs to. */
export const COMPONENT_LABEL = 'app.kubernetes.io/component';

/** A workload's pods, told by who made them rather than by labels, so that a wrong label is noticed. */
interface Family {
  readonly component: string;
  readonly owner: KubeObject;
  readonly pods: readonly Pod[];
  readonly podSpec: PodSpec;
}

/** What a check of selectors looks at: everything alive in one namespace. */
interface Scene {
  readonly pods: readonly Pod[];
  readonly families: readonly Family[];
}

type Selecting = KubeObject & {
  readonly spec: { readonly selector?: LabelSelector; readonly podSelector?: LabelSelector };
};

/**
 * Checks every selector of a namespace against the live pods.
 *
 * An object with a component label must select exactly the pods that this component's workloads and Jobs made; a
 * NetworkPolicy without one is for the whole stack and must select every pod. Services must also find their ports, and
 * spread constraints the pods of their own workload.
 */
export async function selectorProblems(client: ApiClient, namespace: string): Promise<string[]> {
  const scene = await sceneOf(client, namespace);
  const networking = `/apis/networking.k8s.io/v1/namespaces/${namespace}`;
  const [services, policies, budgets] = await Promise.all([
    client.list<Service>(`/api/v1/namespaces/${namespace}/services`),
    client.list<Selecting>(`${networking}/networkpolicies`),
    client.list<Selecting>(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`),
  ]);
  return [
    ...services.items.flatMap((service) => serviceProblems(service, scene)),
    ...policies.items.flatMap((policy) => policyProblems(policy, scene)),
    ...budgets.items.flatMap((budget) => exactProblems(budget, budget.spec.selector ?? {}, scene)),
    ...scene.families.flatMap(spreadProblems),
    ...uncoveredProblems(scene, policies.items),
  ];
}

/** Reads all pods of a namespace and who made them. */
export async function sceneOf(client: ApiClient, namespace: string): Promise<Scene> {
  const [pods, components, jobs, replicaSets] = await Promise.all([
    client.list<Pod>(`/api/v1/namespaces/${namespace}/pods`),
    componentsOf(client, namespace),
    client.list<Job & { spec: { template: { spec: PodSpec } } }>(`/apis/batch/v1/namespaces/${namespace}/jobs`),
    client.list(`/apis/apps/v1/namespaces/${namespace}/replicasets`),
  ]);
  const live = pods.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const deploymentOf = new Map(replicaSets.items.map(({ metadata }) => [metadata.uid, controllerUid(metadata)]));
  const ownerUid = (pod: Pod): string | undefined => {
    const uid = controllerUid(pod.metadata);
    return deploymentOf.get(uid) ?? uid;
  };
  const owners = [...components.map(({ workload }) => workload), ...jobs.items];
  const families = owners.map((owner) => ({
    owner,
    component: owner.metadata.labels?.[COMPONENT_LABEL] ?? owner.metadata.name,
    pods: live.filter((pod) => ownerUid(pod) === owner.metadata.uid),
    podSpec: owner.spec.template.spec,
  }));
  return { pods: live, families };
}

function controllerUid({ ownerReferences = [] }: KubeObject['metadata']): string | undefined {
  return ownerReferences.find(({ controller }) => controller)?.uid;
}

function exactProblems(object: KubeObject, selector: LabelSelector, scene: Scene): string[] {
  const component = object.metadata.labels?.[COMPONENT_LABEL];
  const meant = component
    ? scene.families.filter((family) => family.component === component).flatMap(({ pods }) => pods)
    : scene.pods;
  const selected = scene.pods.filter((pod) => matches(selector, pod.metadata.labels));
  const missed = meant.filter((pod) => !selected.includes(pod));
  const surplus = selected.filter((pod) => !meant.includes(pod));
  return [
    ...(selected.length === 0 ? [`${nameOf(object)} selects no pod`] : []),
    ...missed.map((pod) => `${nameOf(object)} misses ${nameOf(pod)}`),
    ...surplus.map((pod) => `${nameOf(object)} also selects ${nameOf(pod)}`),
  ];
}

function serviceProblems(service: Service, scene: Scene): string[] {
  const { selector, ports = [], type } = service.spec;
  if (type === 'ExternalName') return [];
  if (!selector) return [`${nameOf(service)} has no selector`];
  const selected = scene.pods.filter((pod) => matches({ matchLabels: selector }, pod.metadata.labels));
  const dead = ports.flatMap((port) =>
    selected
      .filter((pod) => portOf(pod, port.targetPort ?? port.port) === undefined)
      .map((pod) => `${nameOf(service)}: port ${port.name ?? port.port} leads to no port of ${nameOf(pod)}`),
  );
  return [...exactProblems(service, { matchLabels: selector }, scene), ...dead];
}

/** The container port that a Service's target means on a pod, if the pod declares it. */
export function portOf(pod: Pod, target: number | string): number | undefined {
  const ports = pod.spec.containers.flatMap(({ ports: declared = [] }) => declared);
  return ports.find(({ name, containerPort }) => name === target || containerPort === target)?.containerPort;
}

interface PolicyRule {
  readonly from?: readonly { readonly podSelector?: LabelSelector; readonly namespaceSelector?: LabelSelector }[];
  readonly to?: PolicyRule['from'];
}

/** Besides the policy's own pods: a peer inside the namespace that matches no pod is a rule that does nothing. */
function policyProblems(policy: Selecting, scene: Scene): string[] {
  const { ingress = [], egress = [] } = policy.spec as { ingress?: PolicyRule[]; egress?: PolicyRule[] };
  const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
  const idle = peers.filter(
    ({ podSelector, namespaceSelector }) =>
      podSelector && !namespaceSelector && !scene.pods.some((pod) => matches(podSelector, pod.metadata.labels)),
  );
  return [
    ...exactProblems(policy, policy.spec.podSelector ?? {}, scene),
    ...idle.map(({ podSelector }) => `${nameOf(policy)}: no pod is the peer ${JSON.stringify(podSelector)}`),
  ];
}

/** A spread constraint that counts foreign pods, or none, spreads nothing. */
function spreadProblems({ owner, pods, podSpec }: Family): string[] {
  const constraints = podSpec.topologySpreadConstraints ?? [];
  return constraints.flatMap((constraint) =>
    pods
      .filter((pod) => !matches(selectorFor(constraint, pod), pod.metadata.labels))
      .map((pod) => `${nameOf(owner)}: its spread over ${constraint.topologyKey} does not count ${nameOf(pod)}`),
  );
}

function selectorFor({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, pod: Pod): LabelSelector {
  // No selector at all matches nothing, unlike an empty one.
  if (!labelSelector) return { matchExpressions: [{ key: COMPONENT_LABEL, operator: 'In', values: [] }] };
  const own = Object.fromEntries(matchLabelKeys.map((key) => [key, pod.metadata.labels?.[key] ?? '']));
  return { ...labelSelector, matchLabels: { ...labelSelector.matchLabels, ...own } };
}

/** Every pod must be under a policy of its own component, or anything could reach it. */
function uncoveredProblems(scene: Scene, policies: readonly Selecting[]): string[] {
  const own = policies.filter(({ metadata }) => metadata.labels?.[COMPONENT_LABEL] !== undefined);
  return scene.pods
    .filter((pod) => !own.some(({ spec }) => matches(spec.podSelector ?? {}, pod.metadata.labels)))
    .map((pod) => `${nameOf(pod)} is under no NetworkPolicy of its component`);
}
