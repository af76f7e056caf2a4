const DEFERRED = Symbol.for('cdk8s-selfhosted.Deferred');

/** How every token begins. */
const TOKEN_START = '__cdk8s_selfhosted_value_';

/**
 * A token that this package made; letters, digits and "_" survive every encoding. It looks ahead, so that text which
 * merely looks alike does not take the beginning of a token away.
 */
const TOKEN = new RegExp(`(?=(${TOKEN_START}\\d+__))`, 'g');

/** How a deferred value is made of others: the engine does the same when it knows them. */
interface Making {
  /** What is computed; absent for parts that only stand one behind the other. */
  readonly what?: string;
  readonly parts: readonly Value<string>[];
  readonly make: (...texts: readonly string[]) => string;
}

/** Source of a value that no property was given. */
const UNNAMED = 'a value that no property was given';

/** What belongs to a deferred value and is nobody's business but this file's. */
interface State {
  readonly making?: Making;
  /** Values that were made of this one, by what was made: made once, and kept as long as this one. */
  readonly made: Map<string, Deferred<string>>;
  /** What the value is, where its maker said so. */
  readonly source?: string | undefined;
  /** Properties that it was given for. */
  readonly properties: Set<string>;
  /** Whether it was given where a number is needed. */
  isNumber?: boolean;
}

/** The tokens of a process: one list for all copies of this package, or two copies would give one token to two values. */
interface Tokens {
  count: number;
  readonly values: Map<string, WeakRef<Deferred<unknown>>>;
}

const TOKENS = Symbol.for('cdk8s-selfhosted.Deferred.tokens');
const tokens: Tokens = ((globalThis as { [TOKENS]?: Tokens })[TOKENS] ??= { count: 0, values: new Map() });
const byToken = tokens.values;
const forget = new FinalizationRegistry<string>((token) => byToken.delete(token));

/**
 * A value that is known only when the platform is deployed, such as the address of a database that the same
 * program creates. The cdk8s engine knows every value at synthesis, so it never makes one; an engine that does
 * (Pulumi) hands them out and puts the real value in place of `token` afterwards.
 *
 * It prints as its token, so it may stand inside a longer string that the library composes.
 */
export class Deferred<T> {
  /** Whether something is a deferred value, also one made by another copy of this package. */
  public static isDeferred(value: unknown): value is Deferred<unknown> {
    return typeof value === 'object' && value !== null && DEFERRED in value;
  }

  /** A deferred value with a token of its own, named by the property that it will be given for. */
  public static create<T = string>(): Deferred<T> {
    return register(new Deferred<T>(nextToken()));
  }

  /**
   * Never set; keeps `Deferred<string>` and `Deferred<number>` apart for the compiler.
   */
  declare public readonly _type?: T;

  declare private readonly [DEFERRED]: State;

  /**
   * @param token Printable stand-in, unique in the program, replaced by the engine after rendering.
   * @param source What the value is, for messages and for hashes. Default: the properties that it is given for.
   */
  constructor(
    public readonly token: string,
    source?: string,
  ) {
    // Not enumerable: copies and comparisons see the token only.
    Object.defineProperty(this, DEFERRED, {
      value: { made: new Map(), properties: new Set(), source } satisfies State,
    });
  }

  /** What the value is: the properties that it was given for. Hashes count it instead of the token. */
  public get source(): string {
    const { source, making, properties } = this[DEFERRED];
    if (source !== undefined || making === undefined) {
      // Sorted: which of two properties is given first says nothing about the value.
      return source ?? ([...properties].sort().join(' and ') || UNNAMED);
    }
    return making.what === undefined ? sourceOf(making.parts) : `${making.what} of ${sourceOf(making.parts)}`;
  }

  /** The token, so that composed strings carry it. */
  public toString(): string {
    return this.token;
  }

  /** The token, so that serialised objects carry it. */
  public toJSON(): string {
    return this.token;
  }
}

/**
 * A `T` that may be known only at deployment. Properties of this type accept both; every other property needs the
 * value now, and a deferred one does not compile there (names, labels, selectors, namespaces, ports, digests).
 */
export type Value<T> = T | Deferred<T>;

/** The value as it goes into a manifest: itself when known, its token when deferred. */
export function printable(value: Value<string>): string {
  return Deferred.isDeferred(value) ? value.token : value;
}

/** The known value, or undefined where it is deferred and a check has to wait for the deployment. */
export function known<T>(value: Value<T>): T | undefined {
  return Deferred.isDeferred(value) ? undefined : (value as T);
}

/**
 * Composes a string from literals and values: `` compose`https://${host}/callback` ``. The source of the result keeps the
 * literals, `https://<props.host>/callback`, so that a hash changes with them too.
 */
