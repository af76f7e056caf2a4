import * as pulumi from '@pulumi/pulumi';
import * as fc from 'fast-check';
import { Deferred, type ExternalPostgresProps, type ExternalRedisProps, Peer, Postgres, Redis } from '../../src';
import { resolveValue } from '../../src/core/value';
import { urlHost } from '../../src/data/address';
import { Deployment } from '../core/deployment';
import { refusal, refusedIds } from '../support/findings';
import { SERVER_IMAGE, testStack } from '../support/ledger';

const peer = Peer.cidr('10.20.0.0/24');
const BINDING = { image: SERVER_IMAGE, secretName: 'keys', passwordKey: 'password', user: 'ledger' };

const postgresWith = (change: Record<string, unknown> = {}): Postgres =>
  Postgres.external({ host: 'db.example.internal', peer, maxConnections: 100, ...change } as ExternalPostgresProps);
const redisWith = (change: Record<string, unknown> = {}): Redis =>
  Redis.external({ host: 'redis.example.internal', peer, ...change } as ExternalRedisProps);

describe.each<[string, (change: Record<string, unknown>) => unknown]>([
  ['Postgres.external', postgresWith],
  ['Redis.external', redisWith],
])('%s', (path, make) => {
  const hostile = [
    '',
    ' ',
    'db example',
    'postgres://db',
    'db:5432',
    'db/path',
    'DB',
    '-db',
    'db-',
    'db..x',
    'db.',
    'ä.example',
    '"db"',
    'db\n',
    '$(db)',
    '10.0.0.256',
    '[::1]',
    '::1/64',
    'x'.repeat(64),
    `${'x.'.repeat(127)}xx`,
    7,
    null,
    {},
  ];

  test.each(hostile)('%j is not a host', (host) => {
    const findings = refusal(() => make({ host }));
    expect(findings.map((finding) => finding.path)).toEqual([`${path}.host`]);
    expect(['data/invalid-host', 'core/wrong-type']).toContain(findings[0]?.id);
  });

  test('a host is required', () => {
    expect(refusedIds(() => make({ host: undefined }))).toEqual(['data/invalid-host']);
  });

  test.each(['db', 'db.example.internal', '10.20.0.5', '::1', '2001:db8::17', 'x'.repeat(63)])(
    '%s is a host',
    (host) => {
      expect(() => make({ host })).not.toThrow();
    },
  );

  test('the policies may open another port than clients use, as behind a Service', () => {
    expect(() => make({ port: 5433, policyPort: 5432 })).not.toThrow();
    expect(refusal(() => make({ policyPort: 70000 })).map((finding) => [finding.id, finding.path])).toEqual([
      ['data/invalid-port', `${path}.policyPort`],
    ]);
  });

  test('a host may be known only at deployment', () => {
    expect(() => make({ host: new Deferred<string>('<host>', 'props.host') })).not.toThrow();
  });

  test.each(hostile.filter((host): host is string => typeof host === 'string'))(
    'then %j is refused at deployment, with the finding that it has now',
    (host) => {
      const deployment = new Deployment();
      make({ host: deployment.value(host) });
      expect(deployment.findings()).toEqual(refusal(() => make({ host })));
    },
  );

  test('and a good host is accepted then', () => {
    const deployment = new Deployment();
    make({ host: deployment.value('db.example.internal') });
    expect(deployment.findings()).toEqual([]);
  });

  test('a host that is known at deployment is named by the property, for messages and hashes', () => {
    const host = Deferred.create();
    make({ host });
    expect(host.source).toBe(`${path}.host`);
  });

  test.each([
    ['an Output', pulumi.output('db'), 'core/output-in-property'],
    ['text with an Output', `${pulumi.output('db') as unknown as string}.internal`, 'core/output-in-text'],
    ['text with a value', `${String(Deferred.create())}.internal`, 'core/value-in-text'],
  ])('%s is no host', (_what, host, id) => {
    expect(refusal(() => make({ host }))).toEqual([expect.objectContaining({ id, path: `${path}.host` })]);
  });

  test('a port that is known at deployment only needs the number for the policies, and the report says so', () => {
    expect(refusal(() => make({ port: Deferred.create<number>() }))).toEqual([
      expect.objectContaining({
        id: 'core/value-not-allowed',
        path: `${path}.port`,
        fix: expect.stringMatching(/policyPort: (?:5432|6379)$/),
      }),
    ]);
    expect(() => make({ port: Deferred.create<number>(), policyPort: 5432 })).not.toThrow();
  });

  test.each([0, 65536, 1.5, -1, '5432'])('%j is not a port', (port) => {
    const [finding, ...more] = refusal(() => make({ port }));
    expect([finding?.path, more]).toEqual([`${path}.port`, []]);
  });

  test.each([1, 65535])('%i is a port', (port) => {
    expect(() => make({ port })).not.toThrow();
  });

  test.each([
    ['nobody', { peer: Peer.anyOf() }, 'data/no-peer'],
    ['missing', { peer: undefined }, 'data/no-peer'],
    ['an address', { peer: '10.0.0.0/8' }, 'core/wrong-type'],
  ])('a peer that is %s would leave the pods without a way to the server', (_what, change, id) => {
    expect(refusedIds(() => make(change))).toEqual([id]);
  });

  test('a misspelt property is refused, with the one that was meant', () => {
    expect(refusal(() => make({ prot: 1 }))).toEqual([
      expect.objectContaining({
        id: 'core/unknown-property',
        path: `${path}.prot`,
        fix: expect.stringContaining('"port"') as string,
      }),
    ]);
  });

  test('every problem comes in one report', () => {
    expect(refusedIds(() => make({ host: 'a b', port: 0, peer: Peer.anyOf() }))).toEqual([
      'data/invalid-host',
      'data/invalid-port',
      'data/no-peer',
    ]);
  });
});

