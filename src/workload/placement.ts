import type { PodSpec, TopologySpreadConstraint } from '../core/kubernetes';
import type { StackContext } from './context';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

/** What placement depends on. */
export interface Placed {
  /** Labels that select the pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Kind of the workload. */
  readonly kind: 'Deployment' | 'StatefulSet';
  /** Most replicas that there may be. */
  readonly most: number;
  /** Whether all pods mount one claim, whose volume may lie in one zone. */
  readonly sharesClaim: boolean;
}

/** The fields of a pod that decide where it may run. */
export type Placement = Pick<PodSpec, 'topologySpreadConstraints' | 'affinity'>;

/**
 * How the pods of a component spread. Pods go where fewest are, over zones and nodes: as a wish, since a rule that a pod
 * cannot break keeps it from running at all. Over zones the wish is the strongest that the scheduler knows, spread and
 * anti-affinity together, so that a busy node elsewhere outweighs it nowhere. What is hard is only what can never lock:
 *
 * - A Deployment may not have more than its share in one zone beyond the emptiest one. The share is what the zones must
 *   hold when one of them takes no pod: with it, a full or lost zone stops nothing elsewhere, and not all may go to one.
 * - A StatefulSet has no hard rule, nor has a Deployment that mounts a claim. Their pods follow their volumes, and a rule
 *   that says otherwise leaves them pending for ever: after pods were made while a zone was away, when it has returned.
 *
 * `nodeTaintsPolicy: Honor` leaves a cordoned node out of the count (otherwise a pod of a drained node stays pending
 * on three nodes), `minDomains` is left out for the same reason, and StatefulSets get no revision key, because a pod
 * with a zonal volume cannot move to where a new revision would want it. All of it was tried on real schedulers.
 */
export function placement(context: StackContext, { selector, kind, most, sharesClaim }: Placed): Placement {
  const { zoneSpread } = context.settings;
  const { zones } = context.cluster;
  if (zoneSpread === 'none') {
    return {};
  }
  const constraint = (topologyKey: string, hardSkew?: number): TopologySpreadConstraint => ({
    maxSkew: hardSkew ?? 1,
    topologyKey,
    whenUnsatisfiable: hardSkew === undefined ? 'ScheduleAnyway' : 'DoNotSchedule',
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { ...selector } },
    ...(kind === 'Deployment' ? { matchLabelKeys: ['pod-template-hash'] } : {}),
  });
  const hard = zoneSpread === 'hard' && zones >= 3 && kind === 'Deployment' && !sharesClaim;
  return {
    topologySpreadConstraints: [
      ...(hard ? [constraint(ZONE, Math.ceil(most / (zones - 1)))] : []),
      ...(zones > 1 ? [constraint(ZONE)] : []),
      constraint(HOST),
    ],
    ...(zoneSpread === 'hard' && zones > 1 ? { affinity: { podAntiAffinity: apartByZone(selector) } } : {}),
  };
}

/** The user's rules in place of ours; none leaves everything to the scheduler. */
export function spreadOnly(constraints: TopologySpreadConstraint[]): Placement {
  return constraints.length > 0 ? { topologySpreadConstraints: constraints } : {};
}

function apartByZone(
  selector: Readonly<Record<string, string>>,
): NonNullable<NonNullable<PodSpec['affinity']>['podAntiAffinity']> {
  const podAffinityTerm = { topologyKey: ZONE, labelSelector: { matchLabels: { ...selector } } };
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}
