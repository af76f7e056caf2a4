import { check, checkShape, type Checks } from '../core/checks';
import { code } from '../core/code';
import { type Finding, show } from '../core/errors';
import { usable } from '../core/usable';

/** An address `name@example.com`, or everybody at a domain: `@example.com`. */
export type Operator = `${string}@${string}`;

/** Operators by state, where some are not simply active. */
export interface OperatorStates {
  /** May sign in. */
  readonly active: readonly Operator[];
  /**
   * May not sign in for now; their data stays.
   * @default - nobody
   */
  readonly locked?: readonly Operator[];
  /**
   * Are out.
   * @default - nobody
   */
  readonly removed?: readonly Operator[];
}

/** Who may sign in to the console. */
export type Operators = readonly Operator[] | OperatorStates;

/** Most bytes that a ConfigMap holds; the list stands in one. */
const LIST_MAX = 1_048_576;

const ENTRY = /^[^\s@"\\]*@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i;

const STATE_CHECKS: Checks<OperatorStates> = { active: check.list, locked: check.list, removed: check.list };

function states(operators: Operators): Required<OperatorStates> {
  const {
    active,
    locked = [],
    removed = [],
  } = Array.isArray(operators) ? { active: operators as readonly Operator[] } : (operators as OperatorStates);
  return { active, locked, removed };
}

/** Entries that the console would never match, entries in two states, and a list that lets nobody in. */
export function operatorProblems(path: string, operators: Operators): Finding[] {
  const problem = (where: string, message: string, given: unknown, fix: string): Finding => ({
    id: 'caracal/invalid-operators',
    level: 'error',
    path: where,
    message,
    given: show(given),
    fix,
  });
  const isStates = check.record(operators) === undefined;
  if (!isStates && !Array.isArray(operators)) {
    return [problem(path, 'operators are a list of addresses', operators, `write operators: ${listFor(operators)}`)];
  }
  const given = (isStates ? operators : { active: operators }) as OperatorStates;
  const shape = checkShape(path, given, STATE_CHECKS);
  const { parts, isWhole } = usable(path, given, shape);
  const lists = Object.entries(parts).filter(([, list]) => list !== undefined) as [keyof OperatorStates, unknown[]][];
  const places = lists.flatMap(([state, list]) =>
    list.map((entry, index) => ({ entry, state, path: isStates ? `${path}.${state}[${index}]` : `${path}[${index}]` })),
  );
  const texts = places.flatMap((place) =>
    typeof place.entry === 'string' ? [{ ...place, entry: place.entry.toLowerCase() }] : [],
  );
  // Lists may have tens of thousands of entries.
  const first = new Map(texts.map(({ entry }, index) => [entry, index] as const).reverse());
  const file = JSON.stringify({ emails: Object.fromEntries(texts.map(({ entry, state }) => [entry, state])) });
  return [
    ...shape,
    ...places
      .filter(({ entry }) => typeof entry !== 'string')
      .map((each) =>
        problem(
          each.path,
          'an operator is an address or a domain',
          each.entry,
          'write "name@example.com" or "@example.com"',
        ),
      ),
    ...texts
      .filter(({ entry }) => !ENTRY.test(entry))
      .map((each) => problem(each.path, 'this is neither an address nor a domain', each.entry, entryFix(each.entry))),
    ...texts
      .filter(({ entry }, index) => first.get(entry) !== index)
      .map((each) => problem(each.path, 'the entry is listed twice', each.entry, 'list it once')),
    ...(Buffer.byteLength(file) > LIST_MAX
      ? [
          problem(
            path,
            `the list has more than the ${LIST_MAX} bytes that a ConfigMap holds`,
            `${texts.length} entries`,
            'admit whole domains: "@example.com"',
          ),
        ]
      : []),
    ...(isWhole('active') && (parts.active ?? []).length === 0
      ? [
          problem(
            path,
            'nobody may register, so nobody could ever sign in',
            operators,
            'name at least one active operator: operators: ["name@example.com"]',
          ),
        ]
      : []),
  ];
}

function listFor(given: unknown): string {
  return typeof given === 'string' && ENTRY.test(given) ? code([given]) : '["name@example.com", "@example.com"]';
}

/** A domain without its "@" is the usual slip. */
function entryFix(entry: string): string {
  return ENTRY.test(`@${entry}`)
    ? `write ${code(`@${entry}`)} for everybody at the domain`
    : 'write "name@example.com" or "@example.com"';
}

/**
 * The allowlist file: `{"emails":{"name@example.com":"active"}}`, keys in lower case (caracal-addendum.md A13), sorted,
 * so that the order in the program does not matter.
 */
export function allowlistJson(operators: Operators): string {
  const entries = Object.entries(states(operators)).flatMap(([state, list]) =>
    list.map((entry: string) => [entry.toLowerCase(), state] as const),
  );
  return JSON.stringify({ emails: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) });
}