describe('Postgres.external', () => {
  test('is safe by default: verified certificates, and some connections left to others', () => {
    expect(postgresWith().bind(testStack(), BINDING)).toEqual({
      host: 'db.example.internal',
      port: 5432,
      tls: 'verify-full',
      peer,
      adminUser: 'ledger',
      maxConnections: 100,
      reservedConnections: 10,
      component: undefined,
    });
  });

  test('takes what it is told', () => {
    const told = { port: 6432, tls: 'disable', reservedConnections: 0, adminUser: 'admin@tenant' };
    expect(postgresWith(told).bind(testStack(), BINDING)).toMatchObject(told);
  });

  test('adds nothing to the stack', () => {
    const stack = testStack();
    const before = stack.node.findAll().length;
    postgresWith().bind(stack, BINDING);
    redisWith().bind(stack, BINDING);
    expect(stack.node.findAll()).toHaveLength(before);
  });

  test.each([
    ['as many as are reserved', { maxConnections: 10 }],
    ['none at all', { maxConnections: 0 }],
    ['an unknown number', { maxConnections: undefined }],
    ['fewer than others keep', { maxConnections: 50, reservedConnections: 60 }],
  ])('%s connections are too few', (_what, change) => {
    expect(refusedIds(() => postgresWith(change))).toEqual(['data/invalid-connections']);
  });

  test.each(['', '1admin', 'a b', 'a;drop', 'a"b', 'x'.repeat(64)])('%j is not a role', (adminUser) => {
    expect(refusedIds(() => postgresWith({ adminUser }))).toEqual(['data/invalid-user']);
  });

  test.each(['require', 'verify-ca', true])('%j is not a way to check certificates', (tls) => {
    expect(refusedIds(() => postgresWith({ tls }))).toEqual(['core/wrong-type']);
  });

  test('the same server is recognised however its name is written', () => {
    expect(postgresWith({ port: 5432 }).serverKey).toBe(postgresWith().serverKey);
    expect(postgresWith({ host: 'FD00::A' }).serverKey).toBe(postgresWith({ host: 'fd00::a' }).serverKey);
    expect(postgresWith({ port: 6432 }).serverKey).not.toBe(postgresWith().serverKey);
    expect(Postgres.inCluster().serverKey).toBeUndefined();
  });

  test('a host that is known at deployment only is compared then, as a known one is now', () => {
    const { serverKey } = postgresWith({ host: new Deferred<string>('<host>', 'props.host') });
    expect(Deferred.isDeferred(serverKey)).toBe(true);
    expect(resolveValue(serverKey ?? '', () => 'PG.example.com')).toBe(
      postgresWith({ host: 'pg.example.com' }).serverKey,
    );
  });

  test('one connection more than are reserved is enough', () => {
    expect(() => postgresWith({ maxConnections: 11 })).not.toThrow();
  });
});

describe('Redis.external', () => {
  test('is safe by default', () => {
    expect(redisWith().bind(testStack(), BINDING)).toEqual({
      host: 'redis.example.internal',
      port: 6379,
      database: 0,
      tls: true,
      peer,
      component: undefined,
    });
  });

  test.each([[-1], [1.5], ['0']])('%j is not a logical database', (database) => {
    expect(refusedIds(() => redisWith({ database }))).toEqual(['core/wrong-type']);
  });
});

test('an address of IPv6 stands in brackets in a URL, everything else as it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), (host) => {
      expect(new URL(`redis://${urlHost(host)}:6379/0`).port).toBe('6379');
    }),
  );
});

test('a host that is known at deployment only stands there as it would now', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), (host) => {
      const deployment = new Deployment();
      expect(deployment.resolve(urlHost(deployment.value(host)))).toBe(urlHost(host));
    }),
  );
});
