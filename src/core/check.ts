import type { Advice, Checks } from './checks';
import { callOf, isBranded, makingOf } from './brand';
import { code, shortCode } from './code';
import { nearest } from './nearest';
import { Deferred } from './value';

/**
 * A run-time check of one property: what is wrong with the value, or undefined. It may know more: what would have been
 * right in the place of a wrong value, and what the entries of a list must be.
 */
export interface Check {
  (value: unknown): string | undefined;
  /**
   * What to write in the place of a wrong value, as code; undefined where that cannot be told.
   * @default - the message alone says what is needed
   */
  readonly instead?: (given: unknown) => string | undefined;
  /**
   * Check of each entry: every wrong one is a finding of its own.
   * @default - the property is judged as a whole
   */
  readonly entry?: Check;
  /**
   * Checks of the fields of an object.
   * @default - an object is judged as a whole
   */
  readonly fields?: { readonly checks: Checks<object>; readonly advice: Advice | undefined };
}

/** A check of a type that a name is told of, with what to write for values of other types. */
export function ofType(
  name: string,
  test: (value: unknown) => boolean,
  instead: (given: unknown) => string | undefined = () => undefined,
): Check {
  return Object.assign((value: unknown) => (test(value) ? undefined : `it must be ${name}`), { instead });
}

/** A check with its own way to say what to write instead. */
export function withInstead(check: Check, instead: (given: unknown) => string | undefined): Check {
  return Object.assign((value: unknown) => check(value), {
    instead,
    ...(check.entry === undefined ? {} : { entry: check.entry }),
    ...(check.fields === undefined ? {} : { fields: check.fields }),
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Deferred.isDeferred(value);

/** The text that something else was meant as: a number, the only entry of a list, the name of an object. */
function asText(given: unknown): string | undefined {
  const [only, ...others] = Array.isArray(given) ? (given as unknown[]) : [given];
  const name = isRecord(only) && Object.keys(only).length === 1 ? only.name : only;
  return others.length === 0 && ['string', 'number', 'boolean'].includes(typeof name) ? code(String(name)) : undefined;
}

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

function asFlag(given: unknown): string | undefined {
  const value = isRecord(given) ? given.enabled : given;
  const word = typeof value === 'number' ? ({ 1: 'true', 0: 'false' } as Record<number, string>)[value] : String(value);
  const flag = ['string', 'number', 'boolean'].includes(typeof value) ? WORDS[word?.toLowerCase() ?? ''] : undefined;
  return flag === undefined ? undefined : String(flag);
}

/** What charts write as one word, for an object that has a switch. */
function asEnabled(given: unknown, checks: object): string | undefined {
  const flag = Object.hasOwn(checks, 'enabled') ? asFlag(given) : undefined;
  return flag === undefined ? undefined : `{ enabled: ${flag} }`;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function asCount(given: unknown): string | undefined {
  return typeof given === 'string' && /^\d{1,15}$/.test(given.trim()) ? String(Number(given)) : undefined;
}

/** An object from the list of names and values that a pod has for its variables. */
function asRecord(given: unknown): string | undefined {
  const entries = (Array.isArray(given) ? (given as unknown[]) : []).map((each): [unknown, unknown] => {
    if (typeof each === 'string') {
      const at = each.indexOf('=');
      return at > 0 ? [each.slice(0, at), each.slice(at + 1)] : [undefined, undefined];
    }
    return isRecord(each) ? [each.name ?? each.key, each.value] : [undefined, undefined];
  });
  const usable =
    entries.length > 0 && entries.every(([name, value]) => typeof name === 'string' && value !== undefined);
  return usable ? shortCode(Object.fromEntries(entries as [string, unknown][])) : undefined;
}

/** Checks for the primitive shapes that props are made of. */
export const check = {
  text: ofType('a string', (value) => typeof value === 'string', asText),
  textValue: ofType('a string', (value) => typeof value === 'string' || Deferred.isDeferred(value), asText),
  flag: ofType('true or false', (value) => typeof value === 'boolean', asFlag),
  count: ofType('a whole number of at least 0', isCount, asCount),
  countValue: ofType('a whole number of at least 0', (value) => isCount(value) || Deferred.isDeferred(value), asCount),
  list: ofType(
    'an array',
    (value) => Array.isArray(value),
    (given) => shortCode([given]),
  ),
  record: ofType('an object', isRecord, asRecord),
  any: ((): undefined => undefined) as Check,
  oneOf: (...values: readonly string[]): Check =>
    ofType(
      `one of ${values.map((each) => `"${each}"`).join(', ')}`,
      (value) => values.includes(value as string),
      (given) => {
        const word = typeof given === 'string' ? given.trim().toLowerCase() : '';
        const begun = word === '' ? [] : values.filter((each) => each.toLowerCase().startsWith(word));
        const meant = begun.length === 1 ? begun[0] : word === '' ? undefined : nearest(word, values);
        return meant === undefined ? undefined : code(meant);
      },
    ),
  /** A list whose every member passes a check. */
  each: (member: Check): Check =>
    Object.assign(
      (value: unknown) =>
        Array.isArray(value) ? value.map(member).find((problem) => problem !== undefined) : 'it must be an array',
      {
        entry: member,
        instead: (given: unknown): string | undefined => {
          const single = member(given) === undefined ? shortCode(given) : member.instead?.(given);
          return single === undefined ? undefined : `[${single}]`;
        },
      },
    ),
  /** An object with these properties, none of which is required here; `true` alone is meant as its `enabled`. */
  shape: <Props extends object>(
    checks: Checks<Props>,
    advice?: Advice,
    instead: (given: unknown) => string | undefined = (given) => asRecord(given) ?? asEnabled(given, checks),
  ): Check => Object.assign(ofType('an object', isRecord, instead), { fields: { checks, advice } }),
  /** An instance of one of the classes, named by their brands: also of another copy of the package. */
  instance: (...names: readonly string[]): Check =>
    Object.assign(
      (value: unknown) =>
        names.some((name) => isBranded(value, name)) ? undefined : `it must be made by ${names.join(' or ')}`,
      { instead: (given: unknown) => instanceInstead(names, given) },
    ),
} as const;

function instanceInstead(names: readonly string[], given: unknown): string | undefined {
  const [only] = Array.isArray(given) && given.length === 1 ? (given as unknown[]) : [given];
  if (names.some((name) => isBranded(only, name))) {
    return shortCode(only); // a list of one
  }
  const makings = names.flatMap((name) => makingOf(name) ?? []);
  const example = makings[0]?.example;
  const called = names.map((name) => callOf(name, given)).find((call) => call !== undefined);
  if (called !== undefined) {
    // A factory that needs something is better shown with it.
    return called.endsWith('()') || example?.startsWith(called.replace('...)', '')) !== true ? called : example;
  }
  const made = makings.map(({ from }) => from?.(only)).find((line) => line !== undefined && line.length <= 120);
  return made ?? example;
}
