import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUST_NOT_COMPILE } from '../types/caracal-snippets';
import { BAD_INPUT } from './bad-input-cases';
import { make } from './bad-input-case';

interface Row {
  readonly id: string;
  readonly expectation: 'compile error' | 'refused at synthesis' | 'warning' | 'arrives intact or refused';
}

const ROOT = join(__dirname, '..', '..');
const ROWS = (
  JSON.parse(readFileSync(join(ROOT, 'test', 'contract', 'caracal', 'bad-input.json'), 'utf8')) as { rows: Row[] }
).rows;

/** Rows that other tests prove, with the words of their titles. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'allowlist-upper-case': ['test/caracal/hostile-strings.test.ts', 'operators arrive in lower case'],
  'hostile-strings': ['test/caracal/hostile-strings.test.ts', 'arrives intact or is refused'],
  'unknown-property-js': ['test/caracal/javascript.test.ts', 'a property that does not exist is refused'],
  'rc-same-rules': ['test/caracal/bad-input.test.ts', 'every refusal of production is declared for rc as well'],
};

/** Rows whose expectation the library does not meet to the letter, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'gateway-catch-all':
    'a warning, not a refusal: the contract lets the tokens of the gateway protect its own routes, as long as somebody says so (addendum A20)',
};

const compiled = new Set(MUST_NOT_COMPILE.map(({ row }) => row));
const ran = new Set(BAD_INPUT.map(({ row }) => row));

describe('the checklist of bad input', () => {
  it('has no row that nothing tests', () => {
    const open = ROWS.filter(({ id }) => !compiled.has(id) && !ran.has(id) && ELSEWHERE[id] === undefined);
    expect(open.map(({ id }) => id)).toEqual([]);
  });

  it('knows every row that a test claims to cover, so that no claim is about a row that is gone', () => {
    const known = new Set(ROWS.map(({ id }) => id));
    const claimed = [...compiled, ...ran, ...Object.keys(ELSEWHERE), ...Object.keys(DIFFERENT)];
    expect(claimed.filter((id) => id !== undefined && !known.has(id))).toEqual([]);
  });

  it('wants compile errors where a program is compiled, and nothing less', () => {
    const rows = ROWS.filter(({ expectation }) => expectation === 'compile error');
    expect(rows.filter(({ id }) => !compiled.has(id)).map(({ id }) => id)).toEqual([]);
    expect(rows.length).toBeGreaterThan(15);
  });

  it('wants a refusal where synthesis fails, and a warning where it goes on', () => {
    const levels = ROWS.filter(({ id, expectation }) => ran.has(id) && expectation !== 'compile error').map((row) => [
      row.id,
      row.expectation === 'warning' || DIFFERENT[row.id] !== undefined ? 'goes on' : 'fails',
    ]);
    const outcome = levels.map(([id]) => {
      const first = BAD_INPUT.find(({ row }) => row === id);
      return [id, first === undefined ? 'no case' : outcomeOf(() => make(first, first.profiles?.[0] ?? 'production'))];
    });
    expect(outcome).toEqual(levels);
  });

  it.each(Object.entries(ELSEWHERE))('%s is proved by another test, which is there', (_row, [file, title]) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title);
  });
});

function outcomeOf(action: () => unknown): 'goes on' | 'fails' {
  try {
    action();
    return 'goes on';
  } catch {
    return 'fails';
  }
}
