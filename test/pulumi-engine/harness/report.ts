import type { Outcome } from './engine';

/** What the engine did with one resource; a resource that stays as it is gives none. */
export interface Step {
  /** `create`, `update`, `delete`, `replace`, `import`, ... */
  readonly op: string;
  /** Type token. */
  readonly type: string;
  readonly urn: string;
  /** The step as messages name it: `update Deployment caracal:shop/web`. */
  readonly text: string;
  /** Fields that differ, as the engine names them. */
  readonly fields: readonly string[];
}

/** What one command did. */
export interface Report {
  /** Title of the command. */
  readonly command: string;
  readonly code: number;
  readonly seconds: number;
  readonly steps: readonly Step[];
  /** How many resources there are of each operation, `same` included. */
  readonly changes: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** What it printed, but for the messages of the SDK about itself, which no user sees without `--json` or `--debug`. */
  readonly printed: string;
}

interface StepMetadata {
  readonly op: string;
  readonly type: string;
  readonly urn: string;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** The parts of the engine's events that this suite reads. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

const DEBUG = /^\{.*"diagnosticEvent":.*"severity":"debug"/;

/** The test's own doing: the provider lies beside the engine instead of below its home. */
const EXPECTED_WARNING = /^using pulumi-resource-kubernetes from \$PATH/;

/** The engine's own bookkeeping: nothing of the user's is meant. */
const NO_CHANGE = ['same', 'refresh', 'read'];

/**
 * Reads the events of a command that ran with `--json`.
 *
 * @param command title of the command
 */
export function reportOf(command: string, { code, seconds, stdout, stderr }: Outcome): Report {
  const events = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? (JSON.parse(line) as EngineEvent) : []));
  // A refresh knows only afterwards whether there is a difference.
  const done = events.flatMap(({ resourcePreEvent, resOutputsEvent }) => resourcePreEvent ?? resOutputsEvent ?? []);
  const steps = new Map(
    done
      .map(({ metadata }) => metadata)
      .flatMap((metadata) => {
        const { op, type, urn } = metadata;
        const text = `${op} ${type.split(':').at(-1)} ${urn.split('::').at(-1)}`;
        const fields = [...new Set([...(metadata.diffs ?? []), ...Object.keys(metadata.detailedDiff ?? {})])].sort();
        return NO_CHANGE.includes(op) ? [] : [[text, { op, type, urn, text, fields }] as const];
      }),
  );
  const summaries = events.flatMap(({ summaryEvent }) => summaryEvent ?? []);
  const said = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const messages = (severity: string): string[] =>
    said.filter((each) => each.severity === severity).map(({ message }) => message.trim());
  return {
    command,
    code,
    seconds,
    steps: [...steps.values()],
    changes: summaries.at(-1)?.resourceChanges ?? {},
    errors: messages('error'),
    warnings: messages('warning').filter((text) => !EXPECTED_WARNING.test(text)),
    printed: `${stdout
      .split('\n')
      .filter((line) => !DEBUG.test(line))
      .join('\n')}\n${stderr}`,
  };
}

/** Steps as texts, in an order that does not depend on the engine's. */
export function textsOf(steps: readonly Step[]): string[] {
  return steps.map(({ text }) => text).sort();
}

/** Why a command failed, for the message of a test. */
export function failureOf({ command, code, errors, printed }: Report): Error {
  const why = errors.length > 0 ? errors.join('\n') : printed.trimEnd().split('\n').slice(-10).join('\n');
  return new Error(`${command} ended with code ${code}:\n${why}`);
}
