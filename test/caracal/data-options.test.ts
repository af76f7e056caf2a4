import { Peer, Postgres, Redis, SecretSource } from '../../src';
import type { Container, PodTemplate } from '../../src/core/kubernetes';
import { findingsWith, openErrorIds } from '../support/findings';
import { find, type Manifest, synth } from '../support/manifests';
import { caracal, devProps, emit, POSTGRES, publishedProps } from './fixture';

/** Every container of a platform, with the workload that it belongs to. */
function containers(objects: readonly Manifest[]): [workload: string, container: Container][] {
  return objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .flatMap(({ metadata, spec }) => {
      const { template } = spec as { template: PodTemplate };
      const all = [...(template.spec?.containers ?? []), ...(template.spec?.initContainers ?? [])];
      return all.map((container): [string, Container] => [metadata.name, container]);
    });
}

const limitOf = (container: Container): unknown => container.resources?.limits?.cpu;

describe('a dev platform in a namespace with a quota on limits', () => {
  // Such a namespace refuses every pod of which one container has no limit.
  test('has a limit of CPU and memory on every container, the databases included', () => {
    const all = containers(synth(caracal(devProps())));
    expect(all.length).toBeGreaterThan(10);
    const without = all.filter(
      ([, container]) => limitOf(container) === undefined || container.resources?.limits?.memory === undefined,
    );
    expect(without.map(([workload]) => workload)).toEqual([]);
  });

  test('the pods of the databases are tuned like all others', () => {
    const props = devProps({
      postgres: Postgres.inCluster({
        resources: { cpuLimit: '250m', memoryLimit: '512Mi' },
        podLabels: { team: 'data' },
        nodeSelector: { disk: 'fast' },
      }),
      redis: Redis.inCluster({ resources: { cpuLimit: 'none' }, priorityClassName: 'low' }),
    });
    const objects = synth(emit(props));
    const postgres = find(objects, 'StatefulSet', 'caracal-postgres').spec.template;
    expect(postgres.metadata?.labels).toMatchObject({ team: 'data' });
    expect(postgres.spec).toMatchObject({
      nodeSelector: { disk: 'fast' },
      containers: [{ resources: { limits: { cpu: '250m', memory: '512Mi' } } }],
    });
    const redis = find(objects, 'StatefulSet', 'caracal-redis').spec.template.spec;
    expect(redis?.priorityClassName).toBe('low');
    expect(redis?.containers.map(limitOf)).toEqual([undefined]);
  });

  test('wrong options of theirs are errors of the stack, at the component', () => {
    const stack = caracal(devProps({ postgres: Postgres.inCluster({ podLabels: { 'a b': 'c' } }) }));
    expect(openErrorIds(stack)).toEqual(['workload/invalid-metadata']);
    expect(findingsWith(stack, 'workload/invalid-metadata')[0]?.path).toBe('caracal/postgres.podLabels');
  });
});

test("a limit of CPU that a product sets is taken away by 'none', also from Jobs and their waiting containers", () => {
  const none = { resources: { cpuLimit: 'none' } } as const;
  const stack = caracal(publishedProps({ api: none, authMigration: none }));
  const without = containers(synth(stack)).filter(([, container]) => limitOf(container) === undefined);
  expect(without.map(([workload, { name }]) => [workload.replace(/-[0-9a-f]{8}$/, ''), name]).sort()).toEqual([
    ['caracal-api', 'api'],
    ['caracal-auth-migrate', 'auth-migrate'],
    ['caracal-auth-migrate', 'wait-for-role'],
  ]);
});

describe('a Redis with users of its own', () => {
  const redis = (change: object = {}) =>
    Redis.external({ host: 'redis.example.internal', peer: Peer.cidr('10.20.1.0/24'), ...change });
  const urlOf = (server: Redis<'external', true>): string | undefined => {
    const stack = caracal(
      publishedProps({ redis: server, secrets: SecretSource.existing({ name: 'caracal-runtime' }) }),
    );
    return stack.secretChecklist().find(({ key }) => key === 'redisUrl')?.description;
  };

  test('is signed in to with the user, escaped for the URL; without one as the default user', () => {
    expect(urlOf(redis({ username: 'caracal' }))).toContain('rediss://caracal:<password, URL-encoded>@redis.example');
    expect(urlOf(redis({ username: 'a/b@c' }))).toContain('rediss://a%2Fb%40c:<password');
    expect(urlOf(redis())).toContain('rediss://:<password');
  });

  test.each(['', 'a b', 'user:secret-of-mine', 'ä'])('%j is no user, and is not repeated', (username) => {
    expect(() => redis({ username })).toThrow(/data\/invalid-user/);
    expect(() => redis({ username })).not.toThrow(/secret-of-mine/);
  });
});

describe('keys that stand in Secrets of other names', () => {
  const secrets = SecretSource.existing({
    name: 'caracal-runtime',
    keys: {
      postgresPassword: { secret: 'pg-superuser', key: 'password' },
      metricsBearer: { secret: 'scraping', key: 'token' },
    },
  });

  const stack = caracal(publishedProps({ secrets, postgres: Postgres.external(POSTGRES) }));

  test('are mounted from there, under the name that the program reads', () => {
    const objects = synth(stack);
    const [migrate] = objects.filter(({ kind, metadata }) => kind === 'Job' && /-migrate-/.test(metadata.name));
    const { template } = migrate?.spec as { template: PodTemplate };
    const sources = template.spec?.volumes?.find(({ name }) => name === 'secrets')?.projected?.sources ?? [];
    expect(sources).toContainEqual({
      secret: { name: 'pg-superuser', items: [{ key: 'password', path: 'postgresPassword' }] },
    });
    expect(JSON.stringify(sources)).not.toContain('"key":"postgresPassword"');
    const monitor = find(objects, 'ServiceMonitor', 'caracal-audit').spec;
    expect(monitor).toMatchObject({
      endpoints: [{ authorization: { credentials: { name: 'scraping', key: 'token' } } }],
    });
  });

  test('are where the checklist says', () => {
    expect(stack.secretChecklist().find(({ key }) => key === 'postgresPassword')?.location).toEqual({
      kind: 'secret',
      secretName: 'pg-superuser',
      key: 'password',
    });
  });
});
