import { createsNamespace, foreignPods, hasLabels, selects } from '../pods';
import { instanceSelector } from '../../core/identity';
import type { Rule, StackModel } from '../rule';
import { at, fieldsOf } from '../untyped';

/** Pods of the user's own that the default deny of the stack closes, and that no policy opens again. */
export const cutOff: Rule = {
  id: 'network/cut-off',
  level: 'warning',
  acknowledgeable: true,
  why: 'the stack closes every pod of a namespace that it creates, and resolving names is closed too',
  fix: 'declare what it needs: stack.connectionsFor(object).allowTo(peer, { port, reason }); names are resolved by then',
  check: (model) =>
    foreignPods(model)
      .filter(({ namespace }) => namespace === model.context.namespaceName)
      .filter((pods) => createsNamespace(model) || hasLabels(instanceSelector(model.context.identity), pods))
      .filter((pods) => !policiesOf(model).some((selector) => selects(selector, pods)))
      .map(({ object: { path, title } }) => ({
        path,
        message: `the pods of ${title} are cut off: the default deny closes them, and no policy lets them talk to anybody`,
      })),
};

/** Selectors of the policies that are not the default deny: of the user's own, and of `connectionsFor`. */
function policiesOf({ written, connected, context }: StackModel): unknown[] {
  return [
    ...written
      .filter(
        ({ manifest, isDrawn, namespace }) =>
          manifest.kind.endsWith('NetworkPolicy') && !isDrawn && namespace === context.namespaceName,
      )
      .map(({ manifest: { spec } }) => at(spec, 'podSelector') ?? at(spec, 'endpointSelector') ?? fieldsOf(undefined)),
    ...connected.map(({ selector }) => ({ matchLabels: selector })),
  ];
}
