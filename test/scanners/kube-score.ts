import { spawnSync } from 'node:child_process';
import { findPrograms } from '../support/programs';

/** How to get the program, printed when it is missing. */
const HOW_TO_GET_KUBE_SCORE =
  'SCANNER_ASSETS names a folder with kube-score 1.20.0: ' +
  'GOBIN=<folder> go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0, ' +
  'or a file of https://github.com/zegl/kube-score/releases';

/**
 * Finds kube-score.
 *
 * @param folder where it is; by default the value of SCANNER_ASSETS
 * @throws Error a message that says how to get it
 */
export function findKubeScore(folder = process.env.SCANNER_ASSETS): string {
  const programs = { variable: 'SCANNER_ASSETS', names: ['kube-score'], howToGetThem: HOW_TO_GET_KUBE_SCORE } as const;
  return findPrograms(programs, folder)['kube-score'];
}

/** Something that kube-score says of an object or of one of its containers. */
export interface Finding {
  readonly grade: 'CRITICAL' | 'WARNING';
  /** Id of the check, as the options and annotations of kube-score take it. */
  readonly check: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Label `app.kubernetes.io/component` of the object, empty where it has none. */
  readonly component: string;
  /** Container that is meant; empty when it is the object as a whole. */
  readonly container: string;
  /** What was found. */
  readonly says: string;
}

/** Everything that kube-score says of some manifests. */
export interface Report {
  /** The objects that it judged, as `<Kind> <namespace>/<name>`. */
  readonly judged: readonly string[];
  /** Critical findings and warnings. */
  readonly findings: readonly Finding[];
}

/** The parts of the JSON report (version v2) that are read here. */
interface ScoredObject {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    /** 1 critical, 5 warning, 7 nearly right, 10 right; without a meaning for a check that was skipped. */
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

const CRITICAL = 1;
const WARNING = 5;

/**
 * Runs kube-score as a user does.
 *
 * @param options of `kube-score score`
 * @param manifests YAML
 * @returns the exit code and the output
 */
export function runKubeScore(options: readonly string[], manifests: string) {
  const { status, stdout, stderr, error } = spawnSync(findKubeScore(), ['score', ...options, '-'], {
    input: manifests,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/**
 * Lets kube-score judge manifests. Annotations that switch checks off are not obeyed: they must not hide anything here.
 *
 * @throws Error when it could not read the manifests, or judged nothing
 */
export function judge(options: readonly string[], manifests: string): Report {
  const { stdout, stderr } = runKubeScore(
    [...options, '--output-format', 'json', '--disable-ignore-checks-annotations'],
    manifests,
  );
  const objects = parseReport(stdout, stderr);
  if (objects === null || objects.length === 0) throw new Error('kube-score judged nothing');
  return {
    judged: objects.map(
      ({ type_meta: { kind }, object_meta: { namespace = '', name } }) => `${kind} ${namespace}/${name}`,
    ),
    findings: objects.flatMap(findingsOf),
  };
}

/** The exit code is 1 for findings and for mistakes alike; what tells them apart is whether there is a report. */
function parseReport(stdout: string, stderr: string): ScoredObject[] | null {
  try {
    return JSON.parse(stdout) as ScoredObject[] | null;
  } catch {
    throw new Error(`kube-score made no report: ${[stderr, stdout].join('\n').trim()}`);
  }
}

function findingsOf({ type_meta: { kind }, object_meta, checks }: ScoredObject): Finding[] {
  const { name, namespace = '', labels = {} } = object_meta;
  const component = labels['app.kubernetes.io/component'] ?? '';
  return checks
    .filter(({ grade, skipped }) => !skipped && grade <= WARNING)
    .flatMap(({ check, grade, comments }) =>
      // A finding without a comment is one too.
      (comments === null || comments.length === 0 ? [{ path: '', summary: '' }] : comments).map(
        ({ path, summary }): Finding => ({
          grade: grade <= CRITICAL ? 'CRITICAL' : 'WARNING',
          check: check.id,
          kind,
          namespace,
          name,
          component,
          container: path,
          says: summary,
        }),
      ),
    );
}

/** One check that kube-score knows. */
export interface KnownCheck {
  readonly id: string;
  readonly optional: boolean;
}

/** Every check that this kube-score knows, from `kube-score list`. */
export function listChecks(): KnownCheck[] {
  const { stdout, error } = spawnSync(findKubeScore(), ['list'], { encoding: 'utf8', timeout: 60_000 });
  if (error !== undefined) throw error;
  // Texts in the middle may hold commas; the id comes first and the word for the default last.
  return stdout
    .trim()
    .split('\n')
    .map((line) => ({ id: line.slice(0, line.indexOf(',')), optional: line.endsWith(',optional') }));
}

/** A finding as one line. */
export function describeFinding({ grade, check, kind, namespace, name, container, says }: Finding): string {
  return `${grade} ${check}: ${kind} ${namespace}/${name}${container === '' ? '' : `, container ${container}`}: ${says}`;
}
