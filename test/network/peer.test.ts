import * as fc from 'fast-check';
import { PolicyEvaluator } from '../../src/network/evaluator';
import type { Endpoint } from '../../src/network/evaluator-model';
import { Connections } from '../../src/network/connections';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Cluster } from '../../src/platform/cluster';
import { hostileText } from '../core/hostile';
import { accepted, refused } from '../core/refused';

/** Whether a pod of namespace `own` may talk to somebody when its policy names this peer and nobody else. */
function reaches(peer: Peer, to: Endpoint): boolean {
  const evaluator = new PolicyEvaluator({
    namespaces: [
      { name: 'own' },
      { name: 'shop', labels: { team: 'shop' } },
      { name: 'bank', labels: { team: 'bank' } },
    ],
    policies: [
      {
        metadata: { name: 'p', namespace: 'own' },
        spec: {
          policyTypes: ['Egress'],
          egress: [{ to: peer.toPolicyPeers(), ports: [{ protocol: 'TCP', port: 443 }] }],
        },
      },
    ],
  });
  return evaluator.mayConnect({ from: { kind: 'pod', namespace: 'own', labels: {} }, to, port: 443 }).allowed;
}

const pod = (namespace: string, labels: Record<string, string>): Endpoint => ({ kind: 'pod', namespace, labels });
const address = (ip: string): Endpoint => ({ kind: 'address', ip });

describe('namespace and pods in one peer mean both (AND), which YAML makes easy to confuse with either (OR)', () => {
  const peer = Peer.pods({ namespace: 'shop', labels: { app: 'web' } });

  test('only the pods with the label in that namespace', () => {
    expect(reaches(peer, pod('shop', { app: 'web' }))).toBe(true);
    expect(reaches(peer, pod('shop', { app: 'other' }))).toBe(false);
    expect(reaches(peer, pod('bank', { app: 'web' }))).toBe(false);
  });

  test('either-or is said by anyOf', () => {
    const either = Peer.anyOf(Peer.namespace('shop'), Peer.pods({ namespace: 'bank', labels: { app: 'web' } }));
    expect(reaches(either, pod('shop', { app: 'other' }))).toBe(true);
    expect(reaches(either, pod('bank', { app: 'web' }))).toBe(true);
    expect(reaches(either, pod('bank', { app: 'other' }))).toBe(false);
  });

  test('all labels must be there, not one of them', () => {
    const both = Peer.pods({ namespace: 'shop', labels: { app: 'web', tier: 'front' } });
    expect(reaches(both, pod('shop', { app: 'web', tier: 'front', more: 'x' }))).toBe(true);
    expect(reaches(both, pod('shop', { app: 'web' }))).toBe(false);
  });
});

describe('pods and namespaces', () => {
  test('without a namespace the pods of the own namespace are meant', () => {
    const peer = Peer.pods({ labels: { app: 'web' } });
    expect(reaches(peer, pod('own', { app: 'web' }))).toBe(true);
    expect(reaches(peer, pod('shop', { app: 'web' }))).toBe(false);
  });

  test('a namespace by name is that one, every pod of it, and no address', () => {
    expect(reaches(Peer.namespace('shop'), pod('shop', {}))).toBe(true);
    expect(reaches(Peer.namespace('shop'), pod('own', {}))).toBe(false);
    expect(reaches(Peer.namespace('shop'), address('198.51.100.7'))).toBe(false);
  });

  test('namespaces by label are those that carry it', () => {
    expect(reaches(Peer.namespaces({ team: 'shop' }), pod('shop', {}))).toBe(true);
    expect(reaches(Peer.namespaces({ team: 'shop' }), pod('bank', {}))).toBe(false);
  });

  test('are described in words, for the list of flows', () => {
    expect([
      Peer.pods({ namespace: 'shop', labels: { app: 'web', tier: 'front' } }).description,
      Peer.pods({ labels: { app: 'web' } }).description,
      Peer.namespace('shop').description,
      Peer.namespaces({ team: 'shop' }).description,
      Peer.anyOf(Peer.namespace('shop'), Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] })).description,
      Peer.internet().description,
      Peer.anywhere({ reason: 'a public resolver' }).description,
    ]).toEqual([
      'pods app=web,tier=front in namespace shop',
      'pods app=web',
      'namespace shop',
      'namespaces team=shop',
      'namespace shop or 10.0.0.0/8 except 10.1.0.0/16',
      'the internet',
      'anywhere (a public resolver)',
    ]);
  });
});

