import { check, checkShape, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';

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
  const shape = Array.isArray(operators) ? [] : checkShape(path, operators as OperatorStates, STATE_CHECKS);
  if (shape.length > 0) {
    return shape;
  }
  const lists = Object.entries(states(operators)) as [keyof OperatorStates, unknown][];
  const problem = (message: string, given: unknown, fix: string): Finding => ({
    id: 'caracal/invalid-operators',
    level: 'error',
    path,
    message,
    given: show(given),
    fix,
  });
  const wrongShape = lists.find(([, list]) => !Array.isArray(list) || list.some((entry) => typeof entry !== 'string'));
  if (wrongShape !== undefined) {
    return [problem('operators are a list of addresses', wrongShape[1], 'give ["name@example.com", "@example.com"]')];
  }
  const entries = lists.flatMap(([, list]) => (list as string[]).map((entry) => entry.toLowerCase()));
  const twice = entries.find((entry, index) => entries.indexOf(entry) !== index);
  return [
    ...entries
      .filter((entry) => !ENTRY.test(entry))
      .map((entry) =>
        problem('this is neither an address nor a domain', entry, 'write "name@example.com" or "@example.com"'),
      ),
    ...(twice === undefined ? [] : [problem('the entry is listed twice', twice, 'list it once')]),
    ...(Buffer.byteLength(allowlistJson(operators)) > LIST_MAX
      ? [
          problem(
            `the list has more than the ${LIST_MAX} bytes that a ConfigMap holds`,
            `${entries.length} entries`,
            'admit whole domains: "@example.com"',
          ),
        ]
      : []),
    ...(states(operators).active.length === 0
      ? [problem('nobody may register, so nobody could ever sign in', operators, 'name at least one active operator')]
      : []),
  ];
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
