import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type Phase, phaseOfKind } from '../core/phase';

const PHASE = Symbol.for('cdk8s-selfhosted.Phase');

/** Gives every object at and below a construct a phase other than that of its kind. */
export function setPhase(construct: IConstruct, phase: Phase): void {
  Object.defineProperty(construct, PHASE, { value: phase });
}

/** The phase of an object: of its kind, unless it runs or holds data that a construct above it gave another phase. */
export function phaseOf(object: ApiObject): Phase {
  const own = phaseOfKind(object.kind);
  if (own !== 'workloads') {
    return own;
  }
  for (let scope: IConstruct | undefined = object; scope !== undefined; scope = scope.node.scope) {
    const phase = (scope as { [PHASE]?: Phase })[PHASE];
    if (phase !== undefined) {
      return phase;
    }
  }
  return own;
}