describe('a peer that would select more than it says is refused at its own line', () => {
  test.each<[string, () => Peer, string]>([
    ['pods without a label are all pods', () => Peer.pods({ labels: {} }), 'no label means every pod'],
    ['pods without labels', () => Peer.pods({} as never), 'no label means every pod'],
    ['namespaces without a label are all', () => Peer.namespaces({}), 'no label means every namespace'],
    ['namespaces without labels', () => Peer.namespaces(undefined as never), 'no label means every namespace'],
    ['namespaces by a name', () => Peer.namespaces('shop' as never), 'no label means every namespace'],
    [
      'a variable that is not set: undefined would select every namespace',
      () => Peer.namespace(undefined as never),
      'not a namespace name',
    ],
    ['null as a namespace', () => Peer.namespace(null as never), 'not a namespace name'],
    [
      'null as the namespace of pods',
      () => Peer.pods({ labels: { a: 'b' }, namespace: null as never }),
      'not a namespace name',
    ],
    ['an empty namespace', () => Peer.namespace(''), 'not a namespace name'],
    [
      'an empty namespace for pods, which is not the own one',
      () => Peer.pods({ labels: { a: 'b' }, namespace: '' }),
      'not a namespace name',
    ],
    ['a label whose value is not set', () => Peer.pods({ labels: { app: undefined as never } }), 'it must be a string'],
    ['a label with a number', () => Peer.pods({ labels: { app: 5 as never } }), 'it must be a string'],
    ['a label that Kubernetes refuses', () => Peer.pods({ labels: { 'a b': 'c' } }), 'this is not a label'],
    ['a label value that Kubernetes refuses', () => Peer.namespaces({ a: 'b c' }), 'this is not a label'],
    ['anywhere without a reason', () => Peer.anywhere({ reason: ' ' }), 'opening everything needs a reason'],
    ['anywhere without anything', () => Peer.anywhere(undefined as never), 'opening everything needs a reason'],
    ['every address by its network', () => Peer.cidr('0.0.0.0/0'), 'opening every address needs a reason'],
    ['every IPv6 address by its network', () => Peer.cidr('::/0'), 'opening every address needs a reason'],
    ['a list in the place of peers', () => Peer.anyOf([Peer.namespace('a')] as never), 'this is not a Peer'],
    ['a peer that is not there', () => Peer.anyOf(Peer.namespace('a'), undefined as never), 'this is not a Peer'],
  ])('%s', (_what, make, message) => {
    const finding = refused(make);
    expect(finding).toMatchObject({ id: 'network/invalid-peer', level: 'error', fix: 'name exactly who the peer is' });
    expect(finding.message).toContain(message);
    expect(finding.path).toMatch(/^Peer\./);
  });

  test.each<[string, () => Peer, string]>([
    ['Peer.pods', () => Peer.pods({ labels: { a: 'b' }, namespaces: 'shop' } as never), 'core/unknown-property'],
    ['Peer.pods', () => Peer.pods('app=web' as never), 'core/wrong-type'],
    ['Peer.cidr', () => Peer.cidr('10.0.0.0/8', { excepts: ['10.1.0.0/16'] } as never), 'core/unknown-property'],
    ['Peer.cidr', () => Peer.cidr('10.0.0.0/8', { except: '10.1.0.0/16' } as never), 'core/wrong-type'],
  ])('%s with a property that would be ignored', (path, make, id) => {
    const finding = refused(make);
    expect(finding.id).toBe(id);
    expect(finding.path.startsWith(path)).toBe(true);
  });

  test('no name or label of any text makes a peer that Kubernetes refuses or reads as more', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (key, value) => {
        const labels = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as Record<string, string>;
        for (const make of [
          () => Peer.namespace(key),
          () => Peer.pods({ labels, namespace: value }),
          () => Peer.namespaces(labels),
        ]) {
          const peers = accepted(make) ? make().toPolicyPeers() : [];
          // The evaluator refuses what the API server refuses.
          expect(() => reaches(Peer.anyOf(...(accepted(make) ? [make()] : [])), address('10.0.0.1'))).not.toThrow();
          for (const selector of peers.flatMap((each) => [each.namespaceSelector, each.podSelector])) {
            expect(selector === undefined || Object.keys(selector.matchLabels ?? {}).length > 0).toBe(true);
          }
        }
      }),
    );
  });
});

