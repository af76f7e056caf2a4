import { check } from '../core/checks';
import { part, type Shape } from '../core/shape';
import type { Finding } from '../core/errors';
import { dataKeyProblem, dnsNameProblem, freeTextProblem } from '../core/text';
import type { CompleteProbes } from './probes';
import type { ComponentPort, MetricsEndpoint } from './spec';
import { specFinding } from './spec-finding';

/** Longest name of a port of a container. */
const NAME_MAX = 15;

/** Shape of `ComponentPort`. */
export const PORT_SHAPE: Shape<ComponentPort> = {
  checks: { name: check.text, port: check.instance('Port') },
  required: { name: '"http"', port: 'Port.tcp(8080)' },
};

type Bearer = NonNullable<MetricsEndpoint['bearer']>;

/** Shape of `MetricsEndpoint`. */
export const METRICS_SHAPE: Shape<MetricsEndpoint> = {
  checks: { path: check.text, port: check.text, bearer: check.record },
  required: { path: '"/metrics"', port: '"metrics"' },
  inside: {
    bearer: part<Bearer>({
      checks: { secretName: check.text, key: check.text },
      required: { secretName: '"orders-metrics"', key: '"token"' },
    }),
  },
};

/** Names and numbers that Kubernetes refuses, of a container or of a Service. */
export function portProblems(path: string, ports: readonly ComponentPort[]): Finding[] {
  return ports.flatMap(({ name, port }, index) => {
    const earlier = ports.slice(0, index);
    const sameNumber = earlier.find((each) => each.port.toString() === port.toString());
    const problem = (where: string, message: string | undefined, given: unknown, fix: string): Finding[] =>
      specFinding({ id: 'workload/invalid-port', path: `${path}[${index}].${where}`, message, given, fix });
    return [
      ...problem('name', portNameProblem(name), name, 'use a short name such as "http", "grpc" or "metrics"'),
      ...problem(
        'name',
        earlier.some((each) => each.name === name) ? 'another port of the component has this name' : undefined,
        name,
        'give each port a name of its own',
      ),
      ...problem(
        'port',
        port.endPort === undefined ? undefined : 'a container listens on single ports, not on a range',
        String(port),
        'name each port: { name: "http", port: Port.tcp(8080) }',
      ),
      ...problem(
        'port',
        sameNumber === undefined ? undefined : `"${sameNumber.name}" is this port already`,
        String(port),
        'remove one of the two; a port has one name',
      ),
    ];
  });
}

/** Probes over HTTP or TCP of a first port that is neither. */
export function probedPortProblems(path: string, ports: readonly ComponentPort[], probes: CompleteProbes): Finding[] {
  const [first] = ports;
  const asksByTcp = Object.entries(probes).find(([, { ask }]) => !('exec' in ask));
  return specFinding({
    id: 'workload/invalid-probe',
    path: `${path}.ports[0]`,
    message:
      first === undefined || first.port.protocol === 'TCP' || asksByTcp === undefined
        ? undefined
        : `the ${asksByTcp[0]} probe asks the first port over TCP, and this is ${first.port.protocol}`,
    given: String(first?.port),
    fix: 'put a TCP port first, or let all three probes run a command: probes.liveness = { ask: { exec: ["..."] } } and so on',
  });
}

/** Metrics that nobody could read: a monitor of a port that is not there selects nothing, silently. */
export function metricsProblems(
  path: string,
  metrics: MetricsEndpoint,
  ports: readonly ComponentPort[] | undefined,
): Finding[] {
  const names = (ports ?? []).map(({ name }) => name);
  const port = ports?.find(({ name }) => name === metrics.port);
  const { bearer } = metrics;
  return [
    ...specFinding({
      id: 'workload/invalid-metrics',
      path: `${path}.port`,
      message:
        ports === undefined || port?.port.protocol === 'TCP'
          ? undefined
          : port === undefined
            ? 'the component has no port of this name, so nothing would ever be scraped'
            : `metrics are read over TCP, and this port is ${port.port.protocol}`,
      given: metrics.port,
      fix: `name one of the ports: ${names.map((name) => `"${name}"`).join(', ')}`,
    }),
    ...specFinding({
      id: 'workload/invalid-metrics',
      path: `${path}.path`,
      message: /^\/[\x21-\x7e]*$/.test(metrics.path)
        ? freeTextProblem(metrics.path)
        : 'an HTTP path begins with "/" and has no spaces',
      given: metrics.path,
      fix: 'write it as "/metrics"',
    }),
    ...specFinding({
      id: 'workload/invalid-metrics',
      path: `${path}.bearer`,
      message: bearer === undefined ? undefined : (dnsNameProblem(bearer.secretName) ?? dataKeyProblem(bearer.key)),
      given: bearer,
      fix: 'name a Secret of the namespace and one of its keys: { secretName: "orders-metrics", key: "token" }',
    }),
  ];
}

function portNameProblem(name: string): string | undefined {
  if (name.length > NAME_MAX) {
    return `it has ${name.length} characters, ${NAME_MAX} are possible`;
  }
  return /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
    ? freeTextProblem(name)
    : 'only lower-case letters, digits and single "-" between them are possible, with one letter at least';
}
