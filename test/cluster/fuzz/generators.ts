import * as fc from 'fast-check';
import { calls, type Recipe } from './recipe';

/** One generator for each property of an interface: a property that nobody thought of does not compile. */
export type Generators<Props> = { readonly [K in keyof Required<Props>]: fc.Arbitrary<unknown> };

/** Properties of the factories that are generated, for the count of what was varied. */
const FACTORY_PROPERTIES = new Map<string, readonly string[]>();

/** Every property of every factory that is generated: `Cluster.generic.zones`. */
export function factoryProperties(): string[] {
  return [...FACTORY_PROPERTIES].flatMap(([call, keys]) => keys.map((key) => `${call}.${key}`));
}

/**
 * Values of which one in `weight + 1` is odd. The default is for mistakes of which it is known that synthesis finds them: a
 * stack has some hundred values, and most stacks shall have no mistake at all. What might be legal comes more often.
 */
export function mostly(
  common: fc.Arbitrary<unknown>,
  odd: fc.Arbitrary<unknown>,
  weight = 1000,
): fc.Arbitrary<unknown> {
  return fc.oneof({ weight, arbitrary: common }, { weight: 1, arbitrary: odd });
}

/** One of these values. */
export function among(...values: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.constantFrom(...values);
}

/** One of these generators. */
export function either(...arbitraries: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  return fc.oneof({ withCrossShrink: true }, ...arbitraries);
}

/** Lists; a counter-example has a short one. */
export function some(each: fc.Arbitrary<unknown>, minLength = 0, maxLength = 3): fc.Arbitrary<unknown[]> {
  return fc.array(each, { minLength, maxLength });
}

/** Lists without repetition. */
export function distinct(each: fc.Arbitrary<unknown>, minLength = 0, maxLength = 3): fc.Arbitrary<unknown[]> {
  return fc.uniqueArray(each, { minLength, maxLength, selector: (value) => JSON.stringify(value) });
}

const ABSENT = Symbol('absent');

/** The value in `tenths` of ten cases, `ABSENT` otherwise; shrinks to absent. */
function maybe(each: fc.Arbitrary<unknown>, tenths: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 10 - tenths, arbitrary: fc.constant(ABSENT) },
    { weight: tenths, arbitrary: each },
  );
}

/**
 * Objects with some of the properties.
 *
 * @param required properties that are always there
 * @param tenths how often each of the others is there, in tenths
 */
export function sparse<Props>(
  generators: Generators<Props>,
  required: readonly (keyof Props)[] = [],
  tenths = 4,
): fc.Arbitrary<Record<string, unknown>> {
  const all = Object.entries<fc.Arbitrary<unknown>>(generators);
  return fc
    .tuple(...all.map(([key, each]) => (required.includes(key as keyof Props) ? each : maybe(each, tenths))))
    .map((values) =>
      Object.fromEntries(
        values.flatMap((value, index) => (value === ABSENT ? [] : [[all[index]?.[0] ?? '', value] as const])),
      ),
    );
}

/** Calls of a factory that takes one object; its properties must all be varied. */
export function settings<Props>(
  call: string,
  factory: (props: never) => unknown,
  generators: Generators<Props>,
  required: readonly (keyof Props)[] = [],
  tenths = 4,
): fc.Arbitrary<Recipe> {
  FACTORY_PROPERTIES.set(call, Object.keys(generators));
  return calls(call, factory, sparse(generators, required, tenths));
}

/** Objects with generated keys and values. */
export function dictionary(
  key: fc.Arbitrary<unknown>,
  value: fc.Arbitrary<unknown>,
  maxKeys = 3,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(key as fc.Arbitrary<string>, value, { minKeys: 1, maxKeys, noNullPrototype: true });
}
