import { isBranded } from '../core/brand';
import type { ConfigurationError } from '../core/errors';
import type { Component } from '../workload/component';
import type { PodJob } from '../workload/pod-job';
import { compileSelector } from '../network/evaluator-selector';
import { containersOf, podSpecsOf } from './pod-specs';
import type { StackModel } from './rule';
import { at, fieldsOf, textOf, textsOf, type Untyped } from './untyped';
import { type WrittenObject, writtenObject } from './written-object';

/** Pods of one kind that a stack runs. */
export interface PodGroup {
  /** The object that makes them, or is one. */
  readonly object: WrittenObject;
  /** Namespace of the pods. */
  readonly namespace: string;
  /** Their labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Their spec. */
  readonly spec: Untyped;
}

/** Pods of a component or a Job of ours. */
export interface OwnPodGroup extends PodGroup {
  /** Whose pods they are. */
  readonly owner: Component | PodJob;
}

/** Pods of objects that the library did not draw, in the namespace of the stack or in another one. */
export function foreignPods({ written }: StackModel): PodGroup[] {
  return written.filter((object) => !object.isDrawn).flatMap(podsOf);
}

/** Pods of objects that rules read as they are written: foreign ones, and those that a patch changes. */
export function writtenPods({ written }: StackModel): PodGroup[] {
  return written.flatMap(podsOf);
}

/** Whether the stack creates its namespace: then it closes every pod there, and admits only restricted ones. */
export function createsNamespace({ objects, context }: StackModel): boolean {
  return objects.some(
    ({ kind, apiGroup, name }) => kind === 'Namespace' && apiGroup === 'core' && name === context.namespaceName,
  );
}

/** Images of foreign pods. */
export function foreignImages(model: StackModel): string[] {
  return foreignPods(model).flatMap(({ spec }) =>
    containersOf(spec).flatMap(({ container }) => textOf(container.image) ?? []),
  );
}

const OWN = new WeakMap<StackModel, readonly OwnPodGroup[]>();

/** Pods of components and Jobs, with all of their labels. Their workloads are rendered for it: ask only when needed. */
export function ownPods(model: StackModel): readonly OwnPodGroup[] {
  const known = OWN.get(model);
  if (known !== undefined) {
    return known;
  }
  const { cluster, namespaceName } = model.context;
  const failing = new Set(model.unwritable.map(({ path }) => path));
  const owners: readonly (Component | PodJob)[] = [...model.components, ...model.jobs];
  const groups = owners.flatMap((owner) => {
    const object = 'workload' in owner ? owner.workload : owner.job;
    return failing.has(object.node.path)
      ? []
      : podsOf(writtenObject(object, cluster, namespaceName)).map((group) => ({ ...group, owner }));
  });
  OWN.set(model, groups);
  return groups;
}

/** Foreign objects of a kind in the namespace of the stack, whatever version of its group they are of. */
export function foreignOf({ written, context }: StackModel, group: string, kind: string): WrittenObject[] {
  return written.filter(
    (each) =>
      !each.isDrawn &&
      each.namespace === context.namespaceName &&
      each.manifest.kind === kind &&
      each.object.apiGroup === group,
  );
}

/**
 * Whether pods are selected by a selector as policies, budgets and workloads write it. None selects nothing, and neither
 * does one that cannot be read: `stack/unreadable-selector` says so.
 */
export function selects(selector: unknown, { labels }: Pick<PodGroup, 'labels'>): boolean {
  return (
    selector !== undefined &&
    selector !== null &&
    selectorProblem(selector) === undefined &&
    compileSelector(fieldsOf(selector), 'selector')(labels)
  );
}

/** What the API server would refuse of a selector, or undefined. */
export function selectorProblem(selector: unknown): string | undefined {
  if (selector === undefined || selector === null) {
    return undefined;
  }
  if (typeof selector !== 'object' || Array.isArray(selector)) {
    return 'it is no object';
  }
  try {
    compileSelector(selector, 'selector');
    return undefined;
  } catch (error) {
    return isBranded<ConfigurationError>(error, 'ConfigurationError')
      ? error.findings[0]?.message
      : 'its fields are of other types';
  }
}

/** Whether pods are selected by the plain labels of a Service; none select nothing. */
export function hasLabels(wanted: unknown, { labels }: Pick<PodGroup, 'labels'>): boolean {
  const entries = Object.entries(textsOf(wanted));
  return entries.length > 0 && entries.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function podsOf(object: WrittenObject): PodGroup[] {
  const { namespace } = object;
  return namespace === undefined ? [] : podSpecsOf(object.manifest).map((place) => ({ ...place, object, namespace }));
}

/** Replicas of a workload that are always there as far as the object says: 1 where it says nothing, as Kubernetes does. */
export function replicasOf({ object: { manifest } }: PodGroup): number | undefined {
  const replicas = at(manifest, 'spec', 'replicas');
  switch (manifest.kind) {
    case 'Pod':
      return 1;
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'Rollout':
      return typeof replicas === 'number' ? replicas : 1;
    default:
      return undefined; // as many as there are nodes, or as a controller of its own decides
  }
}
