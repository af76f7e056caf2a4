/** The world of a stack as the policy evaluator sees it, and its comparison with the matrix of the contract. */
import { explainConnectivity, PolicyEvaluator } from '../../src/network/evaluator';
import type { Endpoint, PodEndpoint, PolicyObject } from '../../src/network/evaluator-model';
import type { Protocol } from '../../src/network/port';
import { applies, type EdgeRow, type Row, section } from '../contract/data';
import type { PodView } from './support-objects';
import { OUTSIDE_NAMESPACES, OUTSIDERS } from './support-peers';
import { NAMES } from './support-props';
import { type Built, FILES } from './support-world';

/** A node of the matrix with everything that stands for it, as client and as server: a pod, or several addresses. */
interface Node {
  readonly id: string;
  readonly isOurs: boolean;
  readonly clients: readonly Endpoint[];
  readonly servers: readonly Endpoint[];
}

/** Node of the pod that no component knows. */
export const UNKNOWN = 'an unknown pod of the stack';

/** A replica of a component. Two replicas have different addresses, since a pod's way to itself is not policed. */
function replica(view: PodView, component: number, number: number): PodEndpoint {
  return {
    kind: 'pod',
    name: `${view.component}-${number}`,
    namespace: NAMES.namespace,
    labels: view.template.metadata.labels,
    ports: (view.main.ports ?? []).map(({ name, containerPort, protocol }) => ({
      port: containerPort,
      ...(name === undefined ? {} : { name }),
      ...(protocol === undefined ? {} : { protocol: protocol as Protocol }),
    })),
    // One family is enough here: addresses of both are tried as the other end.
    ips: [`10.244.${component + 10}.${number}`],
  };
}

function stranger(row: Row, instance: string): PodEndpoint {
  const labels = (row.labels as Record<string, string> | undefined) ?? { app: 'stranger' };
  return {
    kind: 'pod',
    name: String(row.id),
    namespace: row.namespace === 'same' ? NAMES.namespace : 'unnamed',
    labels: Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [key, value.replace('${instance}', instance)]),
    ),
    ips: ['10.244.99.99', 'fd44:99::99'],
  };
}

const foreign = (id: string, endpoints: readonly Endpoint[]): Node => ({
  id,
  isOurs: false,
  clients: endpoints,
  servers: endpoints,
});

/**
 * Pods that a wrong peer would let in or out: another pod in the namespace of a peer, and a pod with the labels of a
 * peer in another namespace. No row names them, so everything about them is denied.
 */
function doubles(): Node[] {
  return Object.entries(OUTSIDERS).flatMap(([id, { endpoint }], index) => {
    if (endpoint.kind === 'address') return [];
    const neighbour: Endpoint = {
      ...endpoint,
      name: 'neighbour',
      labels: { app: 'neighbour' },
      ips: [`10.244.8.${index}`],
    };
    const namesake: Endpoint = { ...endpoint, namespace: 'unnamed', ips: [`10.244.7.${index}`] };
    return [
      foreign(`a neighbour of ${id}`, [neighbour]),
      ...(['dns', 'prometheus'].includes(id) ? [foreign(`a namesake of ${id}`, [namesake])] : []),
    ];
  });
}

/** A pod of the stack that no component knows: the default deny of the stack must hold it. */
function unknownPod({ emitted }: Built): Node {
  const [view] = emitted.pods;
  if (view === undefined) throw new Error('the stack has no pods');
  const labels = { ...view.template.metadata.labels, 'app.kubernetes.io/component': 'unknown' };
  const pod: PodEndpoint = { kind: 'pod', name: 'unknown', namespace: NAMES.namespace, labels, ips: ['10.244.6.1'] };
  return { id: UNKNOWN, isOurs: true, clients: [pod], servers: [{ ...pod, name: 'unknown-2', ips: ['10.244.6.2'] }] };
}

function nodesOf(built: Built): Node[] {
  return [...matrixNodes(built), unknownPod(built), ...doubles()];
}

function matrixNodes({ emitted, templates }: Built): Node[] {
  return section(FILES, 'reachability', 'nodes').map((row, index): Node => {
    const id = String(row.id);
    const view = emitted.pod(id);
    if (view !== undefined) {
      return { id, isOurs: true, clients: [replica(view, index, 1)], servers: [replica(view, index, 2)] };
    }
    if (row.kind === 'component') throw new Error(`the stack has no pods of ${id}`);
    if (row.kind === 'stranger') return foreign(id, [stranger(row, String(templates.instance))]);
    const addresses = row.addresses as string[] | undefined;
    if (addresses !== undefined) {
      return foreign(
        id,
        addresses.map((ip) => ({ kind: 'address', ip })),
      );
    }
    const outsider = (OUTSIDERS as Record<string, { endpoint: Endpoint }>)[id];
    if (outsider === undefined) throw new Error(`nobody stands for ${id}`);
    return foreign(id, [outsider.endpoint]);
  });
}

