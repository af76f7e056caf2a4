const DRAWN = Symbol.for('cdk8s-selfhosted.Drawn');

/**
 * Marks an object that the library draws itself. Rules know what it is drawn from, and read the object only where a patch
 * changes it; every other object they read as it is written.
 */
export function markDrawn<T extends object>(object: T): T {
  Object.defineProperty(object, DRAWN, { value: true });
  return object;
}

/** Whether the library draws an object itself, also another copy of this package. */
export function isDrawn(object: object): boolean {
  return DRAWN in object;
}
