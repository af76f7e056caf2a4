import { ConfigurationError, type Finding } from '../../src';
import { make, type BadInput } from './bad-input-case';
import { BAD_INPUT } from './bad-input-cases';
import { caracal, propsOf } from './fixture';

/**
 * Mistakes of one property hide each other only where both give the same property; the pairs below depend on each
 * other truly.
 */
const DEPENDENT: readonly (readonly [row: string, waits: string, why: string])[] = [
  ['jti-fail-open', 'mode-unknown', 'the variable is refused in some profiles only, and there is none'],
];

const errorsOf = (run: () => unknown): readonly Finding[] => {
  try {
    run();
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.findings : [];
  }
};

const changeOf = (bad: BadInput): Record<string, unknown> => ({ ...(bad.change?.() as Record<string, unknown>) });

/** Mistakes of the stack's properties that fail synthesis in production, one for each way to make them. */
const MISTAKES = BAD_INPUT.filter(
  (bad) =>
    bad.change !== undefined &&
    bad.profiles?.includes('production') === true &&
    errorsOf(() => make(bad, 'production')).some(({ id }) => id === bad.id),
);

/** What each mistake is found as when it is alone: code and last part of the path, without the component's path. */
const sign = ({ id, path }: Finding): string => `${id} ${path.split(/[./]/).at(-1) ?? ''}`;

function reported(change: Record<string, unknown>): Set<string> {
  const all = errorsOf(() => caracal(propsOf('production', change)).toJson());
  return new Set(all.map(sign));
}

const alone = new Map(MISTAKES.map((bad) => [bad, reported(changeOf(bad))]));

/** A misspelt property beside: the mistake that hid everything. */
const TYPO = { instanse: 'caracal' };

describe('pairs of mistakes', () => {
  it('there are enough of them that the walk means something', () => {
    expect(MISTAKES.length).toBeGreaterThan(60);
    expect([...alone.values()].every((signs) => signs.size > 0)).toBe(true);
  });

  it('a typo hides none of the mistakes of the tables', () => {
    const hidden = MISTAKES.filter((bad) => {
      const both = reported({ ...TYPO, ...changeOf(bad) });
      return !both.has('core/unknown-property instanse') || ![...(alone.get(bad) ?? [])].some((each) => both.has(each));
    });
    expect(hidden.map(({ row, what }) => `${row}: ${what}`)).toEqual([]);
  });

  it('two mistakes of different properties are both reported, unless one truly depends on the other', () => {
    const hidden: string[] = [];
    // Each with some others, far apart in the tables: all pairs would take minutes.
    MISTAKES.forEach((bad, index) => {
      for (const step of [7, 23, 41]) {
        const other = MISTAKES[(index * 5 + step) % MISTAKES.length] as BadInput;
        const [one, two] = [changeOf(bad), changeOf(other)];
        const isDependent = DEPENDENT.some(
          ([row, waits]) => [bad.row, other.row].sort().join() === [row, waits].sort().join(),
        );
        if (Object.keys(one).some((key) => key in two) || isDependent) {
          continue;
        }
        const both = reported({ ...one, ...two });
        for (const each of [bad, other]) {
          if (![...(alone.get(each) ?? [])].some((text) => both.has(text))) {
            hidden.push(`${each.row} (${each.what}) beside ${each === bad ? other.row : bad.row}`);
          }
        }
      }
    });
    expect(hidden).toEqual([]);
  });
});
