const DRAWN = Symbol.for('cdk8s-selfhosted.Drawn');
const ANNOTATIONS = Symbol.for('cdk8s-selfhosted.DrawnAnnotations');

/** As much of an object of cdk8s as is needed to draw it. */
interface Drawable {
  /** The chart that it stands in. */
  readonly chart: object;
  /** Its metadata. */
  readonly metadata: {
    /** Sets an annotation. */
    addAnnotation(key: string, value: string): void;
    /** What was set, for objects that have annotations of their own. */
    toJson(): unknown;
  };
}

/** Says which annotations every object carries that the library draws in a chart from now on. */
export function annotateDrawn(chart: object, annotations: Readonly<Record<string, string>>): void {
  Object.defineProperty(chart, ANNOTATIONS, { value: { ...annotations } });
}

/**
 * Marks an object that the library draws itself. Rules know what it is drawn from, and read the object only where a patch
 * changes it; every other object they read as it is written. The object gets the annotations of its chart; those of its
 * own go before.
 */
export function markDrawn<T extends Drawable>(object: T): T {
  Object.defineProperty(object, DRAWN, { value: true });
  const { [ANNOTATIONS]: annotations = {} } = object.chart as { [ANNOTATIONS]?: Readonly<Record<string, string>> };
  const entries = Object.entries(annotations);
  if (entries.length > 0) {
    const { annotations: own = {} } = object.metadata.toJson() as { annotations?: Readonly<Record<string, string>> };
    entries
      .filter(([key]) => !Object.hasOwn(own, key))
      .forEach(([key, value]) => object.metadata.addAnnotation(key, value));
  }
  return object;
}

/** Whether the library draws an object itself, also another copy of this package. */
export function isDrawn(object: object): boolean {
  return DRAWN in object;
}