/** The evaluator over the emitted policies. */
function evaluatorOf({ emitted }: Built): PolicyEvaluator {
  return new PolicyEvaluator({
    policies: emitted.of('NetworkPolicy') as unknown as PolicyObject[],
    namespaces: [NAMES.namespace, ...OUTSIDE_NAMESPACES].map((name) => ({ name })),
  });
}

/** Whether a node reaches another one, all of its addresses alike. */
export function reaches(built: Built, from: string, to: string, probe: ProbePort): boolean {
  const nodes = nodesOf(built);
  const [source, destination] = [from, to].map((id) => nodes.find((node) => node.id === id));
  if (source === undefined || destination === undefined) {
    throw new RangeError(`no node ${from} or ${to}`);
  }
  const evaluator = evaluatorOf(built);
  const answers = product(source.clients, destination.servers).map(
    ([client, server]) => evaluator.mayConnect({ from: client, to: server, ...portOf(probe) }).allowed,
  );
  if (new Set(answers).size > 1) {
    throw new Error(`${from} reaches some addresses of ${to} and not others`);
  }
  return answers[0] === true;
}

/** What a comparison found, and how much it asked, so that a test can tell that nothing was skipped. */
export interface Comparison {
  readonly differences: readonly string[];
  readonly asked: number;
  readonly allowed: number;
}

/** What a comparison may leave out, for controls that need one difference only. */
export interface Shortcut {
  /** Compares only pairs with this node at one end. */
  readonly node: string;
  /** Ends after this number of differences. */
  readonly enough: number;
}

/** A port and its protocol. */
export interface ProbePort {
  readonly port: number;
  readonly protocol: Protocol;
}

const KNOWN = new Map<string, Comparison>();

/** Every pair of nodes with one of ours, on every probe port: each answer that is not the one of the matrix. */
export function compareReachability(built: Built, shortcut?: Shortcut): Comparison {
  const { profile, conditions } = built.world;
  const rows = section<EdgeRow>(FILES, 'reachability', 'allowed').filter((row) => applies(row, profile, conditions));
  const wanted = new Set(rows.map(({ from, to, port, protocol }) => edgeKey(from, to, { port, protocol })));
  const nodes = nodesOf(built);
  if (shortcut !== undefined) return compare(built, nodes, wanted, shortcut);
  // Many conditions change no policy. Equal questions under equal policies have equal answers.
  const key = JSON.stringify([built.emitted.of('NetworkPolicy'), nodes, [...wanted]]);
  const result = KNOWN.get(key) ?? compare(built, nodes, wanted);
  KNOWN.set(key, result);
  return result;
}

function edgeKey(from: string, to: string, { port, protocol }: ProbePort): string {
  return `${from} ${to} ${port}/${protocol}`;
}

function compare(built: Built, nodes: readonly Node[], wanted: ReadonlySet<string>, shortcut?: Shortcut): Comparison {
  const ports = section(FILES, 'reachability', 'probePorts') as unknown as ProbePort[];
  const evaluator = evaluatorOf(built);
  const differences: string[] = [];
  let asked = 0;
  let allowed = 0;
  for (const [from, to] of pairsOf(nodes, shortcut?.node)) {
    for (const probe of ports) {
      const expected = wanted.has(edgeKey(from.id, to.id, probe));
      for (const [source, destination] of product(from.clients, to.servers)) {
        const answer = evaluator.mayConnect({ from: source, to: destination, ...portOf(probe) });
        asked += 1;
        allowed += answer.allowed ? 1 : 0;
        if (answer.allowed !== expected) {
          const where = destination.kind === 'address' ? ` (${destination.ip})` : '';
          const must = expected ? 'allowed' : 'denied';
          const link = `${from.id} -> ${to.id}${where} ${probe.port}/${probe.protocol}`;
          differences.push(`${link}: must be ${must}; ${explainConnectivity(answer)}`);
          if (differences.length >= (shortcut?.enough ?? Infinity)) return { differences, asked, allowed };
        }
      }
    }
  }
  return { differences, asked, allowed };
}

function portOf({ port, protocol }: ProbePort): ProbePort {
  return { port, protocol };
}

function product<T>(left: readonly T[], right: readonly T[]): (readonly [T, T])[] {
  return left.flatMap((a) => right.map((b) => [a, b] as const));
}

function pairsOf(nodes: readonly Node[], node: string | undefined): (readonly [Node, Node])[] {
  return product(nodes, nodes).filter(
    ([from, to]) => (from.isOurs || to.isOurs) && (node === undefined || from.id === node || to.id === node),
  );
}
