import { App, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { ConfigurationError, Peer, Postgres, Redis } from '../../src';
import { type CaracalOrigins, CaracalRelease, type HttpsOrigin } from '../../src/caracal';
import { platform } from '../../examples/caracal-production/main';
import manifest from '../../examples/caracal-production/manifest.json';
import { platform as quickstart } from '../../examples/caracal-quickstart/main';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // Only read in this test, and each reader says what it expects.
  readonly spec: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- manifests of many kinds
}

type Change = Parameters<typeof platform>[1];

function emitted(change: Change = {}): Manifest[] {
  return Testing.synth(platform(Testing.app(), change)) as Manifest[];
}

function container(objects: readonly Manifest[], component: string) {
  const workload = objects.find(({ metadata, spec }) => metadata.name === `caracal-${component}` && spec?.template);
  const [main] = workload?.spec.template.spec.containers ?? [];
  const env: Record<string, string> = Object.fromEntries(
    main.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  return { main, env };
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('limits of the coordinator', () => {
  test("are the vendor's unless they are given", () => {
    expect(container(emitted(), 'coordinator').env).toMatchObject({
      IDEMPOTENCY_RETENTION_SECONDS: '604800',
      SESSION_RETENTION_DAYS: '90',
    });
    expect(
      container(emitted({ limits: { coordinator: { sessionRetentionDays: 30 } } }), 'coordinator').env,
    ).toMatchObject({ IDEMPOTENCY_RETENTION_SECONDS: '604800', SESSION_RETENTION_DAYS: '30' });
  });

  // caracal-addendum.md B16: typed minima.
  test.each([
    ['idempotencyRetentionSeconds', 3599, 3600],
    ['generatedIdempotencyRetentionSeconds', 3599, 3600],
    ['maxReceiptsPerScope', 99, 100],
    ['bodyLimitBytes', 1023, 1024],
  ])('%s below what the service accepts is refused, the least is taken', (name, below, least) => {
    expect(refusal(() => emitted({ limits: { coordinator: { [name]: below } } }))).toContain(
      `[limits.coordinator.${name}] caracal/invalid-limit\n    the coordinator takes ${least} or more. Given: ${below}.`,
    );
    expect(() => emitted({ limits: { coordinator: { [name]: least } } })).not.toThrow();
  });

  test('a misspelt limit is refused with the nearest name', () => {
    const message = refusal(() => emitted({ limits: { coordinator: { maxReceipts: 200 } as never } }));
    expect(message).toContain('[limits.coordinator.maxReceipts] core/unknown-property');
  });
});

describe('pools of connections', () => {
  test('a smaller pool reaches the service, in the variable of its runtime, and the budget', () => {
    const change: Change = { limits: { connectionsPerPod: { gateway: 10, api: 8 } } };
    const objects = emitted(change);
    expect(container(objects, 'gateway').env.DB_MAX_CONNS).toBe('10');
    expect(container(objects, 'api').env.DB_POOL_MAX).toBe('8');
    expect(container(objects, 'sts').env).not.toHaveProperty('DB_MAX_CONNS');
    const before = platform(Testing.app()).connectionBudget();
    const after = platform(Testing.app(), change).connectionBudget();
    // 16 gateways with 10 less each, 8 apis with 12 less each, and 12 less for the api of a rollout.
    expect(before.needed - after.needed).toBe(16 * 10 + 8 * 12 + 12);
  });

  test('they are a way out of a budget that does not fit', () => {
    const postgres = Postgres.external({
      host: 'pg.example.internal',
      peer: Peer.cidr('10.20.0.0/24'),
      maxConnections: 900,
    });
    expect(refusal(() => emitted({ postgres }))).toContain('limits.connectionsPerPod');
    expect(() => emitted({ postgres, limits: { connectionsPerPod: { gateway: 10, api: 10, sts: 10 } } })).not.toThrow();
  });

  test.each([0, 3, 101])('a pool of %d connections is refused', (audit) => {
    expect(refusal(() => emitted({ limits: { connectionsPerPod: { audit } } }))).toContain(
      'a pool has 4 to 100 connections',
    );
  });
});

describe('start after an outage of Redis (caracal-addendum.md B11)', () => {
  test.each(['sts', 'gateway'])('%s has a quarter of an hour to send its replay files', (component) => {
    const { failureThreshold, periodSeconds } = container(emitted(), component).main.startupProbe;
    expect(failureThreshold * periodSeconds).toBeGreaterThanOrEqual(15 * 60);
  });

  test('a service without replay files keeps the shorter time of the contract', () => {
    const { failureThreshold, periodSeconds } = container(emitted(), 'api').main.startupProbe;
    expect(failureThreshold * periodSeconds).toBe(150);
  });
});

describe('the way of the coordinator to the public issuer (caracal-addendum.md A1)', () => {
  const egress = (objects: readonly Manifest[]) =>
    objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'caracal-coordinator')?.spec
      .egress;
  const traefik = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } } }];

  test('leads to the ingress controller too, where clusters short-cut the load balancer', () => {
    expect(egress(emitted())).toContainEqual({
      to: traefik,
      ports: [
        { protocol: 'TCP', port: 443 },
        { protocol: 'TCP', port: 8443 },
      ],
    });
  });

  test('stays inside where the issuer is the in-cluster STS', () => {
    const objects = Testing.synth(quickstart(Testing.app())) as Manifest[];
    expect(JSON.stringify(egress(objects))).not.toMatch(/0\.0\.0\.0|443/);
  });
});

