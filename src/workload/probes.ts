import { check, type Checks } from '../core/checks';
import { withDefaults } from '../core/defaults';
import type { Finding } from '../core/errors';
import type { ProbeSpec } from '../core/kubernetes';
import { adviceOf } from '../core/habits';
import { INT32_MAX } from '../core/quantity';
import { part, type Shape } from '../core/shape';
import { freeTextProblem } from '../core/text';
import { PROBE_HABITS } from './spec-habits';
import { specFinding, wholeNumberProblem } from './spec-finding';

/** How a probe asks. */
export type ProbeAction = { readonly http: string } | { readonly tcp: true } | { readonly exec: readonly string[] };

/** One probe of a container, on its first port. Times are in whole seconds, from 1. */
export interface ProbeSettings {
  /** What is asked: an HTTP path, a TCP connection, or a command. */
  readonly ask: ProbeAction;
  /**
   * Seconds between two attempts.
   * @default 10; 5 for the startup probe
   */
  readonly periodSeconds?: number;
  /**
   * Seconds that an answer may take. Longer than what the service itself allows its checks, or it flaps.
   * @default 5
   */
  readonly timeoutSeconds?: number;
  /**
   * Failed attempts in a row that count as failure.
   * @default 3; 30 for the startup probe
   */
  readonly failureThreshold?: number;
}

/** The three probes, which mean three different things. */
export interface Probes {
  /**
   * Until it succeeds once the others wait: how long a start may take.
   * @default - asks what the liveness probe asks, for 150 s
   */
  readonly startup?: ProbeSettings;
  /**
   * Whether the pod gets traffic; may fail for a dependency.
   * @default - a TCP connection to the first port
   */
  readonly readiness?: ProbeSettings;
  /**
   * Whether the container must be restarted. It must not fail for a dependency, unless the program heals only by a
   * restart: then with patience, and with the reason written beside it.
   * @default - a TCP connection to the first port
   */
  readonly liveness?: ProbeSettings;
}

/** Probes with their defaults. */
export type CompleteProbes = Readonly<Record<keyof Probes, Required<ProbeSettings>>>;

const ACTION_CHECKS: Checks<{ http: string; tcp: true; exec: readonly string[] }> = {
  http: check.text,
  tcp: (value) => (value === true ? undefined : 'it must be true'),
  exec: check.each(check.text),
};

const PROBE_SHAPE: Shape<ProbeSettings> = {
  checks: {
    ask: check.record,
    // Numbers are judged below, with what each may be.
    periodSeconds: check.any,
    timeoutSeconds: check.any,
    failureThreshold: check.any,
  },
  advice: adviceOf(PROBE_HABITS),
  required: { ask: '{ http: "/health" }' },
  inside: { ask: part({ checks: ACTION_CHECKS, required: {} }) },
};

/** Shape of `Probes`. */
export const PROBES_SHAPE: Shape<Probes> = {
  checks: { startup: check.record, readiness: check.record, liveness: check.record },
  required: {},
  inside: { startup: part(PROBE_SHAPE), readiness: part(PROBE_SHAPE), liveness: part(PROBE_SHAPE) },
};

/** The probes with their defaults. */
export function completeProbes({ startup, readiness, liveness }: Probes = {}): CompleteProbes {
  const running = { ask: { tcp: true }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 } as const;
  const alive = withDefaults<Required<ProbeSettings>>(running, liveness);
  return {
    startup: withDefaults({ ...alive, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 30 }, startup),
    readiness: withDefaults<Required<ProbeSettings>>(running, readiness),
    liveness: alive,
  };
}

/** What Kubernetes would refuse of probes, or what would never succeed. */
export function probesProblems(path: string, probes: Probes): Finding[] {
  return Object.entries(probes)
    .filter((entry): entry is [string, ProbeSettings] => entry[1] !== undefined)
    .flatMap(([name, probe]) => [
      ...specFinding({
        id: 'workload/invalid-probe',
        path: `${path}.${name}.ask`,
        message: actionProblem(probe.ask),
        given: probe.ask,
        fix: 'ask for one thing: { http: "/health" }, { tcp: true } or { exec: ["command"] }',
      }),
      ...(['periodSeconds', 'timeoutSeconds', 'failureThreshold'] as const).flatMap((key) =>
        probe[key] === undefined
          ? []
          : specFinding({
              id: 'workload/invalid-probe',
              path: `${path}.${name}.${key}`,
              message: wholeNumberProblem(key, probe[key], 1, INT32_MAX),
              given: probe[key],
              fix: `write ${key} as a whole number, or leave it out`,
            }),
      ),
    ]);
}

function actionProblem(ask: ProbeAction | undefined): string | undefined {
  if (ask === undefined) {
    return undefined; // what is missing is said where shapes are compared
  }
  if (Object.keys(ask).length !== 1) {
    return 'a probe asks for exactly one thing';
  }
  if ('http' in ask) {
    return /^\/[\x21-\x7e]*$/.test(ask.http)
      ? freeTextProblem(ask.http)
      : 'an HTTP path begins with "/" and has no spaces';
  }
  if ('exec' in ask) {
    return ask.exec.length === 0 || ask.exec[0] === ''
      ? 'a command has a program at least'
      : ask.exec.map(freeTextProblem).find((problem) => problem !== undefined);
  }
  return undefined;
}

/** A probe as a container writes it. */
export function renderProbe(probe: Required<ProbeSettings>, port: string): ProbeSpec {
  const { ask, periodSeconds, timeoutSeconds, failureThreshold } = probe;
  const action =
    'http' in ask
      ? { httpGet: { path: ask.http, port } }
      : 'tcp' in ask
        ? { tcpSocket: { port } }
        : { exec: { command: [...ask.exec] } };
  return { ...action, periodSeconds, timeoutSeconds, failureThreshold };
}
