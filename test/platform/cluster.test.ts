import * as fc from 'fast-check';
import { ConfigurationError, type Finding } from '../../src/core/errors';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Cluster, type ClusterProps } from '../../src/platform/cluster';
import { hostileText } from '../core/hostile';
import { accepted, refused } from '../core/refused';

const minimal: ClusterProps = { name: 'eu-1', kubernetes: '1.33', zones: 3 };
const generic = (more: object): Cluster => Cluster.generic({ ...minimal, ...more });

function findings(make: () => unknown): readonly Finding[] {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).findings;
  }
  return [];
}

describe('Cluster.generic', () => {
  test('assumes kube-dns, enforced policies and metrics, and nothing else that may be missing', () => {
    const cluster = Cluster.generic(minimal);
    expect(cluster).toMatchObject({
      name: 'eu-1',
      kubernetesMinor: 33,
      zones: 3,
      enforcesNetworkPolicies: true,
      metricsServer: true,
      ingressController: undefined,
      prometheus: undefined,
      storageClass: undefined,
    });
    expect(cluster.dns.peer.toPolicyPeers()).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
    ]);
    expect(cluster.dns.ports.map(String)).toEqual(['UDP/53', 'TCP/53']);
  });

  test('takes what is given', () => {
    const [ingressController, peer] = [Peer.namespace('traefik'), Peer.namespace('monitoring')];
    const dns = { peer: Peer.cidr('169.254.20.10/32'), ports: [Port.udp(5353)] };
    const cluster = generic({
      ingressController,
      prometheus: { peer, selectorLabels: { release: 'kps' } },
      dns,
      enforcesNetworkPolicies: false,
      metricsServer: false,
      storageClass: 'fast-ssd',
    });
    expect(cluster).toMatchObject({
      ingressController,
      prometheus: { peer, selectorLabels: { release: 'kps' } },
      enforcesNetworkPolicies: false,
      metricsServer: false,
      storageClass: 'fast-ssd',
    });
    expect(cluster.dns).toEqual(dns);
  });

  test('serves the custom resources that are named, by group and version', () => {
    const cluster = generic({ customResources: ['monitoring.coreos.com/v1', 'gateway.networking.k8s.io/v1alpha2'] });
    expect(cluster.serves('monitoring.coreos.com/v1')).toBe(true);
    expect(cluster.serves('gateway.networking.k8s.io/v1alpha2')).toBe(true);
    expect(cluster.serves('monitoring.coreos.com/v1beta1')).toBe(false);
    expect(Cluster.generic(minimal).serves('monitoring.coreos.com/v1')).toBe(false);
  });

  test('keeps what it was given when that changes later', () => {
    const selectorLabels: Record<string, string> = { release: 'a' };
    const ports = [Port.udp(53)];
    const customResources = ['cert-manager.io/v1'];
    const cluster = generic({
      prometheus: { peer: Peer.namespace('m'), selectorLabels },
      dns: { peer: Peer.namespace('kube-system'), ports },
      customResources,
    });
    selectorLabels.release = 'b';
    ports.push(Port.tcp(1));
    customResources.push('a.b/v1');
    expect([cluster.prometheus?.selectorLabels, cluster.dns.ports.length, cluster.serves('a.b/v1')]).toEqual([
      { release: 'a' },
      1,
      false,
    ]);
  });
});

describe('Cluster.kind', () => {
  test('is one machine: one zone, no metrics, and a name', () => {
    expect(Cluster.kind()).toMatchObject({
      name: 'kind',
      zones: 1,
      metricsServer: false,
      enforcesNetworkPolicies: true,
      ingressController: undefined,
      prometheus: undefined,
    });
    expect(Cluster.kind().kubernetesMinor).toBeGreaterThanOrEqual(30);
  });

  test('takes what is given in the place of its defaults', () => {
    expect(Cluster.kind({ name: 'laptop', zones: 3, kubernetes: '1.31', metricsServer: true })).toMatchObject({
      name: 'laptop',
      zones: 3,
      kubernetesMinor: 31,
      metricsServer: true,
    });
  });

  test('undefined counts as absent, as in a conditional spread', () => {
    const props = { name: undefined, zones: undefined, kubernetes: undefined, metricsServer: undefined };
    expect(Cluster.kind(props as never)).toMatchObject({ name: 'kind', zones: 1, metricsServer: false });
  });

  test('refuses as Cluster.generic does, under its own name', () => {
    expect(refused(() => Cluster.kind({ zones: 0 }))).toMatchObject({
      id: 'platform/invalid-cluster',
      path: 'Cluster.kind.zones',
    });
    expect(refused(() => Cluster.kind({ zone: 2 } as never)).path).toBe('Cluster.kind.zone');
  });
});

