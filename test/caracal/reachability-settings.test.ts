import { Cluster } from '../../src/platform/cluster';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Postgres } from '../../src/data/postgres';
import { Redis } from '../../src/data/redis';
import { OUTSIDERS } from './support-peers';
import { type ProbePort, reaches } from './support-reachability';
import { build, worldOf } from './support-world';

/** Settings that move a flow of the matrix to another port or peer. */
const tcp = (port: number): ProbePort => ({ port, protocol: 'TCP' });

test('a cluster that looks up names on another pod port opens that port in place of 53', () => {
  const dns = { peer: OUTSIDERS.dns.peer, ports: [Port.udp(5353), Port.tcp(5353)] };
  const built = build(worldOf('dev'), { cluster: Cluster.kind({ dns }) });
  for (const component of ['api', 'web', 'migrate']) {
    expect(reaches(built, component, 'dns', { port: 5353, protocol: 'UDP' })).toBe(true);
    expect(reaches(built, component, 'dns', { port: 53, protocol: 'UDP' })).toBe(false);
  }
});

test('Redis and Postgres on ports of their own are reached there and nowhere else', () => {
  const built = build(worldOf('production'), {
    redis: Redis.external({ host: 'redis.example.internal', port: 6380, peer: OUTSIDERS.redis.peer }),
    postgres: Postgres.external({
      host: 'pg.example.internal',
      port: 6432,
      peer: OUTSIDERS.postgres.peer,
      maxConnections: 1300,
    }),
  });
  expect(reaches(built, 'sts', 'redis', tcp(6380))).toBe(true);
  expect(reaches(built, 'sts', 'redis', tcp(6379))).toBe(false);
  expect(reaches(built, 'migrate', 'postgres', tcp(6432))).toBe(true);
  expect(reaches(built, 'migrate', 'postgres', tcp(5432))).toBe(false);
});

test('the coordinator reaches an issuer on the port of its origin (addendum A1), and no other service does', () => {
  const built = build(worldOf('dev'), { origins: { console: 'http://localhost:3002', sts: 'http://sts.example.com' } });
  expect(reaches(built, 'coordinator', 'internet', tcp(80))).toBe(true);
  expect(reaches(built, 'coordinator', 'internet', tcp(443))).toBe(false);
  expect(reaches(built, 'sts', 'internet', tcp(80))).toBe(false);
});

test('an issuer that is reached through a peer closes the internet for the coordinator', () => {
  const built = build(worldOf('production'), {
    egress: { issuer: { peer: OUTSIDERS.ingressController.peer, port: Port.tcp(443) } },
  });
  expect(reaches(built, 'coordinator', 'ingressController', tcp(443))).toBe(true);
  expect(reaches(built, 'coordinator', 'internet', tcp(443))).toBe(false);
});

test('egress that is narrowed closes the internet for sts and api', () => {
  const target = { peer: OUTSIDERS.upstream.peer, port: Port.tcp(443) };
  const built = build(worldOf('production'), { egress: { sts: [target], api: [target] } });
  for (const component of ['sts', 'api']) {
    expect(reaches(built, component, 'upstream', tcp(443))).toBe(true);
    expect(reaches(built, component, 'internet', tcp(443))).toBe(false);
  }
});

test('a port of one client does not become a port of another', () => {
  const built = build(worldOf('production'), {
    egress: { gateway: [{ peer: Peer.cidr('10.20.2.0/24'), port: [Port.tcp(8443), Port.tcp(9443)] }] },
  });
  expect(reaches(built, 'gateway', 'upstream', tcp(9443))).toBe(true);
  expect(reaches(built, 'api', 'upstream', tcp(9443))).toBe(false);
  expect(reaches(built, 'gateway', 'secretBackend', tcp(9443))).toBe(false);
});
