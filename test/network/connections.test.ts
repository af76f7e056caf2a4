import { Connections, type ConnectionSubject, type IConnectable } from '../../src/network/connections';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { refused } from '../core/refused';

const http = Port.tcp(8080);
const reason = 'a test';

/** Pods with connections; more of the subject where a test needs it. */
function side(
  name: string,
  more: Partial<ConnectionSubject> = {},
): IConnectable & { readonly connections: Connections } {
  return {
    connections: new Connections({
      name,
      cluster: 'eu-1',
      namespace: 'caracal',
      selector: { component: name },
      ports: [http],
      ...more,
    }),
  };
}

/** The policy with both directions, where a closed one is an empty list. */
const spec = ({ connections }: IConnectable) => ({ ingress: [], egress: [], ...connections.toPolicySpec() });
const pods = (name: string) => ({ podSelector: { matchLabels: { component: name } } });
const tcp = (port: number) => ({ protocol: 'TCP', port });

describe('what was not declared is closed', () => {
  test('pods without any flow are isolated in both directions', () => {
    expect(side('sts').connections.toPolicySpec()).toStrictEqual({
      podSelector: { matchLabels: { component: 'sts' } },
      policyTypes: ['Ingress', 'Egress'],
      // No empty lists: the API server drops them, and every later comparison would find a difference.
    });
  });
});

describe('a flow between two components', () => {
  test('opens both sides by one declaration, on the port of the accepting side', () => {
    const [gateway, sts] = [side('gateway', { ports: [Port.tcp(9000)] }), side('sts')];
    gateway.connections.allowTo(sts, { reason });
    expect(spec(gateway).egress).toEqual([{ to: [pods('sts')], ports: [tcp(8080)] }]);
    expect(spec(sts).ingress).toEqual([{ from: [pods('gateway')], ports: [tcp(8080)] }]);
    expect([spec(gateway).ingress, spec(sts).egress]).toEqual([[], []]);
  });

  test('is the same whichever side declares it', () => {
    const [a, b, c, d] = [side('x'), side('y'), side('x'), side('y')];
    a.connections.allowTo(b, { reason });
    d.connections.allowFrom(c, { reason });
    expect([spec(a), spec(b)]).toEqual([spec(c), spec(d)]);
    expect([a.connections.flows, b.connections.flows]).toEqual([c.connections.flows, d.connections.flows]);
  });

  test('narrowed to a port leaves the others closed', () => {
    const [a, b] = [side('a'), side('b', { ports: [http, Port.tcp(9090)] })];
    a.connections.allowTo(b, { port: Port.tcp(9090), reason });
    expect(spec(b).ingress).toEqual([{ from: [pods('a')], ports: [tcp(9090)] }]);
  });

  test('of pods with themselves opens both directions: replicas of one component talk', () => {
    const a = side('a');
    a.connections.allowTo(a, { reason });
    expect(spec(a)).toMatchObject({
      ingress: [{ from: [pods('a')], ports: [tcp(8080)] }],
      egress: [{ to: [pods('a')], ports: [tcp(8080)] }],
    });
  });
});

