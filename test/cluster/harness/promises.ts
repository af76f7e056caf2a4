import type { Guard } from './availability';
import { type Component, describeComponent } from './components';
import type { Autoscaler, KubeObject, Workload } from './objects';

/**
 * What a change of a running platform may not take away, as `docs/upgrades.md` says it: a Deployment starts a new pod
 * before it stops an old one, so it keeps its floor; a StatefulSet replaces its pods in place, so it lacks one of them at
 * a time. The baseline is the lower of the two floors, before and after the change. One replica promises nothing.
 *
 * @param running what runs before the change
 * @param next the manifests that will be applied
 */
export function keptDuringChange(running: readonly Component[], next: readonly KubeObject[]): Guard[] {
  return running.map((component) => {
    const floor = Math.min(component.floor, floorIn(next, component));
    const inPlace = component.kind === 'StatefulSet' ? 1 : 0;
    return { component, promised: floor >= 2 ? floor - inPlace : 0 };
  });
}

/** The floor that manifests give to a component: the autoscaler's minimum, else the workload's replicas. */
function floorIn(objects: readonly KubeObject[], component: Component): number {
  const { namespace, kind, name } = component;
  const own = objects.find((one) => one.kind === kind && one.metadata.name === name) as Workload | undefined;
  // A component may become another kind of workload; where that is allowed, nothing is promised.
  if (!own) return 0;
  if (own.metadata.namespace !== namespace) throw new Error(`${describeComponent(component)} changed its namespace`);
  const autoscaler = objects.find(
    (one): one is Autoscaler =>
      one.kind === 'HorizontalPodAutoscaler' &&
      (one as Autoscaler).spec.scaleTargetRef.kind === kind &&
      (one as Autoscaler).spec.scaleTargetRef.name === name,
  );
  return autoscaler ? (autoscaler.spec.minReplicas ?? 1) : (own.spec.replicas ?? 1);
}
