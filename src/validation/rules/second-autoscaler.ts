import { foreignOf } from '../pods';
import type { Rule, StackModel } from '../rule';
import { at, textOf } from '../untyped';
import type { WrittenObject } from '../written-object';

/** An autoscaler over a component that has one, or that has a fixed number of replicas. */
export const secondAutoscaler: Rule = {
  id: 'workload/second-autoscaler',
  level: 'error',
  acknowledgeable: false,
  why: 'the number of replicas has one owner: two autoscalers, or one and a number in the workload, take it from each other for ever',
  fix: 'scale the component by its own option: Scaling.auto({ min: 2, max: 6, cpuPercent: 70 })',
  check: (model) =>
    autoscalers(model).flatMap(({ object, kind, name }, index, all) =>
      model.components
        .filter(({ workload }) => workload.name === name && workload.kind === kind)
        .flatMap(({ node, autoscaler, scaling }) => {
          const other = all.slice(0, index).find((each) => each.kind === kind && each.name === name);
          const owner =
            autoscaler === undefined && scaling.isAutoscaled // one from outside is expected
              ? other && `${other.object.title} scales already`
              : autoscaler === undefined
                ? `has ${scaling.min} replicas by its own spec`
                : 'has an autoscaler already';
          return owner === undefined
            ? []
            : [{ path: object.path, message: `${object.title} scales ${node.path}, which ${owner}` }];
        }),
    ),
};

function autoscalers(model: StackModel): { object: WrittenObject; kind: string; name: string | undefined }[] {
  return [
    ...foreignOf(model, 'autoscaling', 'HorizontalPodAutoscaler'),
    ...foreignOf(model, 'keda.sh', 'ScaledObject'),
  ].map((object) => {
    const target = at(object.manifest, 'spec', 'scaleTargetRef');
    return { object, kind: textOf(at(target, 'kind')) ?? 'Deployment', name: textOf(at(target, 'name')) };
  });
}
