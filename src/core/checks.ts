import { isBranded } from './brand';
import { type Finding, refuse, show } from './errors';
import { Deferred } from './value';
import { misuseOf, valueNotAllowed } from './value-misuse';

/** A run-time check of one property: what is wrong with the value, or undefined. */
export type Check = (value: unknown) => string | undefined;

/**
 * Run-time checks of a props interface, one per property. TypeScript already checks its own callers; this is for
 * JavaScript, for spreads and for casts.
 */
export type Checks<Props> = Readonly<Record<keyof Props, Check>>;

const ofType =
  (name: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? undefined : `it must be ${name}`;

/** Checks for the primitive shapes that props are made of. */
export const check = {
  text: ofType('a string', (value) => typeof value === 'string'),
  textValue: ofType('a string', (value) => typeof value === 'string' || Deferred.isDeferred(value)),
  flag: ofType('true or false', (value) => typeof value === 'boolean'),
  count: ofType('a whole number of at least 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0),
  list: ofType('an array', (value) => Array.isArray(value)),
  record: ofType(
    'an object',
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !Deferred.isDeferred(value),
  ),
  any: ((): undefined => undefined) as Check,
  oneOf:
    (...values: readonly string[]): Check =>
    (value) =>
      values.includes(value as string)
        ? undefined
        : `it must be one of ${values.map((each) => `"${each}"`).join(', ')}`,
  /** A list whose every member passes a check. */
  each:
    (member: Check): Check =>
    (value) =>
      Array.isArray(value) ? value.map(member).find((problem) => problem !== undefined) : 'it must be an array',
  /** An instance of one of the classes, named by their brands: also of another copy of the package. */
  instance:
    (...names: readonly string[]): Check =>
    (value) =>
      names.some((name) => isBranded(value, name)) ? undefined : `it must be made by ${names.join(' or ')}`,
} as const;

/**
 * Compares an object with the checks of its interface: unknown keys and wrong primitive types.
 * A property that is undefined counts as absent.
 */
export function checkShape<Props extends object>(path: string, props: Props, checks: Checks<Props>): Finding[] {
  const whole = misuseOf(path, props) ?? (Deferred.isDeferred(props) ? valueNotAllowed(path) : undefined);
  if (whole !== undefined) {
    return [whole];
  }
  if (typeof props !== 'object' || props === null || Array.isArray(props)) {
    return [
      {
        id: 'core/wrong-type',
        level: 'error',
        path,
        message: 'an object with properties is needed here',
        given: show(props),
        fix: `pass an object with ${Object.keys(checks).slice(0, 5).join(', ')}`,
      },
    ];
  }
  const known = Object.keys(checks);
  return Object.entries(props).flatMap(([key, value]): Finding[] => {
    if (!Object.hasOwn(checks, key)) {
      const near = nearest(key, known);
      return [
        {
          id: 'core/unknown-property',
          level: 'error',
          path: `${path}.${key}`,
          message: `there is no property "${key}"`,
          given: show(value),
          allowed: known.join(', '),
          fix: near === undefined ? 'remove it' : `did you mean "${near}"?`,
        },
      ];
    }
    const misuse = misuseOf(`${path}.${key}`, value, checks[key as keyof Props] === check.textValue);
    if (misuse !== undefined) {
      return [misuse];
    }
    const problem = value === undefined ? undefined : checks[key as keyof Props](value);
    if (problem !== undefined && [value].flat().some((each) => Deferred.isDeferred(each))) {
      return [valueNotAllowed(`${path}.${key}`)];
    }
    return problem === undefined
      ? []
      : [
          {
            id: 'core/wrong-type',
            level: 'error',
            path: `${path}.${key}`,
            message: problem,
            given: show(value),
            fix: 'pass a value of that type',
          },
        ];
  });
}

/**
 * Refuses the settings of a factory at the line that calls it.
 *
 * @throws ConfigurationError `core/unknown-property`, `core/wrong-type`, all of them in one report.
 */
export function requireShape<Props extends object>(path: string, props: Props, checks: Checks<Props>): void {
  const findings = checkShape(path, props, checks);
  if (findings.length > 0) {
    refuse(path, findings);
  }
}

/** The properties of an object that an interface has, without those that are absent. */
export function picked<Props extends object>(given: Props, checks: Checks<Props>): Props {
  const keys = Object.keys(checks) as (keyof Props)[];
  return Object.fromEntries(keys.filter((key) => given[key] !== undefined).map((key) => [key, given[key]])) as Props;
}

function nearest(key: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(2, key.length / 3) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
