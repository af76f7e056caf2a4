/** Emitted objects as the contract tests read them. */
import type { Container, PodSpec, PodTemplate, Volume, VolumeMount } from '../../src/core/kubernetes';

/** An object as it is emitted. The parts that a kind lacks are undefined. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own spec; the checks read plain JSON
  spec?: any;
  data?: Record<string, string>;
  automountServiceAccountToken?: boolean;
}

const COMPONENT = 'app.kubernetes.io/component';
const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];

/** The pods of one component, with the workload that makes them. */
export interface PodView {
  readonly component: string;
  readonly workload: KubeObject;
  readonly template: PodTemplate;
  readonly pod: PodSpec;
  readonly main: Container;
}

/** What a mount shows: the kind of its volume and where each file comes from. */
export interface MountView {
  readonly mount: VolumeMount;
  readonly kind: 'secret' | 'configMap' | 'emptyDir' | 'pvc' | 'other';
  readonly volume: Volume | undefined;
  /** Claim template, for `pvc`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- plain JSON of a claim template
  readonly claim?: any;
  /** Source of each file by its path below the mount. */
  readonly files: ReadonlyMap<string, { readonly object: string; readonly key: string }>;
}

/** All objects of a stack. */
export class Emitted {
  public readonly pods: readonly PodView[];

  constructor(public readonly objects: readonly KubeObject[]) {
    this.pods = objects
      .filter(({ kind }) => WORKLOADS.includes(kind))
      .map((workload) => {
        const template = workload.spec.template as PodTemplate;
        const [main] = template.spec.containers;
        if (main === undefined) throw new Error(`${workload.metadata.name} has no container`);
        const component = String(template.metadata.labels[COMPONENT]);
        return { component, workload, template, pod: template.spec, main };
      });
  }

  /** Objects of a kind. */
  of(kind: string): KubeObject[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  /** The object of a kind and name. */
  find(kind: string, name: string): KubeObject | undefined {
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name);
  }

  /** Objects of a kind that belong to a component. */
  ofComponent(kind: string, component: string): KubeObject[] {
    return this.of(kind).filter(({ metadata }) => metadata.labels?.[COMPONENT] === component);
  }

  /** The pods of a component, where there are some. */
  pod(component: string): PodView | undefined {
    return this.pods.find((view) => view.component === component);
  }
}

/** Every mount of a container, with what it shows. */
export function mountsOf(view: PodView, container: Container = view.main): MountView[] {
  return (container.volumeMounts ?? []).map((mount) => {
    const volume = view.pod.volumes?.find(({ name }) => name === mount.name);
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- plain JSON of a claim template
    const claim = view.workload.spec.volumeClaimTemplates?.find((each: any) => each.metadata.name === mount.name);
    if (claim !== undefined) return { mount, kind: 'pvc', volume, claim, files: new Map() };
    return { mount, kind: kindOf(volume), volume, files: filesOf(volume) };
  });
}

function kindOf(volume: Volume | undefined): MountView['kind'] {
  if (volume?.secret !== undefined) return 'secret';
  if (volume?.configMap !== undefined) return 'configMap';
  if (volume?.emptyDir !== undefined) return 'emptyDir';
  if (volume?.persistentVolumeClaim !== undefined) return 'pvc';
  const sources = volume?.projected?.sources ?? [];
  return sources.length > 0 && sources.every(({ secret }) => secret !== undefined) ? 'secret' : 'other';
}

function filesOf(volume: Volume | undefined): MountView['files'] {
  const sources = [
    ...(volume?.projected?.sources ?? []).map(({ secret }) => ({ object: secret?.name, items: secret?.items })),
    { object: volume?.secret?.secretName, items: volume?.secret?.items },
    { object: volume?.configMap?.name, items: volume?.configMap?.items },
  ];
  return new Map(
    sources.flatMap(({ object, items }) =>
      (items ?? []).map(({ key, path }) => [path, { object: String(object), key }] as const),
    ),
  );
}

/** Where the file of an absolute path comes from. */
export function fileSource(view: PodView, path: string): { object: string; key: string } | undefined {
  for (const { mount, files } of mountsOf(view)) {
    const below = path.startsWith(`${mount.mountPath}/`) ? path.slice(mount.mountPath.length + 1) : undefined;
    const source = below === undefined ? undefined : files.get(below);
    if (source !== undefined) return source;
  }
  return undefined;
}

const UNITS: Record<string, number> = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** A quantity as a number. */
export function amount(quantity: unknown): number {
  const [, number, unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  const factor = UNITS[unit];
  if (number === undefined || factor === undefined) throw new Error(`${String(quantity)} is not a quantity`);
  return Number(number) * factor;
}
