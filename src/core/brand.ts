/**
 * Brands tell the classes of this library apart where `instanceof` and class names cannot:
 *
 * - npm may install two copies of the package, and each has its own `Peer`: `instanceof` refuses that of the other one;
 * - bundlers rename classes, esbuild even without minifying: `constructor.name` is `_Peer`.
 *
 * A brand is a symbol of the global registry, the same in every copy and in every bundle. It sits on the prototype, so
 * that subclasses have it and spreads (`{ ...peer }`), which lose the methods, do not.
 */
const brandOf = (name: string): symbol => Symbol.for(`cdk8s-selfhosted.${name}`);

/** How a program makes an instance of a class: what a report tells whoever gave something else. */
export interface Making {
  /** A call that makes one, as it is typed. */
  readonly example: string;
  /**
   * The call that makes one of what was given in its place; undefined where that cannot be told. It never repeats what
   * may be a secret.
   * @default - the example is told
   */
  readonly from?: (given: unknown) => string | undefined;
  /**
   * The call that made an instance.
   * @default - an instance is printed as dots
   */
  readonly print?: (instance: never) => string;
}

/** A class that is branded, and how its instances are made. */
interface BrandedClass {
  readonly type: { readonly prototype: object };
  readonly making: Making | undefined;
}

const classes = new Map<string, BrandedClass>();

/**
 * Brands a class. Call it from a static block: `static { brand(this, 'Peer', { example: 'Peer.namespace("a")' }); }`.
 *
 * @param making How an instance is made, for classes that properties ask for.
 */
export function brand(type: { readonly prototype: object }, name: string, making?: Making): void {
  Object.defineProperty(type.prototype, brandOf(name), { value: true });
  classes.set(name, { type, making });
}

/** Names of the classes of this copy that are branded. */
export function brands(): string[] {
  return [...classes.keys()];
}

/** How an instance of a class is made; undefined where its file was never loaded, so that nobody can have made one. */
export function makingOf(name: string): Making | undefined {
  return classes.get(name)?.making;
}

/** The call of a factory that was given in the place of what it makes: `Exposure.none` without its brackets. */
export function callOf(name: string, given: unknown): string | undefined {
  const type = classes.get(name)?.type as Readonly<Record<string, unknown>> | undefined;
  if (typeof given !== 'function' || type === undefined) {
    return undefined;
  }
  const isFactory = Object.hasOwn(type, given.name) && type[given.name] === given;
  return isFactory ? `${name}.${given.name}(${given.length === 0 ? '' : '...'})` : undefined;
}

/** The call that made an instance, where its class tells. */
export function printInstance(value: unknown): string | undefined {
  const found = [...classes].find(([name]) => isBranded(value, name));
  const print = found?.[1].making?.print as ((instance: unknown) => string) | undefined;
  return print?.(value);
}

/** Whether something carries a mark, as constructs of the library do. Whatever was given is an answer, never an error. */
export function carries(value: unknown, mark: symbol): boolean {
  return typeof value === 'object' && value !== null && mark in value;
}

/**
 * Whether something is an instance of the class that has this brand, also of another copy of this package. Type it at
 * the call: `isBranded<Peer>(value, 'Peer')`.
 */
export function isBranded<T extends object>(value: unknown, name: string): value is T {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  // From the prototype on: an object of one's own may say anything about itself.
  const proto: unknown = Object.getPrototypeOf(value);
  return typeof proto === 'object' && proto !== null && brandOf(name) in proto;
}
