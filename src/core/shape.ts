import { type Advice, checkShape, type Checks } from './checks';
import { assignment } from './code';
import { ConfigurationError, type Finding } from './errors';

/** Looks into the value of one property, at its path. */
type Inside = (path: string, value: unknown) => Finding[];

/** What an object of plain data must look like: its own properties, those it cannot do without, and those of its parts. */
export interface Shape<Props extends object> {
  /** Checks of the properties. */
  readonly checks: Checks<Props>;
  /** Properties that must be there, each with an example as a program writes it: `"orders"`. */
  readonly required: { readonly [K in keyof Props & string]?: string };
  /**
   * Knows names that users of other tools try, and names that belong elsewhere.
   * @default - the nearest name is told
   */
  readonly advice?: Advice;
  /**
   * Shapes of the parts, by property.
   * @default - the object has no parts
   */
  readonly inside?: { readonly [K in keyof Props]?: Inside };
}

/** Unknown names, wrong types and missing properties of an object and of its parts, all of them. */
export function shapeProblems<Props extends object>(path: string, value: unknown, shape: Shape<Props>): Finding[] {
  const own = checkShape(path, value as Props, shape.checks, shape.advice);
  if (own.some((finding) => finding.path === path) || typeof value !== 'object' || value === null) {
    return own;
  }
  const given = value as Readonly<Record<string, unknown>>;
  const missing = Object.entries<string | undefined>(shape.required)
    .filter(([key]) => given[key] === undefined)
    .map(([key, example]): Finding => ({
      id: 'core/missing-property',
      level: 'error',
      path: `${path}.${key}`,
      message: `"${key}" is required`,
      fix: `write ${assignment(key, example ?? '...')}`,
    }));
  const inParts = Object.entries<Inside | undefined>(shape.inside ?? {}).flatMap(([key, inside]) => {
    const where = `${path}.${key}`;
    const isUsable = given[key] !== undefined && own.every((finding) => finding.path !== where);
    return isUsable && inside !== undefined ? inside(where, given[key]) : [];
  });
  return [...own, ...missing, ...inParts];
}

/**
 * Refuses an object at the line that passes it.
 *
 * @throws ConfigurationError with everything that is wrong with its shape.
 */
export function requireWhole<Props extends object>(path: string, value: unknown, shape: Shape<Props>): void {
  const findings = shapeProblems(path, value, shape);
  if (findings.length > 0) {
    throw new ConfigurationError(path, findings);
  }
}

/** A part with a shape of its own. */
export function part<Props extends object>(shape: Shape<Props>): Inside {
  return (path, value) => shapeProblems(path, value, shape);
}

/** A list of parts, each with the same shape. */
export function parts<Props extends object>(shape: Shape<Props>): Inside {
  // Copied, since a list may have holes, which `flatMap` passes over.
  return (path, value) =>
    [...(value as readonly unknown[])].flatMap((each, index) => shapeProblems(`${path}[${index}]`, each, shape));
}
