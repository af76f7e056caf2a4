/**
 * Reading of objects that anybody may have written: nothing about their shape is certain, and a rule that stumbles says
 * nothing useful.
 */
export type Untyped = Readonly<Record<string, unknown>>;

/** The fields of an object; none where it is no object. */
export function fieldsOf(value: unknown): Untyped {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Untyped) : {};
}

/** The value at a path of fields. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (Object.hasOwn(fieldsOf(found), key) ? fieldsOf(found)[key] : undefined),
    value,
  );
}

/** The entries of a list; none where it is no list. */
export function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The entries of a map from text to text. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