describe('declaring is repeatable and has no order', () => {
  type Declare = (a: IConnectable, b: IConnectable) => void;
  const declarations: readonly Declare[] = [
    (a, b) => a.connections.allowTo(b, { reason }),
    (a, b) => b.connections.allowTo(a, { port: [Port.tcp(2), Port.tcp(1)], reason }),
    (a) => a.connections.allowTo(Peer.pods({ labels: { p: '1', q: '2' } }), { port: Port.tcp(443), reason }),
    (a) => a.connections.allowTo(Peer.pods({ labels: { q: '2', p: '1' } }), { port: Port.udp(443), reason: 'another' }),
    (a) => a.connections.allowFrom(Peer.namespace('monitoring'), { reason }),
    (a) => a.connections.allowTo(Peer.internet(), { port: [Port.tcp(443), Port.tcp(80)], reason }),
  ];
  const bytes = (order: readonly Declare[]): string => {
    const [a, b] = [side('a'), side('b')];
    order.forEach((declare) => declare(a, b));
    return JSON.stringify([spec(a), spec(b)]);
  };

  test('in any order the policies are the same, to the byte', () => {
    const expected = bytes(declarations);
    const rotations = declarations.map((_, at) => [...declarations.slice(at), ...declarations.slice(0, at)]);
    expect([[...declarations].reverse(), ...rotations].map(bytes)).toEqual(Array(7).fill(expected));
  });

  test('negative control: one declaration less is other bytes', () => {
    const expected = bytes(declarations);
    const fewer = declarations.map((_, at) => bytes(declarations.filter((__, index) => index !== at)));
    expect(fewer.filter((each) => each === expected)).toEqual([]);
  });

  test('twice is once', () => {
    expect(bytes([...declarations, ...declarations])).toBe(bytes(declarations));
  });

  test('flows of one peer become one rule with all of their ports, sorted', () => {
    const a = side('a');
    [443, 80, 8080].forEach((port) => a.connections.allowTo(Peer.cidr('10.0.0.0/8'), { port: Port.tcp(port), reason }));
    expect(spec(a).egress).toEqual([
      { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [tcp(443), tcp(80), tcp(8080)] },
    ]);
  });

  test('rendering reads only: it can be done twice, and what it gave out can be changed', () => {
    const a = side('a');
    a.connections.allowTo(Peer.namespace('monitoring'), { port: http, reason });
    const first = spec(a);
    const before = JSON.stringify(first);
    (first.podSelector?.matchLabels as Record<string, string>).component = 'changed';
    first.egress?.splice(0);
    expect(JSON.stringify(spec(a))).toBe(before);
  });
});

describe('ports are read when policies are rendered', () => {
  test('a component that gets its port after the flow was declared', () => {
    const ports: Port[] = [];
    const [a, b] = [side('a'), side('b', { ports })];
    a.connections.allowTo(b, { reason });
    ports.push(Port.tcp(7000));
    expect(spec(a).egress).toEqual([{ to: [pods('b')], ports: [tcp(7000)] }]);
    expect(spec(b).ingress).toEqual([{ from: [pods('a')], ports: [tcp(7000)] }]);
  });

  test('a component that never gets one is an error: without ports, Kubernetes opens them all', () => {
    const [a, b] = [side('a'), side('b', { ports: [] })];
    a.connections.allowTo(b, { reason: 'reads tokens' });
    for (const each of [a, b]) {
      expect(refused(() => spec(each))).toMatchObject({
        id: 'network/no-port',
        message: 'the flow "reads tokens" has no port, which Kubernetes reads as every port',
        fix: 'name the port, or give the accepting component a port',
      });
    }
  });

  test('from a foreign peer, the ports of the own side are meant', () => {
    const a = side('a', { ports: [http, Port.tcp(9090)] });
    a.connections.allowFrom(Peer.namespace('traefik'), { reason });
    expect(spec(a).ingress?.[0]?.ports).toEqual([tcp(8080), tcp(9090)]);
  });

  test('a list of ports that changes later does not change the flow', () => {
    const a = side('a');
    const port = [Port.tcp(443)];
    a.connections.allowTo(Peer.namespace('x'), { port, reason });
    port.push(Port.tcp(22));
    expect(spec(a).egress?.[0]?.ports).toEqual([tcp(443)]);
  });
});

describe('two stacks', () => {
  test('in two namespaces of one cluster: both sides name the namespace of the other', () => {
    const [a, b] = [side('a', { namespace: 'one' }), side('b', { namespace: 'two' })];
    a.connections.allowTo(b, { reason });
    const inNamespace = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    });
    expect(spec(a).egress).toEqual([{ to: [{ ...inNamespace('two'), ...pods('b') }], ports: [tcp(8080)] }]);
    expect(spec(b).ingress).toEqual([{ from: [{ ...inNamespace('one'), ...pods('a') }], ports: [tcp(8080)] }]);
  });

  test.each(['allowTo', 'allowFrom'] as const)(
    'in two clusters: %s is an error, since labels mean nothing there',
    (method) => {
      const [a, b] = [side('a'), side('b', { cluster: 'us-1' })];
      expect(refused(() => a.connections[method](b, { reason }))).toEqual({
        id: 'network/other-cluster',
        level: 'error',
        path: 'a',
        message: 'b runs in cluster "us-1", where labels of this cluster mean nothing',
        fix: 'use the address of its public endpoint: Peer.cidr(...)',
      });
      expect([spec(a), spec(b)].flatMap(({ ingress, egress }) => [ingress, egress])).toEqual([[], [], [], []]);
    },
  );
});

