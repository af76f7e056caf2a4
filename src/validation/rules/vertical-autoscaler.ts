import { foreignOf } from '../pods';
import type { Rule } from '../rule';
import { at } from '../untyped';

/** An autoscaler that changes the requests of a component's pods. */
export const verticalAutoscaler: Rule = {
  id: 'workload/vertical-autoscaler',
  level: 'warning',
  acknowledgeable: true,
  why: 'it evicts pods to change their requests, and an autoscaler of replicas that aims at a share of the requests chases it',
  fix: 'set updatePolicy.updateMode: "Off" and take its recommendation into the option "resources"',
  check: (model) =>
    foreignOf(model, 'autoscaling.k8s.io', 'VerticalPodAutoscaler')
      .filter(({ manifest }) => at(manifest, 'spec', 'updatePolicy', 'updateMode') !== 'Off')
      .flatMap(({ path, title, manifest }) => {
        const target = at(manifest, 'spec', 'targetRef');
        return model.components
          .filter(({ workload }) => workload.name === at(target, 'name') && workload.kind === at(target, 'kind'))
          .map(({ node }) => ({ path, message: `${title} changes the requests of ${node.path}` }));
      }),
};
