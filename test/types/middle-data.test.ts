import { ConfigurationError, Deferred, Peer, Postgres, Redis } from '../../src';

/**
 * Each line after `@ts-expect-error` must not compile; the compiler says so when it does. What JavaScript passes all the
 * same is refused when the program runs.
 */
const peer = Peer.cidr('10.20.0.0/24');

test('an external database needs host, network and the number of its connections', () => {
  // @ts-expect-error -- no host
  expect(() => Postgres.external({ peer, maxConnections: 100 })).toThrow(ConfigurationError);
  // @ts-expect-error -- no peer: the policies would keep the pods from it
  expect(() => Postgres.external({ host: 'db', maxConnections: 100 })).toThrow(ConfigurationError);
  // @ts-expect-error -- no number: the budget could not be checked
  expect(() => Postgres.external({ host: 'db', peer })).toThrow(ConfigurationError);
  // @ts-expect-error -- no host
  expect(() => Redis.external({ peer })).toThrow(ConfigurationError);
  // @ts-expect-error -- no peer
  expect(() => Redis.external({ host: 'redis' })).toThrow(ConfigurationError);
});

test('certificates are checked in full, or there are none: nothing in between', () => {
  // @ts-expect-error -- encrypted, but with whom?
  expect(() => Postgres.external({ host: 'db', peer, maxConnections: 100, tls: 'require' })).toThrow(
    ConfigurationError,
  );
});

test('the host may be known at deployment, and the port beside a number for the policies', () => {
  const host = new Deferred<string>('<host>', 'props.host');
  expect(Deferred.isDeferred(Postgres.external({ host, peer, maxConnections: 100 }).serverKey)).toBe(true);
  const port = new Deferred<number>('<port>', 'props.port');
  // @ts-expect-error -- ports stand in policies
  expect(() => Postgres.external({ host, peer, maxConnections: 100, port })).toThrow(ConfigurationError);
  // @ts-expect-error -- the number for the policies is needed now
  expect(() => Redis.external({ host, peer, port: 6379, policyPort: port })).toThrow(ConfigurationError);
  expect(Postgres.external({ host, peer, maxConnections: 100, port, policyPort: 5432 }).kind).toBe('external');
  expect(Redis.external({ host, peer, port: host, policyPort: 6379 }).kind).toBe('external');
  // @ts-expect-error -- a deferred number is no host
  expect(Redis.external({ host: new Deferred<number>('<host>', 'x'), peer }).kind).toBe('external');
});

test('recipes are made by factories, not by literals', () => {
  // @ts-expect-error -- private members keep literals out
  const postgres: Postgres = { kind: 'external', tls: 'verify-full' };
  // @ts-expect-error -- private members keep literals out
  const redis: Redis = { kind: 'external', tls: true };
  expect([postgres instanceof Postgres, redis instanceof Redis]).toEqual([false, false]);
});

test('sizes have units', () => {
  // @ts-expect-error -- gigabytes of what?
  expect(() => Postgres.inCluster({ size: '2' })).toThrow(ConfigurationError);
  // @ts-expect-error -- MiB are a number
  expect(() => Redis.inCluster({ maxMemoryMiB: '256Mi' })).toThrow(ConfigurationError);
});