describe('networks', () => {
  test('are those addresses, without the exceptions', () => {
    const peer = Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16', '10.2.0.0/24'] });
    expect(
      ['10.0.0.1', '10.1.0.1', '10.2.0.9', '10.2.1.0', '11.0.0.0'].map((ip) => reaches(peer, address(ip))),
    ).toEqual([true, false, false, true, false]);
  });

  test('of IPv6 too, written in the shortest form', () => {
    expect(Peer.cidr('2001:DB8:0:0::/64').toPolicyPeers()).toEqual([{ ipBlock: { cidr: '2001:db8::/64' } }]);
  });

  test('opening all but some addresses names them, so it needs no other reason', () => {
    const peer = Peer.cidr('0.0.0.0/0', { except: ['10.0.0.0/8'] });
    expect([reaches(peer, address('192.168.0.1')), reaches(peer, address('10.0.0.1'))]).toEqual([true, false]);
  });

  test.each([
    ['an exception outside', '10.0.0.0/8', ['11.0.0.0/16']],
    ['an exception that is wider', '10.1.0.0/16', ['10.0.0.0/8']],
    ['the network itself as exception, which leaves nobody', '10.0.0.0/8', ['10.0.0.0/8']],
    ['an exception of the other family', '10.0.0.0/8', ['fc00::/7']],
    ['an exception that is no network', '10.0.0.0/8', ['10.0.0.1']],
    ['an address without prefix', '10.0.0.1', []],
    ['host bits', '10.0.0.1/8', []],
    ['a name', 'db.example.com', []],
  ])('%s is refused', (_what, cidr, except) => {
    expect(refused(() => Peer.cidr(cidr, { except }))).toMatchObject({ id: 'network/invalid-cidr' });
  });
});

describe('the internet leaves out every network that is not public, in both families', () => {
  /** Independent of the list in the source: networks with an address inside, and what lives there. */
  const CLOSED: readonly [string, string][] = [
    ['0.0.0.1', 'this host (RFC 791)'],
    ['10.0.0.0', 'private (RFC 1918)'],
    ['10.96.0.1', 'the usual Service network of a cluster'],
    ['10.255.255.255', 'private, last address'],
    ['100.64.0.0', 'shared, carrier-grade NAT (RFC 6598)'],
    ['100.100.100.200', 'the metadata service of Alibaba Cloud'],
    ['100.127.255.255', 'shared, last address'],
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'the metadata service of AWS, Azure and Google Cloud'],
    ['169.254.170.23', 'the pod identity agent of EKS'],
    ['169.254.20.10', 'the DNS cache on the node'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private, last address'],
    ['192.0.0.192', 'the metadata service of Oracle Cloud'],
    ['192.168.0.1', 'private'],
    ['198.18.0.0', 'benchmarks (RFC 2544)'],
    ['198.19.255.255', 'benchmarks; pods live there on EKS'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['64:ff9b::a00:1', '10.0.0.1 by NAT64'],
    ['64:ff9b:1::1', 'NAT64 of the own network (RFC 8215)'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'the metadata service of AWS'],
    ['fe80::1', 'link-local'],
    ['febf:ffff::1', 'link-local, last network'],
    ['ff02::1', 'multicast'],
  ];
  const OPEN: readonly string[] = [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '128.0.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
    'fbff::1',
  ];

  test.each(CLOSED)('%s is closed: %s', (ip) => {
    expect(reaches(Peer.internet(), address(ip))).toBe(false);
  });

  test.each(OPEN)('%s is open: it is public, and a neighbour of what is not', (ip) => {
    expect(reaches(Peer.internet(), address(ip))).toBe(true);
  });

  test('every random address of a private network is closed', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateAddress = fc.oneof(
      fc.tuple(octet, octet, octet).map(([a, b, c]) => `10.${a}.${b}.${c}`),
      fc.tuple(fc.integer({ min: 16, max: 31 }), octet, octet).map(([a, b, c]) => `172.${a}.${b}.${c}`),
      fc.tuple(octet, octet).map(([a, b]) => `192.168.${a}.${b}`),
      fc.tuple(octet, octet).map(([a, b]) => `169.254.${a}.${b}`),
      fc.tuple(fc.integer({ min: 64, max: 127 }), octet, octet).map(([a, b, c]) => `100.${a}.${b}.${c}`),
      fc.tuple(fc.integer({ min: 0xfc00, max: 0xfdff }), octet).map(([a, b]) => `${a.toString(16)}::${b.toString(16)}`),
      fc.tuple(fc.integer({ min: 0xfe80, max: 0xfebf }), octet).map(([a, b]) => `${a.toString(16)}::${b.toString(16)}`),
    );
    fc.assert(fc.property(privateAddress, (ip) => !reaches(Peer.internet(), address(ip))));
  });

  test('pods are no part of it when their addresses are private', () => {
    const to: Endpoint = { kind: 'pod', namespace: 'shop', labels: {}, ips: ['10.0.0.7'] };
    expect(reaches(Peer.internet(), to)).toBe(false);
  });

  test('anywhere does mean all of them', () => {
    const anywhere = Peer.anywhere({ reason: 'a test' });
    expect([...CLOSED.map(([ip]) => ip), ...OPEN].filter((ip) => !reaches(anywhere, address(ip)))).toEqual([]);
  });
});

