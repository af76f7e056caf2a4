import { EXAMPLE_NAMES, INPUT_NAMES, loadExample, PULUMI_EXAMPLE_NAMES } from './examples';
import { differences, inBothEngines, type Pair } from './parity';

jest.setTimeout(120_000);

describe('both engines make the same objects of every example', () => {
  it.each(EXAMPLE_NAMES)(
    '%s: registered inputs equal the written objects, deep and exact, and in number',
    async (name) => {
      const pair = await inBothEngines(await loadExample(name));
      expect(differences(pair)).toEqual([]);
      expect(pair.registered).toHaveLength(pair.written.length);
      expect(pair.written.length).toBeGreaterThan(20);
    },
  );

  it('examples are found by listing the folder, and each Pulumi program has a row of inputs', () => {
    expect(EXAMPLE_NAMES.length).toBeGreaterThanOrEqual(5);
    expect(INPUT_NAMES).toEqual(PULUMI_EXAMPLE_NAMES);
  });

  it('a folder without an entry fails instead of being left out', async () => {
    await expect(loadExample('no-such-example')).rejects.toThrow('neither main.ts nor platform.ts');
  });
});

/** A place in a tree that holds no other, and what may be done to it; each returns what undoes it. */
interface Leaf {
  readonly change: () => () => void;
  readonly remove: () => () => void;
}

/** Texts, numbers, flags, empty objects and lists. */
function leaves(tree: object): Leaf[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && Object.keys(value).length > 0
      ? leaves(value)
      : [leafOf(tree as Record<string, unknown>, key)],
  );
}

function leafOf(holder: Record<string, unknown>, key: string): Leaf {
  const { [key]: value } = holder;
  const restore = (): void => void (holder[key] = value);
  return {
    change: () => {
      holder[key] = changed(value);
      return restore;
    },
    remove: () => {
      if (Array.isArray(holder)) {
        holder.splice(Number(key), 1);
        return () => void holder.splice(Number(key), 0, value);
      }
      delete holder[key];
      return restore;
    },
  };
}

/** One object in both engines. */
function single(pair: Pair, registered: Pair['registered'][number]): Pair {
  const pairs = pair.written.map((written): Pair => ({ ...pair, registered: [registered], written: [written] }));
  const equal = pairs.filter((each) => differences(each).length === 0);
  expect(equal).toHaveLength(1);
  return equal[0] ?? pair;
}

/** Another value of the same type. */
function changed(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return `${value}x`;
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    default:
      return { other: true };
  }
}

describe('the comparison sees every single field, or the tests above would prove nothing', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = structuredClone(await inBothEngines(await loadExample('pulumi-caracal')));
  });

  it.each(['registered', 'written'] as const)('each leaf of the %s objects, changed and left out', (side) => {
    const pairs = pair.registered.map((registered) => single(pair, registered));
    const all = pairs.flatMap((each) => leaves(each[side]).map((leaf) => ({ each, leaf })));
    const unseen = all.flatMap(({ each, leaf }) =>
      [leaf.change, leaf.remove].filter((alter) => {
        const restore = alter();
        const isSeen = differences(each).length > 0;
        restore();
        return !isSeen;
      }),
    );
    expect(unseen).toEqual([]);
    expect(all.length).toBeGreaterThan(2000);
    expect(differences(pair)).toEqual([]);
  });

  it('an object too many or too few, on either side', () => {
    const [first] = pair.written;
    const rest = pair.written.slice(1);
    const extra = { ...pair, registered: [...pair.registered, first as NonNullable<typeof first>] };
    expect(differences({ ...pair, written: rest })).toHaveLength(1);
    expect(differences({ ...pair, registered: pair.registered.slice(1) })).toHaveLength(1);
    expect(differences(extra)).toHaveLength(1);
  });
});

describe('the one rule: the hash of a Job counts a value by its property', () => {
  const job = (name: string, more: object = {}): Pair['written'][number] =>
    ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'a' }, spec: {}, ...more }) as never;
  const compare = (registered: object, written: object, jobsWithValues: readonly string[]): string[] =>
    differences({ registered: [registered as never], written: [written as never], jobsWithValues, registrations: [] });

  it('holds for a Job in which a value stands, and leaves the hash out and nothing else', () => {
    const [ours, theirs] = ['a-migrate-0123abcd', 'a-migrate-99999999'];
    expect(compare(job(ours), job(theirs), [ours])).toEqual([]);
    expect(compare(job(ours), job('a-other-99999999'), [ours])).toHaveLength(2);
    expect(compare(job(ours), job('a-migrate-9999999'), [ours])).toHaveLength(2);
    expect(compare(job(ours, { spec: { a: 1 } }), job(theirs), [ours])).toEqual(['batch/v1 Job a/a-migrate.spec.a']);
  });

  it('does not hold for a Job without a value, nor for another kind', () => {
    const [ours, theirs] = ['a-migrate-0123abcd', 'a-migrate-99999999'];
    expect(compare(job(ours), job(theirs), [])).toHaveLength(2);
    expect(compare(job(ours), job(theirs), ['a-other-0123abcd'])).toHaveLength(2);
    expect(compare(job(ours, { kind: 'Pod' }), job(theirs, { kind: 'Pod' }), [ours])).toHaveLength(2);
  });

  it('is needed where an example defers a value: the names differ in the hash', async () => {
    const { jobsWithValues, written } = await inBothEngines(await loadExample('pulumi-caracal'));
    expect(jobsWithValues).toHaveLength(2);
    const names = written.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name);
    expect(names.filter((name) => jobsWithValues.includes(name))).toEqual([]);
  });

  it('is not needed where none does: every name is the same', async () => {
    const { jobsWithValues } = await inBothEngines(await loadExample('caracal-production'));
    expect(jobsWithValues).toEqual([]);
  });
});
