import type { Advice, Checks } from './checks';
import { assignment, shortCode } from './code';

/** Where users know a name from that this library has another one for. */
export type HabitSource = 'Helm charts' | 'Kubernetes' | 'cdk8s-plus';

/** Names that users of other tools try, and what replaces them. */
export interface Habit {
  /** Names of the property. */
  readonly names: readonly string[];
  /** Where users know them from. */
  readonly from: HabitSource;
  /** What they give for it, as the documentation shows it. */
  readonly example: unknown;
  /** What to do, one sentence that begins with a verb and holds the line to type. */
  readonly fix: (given: unknown) => string;
}

/** A place of the properties that names are at home in. */
export interface Place {
  /** Where it is, in words: `the limits of the stack`. */
  readonly where: string;
  /** The names that are at home there. */
  readonly checks: Checks<never>;
  /** The line that puts a property there. */
  readonly line: (property: string) => string;
}

/** Advice about names that users of other tools try, and about names that belong elsewhere. */
export function adviceOf(habits: readonly Habit[], places: readonly Place[] = []): Advice {
  const byName = new Map(habits.flatMap((habit) => habit.names.map((name) => [name.toLowerCase(), habit] as const)));
  return (property, given) => {
    const place = places.find(({ checks }) => Object.hasOwn(checks, property));
    return (
      byName.get(property.toLowerCase())?.fix(given) ??
      (place === undefined
        ? undefined
        : `it belongs to ${place.where}: write ${place.line(assignment(property, given === undefined ? '...' : codeOr(given)))}`)
    );
  };
}

/** A value as code, or another text where the code would be too long to be read. */
export function codeOr(value: unknown, other = '...'): string {
  return shortCode(value) ?? other;
}

/** The same sentence, whatever was given. */
export function always(fix: string): () => string {
  return () => fix;
}
