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

/** Brands a class. Call it from a static block: `static { brand(this, 'Peer'); }`. */
export function brand(type: { readonly prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, brandOf(name), { value: true });
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
