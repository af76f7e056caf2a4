import type { ApiObject } from 'cdk8s';
import { ConfigurationError } from '../core/errors';
import { PHASES } from '../core/phase';
import { phaseOf } from '../workload/phase';
import { chartOf, objectsOf } from './own-constructs';

/**
 * Objects in the order of their phases, stable within a phase. A dependency between two objects of the stack comes
 * before the phases: what an object depends on is emitted first.
 *
 * @throws ConfigurationError `stack/dependency-cycle` where dependencies contradict each other.
 */
export function inOrder(stack: string, objects: readonly ApiObject[]): ApiObject[] {
  const sorted = PHASES.flatMap((phase) => objects.filter((object) => phaseOf(object) === phase));
  const dependencies = new Map(sorted.map((object) => [object, dependenciesOf(object)]));
  if ([...dependencies.values()].every((each) => each.length === 0)) {
    return sorted;
  }
  const done = new Set<ApiObject>();
  const result: ApiObject[] = [];
  const emit = (object: ApiObject, trail: readonly ApiObject[]): void => {
    if (done.has(object) || !dependencies.has(object)) {
      return;
    }
    if (trail.includes(object)) {
      const cycle = [...trail.slice(trail.indexOf(object)), object].map(({ node }) => node.path).join(' -> ');
      throw new ConfigurationError(stack, [
        {
          id: 'stack/dependency-cycle',
          level: 'error',
          path: object.node.path,
          message: `objects depend on each other: ${cycle}`,
          fix: 'remove one of the calls of addDependency',
        },
      ]);
    }
    (dependencies.get(object) ?? []).forEach((dependency) => emit(dependency, [...trail, object]));
    done.add(object);
    result.push(object);
  };
  sorted.forEach((object) => emit(object, []));
  return result;
}

/**
 * What an object was told to depend on: declared on it or on a construct above it, for an object or for several.
 *
 * As in cdk8s, a dependency speaks of two charts: of the objects that belong to them, and of nothing in a chart between
 * or below. So what is declared above the chart of the object does not concern it: cdk8s itself makes each chart depend
 * on the charts inside of it, and that would be a circle in every one of them.
 */
export function dependenciesOf(object: ApiObject): ApiObject[] {
  const { scopes } = object.node;
  return scopes
    .slice(scopes.indexOf(object.chart))
    .flatMap((scope) => scope.node.dependencies)
    .filter((dependency) => chartOf(dependency) === object.chart)
    .flatMap((dependency) => objectsOf(dependency))
    .filter((dependency) => dependency !== object);
}