describe('a peer is a value', () => {
  test('anyOf nobody is nobody, and says so; an empty list of peers would mean everybody to Kubernetes', () => {
    expect([Peer.anyOf().isNobody, Peer.anyOf(Peer.anyOf()).isNobody, Peer.internet().isNobody]).toEqual([
      true,
      true,
      false,
    ]);
    expect(Peer.anyOf().toPolicyPeers()).toEqual([]);
  });

  test('what it gives out is a copy', () => {
    const peer = Peer.pods({ labels: { app: 'web' } });
    const [first] = peer.toPolicyPeers();
    (first?.podSelector?.matchLabels as Record<string, string>).app = 'changed';
    expect(peer.toPolicyPeers()).toEqual([{ podSelector: { matchLabels: { app: 'web' } } }]);
  });

  test('labels that change later do not change it', () => {
    const labels: Record<string, string> = { app: 'web' };
    const peers = [Peer.pods({ labels }), Peer.namespaces(labels)];
    labels.app = 'changed';
    expect(JSON.stringify(peers.map((each) => each.toPolicyPeers()))).not.toContain('changed');
  });
});

describe('Peer.apiServer', () => {
  const cluster = (apiServer?: { addresses: string[]; ports?: Port[] }) =>
    Cluster.generic({ name: 'eu-1', kubernetes: '1.33', zones: 3, ...(apiServer === undefined ? {} : { apiServer }) });

  /** Where a pod that may talk to the API server gets to. */
  function gets(peer: Peer, ip: string, port: number): boolean {
    const labels = { app: 'watcher' };
    const watcher = new Connections({
      name: 'watcher',
      cluster: 'eu-1',
      namespace: 'own',
      selector: labels,
      ports: [],
    });
    watcher.allowTo(peer, { reason: 'watches Pods' });
    const evaluator = new PolicyEvaluator({
      policies: [{ metadata: { name: 'watcher', namespace: 'own' }, spec: watcher.toPolicySpec() }],
      namespaces: [{ name: 'own' }],
    });
    const from = { kind: 'pod', namespace: 'own', labels } as const;
    return evaluator.mayConnect({ from, to: { kind: 'address', ip }, port }).allowed;
  }

  test('is the endpoints that the cluster names, with their ports, and nobody else', () => {
    const peer = Peer.apiServer(cluster({ addresses: ['10.0.0.10/32', '10.0.0.11/32'] }));
    expect([443, 6443].map((port) => gets(peer, '10.0.0.11', port))).toEqual([true, true]);
    expect([gets(peer, '10.0.0.12', 443), gets(peer, '10.0.0.10', 22)]).toEqual([false, false]);
  });

  test('takes other ports', () => {
    const peer = Peer.apiServer(cluster({ addresses: ['2001:db8::1/128'], ports: [Port.tcp(16443)] }));
    expect([16443, 443].map((port) => gets(peer, '2001:db8::1', port))).toEqual([true, false]);
  });

  test('of a cluster that does not say where it is, is refused with the line to type', () => {
    expect(refused(() => Peer.apiServer(cluster()))).toMatchObject({
      id: 'network/no-api-server',
      given: '"eu-1"',
      fix: expect.stringContaining('Cluster.generic({ apiServer: { addresses: ["10.0.0.10/32"] } })') as string,
    });
    expect(refused(() => Peer.apiServer(undefined as never)).id).toBe('network/no-api-server');
  });

  test.each([[[]], [['10.0.0.10']], [['0.0.0.0/0']], [['::/0']], [['api.example.com']]])(
    'addresses %j are refused by the cluster',
    (addresses) => {
      expect(refused(() => cluster({ addresses }))).toMatchObject({ id: 'platform/invalid-cluster' });
    },
  );

  test('no ports are refused by the cluster', () => {
    expect(refused(() => cluster({ addresses: ['10.0.0.10/32'], ports: [] })).id).toBe('platform/invalid-cluster');
  });
});
