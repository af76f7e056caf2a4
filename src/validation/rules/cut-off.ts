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
  check: (model) => {
    const pods = foreignPods(model).filter(({ namespace }) => namespace === model.context.namespaceName);
    if (pods.length === 0) {
      return [];
    }
    const closesAll = createsNamespace(model);
    const policies = policiesOf(model);
    return pods
      .filter((each) => closesAll || hasLabels(instanceSelector(model.context.identity), each))
      .filter((each) => !policies.some((selector) => selects(selector, each)))
      .map(({ object: { path, title } }) => ({
        path,
        message: `the pods of ${title} are cut off: the default deny closes them, and no policy lets them talk to anybody`,
      }));
  },
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