describe('each property that is wrong is refused, with the way to find the right value', () => {
  const peer = Peer.namespace('monitoring');

  test.each<[string, object, string, string]>([
    ['no name', { name: undefined }, 'platform/invalid-cluster', 'name'],
    ['an empty name', { name: '' }, 'platform/invalid-cluster', 'name'],
    ['a name in upper case', { name: 'EU' }, 'platform/invalid-cluster', 'name'],
    ['a name that is no text', { name: 5 }, 'core/wrong-type', 'name'],
    ['no version', { kubernetes: undefined }, 'platform/invalid-cluster', 'kubernetes'],
    ['a version before native preStop sleep', { kubernetes: '1.29' }, 'platform/invalid-cluster', 'kubernetes'],
    ['a version with a v', { kubernetes: 'v1.33' }, 'platform/invalid-cluster', 'kubernetes'],
    ['a version with patch', { kubernetes: '1.33.2' }, 'platform/invalid-cluster', 'kubernetes'],
    ['a version with "v"', { kubernetes: 'v1.33' }, 'platform/invalid-cluster', 'kubernetes'],
    ['a version as number: 1.30 is 1.3', { kubernetes: 1.3 }, 'core/wrong-type', 'kubernetes'],
    ['no zones', { zones: undefined }, 'platform/invalid-cluster', 'zones'],
    ['zero zones', { zones: 0 }, 'platform/invalid-cluster', 'zones'],
    ['half a zone', { zones: 1.5 }, 'core/wrong-type', 'zones'],
    ['zones by name', { zones: ['a', 'b'] }, 'core/wrong-type', 'zones'],
    ['an ingress controller by name', { ingressController: 'traefik' }, 'core/wrong-type', 'ingressController'],
    [
      'an ingress controller that is nobody',
      { ingressController: Peer.anyOf() },
      'platform/invalid-cluster',
      'ingressController',
    ],
    ['a Prometheus by its peer alone', { prometheus: peer }, 'core/wrong-type', 'prometheus'],
    ['DNS by its peer alone', { dns: peer }, 'core/wrong-type', 'dns'],
    ['Prometheus without labels', { prometheus: { peer } }, 'platform/invalid-cluster', 'prometheus'],
    ['Prometheus without peer', { prometheus: { selectorLabels: {} } }, 'platform/invalid-cluster', 'prometheus'],
    [
      'Prometheus that is nobody',
      { prometheus: { peer: Peer.anyOf(), selectorLabels: {} } },
      'platform/invalid-cluster',
      'prometheus',
    ],
    [
      'a label that is a number',
      { prometheus: { peer, selectorLabels: { a: 5 } } },
      'platform/invalid-cluster',
      'prometheus.selectorLabels',
    ],
    [
      'a label that Kubernetes refuses',
      { prometheus: { peer, selectorLabels: { 'a b': 'c' } } },
      'platform/invalid-cluster',
      'prometheus.selectorLabels',
    ],
    ['labels as text', { prometheus: { peer, selectorLabels: 'a=b' } }, 'core/wrong-type', 'prometheus.selectorLabels'],
    [
      'a misspelt property of Prometheus',
      { prometheus: { peer, selectorLabels: {}, labels: {} } },
      'core/unknown-property',
      'prometheus.labels',
    ],
    ['no DNS peer', { dns: {} }, 'network/no-dns-peer', 'dns'],
    ['a DNS peer that is nobody', { dns: { peer: Peer.anyOf() } }, 'network/no-dns-peer', 'dns'],
    ['no DNS port, which Kubernetes reads as every port', { dns: { peer, ports: [] } }, 'network/no-dns-peer', 'dns'],
    ['a DNS port that is not in a list', { dns: { peer, ports: Port.udp(53) } }, 'core/wrong-type', 'dns.ports'],
    ['a DNS port as number', { dns: { peer, ports: [53] } }, 'core/wrong-type', 'dns.ports[0]'],
    ['a misspelt property of DNS', { dns: { peer, port: [Port.udp(53)] } }, 'core/unknown-property', 'dns.port'],
    ['a DNS peer by address', { dns: { peer: '10.96.0.10' } }, 'core/wrong-type', 'dns.peer'],
    ['no family of addresses', { ipFamilies: [] }, 'platform/invalid-cluster', 'ipFamilies'],
    ['a family twice', { ipFamilies: ['IPv4', 'IPv4'] }, 'platform/invalid-cluster', 'ipFamilies'],
    ['a family that is none', { ipFamilies: ['IPv4', 6] }, 'core/wrong-type', 'ipFamilies[1]'],
    ['users given, as text', { assignsPodUsers: 'yes' }, 'core/wrong-type', 'assignsPodUsers'],
    ['the name of a mesh', { mesh: 'istio' }, 'core/wrong-type', 'mesh'],
    ['policies enforced as text', { enforcesNetworkPolicies: 'false' }, 'core/wrong-type', 'enforcesNetworkPolicies'],
    ['metrics as number', { metricsServer: 1 }, 'core/wrong-type', 'metricsServer'],
    ['a storage class with spaces', { storageClass: 'fast ssd' }, 'platform/invalid-cluster', 'storageClass'],
    [
      'an empty storage class, which switches provisioning off',
      { storageClass: '' },
      'platform/invalid-cluster',
      'storageClass',
    ],
    [
      'a custom resource without version',
      { customResources: ['monitoring.coreos.com'] },
      'platform/invalid-cluster',
      'customResources',
    ],
    [
      'a custom resource by kind',
      { customResources: ['ServiceMonitor'] },
      'platform/invalid-cluster',
      'customResources',
    ],
    [
      'a built-in API, which need not be named',
      { customResources: ['apps/v1'] },
      'platform/invalid-cluster',
      'customResources',
    ],
    ['custom resources as text', { customResources: 'cert-manager.io/v1' }, 'core/wrong-type', 'customResources'],
    ['a near miss', { zone: 3 }, 'core/unknown-property', 'zone'],
    ['a property that every object inherits', { toString: 'a' }, 'core/unknown-property', 'toString'],
  ])('%s', (_what, more, id, property) => {
    expect(refused(() => generic(more))).toMatchObject({
      id,
      level: 'error',
      path: `Cluster.generic.${property}`,
      message: expect.any(String) as string,
      given: expect.any(String) as string,
      fix: expect.any(String) as string,
    });
  });

  test('all of them are in one report, those of types and those of contents together', () => {
    const make = () =>
      Cluster.generic({
        name: 'EU',
        kubernetes: '1.29',
        zones: 0,
        zone: 1,
        ingressController: 'traefik',
        dns: {},
        prometheus: {},
        storageClass: 'a b',
        metricsServer: 'yes',
        customResources: ['x', 'monitoring.coreos.com/v1', 'y'],
      } as never);
    expect(
      findings(make)
        .map(({ path, id }) => `${path.replace('Cluster.generic.', '')} ${id}`)
        .sort(),
    ).toEqual([
      'customResources platform/invalid-cluster',
      'customResources platform/invalid-cluster',
      'dns network/no-dns-peer',
      'ingressController core/wrong-type',
      'kubernetes platform/invalid-cluster',
      'metricsServer core/wrong-type',
      'name platform/invalid-cluster',
      'prometheus platform/invalid-cluster',
      'storageClass platform/invalid-cluster',
      'zone core/unknown-property',
      'zones platform/invalid-cluster',
    ]);
    expect(make).toThrow(/^11 problems in Cluster\.generic:\n/);
  });

  test.each([undefined, null, 'eu-1', 5, []])('%p in the place of the properties is one finding', (props) => {
    expect(refused(() => Cluster.generic(props as never))).toMatchObject({
      id: 'core/wrong-type',
      path: 'Cluster.generic',
    });
  });

  test.each(['1.30', '1.31', '1.36', '1.100'] as const)('Kubernetes %s is new enough', (kubernetes) => {
    expect(generic({ kubernetes }).kubernetesMinor).toBe(Number(kubernetes.slice(2)));
  });
});

test('hostile names, labels and classes are refused, or are what Kubernetes takes', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const ways: [object, RegExp][] = [
        [{ name: text }, /^[a-z0-9-]+$/],
        [{ storageClass: text }, /^[a-z0-9.-]+$/],
        [{ customResources: [text] }, /^[a-z0-9.-]+\/v\w+$/],
        [{ prometheus: { peer: Peer.namespace('m'), selectorLabels: { a: text } } }, /^[\w.-]*$/],
        [
          {
            prometheus: {
              peer: Peer.namespace('m'),
              selectorLabels: JSON.parse(`{${JSON.stringify(text)}:"a"}`) as object,
            },
          },
          /^[\w.\-/]+$/,
        ],
        [{ kubernetes: text }, /^1\.\d+$/],
      ];
      const wrong = ways.filter(([more, plain]) => accepted(() => generic(more)) && !plain.test(text));
      expect(wrong).toEqual([]);
    }),
  );
});

test('a version as git tags write it is answered with the right spelling', () => {
  expect(refused(() => generic({ kubernetes: 'v1.33' })).fix).toBe('write kubernetes: "1.33"');
});
