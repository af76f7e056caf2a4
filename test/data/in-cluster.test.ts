import { Postgres, Redis } from '../../src';
import type { Container, PodTemplate, Volume } from '../../src/core/kubernetes';
import { bytes } from '../../src/core/quantity';
import { phaseOf } from '../../src/workload/phase';
import { findingsWith, openErrorIds, refusedIds } from '../support/findings';
import { SERVER_IMAGE, testStack } from '../support/ledger';
import { find, mainContainer, variables } from '../support/manifests';
import facts from './addendum-c.json';

const PASSWORD = '<the mounted password>';

function servers(profile: 'dev' | 'production' = 'dev') {
  const stack = testStack({ profile, product: 'caracal' }, undefined, 'caracal');
  const postgres = Postgres.inCluster({ maxConnections: 200 }).bind(stack, {
    image: SERVER_IMAGE,
    secretName: 'keys',
    passwordKey: 'pgPassword',
    user: 'caracal',
  });
  const redis = Redis.inCluster({ maxMemoryMiB: 512 }).bind(stack, {
    image: SERVER_IMAGE,
    secretName: 'keys',
    passwordKey: 'redisPassword',
  });
  return { stack, postgres, redis };
}

/** What a container may write to, by folder: a claim, or an emptyDir on disk or of a size in memory. */
function writable(template: PodTemplate): Record<string, string> {
  const kind = (volume: Volume | undefined): string =>
    volume === undefined
      ? 'claim'
      : volume.emptyDir?.medium === 'Memory'
        ? `memory ${volume.emptyDir.sizeLimit}`
        : 'disk';
  const mounts = (mainContainer(template).volumeMounts ?? []).filter(({ readOnly }) => readOnly !== true);
  return Object.fromEntries(
    mounts.map(({ mountPath, name }) => [
      mountPath,
      kind(template.spec.volumes?.find((volume) => volume.name === name)),
    ]),
  );
}

/** The container's variables and commands, with the path of the password replaced by what it stands for. */
function described(container: Container, path: string) {
  const withoutPath = (text: string): string => text.replaceAll(path, PASSWORD);
  return {
    env: Object.fromEntries(
      Object.entries(variables(container)).map(([name, value]) => [name, withoutPath(value ?? '')]),
    ),
    readiness: container.readinessProbe?.exec?.command?.map(withoutPath),
    startup: container.startupProbe?.exec?.command?.map(withoutPath),
    liveness: container.livenessProbe?.exec?.command?.map(withoutPath),
  };
}

describe.each(['postgres', 'redis'] as const)(
  '%s in the cluster, as tested under Pod Security "restricted"',
  (name) => {
    const fact = facts[name];
    const { template, volumeClaimTemplates, serviceName } = find(
      servers().stack,
      'StatefulSet',
      `caracal-${name}`,
    ).spec;
    const container = mainContainer(template);
    const passwordKey = name === 'postgres' ? 'pgPassword' : 'redisPassword';
    const passwordFile = `/run/${name}-secrets/${passwordKey}`;

    test('runs as the user of its image, by number, and locked in', () => {
      expect(template.spec.securityContext).toMatchObject({ ...facts.both.securityContext, ...fact.user });
      expect(container.securityContext).toEqual(facts.both.container);
      expect(template.spec.automountServiceAccountToken).toBe(false);
    });

    test('writes to exactly the folders that it needs', () => {
      expect(writable(template)).toEqual(fact.writable);
      // Pinned: under another name the next release would start on an empty volume.
      expect(volumeClaimTemplates?.map(({ metadata }) => metadata?.name)).toEqual(['data']);
    });

    test('has exactly the variables that it needs, the password as a file that is mounted', () => {
      expect(described(container, passwordFile).env).toEqual(fact.env);
      const [secrets] = (template.spec.volumes ?? []).filter(({ projected }) => projected !== undefined);
      expect(secrets?.projected?.sources).toEqual([
        { secret: { name: 'keys', items: [{ key: passwordKey, path: passwordKey }] } },
      ]);
    });

    test('is ready when its own check says so', () => {
      const { readiness, startup } = described(container, passwordFile);
      expect([readiness, startup]).toEqual([fact.probe, fact.probe]);
    });

    test('leaves entry point and folder to the image', () => {
      expect(Object.keys(container).filter((field) => facts.both.leavesToTheImage.includes(field))).toEqual([]);
      expect(container.args).toEqual('args' in fact ? fact.args : undefined);
    });

    test('listens where its clients look for it, and is named by its Service', () => {
      expect(container.ports?.map(({ containerPort }) => containerPort)).toEqual([fact.port]);
      expect(find(servers().stack, 'Service', `caracal-${name}`).spec.ports?.map(({ port }) => port)).toEqual([
        fact.port,
      ]);
      expect(serviceName).toBe(`caracal-${name}-headless`);
    });

    test('has time to stop', () => {
      expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
        'graceAtLeastSeconds' in fact ? fact.graceAtLeastSeconds : 20,
      );
    });

    test('reaches nobody, not even the DNS, and nobody is let in before a flow says so', () => {
      const { spec } = find(servers().stack, 'NetworkPolicy', `caracal-${name}`);
      expect([spec.ingress ?? [], spec.egress ?? []]).toEqual([[], []]);
      expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    });

    test('comes before migrations and services', () => {
      const component = servers()[name].component;
      expect([component?.workload, component?.service].map((object) => object && phaseOf(object))).toEqual([
        'data',
        'data',
      ]);
    });
  },
);

