import type { Manifest } from './manifest';
import { at, entriesOf, fieldsOf, textOf, textsOf, type Untyped } from './untyped';

/** A pod, or the template of pods, inside of an object. */
export interface PodSpecPlace {
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** The pods' spec. */
  readonly spec: Untyped;
}

/** One container of a pod. */
export interface ContainerPlace {
  /** Its name. */
  readonly name: string;
  /** Its fields. */
  readonly container: Untyped;
}

/** Where kinds that Kubernetes and widely used operators know keep the template of their pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'v1 Pod': [],
  'v1 PodTemplate': ['template'],
  'v1 ReplicationController': ['spec', 'template'],
  'apps/v1 DaemonSet': ['spec', 'template'],
  'apps/v1 Deployment': ['spec', 'template'],
  'apps/v1 ReplicaSet': ['spec', 'template'],
  'apps/v1 StatefulSet': ['spec', 'template'],
  'argoproj.io/v1alpha1 Rollout': ['spec', 'template'],
  'batch/v1 CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/v1 Job': ['spec', 'template'],
};

/** Kinds in which a field named `containers` is text or schema, never a pod. */
const NO_PODS = new Set(['ConfigMap', 'Secret', 'CustomResourceDefinition', 'NetworkPolicy']);

/** Deeper than any resource nests its template. */
const DEEPEST = 12;

/** Whether rules know where the pods of a kind are, and what runs them. */
export function isKnownWorkload({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): boolean {
  return Object.hasOwn(TEMPLATES, `${apiVersion} ${kind}`);
}

/** Every pod spec in an object: where its kind keeps it, and in a custom resource wherever `containers` stand. */
export function podSpecsOf(manifest: Manifest): PodSpecPlace[] {
  const known = TEMPLATES[`${manifest.apiVersion} ${manifest.kind}`];
  if (known !== undefined) {
    const template = at(manifest, ...known);
    return [{ labels: textsOf(at(template, 'metadata', 'labels')), spec: fieldsOf(at(template, 'spec')) }];
  }
  return NO_PODS.has(manifest.kind) ? [] : search({ spec: at(manifest, 'spec') }, DEEPEST);
}

function search(value: unknown, depth: number): PodSpecPlace[] {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    return [];
  }
  const spec = at(value, 'spec');
  const holder = hasContainers(spec) ? spec : hasContainers(value) ? value : undefined;
  if (holder !== undefined) {
    return [{ labels: textsOf(at(value, 'metadata', 'labels')), spec: fieldsOf(holder) }];
  }
  return Object.values(value).flatMap((inner) => search(inner, depth - 1));
}

function hasContainers(value: unknown): boolean {
  const containers = entriesOf(at(value, 'containers'));
  return containers.length > 0 && containers.every((each) => textOf(at(each, 'image')) !== undefined);
}

/** Every container of a pod: those that run, those that come first, and those that somebody adds to a running pod. */
export function containersOf(spec: Untyped): ContainerPlace[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    entriesOf(spec[list]).map((container, index) => ({
      name: textOf(at(container, 'name')) ?? `${list}[${index}]`,
      container: fieldsOf(container),
    })),
  );
}
