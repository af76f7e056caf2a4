import { freeTextProblem, labelKeyProblem, UNRENDERED } from '../core/text';

/** Fields of an object of the Kubernetes API. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with the value of a field, in words that begin with its name; undefined where it may stand. */
export type FieldCheck = (field: string, value: unknown) => string | undefined;

/** Whether something is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first problem of a list. */
export function firstProblem<T>(entries: readonly T[], problem: (entry: T) => string | undefined): string | undefined {
  return entries.map(problem).find((each) => each !== undefined);
}

/** An object with these fields and no others: strict validation refuses a field that does not exist. */
export function object(checks: Readonly<Record<string, FieldCheck>>, required: readonly string[] = []): FieldCheck {
  return (field, value) => {
    if (!isFields(value)) {
      return `${field} must be an object`;
    }
    const given = Object.keys(value).filter((key) => value[key] !== undefined);
    const missing = required.find((key) => !given.includes(key));
    const unknown = given.find((key) => !Object.hasOwn(checks, key));
    return missing !== undefined
      ? `${field}.${missing} is required`
      : unknown !== undefined
        ? `${field} has no field "${unknown}"`
        : firstProblem(given, (key) => checks[key]?.(`${field}.${key}`, value[key]));
  };
}

/** A list of which each entry passes a check. */
export function list(each: FieldCheck): FieldCheck {
  return (field, value) =>
    Array.isArray(value) ? firstProblem(value, (entry: unknown) => each(field, entry)) : `${field} must be an array`;
}

/** Text that YAML and the API server carry. */
export const text: FieldCheck = (field, value) => {
  const problem = freeTextProblem(value as string);
  return problem === undefined ? undefined : `${field}: ${problem}`;
};

/** True or false. */
export const flag: FieldCheck = (field, value) =>
  typeof value === 'boolean' ? undefined : `${field} must be true or false`;

/** One of some texts. */
export function oneOf(...values: readonly string[]): FieldCheck {
  return (field, value) =>
    values.includes(value as string)
      ? undefined
      : `${field} must be one of ${values.map((each) => `"${each}"`).join(', ')}`;
}

/** A whole number between two others, both included. */
export function wholeNumber(least: number, most: number): FieldCheck {
  return (field, value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `${field} must be a whole number from ${least} to ${most}`;
}

/** Permissions of files. */
export const mode: FieldCheck = (field, value) =>
  wholeNumber(0, 0o777)(field, value) === undefined ? undefined : `${field} must be between 0 and 0o777`;

const QUANTITY = /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/;

/** An amount of storage that is not negative. */
export const quantity: FieldCheck = (field, value) =>
  (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) ||
  (typeof value === 'string' && QUANTITY.test(value))
    ? undefined
    : `${field} must be an amount such as "1Gi"`;

const UNITS: Readonly<Record<string, number>> = Object.fromEntries(
  ['k', 'M', 'G', 'T', 'P', 'E'].flatMap((unit, index) => [
    [unit, 1000 ** (index + 1)],
    [`${unit.toUpperCase()}i`, 1024 ** (index + 1)],
  ]),
);

/** An amount of storage above zero, in whole bytes: of parts of a byte the API server warns. */
export const positiveQuantity: FieldCheck = (field, value) => {
  const [, digits = '', unit = ''] = /^\+?(\d+(?:\.\d+)?)([kMGTPE]|[KMGTPE]i)?$/.exec(String(value)) ?? [];
  const bytes = Number(digits) * (unit === '' ? 1 : (UNITS[unit] ?? Number.NaN));
  return digits !== '' && bytes > 0 && Number.isInteger(bytes)
    ? undefined
    : `${field} must be a whole number of bytes above zero, such as "1Gi"`;
};

/** A file inside of a volume. */
export const path: FieldCheck = (field, value) => {
  const isRelative =
    typeof value === 'string' &&
    value !== '' &&
    !value.startsWith('/') &&
    !value.startsWith('..') &&
    !value.split('/').includes('..') &&
    freeTextProblem(value) === undefined;
  return isRelative ? undefined : `${field} must be relative, without ".."`;
};

/** Texts by keys. */
export const texts: FieldCheck = (field, value) =>
  isFields(value)
    ? firstProblem(Object.entries(value), ([key, each]) =>
        key === UNRENDERED
          ? `${field} cannot have the key "${key}"`
          : (text(field, key) ?? text(`${field}.${key}`, each)),
      )
    : `${field} must be an object`;

/** Labels or annotations by keys. */
export function metadata(value: (entry: string) => string | undefined): FieldCheck {
  return (field, given) =>
    isFields(given)
      ? firstProblem(Object.entries(given), ([key, each]) => {
          const problem = labelKeyProblem(key) ?? value(each as string);
          return problem === undefined ? undefined : `${field}.${key}: ${problem}`;
        })
      : `${field} must be an object`;
}

/** Anything: a field that is rarely used, and that the API server judges alone. */
export const anything: FieldCheck = () => undefined;
