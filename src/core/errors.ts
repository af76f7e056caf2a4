import { brand, printInstance } from './brand';
import { isOutput } from './output';
import {
  HIDDEN,
  isSecretName,
  isSecretPlace,
  withoutCredentials,
  withoutCredentialsInValue,
  withoutLeaves,
  withoutQuoted,
} from './redaction';
import { oneLine, renderReport, sentence } from './report';
import { tracesOf } from './stack-trace';
import { Deferred } from './value';

/**
 * How serious a finding is. An `error` fails synthesis unless it is acknowledged (where its rule allows that);
 * a `warning` is reported and lets synthesis go on.
 */
export type FindingLevel = 'error' | 'warning';

/** Characters that break a line or steer a terminal. */
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
   * What was given, printed as it was. What may be a secret is hidden: `"***"`.
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
  /**
   * The operation of a JSON patch that it is about, without its value: `replace /spec/minReadySeconds`.
   * @default - it is about no patch
   */
  readonly patch?: string;
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
 * `message` is the report that a user reads; `findings` is the same as data. An uncaught one prints the report and the
 * lines of the user's own program; `trace` has the library's lines too. None of them repeats a secret.
 */
export class ConfigurationError extends Error {
  static {
    brand(this, 'ConfigurationError');
    // On the prototype: Node prints what an error itself has, below its message.
    Object.defineProperty(this.prototype, 'name', { value: 'ConfigurationError', writable: true, configurable: true });
  }

  /** Every problem, in the order in which it was found. */
  declare public readonly findings: readonly Finding[];
  /** The whole stack trace, the lines of libraries included: for a report of a bug. */
  declare public readonly trace: string;

  constructor(subject: string, findings: readonly Finding[]) {
    const safe = findings.map(safeFinding);
    super(renderReport(withoutCredentials(subject), safe));
    const { full, own } = tracesOf(this);
    // Not enumerable, or Node would print every problem a second time.
    Object.defineProperties(this, {
      findings: { value: safe },
      trace: { value: full },
      stack: { value: own, writable: true, configurable: true },
    });
  }

  /** The report and its findings, for logs in JSON. */
  public toJSON(): { readonly name: string; readonly message: string; readonly findings: readonly Finding[] } {
    return { name: this.name, message: this.message, findings: this.findings };
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
 * Refuses a configuration. Uncaught, it prints no line of compiled code: Node looks for the remark behind `throw`.
 *
 * @throws ConfigurationError always.
 */
export function refuse(subject: string, findings: readonly Finding[]): never {
  throw new ConfigurationError(subject, findings); // node-do-not-add-exception-line
}

/** A finding without secrets: in a place that can hold one nothing is repeated, elsewhere no credentials. */
export function safeFinding<F extends ReportedFinding>(finding: F): F {
  const hideIn = (text: string | undefined): string | undefined =>
    text === undefined ? text : withoutCredentials(text);
  const { id, path, message, given, allowed, why, fix, acknowledged } = finding;
  const safe = {
    id: hideIn(id),
    path: hideIn(path),
    message: hideIn(message),
    given: given !== undefined && isSecretPlace(path) ? withoutQuoted(withoutCredentials(given)) : hideIn(given),
    allowed: hideIn(allowed),
    why: hideIn(why),
    fix: hideIn(fix),
    acknowledged: hideIn(acknowledged),
  };
  return { ...finding, ...Object.fromEntries(Object.entries(safe).filter(([, text]) => text !== undefined)) };
}

/** A finding as one line: path, code, what is wrong, given, allowed, reason, fix. */
export function describeFinding(finding: Finding): string {
  const { path, id, message, given, allowed, why, fix } = safeFinding(finding);
  const parts = [
    `[${path}]`,
    `${id}: ${sentence(message)}`,
    ...(given === undefined ? [] : [`Given: ${given}.`]),
    ...(allowed === undefined ? [] : [`Allowed: ${sentence(allowed)}`]),
    ...(why === undefined ? [] : [`Why: ${sentence(why)}`]),
    `Fix: ${sentence(fix)}`,
  ];
  return oneLine(parts.join(' '));
}

/** Whether a finding keeps its stack from being emitted. */
export function isOpenError({ level, acknowledged }: ReportedFinding): boolean {
  return level === 'error' && acknowledged === undefined;
}

/**
 * Prints a value the way a user wrote it, short enough for a message and never spanning lines. Properties whose names
 * say that they hold a secret are hidden, and so are credentials inside of texts.
 */
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
  return refuse(problem.path, [{ ...rest, level: 'error', given: show(given) }]);
}

function printed(value: unknown): string {
  try {
    const text = readable(value);
    if (typeof text === 'string' && typeof value !== 'string') {
      return text;
    }
    return JSON.stringify(value, function (this: Record<string, unknown>, key: string, json: unknown) {
      // What stands here, not what its `toJSON` makes of it: a token, or the complaint of an Output.
      const standing = this[key];
      const inner = readable(standing);
      const isWords = typeof inner === 'string' && typeof standing !== 'string';
      if (isWords) {
        return inner;
      }
      // `{ name: 'DB_PASSWORD', value: '...' }` names its secret beside it.
      if (isSecretName(key) || (key === 'value' && typeof this.name === 'string' && isSecretName(this.name))) {
        return typeof json === 'string' ? HIDDEN : withoutLeaves(json);
      }
      return typeof json === 'string' ? withoutCredentialsInValue(json) : json;
    });
  } catch {
    return 'a value that cannot be printed'; // cyclic or hostile input must not hide the problem that is being reported
  }
}

/**
 * In words, what JSON drops (undefined, functions), changes (NaN) or refuses (bigint), what is no value yet, and what a
 * factory made: its fields say nothing to whoever typed the call.
 */
function readable(value: unknown): unknown {
  if (Deferred.isDeferred(value)) {
    return 'a value that is known only at deployment';
  }
  if (isOutput(value)) {
    return 'an Output';
  }
  if (ArrayBuffer.isView(value)) {
    return `${value.byteLength} bytes`;
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
      return callThatMade(value) ?? value;
  }
}

function callThatMade(value: unknown): string | undefined {
  const call = printInstance(value);
  return call === '...' ? undefined : call;
}
