import type { TopologySpreadConstraint } from '../core/kubernetes';
import type { StackContext } from './context';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

/**
 * How the pods of a component spread. Three settings were found by draining real schedulers:
 * `nodeTaintsPolicy: Honor` leaves a cordoned node out of the count (otherwise a pod of a drained node stays pending
 * on three nodes), `minDomains` is left out for the same reason, and StatefulSets get no revision key, because a pod
 * with a zonal volume cannot move to where a new revision would want it.
 */
export function spread(
  context: StackContext,
  selector: Readonly<Record<string, string>>,
  kind: 'Deployment' | 'StatefulSet',
): TopologySpreadConstraint[] {
  const { zoneSpread } = context.settings;
  if (zoneSpread === 'none') {
    return [];
  }
  const constraint = (topologyKey: string, whenUnsatisfiable: string): TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { ...selector } },
    ...(kind === 'Deployment' ? { matchLabelKeys: ['pod-template-hash'] } : {}),
  });
  const hard = zoneSpread === 'hard' && context.cluster.zones >= 3;
  return [
    ...(context.cluster.zones > 1 ? [constraint(ZONE, hard ? 'DoNotSchedule' : 'ScheduleAnyway')] : []),
    constraint(HOST, 'ScheduleAnyway'),
  ];
}
