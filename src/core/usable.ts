import type { Finding } from './errors';

/** Properties of which some have problems: those parts that can still be judged. */
export interface Usable<Props extends object> {
  /** The properties without the parts that findings are about. Entries of lists keep their places: see `usable`. */
  readonly parts: Partial<Props>;
  /** Whether a property is there as it was given, or was never asked for. */
  isWhole(property: keyof Props): boolean;
  /** Whether a property can be judged: it was not thrown out. Something inside of it may have been. */
  isThere(property: keyof Props): boolean;
}

/**
 * Takes the parts out of properties that findings are about, so that everything else is judged in the same report. Of
 * a list, the wrong entries become holes: the methods of arrays pass over them, lengths and places stay those that the
 * user counts by.
 *
 * @param path Path of the properties, with which the paths of the findings begin.
 */
export function usable<Props extends object>(
  path: string,
  props: Props,
  findings: readonly Pick<Finding, 'path'>[],
): Usable<Props> {
  const broken = [...new Set(findings.map((finding) => finding.path))];
  const isBelow = (where: string): boolean => broken.some((each) => isInside(each, where));
  const parts = broken.includes(path) || !isPlain(props) ? {} : (without(props, path, broken) as Partial<Props>);
  return {
    parts,
    isWhole: (property) => !broken.includes(path) && !isBelow(`${path}.${String(property)}`),
    isThere: (property) => !broken.includes(path) && !broken.includes(`${path}.${String(property)}`),
  };
}

/** Whether a path is another one or lies below it. */
export function isInside(path: string, where: string): boolean {
  return path === where || path.startsWith(`${where}.`) || path.startsWith(`${where}[`);
}

/**
 * Findings about shape with those about content. A part whose shape is the problem has no other one: it is not missing,
 * and what stands in its place was never meant.
 */
export function together(shape: readonly Finding[], content: readonly Finding[]): Finding[] {
  return distinct([...shape, ...content.filter((each) => !shape.some((other) => isInside(each.path, other.path)))]);
}

/** Findings without repetitions: the same problem of the same place, found by two checks. */
export function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ id, path, message, given = '' }) => {
    const key = JSON.stringify([id, path, message, given]);
    return !seen.has(key) && seen.add(key);
  });
}

// Only what holds a broken part is copied, so that properties which hold themselves come to an end.
function without(value: unknown, path: string, broken: readonly string[]): unknown {
  if (!broken.some((each) => isInside(each, path))) {
    return value;
  }
  if (Array.isArray(value)) {
    const rest: unknown[] = [];
    rest.length = value.length;
    value.forEach((each: unknown, index) => {
      if (!broken.includes(`${path}[${index}]`)) {
        rest[index] = without(each, `${path}[${index}]`, broken);
      }
    });
    return rest;
  }
  return isPlain(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !broken.includes(`${path}.${key}`))
          .map(([key, each]) => [key, without(each, `${path}.${key}`, broken)]),
      )
    : value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}
