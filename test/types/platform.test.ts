import { Deferred } from '../../src/core/value';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Cluster, type ClusterProps } from '../../src/platform/cluster';
import { type ProfileName, profileSettings } from '../../src/platform/profile';

/** What must not compile in platform; see core.test.ts for how to read it. */

const cluster: ClusterProps = { name: 'eu-1', kubernetes: '1.33', zones: 3 };
const { name, kubernetes, zones } = cluster;

describe('a cluster says what cannot be guessed', () => {
  test('its name, version and zones', () => {
    expect(Cluster.generic({ name, kubernetes, zones }).zones).toBe(3);
    // @ts-expect-error -- no name
    expect(() => Cluster.generic({ kubernetes, zones })).toThrow();
    // @ts-expect-error -- no version
    expect(() => Cluster.generic({ name, zones })).toThrow();
    // @ts-expect-error -- no zones
    expect(() => Cluster.generic({ name, kubernetes })).toThrow();
    // @ts-expect-error -- nothing
    expect(() => Cluster.generic()).toThrow();
  });

  test('the version is text: as a number, 1.30 is 1.3', () => {
    expect(Cluster.generic({ ...cluster, kubernetes: '1.30' }).kubernetesMinor).toBe(30);
    // @ts-expect-error -- a number
    expect(() => Cluster.generic({ ...cluster, kubernetes: 1.3 })).toThrow();
    // @ts-expect-error -- a "v" in front
    expect(() => Cluster.generic({ ...cluster, kubernetes: 'v1.33' })).toThrow();
    // @ts-expect-error -- another major version
    expect(() => Cluster.generic({ ...cluster, kubernetes: '2.0' })).toThrow();
    // @ts-expect-error -- a name
    expect(() => Cluster.generic({ ...cluster, kubernetes: 'latest' })).toThrow();
  });

  test('nothing of it is deferred: it decides which objects there are', () => {
    // @ts-expect-error -- a deferred name
    expect(() => Cluster.generic({ ...cluster, name: new Deferred<string>('<n>', 'props.name') })).toThrow();
    // @ts-expect-error -- a deferred count
    expect(() => Cluster.generic({ ...cluster, zones: new Deferred<number>('<z>', 'props.zones') })).toThrow();
  });

  test('peers are peers', () => {
    const peer = Peer.namespace('monitoring');
    const prometheus = { peer, selectorLabels: {} };
    expect(Cluster.generic({ ...cluster, prometheus, dns: { peer, ports: [Port.udp(53)] } }).prometheus).toBeDefined();
    // @ts-expect-error -- the name of a namespace
    expect(() => Cluster.generic({ ...cluster, ingressController: 'traefik' })).toThrow();
    // @ts-expect-error -- which labels does its selector want?
    expect(() => Cluster.generic({ ...cluster, prometheus: { peer } })).toThrow();
    // @ts-expect-error -- who scrapes?
    expect(() => Cluster.generic({ ...cluster, prometheus: { selectorLabels: {} } })).toThrow();
    // @ts-expect-error -- settings around the peer
    expect(() => Cluster.generic({ ...cluster, prometheus: peer })).toThrow();
    // @ts-expect-error -- a number is no Port
    expect(() => Cluster.generic({ ...cluster, dns: { peer, ports: [53] } })).toThrow();
  });

  test('a misspelt property', () => {
    // @ts-expect-error -- zones
    expect(() => Cluster.generic({ ...cluster, zone: 3 })).toThrow();
  });

  test('a kind cluster needs nothing, and takes nothing unknown either', () => {
    expect(Cluster.kind().name).toBe('kind');
    // @ts-expect-error -- zones
    expect(() => Cluster.kind({ zone: 3 })).toThrow();
  });

  test('is made by the presets only, and cannot be changed', () => {
    // @ts-expect-error -- private
    expect(() => new Cluster('here', { ...cluster, zones: 0 })).toThrow();
    const made = Cluster.generic(cluster);
    // @ts-expect-error -- readonly
    made.zones = 1;
    // @ts-expect-error -- plain data is no Cluster
    const plain: Cluster = { ...cluster };
    expect(plain).not.toBeInstanceOf(Cluster);
  });
});

describe('profiles', () => {
  test('are three', () => {
    const names: readonly ProfileName[] = ['production', 'rc', 'dev'];
    expect(names.map((each) => profileSettings(each).minimumReplicas)).toEqual([2, 2, 1]);
    // @ts-expect-error -- no such profile
    expect(() => profileSettings('staging')).toThrow();
    // @ts-expect-error -- any text
    expect(() => profileSettings(String('prod'))).toThrow();
  });

  test('are not switches: a setting cannot be turned', () => {
    const settings = profileSettings('production');
    // @ts-expect-error -- readonly
    expect(() => (settings.digestRequired = false)).toThrow(TypeError);
  });

  test('have settings that widen to their kind, so that a rule is not written against one profile', () => {
    const spread: 'hard' | 'soft' | 'none' = profileSettings('rc').zoneSpread;
    // @ts-expect-error -- no such spread
    const wrong: 'hard' | 'medium' = profileSettings('rc').zoneSpread;
    expect([spread, wrong]).toEqual(['soft', 'soft']);
  });
});
