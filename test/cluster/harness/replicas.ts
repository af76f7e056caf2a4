import type { ControlPlane } from './control-plane';
import { type KubeObject, nameOf } from './objects';
import { COMPONENT_LABEL } from './selectors';

/**
 * The field manager that holds the number of replicas while it passes from the program to an autoscaler.
 * `docs/upgrades.md` gives the same commands to users; a test compares them.
 */
export const REPLICAS_MANAGER = 'replicas';

/** Prints each workload as a manifest that says nothing but its number of replicas. */
export const HOLD_TEMPLATE =
  '{{range .items}}{"apiVersion":"apps/v1","kind":"{{.kind}}","metadata":{"name":"{{.metadata.name}}"},' +
  '"spec":{"replicas":{{.spec.replicas}}}}{{"\\n"}}{{end}}';

/** Prints each workload as a manifest that says nothing at all. */
export const LET_GO_TEMPLATE =
  '{{range .items}}{"apiVersion":"apps/v1","kind":"{{.kind}}","metadata":{"name":"{{.metadata.name}}"}}{{"\\n"}}{{end}}';

/** Components of which the number of replicas changes hands. */
export interface ReplicasMoves {
  /** The manifests no longer name it: an autoscaler decides. */
  readonly handedOver: string[];
  /** The manifests name it again. */
  readonly takenBack: string[];
}

/** Which components' numbers of replicas a change takes out of the manifests, and which it puts there. */
export function replicasMoves(present: readonly KubeObject[], next: readonly KubeObject[]): ReplicasMoves {
  const before = workloads(present);
  const after = workloads(next);
  const both = [...before.keys()].filter((name) => after.has(name));
  const moved = (from: Workloads, to: Workloads): string[] =>
    both.filter((name) => from.get(name)!.named && !to.get(name)!.named).map((name) => from.get(name)!.component);
  return { handedOver: moved(before, after), takenBack: moved(after, before) };
}

type Workloads = ReadonlyMap<string, { readonly component: string; readonly named: boolean }>;

function workloads(objects: readonly KubeObject[]): Workloads {
  const own = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  return new Map(
    own.map((object) => [
      nameOf(object),
      {
        component: object.metadata.labels?.[COMPONENT_LABEL] ?? '',
        named: (object.spec as { replicas?: number }).replicas !== undefined,
      },
    ]),
  );
}

/**
 * Lets a second owner hold the number of replicas, so that it stays when the program no longer names it. Otherwise the
 * server falls back to one replica until the autoscaler acts.
 *
 * @returns what kubectl complained about
 */
export async function handOverReplicas(
  plane: ControlPlane,
  namespace: string,
  components: readonly string[],
): Promise<string[]> {
  return applyAsSecondOwner(plane, namespace, components, HOLD_TEMPLATE);
}

/**
 * Ends the second ownership, once the program names the number again. Without it a program that names yet another number
 * would be refused, with a conflict. For a component that is still autoscaled it could take the number away.
 *
 * @returns what kubectl complained about
 */
export async function letGoOfReplicas(
  plane: ControlPlane,
  namespace: string,
  components: readonly string[],
): Promise<string[]> {
  return applyAsSecondOwner(plane, namespace, components, LET_GO_TEMPLATE);
}

async function applyAsSecondOwner(
  { kubectl }: ControlPlane,
  namespace: string,
  components: readonly string[],
  template: string,
): Promise<string[]> {
  const inNamespace = ['--namespace', namespace];
  const selector = `${COMPONENT_LABEL} in (${components.join(', ')})`;
  const which = ['deployments,statefulsets', ...inNamespace, '--selector', selector];
  const printed = await kubectl.run(['get', ...which, '--output', `go-template=${template}`]);
  const apply = ['apply', '--server-side', `--field-manager=${REPLICAS_MANAGER}`, ...inNamespace];
  const applied = await kubectl.run(apply, printed.stdout);
  return [printed, applied].flatMap(({ stderr }) => stderr.split('\n').filter((line) => line.trim() !== ''));
}
