import { invalidValue, show } from '../core/errors';

/** A refusal of something in a policy: what is wrong, and what to write instead. */
export interface Refusal {
  readonly message: string;
  readonly given: unknown;
  readonly allowed: string;
  readonly fix: string;
}

/**
 * Refuses a policy that the API server refuses too. The evaluator does not guess: an answer about a policy that
 * cannot exist in a cluster would be worth nothing.
 *
 * @throws ConfigurationError always, with id `network/invalid-policy`
 */
export function refusePolicy(path: string, refusal: Refusal): never {
  return invalidValue({ id: 'network/invalid-policy', path, ...refusal });
}

/** Whether an optional field is there. JSON's null means absent, as it does for the API server. */
export function isGiven<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

/**
 * An object with known keys only. A misspelt key (`matchLabel`) would otherwise leave an empty selector, which
 * selects everything. For the same reason null inside of a list is refused: the API server reads it as an empty
 * rule, which allows everything and is never meant.
 *
 * @throws ConfigurationError if it is not an object or has another key
 */
export function readObject<T extends object>(value: T, path: string, keys: readonly (keyof T & string)[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refusePolicy(path, {
      message: 'an object is needed here',
      given: value,
      allowed: `an object with ${keys.join(', ')}`,
      fix: 'write the field as networking.k8s.io/v1 has it',
    });
  }
  const unknown = Object.keys(value).find((key) => !(keys as readonly string[]).includes(key));
  return unknown === undefined
    ? value
    : refusePolicy(path, {
        message: `the field ${show(unknown)} does not exist`,
        given: value,
        allowed: keys.join(', '),
        fix: 'remove the field or correct its spelling',
      });
}

/**
 * An optional list, empty when absent.
 *
 * @throws ConfigurationError if it is something else
 */
export function readList<T>(value: readonly T[] | undefined, path: string): readonly T[] {
  if (!isGiven(value)) {
    return [];
  }
  return Array.isArray(value)
    ? value
    : refusePolicy(path, {
        message: 'a list is needed here',
        given: value,
        allowed: 'a list, or nothing',
        fix: 'put the value into a list',
      });
}
