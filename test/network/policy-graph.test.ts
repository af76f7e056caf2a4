import * as fc from 'fast-check';
import { Connections } from '../../src/network/connections';
import { PolicyEvaluator } from '../../src/network/evaluator';
import type { Endpoint, PodEndpoint, PolicyObject } from '../../src/network/evaluator-model';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';

/**
 * From declared flows to answers: random components declare random flows, the policies are rendered, and the evaluator
 * is asked about every pair on every port. What may connect must be exactly what was declared.
 */

const NAMESPACES = ['one', 'two'];
const NUMBERS = [1, 2, 3, 4];
const PORTS = [...NUMBERS.map((each) => Port.tcp(each)), Port.udp(1), Port.tcpRange(2, 3)];

/** Somebody who is no component of ours: its own side is open, since no policy of ours selects it. */
interface Stranger {
  readonly peer: Peer;
  readonly members: readonly Endpoint[];
}

const address = (ip: string): Endpoint => ({ kind: 'address', ip });
const guest = (namespace: string, labels: Record<string, string>): Endpoint => ({ kind: 'pod', namespace, labels });

/** Every endpoint that is not ours, so that also the ones nobody declared are asked about. */
const OUTSIDE: readonly Endpoint[] = [
  guest('guests', { app: 'a' }),
  guest('guests', { app: 'b' }),
  guest('more-guests', { app: 'a' }),
  address('10.0.0.1'),
  address('10.1.0.1'),
  address('198.51.99.7'),
  address('2001:4860::1'),
  address('fd00::1'),
];
const member = (...indices: readonly number[]): Endpoint[] => indices.map((index) => OUTSIDE[index] as Endpoint);
const STRANGERS: readonly Stranger[] = [
  { peer: Peer.pods({ namespace: 'guests', labels: { app: 'a' } }), members: member(0) },
  { peer: Peer.namespace('guests'), members: member(0, 1) },
  { peer: Peer.namespaces({ kind: 'guests' }), members: member(0, 1, 2) },
  { peer: Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }), members: member(3) },
  { peer: Peer.internet(), members: member(5, 6) },
  { peer: Peer.anyOf(Peer.cidr('fd00::/8'), Peer.namespace('more-guests')), members: member(2, 7) },
  { peer: Peer.anyOf(), members: [] },
];

interface Node {
  readonly namespace: string;
  readonly ports: readonly Port[];
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly port: readonly Port[] | undefined;
  readonly declaredBy: 'source' | 'destination';
}

interface Visit {
  readonly node: number;
  readonly stranger: number;
  readonly direction: 'in' | 'out';
  readonly port: readonly Port[];
}

interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly visits: readonly Visit[];
}

const ports = fc.subarray([...PORTS], { minLength: 1, maxLength: 3 });
const graph: fc.Arbitrary<Graph> = fc
  .array(fc.record({ namespace: fc.constantFrom(...NAMESPACES), ports }), { minLength: 1, maxLength: 4 })
  .chain((nodes) => {
    const index = fc.nat(nodes.length - 1);
    return fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(
        fc.record({
          from: index,
          to: index,
          port: fc.option(ports, { nil: undefined }),
          declaredBy: fc.constantFrom('source' as const, 'destination' as const),
        }),
        { maxLength: 5 },
      ),
      visits: fc.array(
        fc.record({
          node: index,
          stranger: fc.nat(STRANGERS.length - 1),
          direction: fc.constantFrom('in' as const, 'out' as const),
          port: ports,
        }),
        { maxLength: 3 },
      ),
    });
  });

/** The policies of the components, after all flows were declared. */
function render({ nodes, edges, visits }: Graph): PolicyObject[] {
  const all = nodes.map(
    ({ namespace, ports: own }, index) =>
      new Connections({
        name: `n${index}`,
        cluster: 'c',
        namespace,
        selector: { app: 'n', node: `n${index}` },
        ports: own,
      }),
  );
  const at = (index: number): Connections => all[index] as Connections;
  for (const { from, to, port, declaredBy } of edges) {
    const options = { ...(port === undefined ? {} : { port }), reason: 'edge' };
    if (declaredBy === 'source') {
      at(from).allowTo({ connections: at(to) }, options);
    } else {
      at(to).allowFrom({ connections: at(from) }, options);
    }
  }
  for (const { node, stranger, direction, port } of visits) {
    const { peer } = STRANGERS[stranger] as Stranger;
    at(node)[direction === 'out' ? 'allowTo' : 'allowFrom'](peer, { port, reason: 'visit' });
  }
  return all.map((connections, index) => ({
    metadata: { name: `n${index}`, namespace: (nodes[index] as Node).namespace },
    spec: connections.toPolicySpec(),
  }));
}

type Question = readonly [from: string, to: string, protocol: 'TCP' | 'UDP', port: number];
const covers = (port: Port, protocol: string, number: number): boolean =>
  port.protocol === protocol && number >= port.number && number <= (port.endPort ?? port.number);

