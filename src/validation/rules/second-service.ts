import { foreignOf, hasLabels, ownPods } from '../pods';
import type { Rule } from '../rule';
import { at } from '../untyped';

/** A Service of the user's own over the pods of a component. */
export const secondService: Rule = {
  id: 'network/second-service',
  level: 'warning',
  acknowledgeable: true,
  why: 'it is a second way to the pods that no flow names: what it opens to the outside, policies and TLS of the stack do not know',
  fix: 'use the Service of the component (serviceName, url); expose hosts with Exposure',
  check: (model) => {
    const services = foreignOf(model, 'core', 'Service');
    return services.length === 0
      ? []
      : services.flatMap(({ path, title, manifest }) =>
          ownPods(model)
            .filter((pods) => hasLabels(at(manifest, 'spec', 'selector'), pods))
            .map(({ owner }) => ({
              path,
              message: `${title} (${String(at(manifest, 'spec', 'type') ?? 'ClusterIP')}) selects the pods of ${owner.node.path}`,
            })),
        );
  },
};
