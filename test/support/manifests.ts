import { type Chart, Testing } from 'cdk8s';
import type {
  Container,
  DeploymentSpec,
  HorizontalPodAutoscalerSpec,
  JobSpec,
  NetworkPolicySpec,
  PodDisruptionBudgetSpec,
  PodTemplate,
  ServiceSpec,
  StatefulSetSpec,
} from '../../src/core/kubernetes';
import type { ServiceMonitorSpec } from '../../src/workload/service-monitor';

/** An object as it is applied to a cluster. */
export interface Manifest<Spec = unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Spec;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
}

interface Specs {
  readonly Deployment: DeploymentSpec;
  readonly StatefulSet: StatefulSetSpec;
  readonly Job: JobSpec;
  readonly Service: ServiceSpec;
  readonly NetworkPolicy: NetworkPolicySpec;
  readonly PodDisruptionBudget: PodDisruptionBudgetSpec;
  readonly HorizontalPodAutoscaler: HorizontalPodAutoscalerSpec;
  readonly ServiceMonitor: ServiceMonitorSpec;
  readonly ServiceAccount: undefined;
  readonly ConfigMap: undefined;
  readonly Secret: undefined;
  readonly Namespace: undefined;
}

/** The objects of a chart, as they are applied. */
export function synth(chart: Chart): Manifest[] {
  return Testing.synth(chart) as Manifest[];
}

/** The only object of a kind with a name; fails where there is none. */
export function find<Kind extends keyof Specs>(
  from: Chart | readonly Manifest[],
  kind: Kind,
  name: string,
): Manifest<Specs[Kind]> {
  const manifests = isList(from) ? from : synth(from);
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name);
  if (found.length !== 1) {
    const there = manifests.map(ref).join(', ');
    throw new Error(`${found.length} objects ${kind}/${name} among ${there}`);
  }
  return found[0] as Manifest<Specs[Kind]>;
}

/** `Kind/name`, to compare which objects there are. */
export function ref({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** Which objects there are, sorted. */
export function refs(from: Chart | readonly Manifest[]): string[] {
  return (isList(from) ? from : synth(from)).map(ref).sort();
}

/** Every pod template among the objects. */
export function podTemplates(from: Chart | readonly Manifest[]): PodTemplate[] {
  return (isList(from) ? from : synth(from))
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map((each) => (each as Manifest<DeploymentSpec>).spec.template);
}

/** Every container among the objects, waiting ones too. */
export function containers(from: Chart | readonly Manifest[]): Container[] {
  return podTemplates(from).flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);
}

/** The main container of a pod. */
export function mainContainer(template: PodTemplate): Container {
  const [container, ...more] = template.spec.containers;
  if (container === undefined || more.length > 0) {
    throw new Error('exactly one main container was expected');
  }
  return container;
}

/** A container's variables by name. */
export function variables({ env = [] }: Container): Record<string, string | undefined> {
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

function isList(from: Chart | readonly Manifest[]): from is readonly Manifest[] {
  return Array.isArray(from);
}