export function compose(literals: TemplateStringsArray, ...values: readonly Value<string>[]): Value<string> {
  return concat(
    literals.flatMap((literal, index) => {
      const value = values[index];
      return value === undefined ? [literal] : [literal, value];
    }),
  );
}

/** Strings and values one behind the other; known when all of them are. */
export function concat(values: readonly Value<string>[]): Value<string> {
  const text = values.map(printable).join('');
  return values.some((value) => Deferred.isDeferred(value))
    ? made(text, { parts: values, make: (...texts) => texts.join('') })
    : text;
}

/**
 * A text that is computed from values: now when all of them are known, otherwise by the engine, with the same function.
 *
 * @param what What is computed, for the source; one deferred value gives one result for each `what`.
 */
export function derive(
  what: string,
  values: Value<string> | readonly Value<string>[],
  make: (...texts: readonly string[]) => string,
): Value<string> {
  // Asked this way round, since JavaScript may give anything in the place of a text: a check says so elsewhere.
  const parts: readonly Value<string>[] = Array.isArray(values) ? values : [values as Value<string>];
  const [root] = parts.flatMap(rootsOf);
  if (root === undefined) {
    return make(...(parts as string[]));
  }
  // Kept by the root: composed values come and go, and one that is composed again stands for the same text.
  const key = JSON.stringify([what, ...parts.map(printable)]);
  const siblings = stateOf(root).made;
  const result = siblings.get(key) ?? register(made(nextToken(), { what, parts, make }));
  siblings.set(key, result);
  return result;
}

/** Names a value by a property that it is given for. */
export function nameValue(value: unknown, property: string): void {
  if (Deferred.isDeferred(value) && stateOf(value).making === undefined) {
    stateOf(value).properties.add(property);
  }
}

/** A number as text. A value that only the deployment knows may then turn out to be a number there, or its text. */
export function numberText(value: Value<number> | Deferred<string>): Value<string> {
  if (!Deferred.isDeferred(value)) {
    return String(value);
  }
  stateOf(value).isNumber = true;
  return value as unknown as Deferred<string>;
}

/** Whether a number is needed where a value of the engine was given. */
export function isNumber(value: Deferred<unknown>): boolean {
  return stateOf(value).isNumber === true;
}

/** Whether a value of the engine was given for a property, or named by its maker. */
export function isNamed(value: Deferred<unknown>): boolean {
  return value.source !== UNNAMED;
}

/** The values of the engine that a value is made of; none when it is known. */
export function rootsOf(value: Value<string>): Deferred<string>[] {
  if (!Deferred.isDeferred(value)) {
    return [];
  }
  const { making } = stateOf(value);
  return making === undefined ? [value] : [...new Set(making.parts.flatMap(rootsOf))];
}

/** The text of a value, when the engine tells the texts of its roots. */
export function resolveValue(value: Value<string>, textOf: (root: Deferred<string>) => string): string {
  if (!Deferred.isDeferred(value)) {
    return value;
  }
  const { making } = stateOf(value);
  return making === undefined ? textOf(value) : making.make(...making.parts.map((part) => resolveValue(part, textOf)));
}

/** Takes a printed text apart: literals, and the deferred values of which the tokens stand in it. */
export function parsePrinted(text: string): Value<string>[] {
  if (!text.includes(TOKEN_START)) {
    return text === '' ? [] : [text];
  }
  const parts: Value<string>[] = [];
  let end = 0;
  for (const { 1: token = '', index } of text.matchAll(TOKEN)) {
    const value = byToken.get(token)?.deref() as Deferred<string> | undefined;
    if (value !== undefined && index >= end) {
      parts.push(...(index > end ? [text.slice(end, index)] : []), value);
      end = index + token.length;
    }
  }
  return [...parts, ...(end < text.length ? [text.slice(end)] : [])];
}

/** A printed text with the source in place of each token: what hashes count. */
export function printedBySource(text: string): string {
  return parsePrinted(text)
    .map((part) => (Deferred.isDeferred(part) ? `value of ${part.source}` : part))
    .join('');
}

function made(token: string, making: Making): Deferred<string> {
  const result = new Deferred<string>(token);
  Object.assign(stateOf(result), { making });
  return result;
}

function sourceOf(parts: readonly Value<string>[]): string {
  return parts.map((part) => (Deferred.isDeferred(part) ? `<${part.source}>` : part)).join('');
}

function stateOf(value: Deferred<unknown>): State {
  return (value as unknown as Record<typeof DEFERRED, State>)[DEFERRED];
}

function nextToken(): string {
  tokens.count += 1;
  return `${TOKEN_START}${tokens.count}__`;
}

function register<T>(value: Deferred<T>): Deferred<T> {
  byToken.set(value.token, new WeakRef(value));
  forget.register(value, value.token);
  return value;
}
