import { foreignOf, foreignPods, ownPods, replicasOf, selects } from '../pods';
import type { Rule } from '../rule';
import { at } from '../untyped';
import { Component } from '../../workload/component';

/** A disruption budget of the user's own that lets no pod go. */
export const blockingBudget: Rule = {
  id: 'workload/blocking-budget',
  level: 'error',
  acknowledgeable: true,
  why: 'a node that runs such a pod can never be drained, so the cluster cannot be upgraded',
  fix: 'use maxUnavailable: 1, more replicas than the budget keeps, or no budget for a single pod',
  check: (model) => {
    const budgets = foreignOf(model, 'policy', 'PodDisruptionBudget');
    if (budgets.length === 0) {
      return [];
    }
    const running = [
      ...ownPods(model).flatMap((pods) =>
        Component.isComponent(pods.owner) ? [{ pods, replicas: pods.owner.scaling.min }] : [],
      ),
      ...foreignPods(model)
        .filter(({ namespace }) => namespace === model.context.namespaceName)
        .map((pods) => ({ pods, replicas: replicasOf(pods) })),
    ];
    return budgets.flatMap(({ path, title, manifest }) => {
      const covered = running.filter(({ pods }) => selects(at(manifest, 'spec', 'selector'), pods));
      const counts = covered.map(({ replicas }) => replicas).filter((count) => count !== undefined);
      const sum = counts.reduce((a, b) => a + b, 0);
      // Of pods that are scaled to none, none waits to go.
      const total = counts.length === covered.length && sum > 0 ? sum : undefined;
      return mayGo(manifest.spec, total) === 0
        ? [
            {
              path,
              message: `${title} lets no pod go${total === undefined ? '' : ` of the ${total} that it covers`}`,
              given: JSON.stringify({
                minAvailable: at(manifest, 'spec', 'minAvailable'),
                maxUnavailable: at(manifest, 'spec', 'maxUnavailable'),
              }),
            },
          ]
        : [];
    });
  },
};

/** How many pods may go; undefined where that depends on a number that nobody knows. */
function mayGo(spec: unknown, pods: number | undefined): number | undefined {
  const [most, least] = [at(spec, 'maxUnavailable'), at(spec, 'minAvailable')];
  if (most !== undefined) {
    // Both limits are rounded up, so a percentage above none lets one go.
    return share(most, 1) === 0 ? 0 : undefined;
  }
  if (least === '100%') {
    return 0;
  }
  const kept = pods === undefined ? undefined : share(least, pods);
  return kept === undefined || pods === undefined ? undefined : Math.max(0, pods - kept);
}

function share(limit: unknown, of: number): number | undefined {
  if (typeof limit === 'number') {
    return limit;
  }
  const percent = /^(\d+)%$/.exec(typeof limit === 'string' ? limit : '')?.[1];
  return percent === undefined ? undefined : Math.ceil((Number(percent) / 100) * of);
}
