import type { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { invalidValue } from '../core/errors';
import { PHASES, type Phase, phaseOfKind } from '../core/phase';

const PHASE = Symbol.for('cdk8s-selfhosted.Phase');

/**
 * Gives every object at and below a construct a phase other than that of its kind.
 *
 * @throws ConfigurationError `workload/invalid-phase` for a phase that there is not, whose objects would never be
 *   emitted, and for a construct that has another phase already.
 */
export function setPhase(construct: IConstruct, phase: Phase): void {
  const refuse = (message: string, given: unknown): never =>
    invalidValue({
      id: 'workload/invalid-phase',
      path: 'setPhase',
      message,
      given,
      allowed: PHASES.map((each) => `"${each}"`).join(', '),
      fix: "write setPhase(component, 'data')",
    });
  if (!Construct.isConstruct(construct)) {
    refuse('a phase belongs to a construct', construct);
  }
  if (!PHASES.includes(phase)) {
    refuse('there is no such phase', phase);
  }
  const current = (construct as { [PHASE]?: Phase })[PHASE];
  if (current !== undefined && current !== phase) {
    refuse(`the construct has the phase "${current}" already`, phase);
  }
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
