import type { Check } from './check';
import { check } from './check';
import { assignment, code } from './code';
import { type Finding, refuse, show } from './errors';
import { nearest } from './nearest';
import { isSecretPlace, withoutLeaves } from './redaction';
import { Deferred } from './value';
import { misuseOf, valueNotAllowed } from './value-misuse';

export { check, type Check } from './check';

/**
 * Run-time checks of a props interface, one per property. TypeScript already checks its own callers; this is for
 * JavaScript, for spreads and for casts.
 */
export type Checks<Props> = Readonly<Record<keyof Props, Check>>;

/** What to write in the place of a property that does not exist, one sentence; undefined where nobody knows. */
export type Advice = (property: string, given: unknown) => string | undefined;

/**
 * Compares an object with the checks of its interface: unknown keys and wrong primitive types. Every wrong entry of a
 * list is a finding of its own. A property that is undefined counts as absent.
 *
 * @param advice Knows names that users of other tools try, and names that belong elsewhere.
 */
export function checkShape<Props extends object>(
  path: string,
  props: Props,
  checks: Checks<Props>,
  advice: Advice = () => undefined,
): Finding[] {
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
  return Object.entries(props).flatMap(([key, value]): Finding[] =>
    Object.hasOwn(checks, key)
      ? propertyProblems(`${path}.${key}`, key, value, checks[key as keyof Props])
      : [
          {
            id: 'core/unknown-property',
            level: 'error',
            path: `${path}.${key}`,
            message: `there is no property "${key}"`,
            given: show(value),
            ...instruction(key, Object.keys(checks), advice(key, isSecretPlace(key) ? withoutLeaves(value) : value)),
          },
        ],
  );
}

/** What to write in the place of an unknown name. Whoever is told the line needs no list of forty names above it. */
function instruction(
  key: string,
  known: readonly string[],
  advised: string | undefined,
): Pick<Finding, 'allowed' | 'fix'> {
  return advised === undefined ? { allowed: known.join(', '), fix: nearMiss(key, known) } : { fix: advised };
}

function nearMiss(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined ? 'remove it' : `did you mean "${near}"?`;
}

/** What is wrong with a property, or with the entries of a list; `name` is empty for an entry. */
function propertyProblems(path: string, name: string, value: unknown, checkOf: Check): Finding[] {
  const misuse = misuseOf(path, value, checkOf === check.textValue || checkOf === check.countValue);
  if (misuse !== undefined) {
    return [misuse];
  }
  if (value === undefined && name !== '') {
    return [];
  }
  const { entry, fields } = checkOf;
  if (entry !== undefined && Array.isArray(value)) {
    return [...(value as unknown[])].flatMap((each, index) => propertyProblems(`${path}[${index}]`, '', each, entry));
  }
  const problem = checkOf(value);
  if (problem === undefined) {
    return fields === undefined
      ? []
      : checkShape(path, value as object, fields.checks as Checks<object>, fields.advice);
  }
  return [value].flat().some((each) => Deferred.isDeferred(each))
    ? [valueNotAllowed(path)]
    : [
        {
          id: 'core/wrong-type',
          level: 'error',
          path,
          message: problem,
          given: show(value),
          fix: instead(name, isSecretPlace(path) ? withoutLeaves(value) : value, problem, checkOf),
        },
      ];
}

/** The line to type, or what is needed in words. */
function instead(name: string, value: unknown, problem: string, checkOf: Check): string {
  const line = checkOf.instead?.(value);
  if (line === undefined) {
    return `give ${problem.replace(/^it must be (?=made )/, 'what is ').replace(/^it must be /, '')}`;
  }
  if (line === code(() => undefined)) {
    return 'give it without the brackets: one value, not a list';
  }
  return `write ${assignment(name, line)}`;
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
