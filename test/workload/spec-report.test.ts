import { Component, type ComponentSpec, Port } from '../../src';
import { SPEC_HABITS } from '../../src/workload/spec-habits';
import { testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';

/** Paths below the component and codes of what a stack says about a component with this spec. */
function said(spec: unknown): string[] {
  const stack = testStack();
  const component = new Component(stack, 'server', spec as ComponentSpec);
  return stack
    .findings()
    .filter(({ level }) => level === 'error')
    .map(({ path, id }) => `${path.replace(component.node.path, '')} ${id}`);
}

const withSpec = (change: object): object => ({ ...testComponentSpec(), ...change });
const tcp = (number: number, name: string) => ({ name, port: Port.tcp(number) });

describe('one report of a spec', () => {
  const ports = [{ name: 'x' }, tcp(81, 'HTTP'), tcp(82, 'x'), tcp(83, 'x')];

  test('judges what stands beside a part without its shape, at the place that the user counts by', () => {
    const spec = withSpec({
      ports,
      user: { uid: -5, gid: 0 },
      scratch: [
        { name: 'tmp', mountPath: '/tmp', size: '1Mi' },
        { volume: 'b', mountPath: '/proc', size: '1Mi' },
      ],
      probes: { liveness: { httpGet: { path: '/' }, timeoutSeconds: -1 } },
      shutdown: { preStop: 3, preStopSeconds: -1 },
      metrics: undefined,
    });
    expect(said(spec)).toEqual([
      '.user.fsGroup core/missing-property',
      '.scratch[0].name core/unknown-property',
      '.scratch[0].volume core/missing-property',
      '.ports[0].port core/missing-property',
      '.probes.liveness.httpGet core/unknown-property',
      '.probes.liveness.ask core/missing-property',
      '.shutdown.preStop core/unknown-property',
      '.user.uid workload/invalid-user',
      '.scratch[1].mountPath workload/invalid-volume',
      '.ports[1].name workload/invalid-port',
      '.ports[3].name workload/invalid-port',
      '.probes.liveness.timeoutSeconds workload/invalid-probe',
      '.shutdown.preStopSeconds workload/invalid-shutdown',
    ]);
  });

  test.each([
    [
      'metrics of a port that has no shape',
      withSpec({ ports: [{ name: 'metrics' }], metrics: { path: '/m', port: 'metrics' } }),
    ],
    ['storage under a kind with a typing error', { ...testStatefulSpec(), kind: 'Statefulset' }],
  ])('says nothing that depends on the broken part: %s', (_what, spec) => {
    expect(said(spec)).toHaveLength(1);
  });

  test('a whole spec from which any part is taken ends in findings, or in objects', () => {
    const whole = {
      ...testStatefulSpec(),
      secretFiles: [
        {
          volume: 'secrets',
          mountPath: '/run/secrets',
          items: [{ secretName: 'orders', key: 'token', path: 'token' }],
        },
      ],
      scratch: [{ volume: 'a', mountPath: '/a', size: '1Mi' }],
    };
    const leaves = (value: unknown, path: string[]): string[][] =>
      typeof value === 'object' &&
      value !== null &&
      [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))
        ? Object.entries(value).flatMap(([key, each]) => [[...path, key], ...leaves(each, [...path, key])])
        : [];
    const without = (value: unknown, [key = '', ...rest]: string[]): unknown => {
      const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
        string,
        unknown
      >;
      if (rest.length === 0) {
        delete copy[key];
      } else {
        copy[key] = without(copy[key], rest);
      }
      return copy;
    };
    const paths = leaves(whole, []);
    expect(paths.length).toBeGreaterThan(30);
    for (const path of paths) {
      expect(() => said(without(whole, path))).not.toThrow();
    }
  });
});

describe('names that users of Kubernetes try in a spec', () => {
  const fixOf = (change: object, property: string): string | undefined => {
    const stack = testStack();
    const component = new Component(stack, 'server', withSpec(change) as ComponentSpec);
    return stack.findings().find(({ path }) => path === `${component.node.path}.${property}`)?.fix;
  };

  test.each<[string, object, string, string]>([
    ['replicas', { replicas: 3 }, 'replicas', 'write scaling: Scaling.fixed(3)'],
    ['a port', { containerPort: 80 }, 'containerPort', 'write ports: [{ name: "http", port: Port.tcp(80) }]'],
    [
      'a probe',
      { livenessProbe: { httpGet: { path: '/up' } } },
      'livenessProbe',
      'write probes: { liveness: { ask: { http: "/up" } } }',
    ],
    [
      'an option',
      { podLabels: { a: 'b' } },
      'podLabels',
      'it belongs to the options: write new Component(stack, "...", { ... }, { podLabels: { a: "b" } })',
    ],
    [
      'an option by another name',
      { labels: { a: 'b' } },
      'labels',
      'write in the options, behind the spec: podLabels: { a: "b" }',
    ],
    [
      'the name of a volume',
      { scratch: [{ name: 'a', mountPath: '/a', size: '1Mi' }] },
      'scratch[0].name',
      'write volume: "a"',
    ],
    ['requests', { resources: { requests: { cpu: '1' } } }, 'resources.requests', 'write resources: { cpu: "1" }'],
    ['nothing', { user: { uid: 1, gid: 1 } }, 'user.fsGroup', 'write fsGroup: 65532'],
  ])('%s is told the line to type', (_what, change, property, fix) => {
    expect(fixOf(change, property)).toBe(fix);
  });

  test.each(SPEC_HABITS.map((habit) => [habit.names[0], habit] as const))(
    '%s is refused, with advice',
    (_name, { names, example }) => {
      for (const name of names) {
        expect(fixOf({ [name]: example }, name)).toMatch(/write |use a ScheduledJob/);
      }
    },
  );
});
