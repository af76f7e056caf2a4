import { Testing } from 'cdk8s';
import { CaracalStack } from '../../src/caracal/stack';
import { ReplayPersistence } from '../../src/caracal/replay';
import { SecretSource } from '../../src/secrets/secret-source';
import { Scaling } from '../../src/workload/scaling';
import { section } from '../contract/data';
import { routes } from './support-edge';
import { Emitted, type KubeObject } from './support-objects';
import { propsOf } from './support-props';
import { build, FILES, worldOf } from './support-world';

/** Worked figures of the data, and decisions that a single world does not show. */

const budgets = section(FILES, 'connections', 'budgets');
const examples = section(FILES, 'connections', 'examples');

test.each(budgets.map((row) => [String(row.id), row] as const))(
  'the connection budget of %s is the worked one',
  (id, row) => {
    const budget = build(worldOf(id === 'dev' ? 'dev' : 'production')).stack.connectionBudget();
    expect(budget).toMatchObject({
      pods: row.services,
      surge: row.surge,
      jobs: row.jobs,
      reserved: row.reserved,
      needed: row.total,
    });
  },
);

test.each(examples.filter((row) => row.replicas !== undefined).map((row) => [String(row.id), row] as const))(
  'the connections of pods follow the replicas: %s',
  (_id, row) => {
    const replicas = row.replicas as Record<string, number>;
    const scaled = Object.entries(replicas).map(([component, count]) => [component, { scaling: Scaling.fixed(count) }]);
    const { props } = propsOf(worldOf(row.id === 'devOneEach' ? 'dev' : 'production'));
    const stack = new CaracalStack(Testing.app(), 'caracal', {
      ...props,
      ...Object.fromEntries(scaled),
    } as typeof props);
    expect(stack.connectionBudget().pods).toBe(row.services);
    expect(Object.values(replicas).reduce((sum, count) => sum + count, 0)).toBe(row.pods);
  },
);

test('dev fits into its own Postgres also where sts and gateway are Deployments, whose rollouts need more connections', () => {
  const { props } = propsOf(worldOf('dev', [], ['replayPersistence']));
  const stack = new CaracalStack(Testing.app(), 'caracal', {
    ...props,
    replayPersistence: ReplayPersistence.ephemeral() as never,
  });
  const { needed, available, surge } = stack.connectionBudget();
  expect(surge).toBe(120);
  expect(needed).toBeLessThanOrEqual(available);
});

test('the checklist of an existing Secret names every key that a pod mounts, also those of servers of dev', () => {
  const { props } = propsOf(worldOf('dev'));
  const stack = new CaracalStack(Testing.app(), 'caracal', {
    ...props,
    secrets: SecretSource.existing({ name: 'mine' }),
  });
  const mounted = new Emitted(Testing.synth(stack) as KubeObject[]).pods.flatMap(({ pod }) =>
    (pod.volumes ?? []).flatMap(({ projected }) =>
      (projected?.sources ?? []).flatMap(({ secret }) => secret?.items ?? []),
    ),
  );
  const listed = stack.secretChecklist().map(({ key }) => key);
  expect([...new Set(mounted.map(({ key }) => key))].filter((key) => !listed.includes(key))).toEqual([]);
  expect(listed).toContain('redisPassword');
});

test('a gateway without declared prefixes routes everything, and the stack says so as a warning', () => {
  const { props } = propsOf(worldOf('production', ['ingressGateway']));
  const { gatewayPaths: _declared, ...catchAll } = props;
  const stack = new CaracalStack(Testing.app(), 'caracal', catchAll as typeof props);
  const [ingress] = new Emitted(Testing.synth(stack) as KubeObject[]).ofComponent('Ingress', 'gateway');
  const paths = ingress?.spec.rules[0].http.paths as { path: string; pathType: string }[];
  expect(paths.some((path) => routes(path, '/internal/revocations/reload'))).toBe(true);
  expect(
    stack
      .findings()
      .filter(({ level }) => level === 'warning')
      .map(({ id }) => id),
  ).toContain('caracal/gateway-catch-all');
});
