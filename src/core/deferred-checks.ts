import type { Finding } from './errors';
import { type Deferred, resolveValue, rootsOf, type Value } from './value';

const CHECKS = Symbol.for('cdk8s-selfhosted.Deferred.checks');

/** A check that waits until its values are known. */
export interface DeferredCheck {
  /** The values of the engine that it needs. */
  readonly roots: readonly Deferred<string>[];
  /** Runs it, with the texts of these values. */
  readonly run: (textOf: (root: Deferred<string>) => string) => Finding[];
}

/**
 * Checks values: now when all of them are known, otherwise when the engine knows them, before anything that depends on
 * them is deployed. Returns what is known to be wrong now.
 */
export function whenKnown(
  values: Value<string> | readonly Value<string>[],
  check: (...texts: readonly string[]) => Finding[],
): Finding[] {
  // Asked this way round, since JavaScript may give anything in the place of a text: the check says so.
  const all: readonly Value<string>[] = Array.isArray(values) ? values : [values as Value<string>];
  const roots = [...new Set(all.flatMap(rootsOf))];
  if (roots.length === 0) {
    return check(...(all as string[]));
  }
  const waiting: DeferredCheck = { roots, run: (textOf) => check(...all.map((value) => resolveValue(value, textOf))) };
  roots.forEach((root) => listOf(root).push(waiting));
  return [];
}

/** The checks that wait for a value of the engine. */
export function checksOf(root: Deferred<string>): readonly DeferredCheck[] {
  return listOf(root);
}

function listOf(root: Deferred<string> & { [CHECKS]?: DeferredCheck[] }): DeferredCheck[] {
  if (root[CHECKS] === undefined) {
    Object.defineProperty(root, CHECKS, { value: [] });
  }
  return root[CHECKS] ?? [];
}
