import { brand } from './brand';
import { isOutput } from './output';
import { Deferred } from './value';

/**
 * How serious a finding is. An `error` fails synthesis unless it is acknowledged (where its rule allows that);
 * a `warning` is reported and lets synthesis go on.
 */
export type FindingLevel = 'error' | 'warning';

/** Characters that break a line or steer a terminal: a report is one line per finding, whatever was given. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** One problem, with everything a reader needs to fix it without opening the library. */
export interface Finding {
  /** Stable identifier, `<capability>/<problem>`, for example `network/no-dns-peer`. Safe to search for and to acknowledge. */
  readonly id: string;
  /** Whether the finding fails synthesis. */
  readonly level: FindingLevel;
  /** Construct path or property path that the finding is about, for example `caracal/sts` or `props.origins.sts`. */
  readonly path: string;
  /** What is wrong, one sentence. */
  readonly message: string;
  /**
   * What was given, printed as it was.
   * @default - the problem is about something missing
   */
  readonly given?: string;
  /**
   * What would be accepted.
   * @default - the message says it
   */
  readonly allowed?: string;
  /**
   * Why it matters.
   * @default - the message says it
   */
  readonly why?: string;
  /** How to fix it, one sentence. */
  readonly fix: string;
}

/** A finding as a stack reports it: with the reason of its acknowledgement, where there is one. */
export interface ReportedFinding extends Finding {
  /**
   * The reason given to `stack.acknowledge`.
   * @default - the finding is open
   */
  readonly acknowledged?: string;
}

/**
 * A configuration that cannot become a safe platform. It carries every problem that was found, not only the first.
 *
 * `message` is the report that a user reads; `findings` is the same as data.
 */
export class ConfigurationError extends Error {
  static {
    brand(this, 'ConfigurationError');
  }

  /** Every problem, in the order in which it was found. */
  public readonly findings: readonly Finding[];

  constructor(subject: string, findings: readonly Finding[]) {
    const count = findings.length === 1 ? '1 problem' : `${findings.length} problems`;
    super(`${count} in ${subject}:\n${findings.map((finding) => `  ${describeFinding(finding)}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.findings = [...findings];
  }
}

/** A fault of this library, never of its user: a promise between two of its own parts was broken. */
export class InternalError extends Error {
  constructor(message: string) {
    super(`cdk8s-selfhosted has a bug: ${message}. Please report it with the program that led here.`);
    this.name = 'InternalError';
  }
}

/**
 * A finding as one line: path, code, what is wrong, given, allowed, reason, fix.
 *
 * The path is left out by callers that print it themselves (cdk8s prefixes validation messages with the construct path).
 */
export function describeFinding(finding: Finding, options: { readonly withPath?: boolean } = {}): string {
  const parts = [
    ...(options.withPath === false ? [] : [`[${finding.path}]`]),
    `${finding.id}: ${sentence(finding.message)}`,
    ...(finding.given === undefined ? [] : [`Given: ${finding.given}.`]),
    ...(finding.allowed === undefined ? [] : [`Allowed: ${sentence(finding.allowed)}`]),
    ...(finding.why === undefined ? [] : [`Why: ${sentence(finding.why)}`]),
    `Fix: ${sentence(finding.fix)}`,
  ];
  return parts.join(' ').replace(CONTROL, ' ');
}

/** Prints a value the way a user wrote it, short enough for a message and never spanning lines. */
export function show(value: unknown): string {
  const text = printed(value).replace(CONTROL, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // A cut must not leave half of a surrogate pair.
  return text.length > 120 ? `${text.slice(0, 117).replace(/[\uD800-\uDBFF]$/, '')}...` : text;
}

/** What `invalidValue` needs to know about a refused value. */
export interface InvalidValue {
  /** Stable code of the refusal. */
  readonly id: string;
  /** The factory or property, as the user wrote it: `Port.tcp`. */
  readonly path: string;
  /** What is wrong with the value. */
  readonly message: string;
  /** The value. */
  readonly given: unknown;
  /** What would be accepted. */
  readonly allowed: string;
  /** How to fix it. */
  readonly fix: string;
}

/**
 * Refuses a value at the line that made it.
 *
 * @throws ConfigurationError always, with one finding.
 */
export function invalidValue(problem: InvalidValue): never {
  const { given, ...rest } = problem;
  throw new ConfigurationError(problem.path, [{ ...rest, level: 'error', given: show(given) }]);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function printed(value: unknown): string {
  try {
    const text = readable(value);
    return typeof text === 'string' && typeof value !== 'string'
      ? text
      : JSON.stringify(value, function (this: Record<string, unknown>, key: string, json: unknown) {
          // What stands here, not what its `toJSON` makes of it: a token, or the complaint of an Output.
          const inner = readable(this[key]);
          return typeof inner === 'string' ? inner : json;
        });
  } catch {
    return 'a value that cannot be printed'; // cyclic or hostile input must not hide the problem that is being reported
  }
}

/** In words, what JSON drops (undefined, functions), changes (NaN) or refuses (bigint), and what is no value yet. */
function readable(value: unknown): unknown {
  if (Deferred.isDeferred(value)) {
    return 'a value that is known only at deployment';
  }
  if (isOutput(value)) {
    return 'an Output';
  }
  switch (typeof value) {
    case 'function':
      return 'a function';
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
    case 'symbol':
    case 'undefined':
      return String(value);
    default:
      return value;
  }
}