describe('a declaration that is not clear is refused at its own line, and nothing of it stays', () => {
  const component = side('a');

  test.each<[string, () => void, string]>([
    ['no reason', () => component.connections.allowTo(side('b'), {} as never), 'network/no-reason'],
    ['an empty reason', () => component.connections.allowTo(side('b'), { reason: ' ' }), 'network/no-reason'],
    [
      'a reason that is no text',
      () => component.connections.allowTo(side('b'), { reason: 5 as never }),
      'network/no-reason',
    ],
    ['no options', () => component.connections.allowFrom(side('b'), undefined as never), 'network/no-reason'],
    [
      'a foreign peer without port',
      () => component.connections.allowTo(Peer.internet(), { reason }),
      'network/no-port',
    ],
    ['an empty list of ports', () => component.connections.allowTo(side('b'), { port: [], reason }), 'network/no-port'],
    [
      'a misspelt port',
      () => component.connections.allowTo(side('b'), { ports: http, reason } as never),
      'core/unknown-property',
    ],
    [
      'a number as port',
      () => component.connections.allowTo(side('b'), { port: 443 as never, reason }),
      'core/wrong-type',
    ],
    [
      'a list with a number',
      () => component.connections.allowTo(side('b'), { port: [http, 443] as never, reason }),
      'core/wrong-type',
    ],
    [
      'a text as peer',
      () => component.connections.allowTo('b' as never, { port: http, reason }),
      'network/invalid-peer',
    ],
    [
      'no peer',
      () => component.connections.allowFrom(undefined as never, { port: http, reason }),
      'network/invalid-peer',
    ],
    [
      'an object as peer',
      () => component.connections.allowTo({ connections: {} } as never, { port: http, reason }),
      'network/invalid-peer',
    ],
  ])('%s', (_what, declare, id) => {
    expect(refused(declare).id).toBe(id);
    expect([component.connections.flows, spec(component).egress, spec(component).ingress]).toEqual([[], [], []]);
  });

  it.each([8443, '8443'])('%j as port is told the line to type', (port) => {
    const declare = () => component.connections.allowTo(side('b'), { port: port as never, reason });
    expect(refused(declare).fix).toBe('write port: Port.tcp(8443)');
  });

  test('the report says which component it was about', () => {
    expect(() => component.connections.allowTo(Peer.internet(), { reason })).toThrow(
      '1 problem in connections of a:\n  [a] network/no-port\n    the internet has no ports of its own. Fix: name the port: { port: Port.tcp(443) }.',
    );
  });
});

describe('a peer that is nobody', () => {
  test('opens nothing: an empty list of peers would open everything', () => {
    const a = side('a');
    a.connections.allowTo(Peer.anyOf(), { port: http, reason });
    a.connections.allowFrom(Peer.anyOf(), { reason });
    expect([spec(a).egress, spec(a).ingress]).toEqual([[], []]);
  });
});

describe('the list of flows is the documentation', () => {
  test('says who, to whom, on which ports and why, from both sides alike', () => {
    const [gateway, sts] = [side('gateway'), side('sts', { ports: [Port.tcp(9000)] })];
    gateway.connections.allowTo(sts, { reason: 'exchanges tokens' });
    gateway.connections.allowTo(Peer.cidr('10.30.0.0/16'), { port: Port.tcp(8443), reason: 'governed upstreams' });
    gateway.connections.allowFrom(Peer.namespace('traefik'), { reason: 'public requests' });
    const exchange = { from: 'gateway', to: 'sts', ports: [Port.tcp(9000)], reason: 'exchanges tokens' };
    expect(gateway.connections.flows).toEqual([
      exchange,
      { from: 'gateway', to: '10.30.0.0/16', ports: [Port.tcp(8443)], reason: 'governed upstreams' },
      { from: 'namespace traefik', to: 'gateway', ports: [http], reason: 'public requests' },
    ]);
    expect(sts.connections.flows).toEqual([exchange]);
  });

  test('names a flow once however often it was declared, and twice for two reasons', () => {
    const [a, b] = [side('a'), side('b')];
    a.connections.allowTo(b, { reason: 'one' });
    b.connections.allowFrom(a, { reason: 'one' });
    a.connections.allowTo(b, { reason: 'two' });
    expect(b.connections.flows.map((flow) => flow.reason)).toEqual(['one', 'two']);
  });
});
