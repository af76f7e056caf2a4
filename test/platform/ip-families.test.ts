import { type AddressFamily, Peer, Port, Postgres, Redis, SecretSource } from '../../src';
import type { CaracalStackProps } from '../../src/caracal';
import { Component } from '../../src/workload/component';
import { OneShotJob } from '../../src/workload/one-shot-job';
import { caracal, clusterWith, devProps, publishedProps } from '../caracal/fixture';
import { findingsWith, openErrorIds } from '../support/findings';
import { testCluster, testComponentSpec, testJobContent, testStack, testStatefulSpec } from '../support/ledger';

interface Service {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly ipFamilyPolicy?: string; readonly ipFamilies?: string[] };
}

const FAMILIES: Readonly<Record<string, readonly AddressFamily[]>> = {
  IPv4: ['IPv4'],
  'IPv6 only': ['IPv6'],
  'dual stack': ['IPv4', 'IPv6'],
  'dual stack, IPv6 first': ['IPv6', 'IPv4'],
};

const published = (ipFamilies: readonly AddressFamily[] | undefined): CaracalStackProps =>
  publishedProps({ cluster: clusterWith(ipFamilies === undefined ? {} : { ipFamilies }) });

const servicesOf = (props: CaracalStackProps): Service[] =>
  (caracal(props).toJson() as Service[]).filter(({ kind }) => kind === 'Service');

/** What the containers of the six services are told to listen on. */
function hosts(props: CaracalStackProps): string[] {
  const { sts, gateway, audit, api, coordinator, web } = caracal(props);
  return [sts, gateway, audit, api, coordinator, web].map(({ spec }) => String(spec.env.HOST));
}

describe('where programs listen', () => {
  it.each([
    ['a cluster that says nothing', undefined, '0.0.0.0'],
    ['IPv4', FAMILIES.IPv4, '0.0.0.0'],
    ['IPv6 only', FAMILIES['IPv6 only'], '::'],
    ['dual stack', FAMILIES['dual stack'], '::'],
    ['dual stack, IPv6 first', FAMILIES['dual stack, IPv6 first'], '::'],
  ])('%s', (_name, families, host) => {
    expect(new Set(hosts(published(families)))).toEqual(new Set([host]));
  });
});

describe('Services', () => {
  it.each(['IPv4', 'IPv6 only'])('%s: Kubernetes gives the only family by itself', (name) => {
    for (const { spec } of servicesOf(published(FAMILIES[name]))) {
      expect(spec).not.toHaveProperty('ipFamilyPolicy');
      expect(spec).not.toHaveProperty('ipFamilies');
    }
  });

  it.each(['dual stack', 'dual stack, IPv6 first'])('%s: each has both, the headless ones too', (name) => {
    const services = servicesOf(published(FAMILIES[name]));
    expect(services.some(({ metadata }) => metadata.name.endsWith('-headless'))).toBe(true);
    expect(services.filter(({ spec }) => spec.ipFamilyPolicy !== 'PreferDualStack')).toEqual([]);
    expect(services.filter(({ spec }) => spec.ipFamilies !== undefined)).toEqual([]);
  });

  it('a program that listens on one family has that one, so that nobody tries the other in vain', () => {
    const services = servicesOf(devProps({ cluster: clusterWith({ ipFamilies: ['IPv4', 'IPv6'] }) }));
    const redis = services.filter(({ metadata }) => metadata.name.includes('-redis'));
    expect(redis).toHaveLength(2);
    for (const { spec } of redis) {
      expect(spec).toMatchObject({ ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'] });
    }
    expect(services.filter(({ spec }) => spec.ipFamilyPolicy === 'PreferDualStack').length).toBeGreaterThan(6);
  });
});

describe('programs that listen on no address of the cluster', () => {
  it('the Redis of dev on a cluster without IPv4', () => {
    const cluster = clusterWith({ ipFamilies: ['IPv6'] });
    const [finding, ...others] = findingsWith(caracal(devProps({ cluster })), 'network/unserved-family');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ level: 'error', path: expect.stringContaining('redis') });
  });

  it.each([['IPv4'], ['dual stack']])('control: %s', (name) => {
    const cluster = clusterWith({ ipFamilies: FAMILIES[name] ?? [] });
    expect(findingsWith(caracal(devProps({ cluster })), 'network/unserved-family')).toEqual([]);
  });

  it('control: a Redis outside, and the Postgres of dev, which listens on both', () => {
    const redis = Redis.external({ host: 'redis.example.internal', peer: Peer.cidr('2001:db8:1::/64') });
    const props = devProps({ cluster: clusterWith({ ipFamilies: ['IPv6'] }), redis });
    expect(openErrorIds(caracal(props))).toEqual([]);
  });

  it('a component of the user', () => {
    const stack = testStack({ cluster: testCluster({ ipFamilies: ['IPv4'] }) });
    new Component(stack, 'six', testStatefulSpec({ component: 'six', ipFamilies: ['IPv6'] }));
    new Component(stack, 'four', testComponentSpec({ component: 'four', ipFamilies: ['IPv4'] }));
    expect(findingsWith(stack, 'network/unserved-family').map(({ path }) => path)).toEqual([
      expect.stringMatching(/six$/),
    ]);
  });
});