describe('what two installations may not share in one cluster', () => {
  const redis = (host: string, database = 0) => Redis.external({ host, database, peer: Peer.cidr('10.20.1.0/24') });
  const postgres = (host: string) => Postgres.external({ host, peer: Peer.cidr('10.20.0.0/24'), maxConnections: 1300 });
  const origins = (domain: string): CaracalOrigins<HttpsOrigin> => ({
    console: `https://console.${domain}`,
    sts: `https://sts.${domain}`,
  });
  const two = (second: Change) => {
    const app = new App();
    platform(new Construct(app, 'one') as App, {});
    platform(new Construct(app, 'two') as App, {
      namespace: 'other',
      postgres: postgres('pg-2.example.internal'),
      redis: redis('redis-2.example.internal'),
      origins: origins('two.example.com'),
      ...second,
    });
    return app;
  };

  test('nothing is shared: fine', () => {
    expect(() => two({}).synthYaml()).not.toThrow();
  });

  test('a Redis database: the events of one would be consumed by the other', () => {
    expect(() => two({ redis: redis('redis.example.internal') }).synthYaml()).toThrow(
      /stack\/shared-resource\s+Caracal's streams have fixed names[\s\S]*one\/caracal[\s\S]*Given: redis redis\.example\.internal:6379\/0/,
    );
    expect(() => two({ redis: redis('redis.example.internal', 1) }).synthYaml()).not.toThrow();
  });

  test('a public host: two services cannot answer for it', () => {
    expect(() =>
      two({ origins: { ...origins('two.example.com'), sts: 'https://sts.example.com' } }).synthYaml(),
    ).toThrow(/stack\/shared-resource\s+two installations cannot answer for one host/);
  });
});

describe('a release', () => {
  test.each([
    ['1.0.0-rc.1', 'stable'],
    ['1.0.0', 'rc'],
  ])('of version %s cannot have mode %s', (version, mode) => {
    const images = Object.fromEntries(
      Object.keys(manifest.images).map((key) => [key, `ghcr.io/garudex-labs/caracal-${key}:v${version}`]),
    );
    expect(refusal(() => CaracalRelease.fromManifest({ ...manifest, version, mode, images }))).toContain(
      'candidates are "rc", releases are "stable"',
    );
  });

  test('whose images are mixed up is refused: the STS would run another program', () => {
    const images = { ...manifest.images, go: manifest.images.node };
    expect(refusal(() => CaracalRelease.fromManifest({ ...manifest, images }))).toContain(
      'this is not the image caracal-go',
    );
  });
});

describe('variables of all pods', () => {
  test.each(['pods', 'api'] as const)(
    'certificates stay checked: NODE_TLS_REJECT_UNAUTHORIZED in %s is refused',
    (where) => {
      expect(refusal(() => emitted({ [where]: { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } } }))).toMatch(
        /caracal\/forbidden-env\s[\s\S]*certificates of databases and providers would no longer be checked/,
      );
    },
  );

  test('a pool that the budget does not count is refused there too', () => {
    expect(refusal(() => emitted({ pods: { env: { DB_MAX_CONNS: '200' } } }))).toContain('caracal/pool-above-budget');
  });
});

test('a problem names the construct path, so that it is found in a fleet', () => {
  const scope = new Construct(Testing.app(), 'eu');
  const origins = { console: 'http://console.example.com', sts: 'https://sts.example.com' };
  expect(refusal(() => platform(scope as App, { origins: origins as never }))).toContain(
    'in CaracalStack "eu/caracal":\n  [origins.console]',
  );
});

test('a warning can be accepted for one component, also where the finding is about one of its properties', () => {
  const stack = platform(Testing.app(), { api: { env: { SOMETHING_NEW: '1' } } });
  stack.acknowledge('caracal/unread-env', { reason: 'the next release reads it', path: stack.api.node.path });
  const [finding] = stack.findings().filter(({ id }) => id === 'caracal/unread-env');
  expect(finding?.acknowledged).toBe('the next release reads it');
});

test('an empty list of upstream hosts is refused, because it reads as no restriction', () => {
  expect(refusal(() => emitted({ limits: { gatewayUpstreamHosts: [] } }))).toContain('reads as no restriction');
});
