import { foreignOf, ownPods, selects } from '../pods';
import type { Rule } from '../rule';
import { at, entriesOf } from '../untyped';

/** A NetworkPolicy of the user's own that opens the pods of a component. */
export const widerPolicy: Rule = {
  id: 'network/wider-policy',
  level: 'warning',
  acknowledgeable: true,
  why: 'policies add up, so these flows are open although no component declares them, and flows() does not list them',
  fix: 'declare the flow: component.connections.allowFrom(peer, { reason }) or allowTo',
  check: (model) =>
    foreignOf(model, 'networking.k8s.io', 'NetworkPolicy')
      .filter(({ manifest: { spec } }) => ['ingress', 'egress'].some((rules) => entriesOf(at(spec, rules)).length > 0))
      .flatMap(({ path, title, manifest }) =>
        ownPods(model)
          .filter((pods) => selects(at(manifest, 'spec', 'podSelector'), pods))
          .map(({ owner }) => ({ path, message: `${title} opens the pods of ${owner.node.path}` })),
      ),
};