describe('flows to addresses of a family that the cluster does not have', () => {
  const V4 = Peer.cidr('10.30.0.0/16');
  const V6 = Peer.cidr('2001:db8::/32');

  it.each<[string, readonly AddressFamily[], Peer, number]>([
    ['IPv4 from IPv6 only', ['IPv6'], V4, 2],
    ['IPv6 from IPv4', ['IPv4'], V6, 2],
    ['IPv6 from IPv6 only', ['IPv6'], V6, 0],
    ['IPv4 from IPv4', ['IPv4'], V4, 0],
    ['both from either', ['IPv6'], Peer.anyOf(V4, V6), 0],
    ['IPv6 from dual stack', ['IPv4', 'IPv6'], V6, 0],
    ['the internet from IPv6 only', ['IPv6'], Peer.internet(), 0],
    ['anywhere from IPv4', ['IPv4'], Peer.anywhere({ reason: 'probes of anybody' }), 0],
    ['pods', ['IPv6'], Peer.namespace('monitoring'), 0],
    [
      'the API server by its IPv4 address, from IPv6 only',
      ['IPv6'],
      Peer.apiServer(testCluster({ apiServer: { addresses: ['10.0.0.10/32'] } })),
      2,
    ],
    [
      'the API server by its IPv6 address, from IPv6 only',
      ['IPv6'],
      Peer.apiServer(testCluster({ apiServer: { addresses: ['2001:db8::10/128'] } })),
      0,
    ],
  ])('%s', (_name, ipFamilies, peer, count) => {
    const stack = testStack({ cluster: testCluster({ ipFamilies }) });
    const pods = [new Component(stack, 'server', testComponentSpec()), new OneShotJob(stack, 'job', testJobContent())];
    pods.forEach(({ connections }) => connections.allowTo(peer, { port: Port.tcp(443), reason: 'calls it' }));
    const found = findingsWith(stack, 'network/other-family');
    expect(found).toHaveLength(count);
    expect(found.every(({ level, message }) => level === 'warning' && message.includes('calls it'))).toBe(true);
  });
});

describe('hosts that are IPv6 addresses', () => {
  it('stand in brackets in URLs, and alone where a variable holds the host', () => {
    const stack = caracal(
      devProps({
        cluster: clusterWith({ ipFamilies: ['IPv6'] }),
        secrets: SecretSource.derivedForDev('an example passphrase'),
        postgres: Postgres.external({ host: '2001:db8::5', peer: Peer.cidr('2001:db8::5/128'), maxConnections: 900 }),
        redis: Redis.external({ host: '2001:db8::6', peer: Peer.cidr('2001:db8::6/128') }),
      }),
    );
    const objects = stack.toJson() as {
      kind: string;
      stringData?: Record<string, string>;
      data?: Record<string, string>;
    }[];
    const secret = objects.find(
      ({ kind, stringData, data }) => kind === 'Secret' && (stringData ?? data) !== undefined,
    );
    const texts = Object.values({
      ...secret?.stringData,
      ...Object.fromEntries(
        Object.entries(secret?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
      ),
    });
    const urls = texts.filter((text) => /^(?:postgres|rediss?):/.test(text));
    expect(urls.length).toBeGreaterThan(5);
    expect(urls.filter((url) => !/@\[2001:db8::[56]\]:\d+\//.test(url))).toEqual([]);
    expect(stack.migration.spec.env.PGHOST).toBe('2001:db8::5');
  });
});
