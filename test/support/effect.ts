import * as checks from '../../src/core/checks';
import { ConfigurationError } from '../../src/core/errors';

/** A value that a factory makes of properties, which are walked too: `made(Postgres.external, { host, peer })`. */
export class Made {
  constructor(
    public readonly factory: (props: never) => unknown,
    public readonly props: Record<string, unknown>,
  ) {}
}

/** See `Made`. */
export function made<Props>(factory: (props: Props) => unknown, props: Props): Made {
  return new Made(factory as (props: never) => unknown, props as Record<string, unknown>);
}

/** Properties of which each is walked: plain data, and what factories make. */
export type Sample = Readonly<Record<string, unknown>>;

/** What is walked. */
export interface Walk {
  /** Programs that together give every property; the first one is enough for most. */
  readonly samples: Readonly<Record<string, Sample>>;
  /** Other values of properties that cannot be left out, by sample and path: `{ production: { 'postgres.host': 'other' } }`. */
  readonly others: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Everything that a user can see of the result: objects, findings, flows, budgets. */
  readonly observe: (props: never) => unknown;
  /** Properties that need no effect here, with all below them, by path, with the reason. */
  readonly exceptions: Readonly<Record<string, string>>;
  /** Which check records are those of users: their paths. Others check what the product itself made. */
  readonly isPlaceOfUser: (place: string) => boolean;
  /**
   * The properties that are walked.
   * @default - all
   */
  readonly only?: readonly string[];
}

/** What a walk found. */
export interface WalkResult {
  /** Properties that were given and changed nothing in any sample. */
  readonly withoutEffect: readonly string[];
  /** Properties that cannot be left out and have no other value in `others`. */
  readonly withoutOther: readonly string[];
  /** Properties that a check record knows and no sample gives: a new one shows up here. */
  readonly withoutSample: readonly string[];
  /** How many properties were walked. */
  readonly walked: number;
}

/**
 * Takes every property of every sample away, one at a time, and looks whether anything changes in one of them. The properties are those
 * of the check records that the samples pass through, so a new property is found by itself: it has no sample.
 */
export function walkEffects({ samples, others, observe, exceptions, isPlaceOfUser, only }: Walk): WalkResult {
  const isExcepted = (path: string): boolean =>
    Object.keys(exceptions).some((each) => path === each || path.startsWith(`${each}.`));
  const effective = new Set<string>();
  const silent = new Set<string>();
  const withoutOther: string[] = [];
  const given = new Map<string, Set<string>>();
  const known = new Map<string, readonly string[]>();
  let walked = 0;
  for (const [name, sample] of Object.entries(samples)) {
    const before = recorded(() => JSON.stringify(observe(resolved(sample) as never)), given, known);
    for (const path of pathsOf(sample)) {
      const dotted = path.join('.');
      if (isExcepted(dotted) || effective.has(dotted) || only?.includes(dotted) === false) {
        continue;
      }
      walked += 1;
      const other = others[name]?.[dotted];
      try {
        const after = JSON.stringify(observe(resolved(changed(sample, path, other)) as never));
        (after === before ? silent : effective).add(dotted);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) {
          throw error;
        }
        if (hasParts(sample, path)) {
          effective.add(dotted); // its parts are walked
        } else {
          withoutOther.push(
            `${name}: ${dotted}${other === undefined ? '' : ` (the other value is refused: ${error.findings[0]?.id})`}`,
          );
        }
      }
    }
  }
  const withoutSample = [...known].flatMap(([place, keys]) =>
    keys
      .filter((key) => given.get(place)?.has(key) !== true)
      .map((key) => `${place}.${key}`)
      .filter((path) => isPlaceOfUser(place) && !isExcepted(path)),
  );
  const withoutEffect = [...silent].filter((path) => !effective.has(path));
  return { withoutEffect, withoutOther, withoutSample, walked };
}

/** Fails unless every property of the samples, and every property that they could have, changes something. */
export function assertEveryPropertyHasEffect(walk: Walk): void {
  const { withoutEffect, withoutOther, withoutSample } = walkEffects(walk);
  expect({
    'given and without effect: pass it on, report it as caracal/no-effect, or remove the property': withoutEffect,
    'cannot be left out: give another value in `others`': withoutOther,
    'a property without a sample: give it a value in one of the samples': withoutSample,
  }).toEqual({
    'given and without effect: pass it on, report it as caracal/no-effect, or remove the property': [],
    'cannot be left out: give another value in `others`': [],
    'a property without a sample: give it a value in one of the samples': [],
  });
}

/** Runs an action and notes which properties check records know, and which of them were given. */
function recorded<T>(action: () => T, given: Map<string, Set<string>>, known: Map<string, readonly string[]>): T {
  const note = (path: string, props: unknown, record: object): void => {
    if (typeof props === 'object' && props !== null && !Array.isArray(props)) {
      const place = path.replace(/\[\d+\]/g, '[]');
      known.set(place, [...new Set([...(known.get(place) ?? []), ...Object.keys(record)])]);
      const keys = Object.entries(props).flatMap(([key, value]) => (value === undefined ? [] : [key]));
      given.set(place, new Set([...(given.get(place) ?? []), ...keys]));
    }
  };
  const { checkShape, requireShape } = checks;
  const spies = [
    jest.spyOn(checks, 'checkShape').mockImplementation((path, props, record) => {
      note(path, props, record);
      return checkShape(path, props, record);
    }),
    jest.spyOn(checks, 'requireShape').mockImplementation((path, props, record) => {
      note(path, props, record);
      requireShape(path, props, record);
    }),
  ];
  try {
    return action();
  } finally {
    spies.forEach((spy) => spy.mockRestore());
  }
}

/** Where a property stands. */
export type Path = readonly string[];

function hasParts(sample: Sample, path: Path): boolean {
  const value = path.reduce<unknown>(
    (at, key) => ((at instanceof Made ? at.props : at) as Record<string, unknown>)[key],
    sample,
  );
  return pathsOf([value]).length > 1;
}

/** Paths of every property of a sample, inside of what factories make too. */
export function pathsOf(value: unknown, path: Path = []): Path[] {
  const inner = value instanceof Made ? value.props : value;
  const below = isPlain(inner) ? Object.keys(inner).flatMap((key) => pathsOf(inner[key], [...path, key])) : [];
  // An entry of a list goes with its list.
  return path.length === 0 || /^\d+$/.test(path.at(-1) ?? '') ? below : [path, ...below];
}

/** The sample with another value in one place, or with nothing there. */
export function changed(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (value instanceof Made) {
    return new Made(value.factory, changed(value.props, [key ?? '', ...rest], other) as Record<string, unknown>);
  }
  const holder = value as Record<string, unknown>;
  const inner = rest.length === 0 ? other : changed(holder[key ?? ''], rest, other);
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => (String(index) === key ? inner : each));
  }
  const { [key ?? '']: _gone, ...kept } = holder;
  // In its old place: the order of keys counts in what is emitted.
  return inner === undefined
    ? kept
    : Object.fromEntries(Object.entries(holder).map(([k, v]) => [k, k === key ? inner : v]));
}

/** The sample with what its factories make. */
export function resolved(value: unknown): unknown {
  if (value instanceof Made) {
    return value.factory(resolved(value.props) as never);
  }
  if (Array.isArray(value)) {
    return value.map(resolved);
  }
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)])) : value;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
