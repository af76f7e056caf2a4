import { type Finding, show } from '../core/errors';

/** What is to be said about a refused part of a spec. */
export interface SpecProblem {
  /** Stable code. */
  readonly id: string;
  /** Path of the property. */
  readonly path: string;
  /** What is wrong; without it there is no finding. */
  readonly message: string | undefined;
  /** What was given. */
  readonly given: unknown;
  /** What to write instead. */
  readonly fix: string;
}

/** A finding about a part of a spec; none without a message. */
export function specFinding({ id, path, message, given, fix }: SpecProblem): Finding[] {
  return message === undefined ? [] : [{ id, level: 'error', path, message, given: show(given), fix }];
}

/** What is wrong with a number that must be whole and within two bounds, or undefined. */
export function wholeNumberProblem(what: string, value: unknown, least: number, most: number): string | undefined {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? undefined
    : `${what} is a whole number from ${least} to ${most}`;
}