/** What was declared, straight from the declarations: no policy is looked at. */
function declared({ nodes, edges, visits }: Graph, [from, to, protocol, number]: Question): boolean {
  const byEdge = edges.some(
    (edge) =>
      `n${edge.from}` === from &&
      `n${edge.to}` === to &&
      (edge.port ?? (nodes[edge.to] as Node).ports).some((port) => covers(port, protocol, number)),
  );
  const byVisit = visits.some(({ node, stranger, direction, port }) => {
    const [us, them] = direction === 'out' ? [from, to] : [to, from];
    const members = (STRANGERS[stranger] as Stranger).members.map((each) => `o${OUTSIDE.indexOf(each)}`);
    return us === `n${node}` && members.includes(them) && port.some((each) => covers(each, protocol, number));
  });
  return byEdge || byVisit;
}

/** Every question that the graph raises, with the evaluator's answer. */
function answers(given: Graph, policies: readonly PolicyObject[]): { question: Question; allowed: boolean }[] {
  const evaluator = new PolicyEvaluator({
    policies,
    namespaces: [
      ...NAMESPACES.map((name) => ({ name })),
      { name: 'guests', labels: { kind: 'guests' } },
      { name: 'more-guests', labels: { kind: 'guests' } },
    ],
  });
  const ours = given.nodes.map(({ namespace }, index): [string, Endpoint] => {
    const pod: PodEndpoint = { kind: 'pod', namespace, labels: { app: 'n', node: `n${index}` } };
    return [`n${index}`, pod];
  });
  const theirs = OUTSIDE.map((each, index): [string, Endpoint] => [`o${index}`, each]);
  const pairs = [
    ...ours.flatMap((from) => [...ours, ...theirs].map((to) => [from, to] as const)),
    ...theirs.flatMap((from) => ours.map((to) => [from, to] as const)),
  ];
  return pairs.flatMap(([[fromId, from], [toId, to]]) =>
    (['TCP', 'UDP'] as const).flatMap((protocol) =>
      NUMBERS.map((port) => ({
        question: [fromId, toId, protocol, port] as const,
        allowed: evaluator.mayConnect({ from, to, port, protocol }).allowed,
      })),
    ),
  );
}

const wrong = (given: Graph, policies: readonly PolicyObject[]): string[] =>
  answers(given, policies)
    .filter(({ question, allowed }) => allowed !== declared(given, question))
    .map(({ question, allowed }) => `${question.join(' ')} is ${allowed ? 'open' : 'closed'}`);

describe('nothing talks that was not declared to talk, and everything that was, does', () => {
  test('random components with random flows among them, to strangers and to addresses of both families', () => {
    fc.assert(
      fc.property(graph, (given) => {
        expect(wrong(given, render(given))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('the same graph is the same policies in any order of declaration', () => {
    fc.assert(
      fc.property(graph, (given) => {
        const reversed = { ...given, edges: [...given.edges].reverse(), visits: [...given.visits].reverse() };
        expect(JSON.stringify(render(reversed))).toBe(JSON.stringify(render(given)));
      }),
      { numRuns: 50 },
    );
  });

  test('the random graphs open enough and close enough to prove something', () => {
    const open = fc.sample(graph, { numRuns: 50, seed: 5 }).flatMap((given) => answers(given, render(given)));
    const count = open.filter(({ allowed }) => allowed).length;
    expect(count).toBeGreaterThan(200);
    expect(open.length - count).toBeGreaterThan(200);
  });
});

describe('negative controls: a wrong renderer is noticed', () => {
  const mutants: [string, (policy: PolicyObject) => PolicyObject][] = [
    ['one that forgets an ingress rule', (policy) => changed(policy, { ingress: policy.spec.ingress?.slice(1) })],
    ['one that forgets an egress rule', (policy) => changed(policy, { egress: policy.spec.egress?.slice(1) })],
    ['one that leaves egress open', (policy) => changed(policy, { policyTypes: ['Ingress'] })],
    [
      'one that opens every port',
      (policy) =>
        changed(policy, {
          ingress: policy.spec.ingress?.map(({ from }) => ({ from })),
          egress: policy.spec.egress?.map(({ to }) => ({ to })),
        }),
    ],
    [
      'one that takes AND for OR',
      (policy) =>
        changed(policy, {
          ingress: policy.spec.ingress?.map((rule) => ({
            ...rule,
            from: rule.from?.flatMap(({ podSelector, namespaceSelector, ...rest }) =>
              podSelector && namespaceSelector
                ? [{ podSelector }, { namespaceSelector }]
                : [
                    {
                      ...rest,
                      ...(podSelector ? { podSelector } : {}),
                      ...(namespaceSelector ? { namespaceSelector } : {}),
                    },
                  ],
            ),
          })),
        }),
    ],
    [
      'one that forgets exceptions',
      (policy) =>
        JSON.parse(
          JSON.stringify(policy, (key, value: unknown) => (key === 'except' ? undefined : value)),
        ) as PolicyObject,
    ],
    [
      'one that forgets the end of a range',
      (policy) =>
        JSON.parse(
          JSON.stringify(policy, (key, value: unknown) => (key === 'endPort' ? undefined : value)),
        ) as PolicyObject,
    ],
  ];

  test.each(mutants)('%s', (_what, mutate) => {
    const graphs = fc.sample(graph, { numRuns: 60, seed: 6 });
    const noticed = graphs.filter((given) => wrong(given, render(given).map(mutate)).length > 0);
    expect(noticed.length).toBeGreaterThan(3);
  });

  function changed(policy: PolicyObject, spec: Partial<PolicyObject['spec']>): PolicyObject {
    return { ...policy, spec: { ...policy.spec, ...spec } };
  }
});