describe('what clients are told', () => {
  const { postgres, redis } = servers();

  test('Postgres: plain, inside the namespace, with what superusers reserve', () => {
    expect({ ...postgres, peer: undefined, component: undefined }).toEqual({
      host: 'caracal-postgres',
      port: 5432,
      tls: 'disable',
      adminUser: 'caracal',
      maxConnections: 200,
      reservedConnections: 3,
      peer: undefined,
      component: undefined,
    });
    expect(postgres.peer).toBe(postgres.component);
  });

  test('Redis: plain, inside the namespace', () => {
    expect([redis.host, redis.port, redis.tls, redis.database]).toEqual(['caracal-redis', 6379, false, 0]);
    expect(redis.peer).toBe(redis.component);
  });
});

describe('memory of Redis', () => {
  const resources = (maxMemoryMiB: number) => {
    const stack = testStack({ profile: 'dev' });
    Redis.inCluster({ maxMemoryMiB }).bind(stack, { image: SERVER_IMAGE, secretName: 'keys', passwordKey: 'p' });
    expect(openErrorIds(stack)).toEqual([]);
    return mainContainer(find(stack, 'StatefulSet', 'ledger-redis').spec.template).resources;
  };

  test.each([16, 64, 256, 2048])(
    '%i MiB of data: the limit leaves room for the fork that rewrites the file',
    (maxMemoryMiB) => {
      const { limits, requests } = resources(maxMemoryMiB) ?? {};
      expect(bytes(limits?.memory as '1Mi')).toBe(maxMemoryMiB * 2 * 1024 ** 2);
      expect(bytes(requests?.memory as '1Mi')).toBeLessThanOrEqual(bytes(limits?.memory as '1Mi'));
    },
  );
});

test('one replica on one volume is for dev: production refuses both servers', () => {
  const floors = (profile: 'dev' | 'production') =>
    findingsWith(servers(profile).stack, 'workload/replica-floor').map(({ path }) => path);
  expect(floors('production')).toEqual(['caracal/postgres', 'caracal/redis']);
  expect(floors('dev')).toEqual([]);
  expect(openErrorIds(servers('dev').stack)).toEqual([]);
});

describe('sizes that are refused where they are written', () => {
  test.each<[string, () => unknown, string]>([
    ['a misspelt property', () => Postgres.inCluster({ sise: '1Gi' } as object), 'core/unknown-property'],
    ['a size without a unit', () => Postgres.inCluster({ size: '10' as '1Gi' }), 'core/invalid-memory'],
    [
      'fewer connections than superusers reserve',
      () => Postgres.inCluster({ maxConnections: 3 }),
      'data/invalid-connections',
    ],
    ['text for a number', () => Postgres.inCluster({ maxConnections: '100' as unknown as number }), 'core/wrong-type'],
    ['a misspelt property', () => Redis.inCluster({ memory: 1 } as object), 'core/unknown-property'],
    ['a size without a unit', () => Redis.inCluster({ size: '10' as '1Gi' }), 'core/invalid-memory'],
    ['next to no memory', () => Redis.inCluster({ maxMemoryMiB: 15 }), 'data/invalid-memory'],
    ['half a MiB', () => Redis.inCluster({ maxMemoryMiB: 64.5 }), 'core/wrong-type'],
  ])('%s (%#)', (_what, make, id) => {
    expect(refusedIds(make)).toEqual([id]);
  });
});
