import { InternalError } from './errors';

const DEFERRED = Symbol.for('cdk8s-selfhosted.Deferred');
/** What a composed value was put together from, so that its literals can be escaped and its tokens left alone. */
const PARTS = Symbol.for('cdk8s-selfhosted.Deferred.parts');

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

  /**
   * Never set; keeps `Deferred<string>` and `Deferred<number>` apart for the compiler.
   */
  declare public readonly _type?: T;

  /**
   * @param token Printable stand-in, unique in the program, replaced by the engine after rendering.
   * @param source What the value is, for messages and for hashes: the path of the property it was given for.
   */
  constructor(
    public readonly token: string,
    public readonly source: string,
  ) {
    Object.defineProperty(this, DEFERRED, { value: true });
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
 * The value as `printable`, with the known text of it changed, and tokens left as they are: the engine looks for the
 * token, so an escape inside of it would keep the value from ever arriving.
 */
export function printableWith(value: Value<string>, escape: (literal: string) => string): string {
  return partsOf(value)
    .map((part) => (Deferred.isDeferred(part) ? part.token : escape(part)))
    .join('');
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
  if (!values.some((value) => Deferred.isDeferred(value))) {
    return text;
  }
  const source = values.map((value) => (Deferred.isDeferred(value) ? `<${value.source}>` : value)).join('');
  const composed = new Deferred<string>(text, source);
  // Not enumerable: copies, hashes and comparisons see the token and the source only.
  Object.defineProperty(composed, PARTS, { value: values.flatMap(partsOf) });
  return composed;
}

function partsOf(value: Value<string>): readonly Value<string>[] {
  return (Deferred.isDeferred(value) && (value as { [PARTS]?: readonly Value<string>[] })[PARTS]) || [value];
}

/** The known value; used where the types already exclude a deferred one. */
export function mustBeKnown<T>(value: Value<T>, what: string): T {
  if (Deferred.isDeferred(value)) {
    throw new InternalError(`${what} was read before it is known`);
  }
  return value as T;
}
