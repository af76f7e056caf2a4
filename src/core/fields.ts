/** An object of which the fields are unknown, as JavaScript gives it. */
export type UnknownFields = Readonly<Record<string, unknown>>;

/** The fields of a plain object; none of anything else. */
export function fieldsOf(value: unknown): UnknownFields {
  const isPlain =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  return isPlain ? (value as UnknownFields) : {};
}

/** The first of some fields that is there: other tools call one thing by several names. */
export function oneOfFields(fields: UnknownFields, ...names: readonly string[]): unknown {
  const name = names.find((each) => Object.hasOwn(fields, each) && fields[each] !== undefined);
  return name === undefined ? undefined : fields[name];
}

/** A whole number, also one that was written as text. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}
