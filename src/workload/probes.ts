import type { ProbeSpec } from '../core/kubernetes';

/** How a probe asks. */
export type ProbeAction = { readonly http: string } | { readonly tcp: true } | { readonly exec: readonly string[] };

/** One probe of a container, on its first port. Times are in whole seconds. */
export interface ProbeSettings {
  /** What is asked: an HTTP path, a TCP connection, or a command. */
  readonly ask: ProbeAction;
  /** Seconds between two attempts. */
  readonly periodSeconds: number;
  /** Seconds that an answer may take. Longer than what the service itself allows its checks, or it flaps (caracal W35). */
  readonly timeoutSeconds: number;
  /** Failed attempts in a row that count as failure. */
  readonly failureThreshold: number;
}

/** The three probes, which mean three different things. */
export interface Probes {
  /** Until it succeeds once the others wait: how long a start may take. */
  readonly startup: ProbeSettings;
  /** Whether the pod gets traffic; may fail for a dependency. */
  readonly readiness: ProbeSettings;
  /** Whether the container must be restarted; must not fail for a dependency. */
  readonly liveness: ProbeSettings;
}

/** A probe as a container writes it. */
export function renderProbe(probe: ProbeSettings, port: string): ProbeSpec {
  const { ask, periodSeconds, timeoutSeconds, failureThreshold } = probe;
  const action =
    'http' in ask
      ? { httpGet: { path: ask.http, port } }
      : 'tcp' in ask
        ? { tcpSocket: { port } }
        : { exec: { command: [...ask.exec] } };
  return { ...action, periodSeconds, timeoutSeconds, failureThreshold };
}
