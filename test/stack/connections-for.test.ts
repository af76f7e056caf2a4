import { type ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Component, Peer, type PlatformStack, PolicyEvaluator, Port } from '../../src';
import type { NetworkPolicySpec } from '../../src/core/kubernetes';
import { container, deployment, OURS, raw, template } from '../support/foreign';
import { findingsWith, refusal } from '../support/findings';
import { testComponentSpec, testStack } from '../support/ledger';
import { find, type Manifest, synth } from '../support/manifests';

const CREATED = { name: 'books', create: true } as const;
const SERVER = {
  'app.kubernetes.io/name': 'ledger',
  'app.kubernetes.io/instance': 'ledger',
  'app.kubernetes.io/component': 'server',
};

/** Whether pods of the stack's namespace may talk, by the policies that are written. */
function evaluatorOf(stack: PlatformStack): PolicyEvaluator {
  const policies = synth(stack).filter(({ kind }) => kind === 'NetworkPolicy') as Manifest<NetworkPolicySpec>[];
  return new PolicyEvaluator({
    policies: policies.map(({ metadata, spec }) => ({ metadata: { name: metadata.name, namespace: 'books' }, spec })),
    namespaces: [{ name: 'books' }, { name: 'kube-system' }],
  });
}

const podOf = (labels: Record<string, string>, namespace = 'books') => ({ kind: 'pod', namespace, labels }) as const;
const DNS = podOf({ 'k8s-app': 'kube-dns' }, 'kube-system');

describe('a workload of the user in a namespace that the stack creates', () => {
  const stack = testStack({ namespace: CREATED });
  const server = new Component(stack, 'server', testComponentSpec());
  const worker = deployment(
    stack,
    template({ ports: [{ containerPort: 9000 }, { containerPort: 9001, protocol: 'UDP' }] }),
  );
  const cutOff = findingsWith(stack, 'network/cut-off').map(({ path }) => path);
  stack.connectionsFor(worker).allowTo(server, { port: Port.tcp(8080), reason: 'asks' });
  server.connections.allowTo(stack.connectionsFor(worker), { reason: 'calls back' });
  const evaluator = evaluatorOf(stack);
  const may = (from: object, to: object, port: number, protocol: 'TCP' | 'UDP' = 'TCP') =>
    evaluator.mayConnect({ from, to, port, protocol } as never).allowed;

  test('is cut off and reported, until it has flows', () => {
    expect(cutOff).toEqual(['ledger/Deployment-own']);
    expect(findingsWith(stack, 'network/cut-off')).toEqual([]);
  });

  test('resolves names, reaches whom it names on both sides, and nobody else', () => {
    expect(may(podOf(OURS), DNS, 53, 'UDP')).toBe(true);
    expect(may(podOf(OURS), podOf(SERVER), 8080)).toBe(true);
    expect(may(podOf(OURS), podOf(SERVER), 9090)).toBe(false);
    expect(may(podOf(OURS), podOf({ app: 'other' }), 8080)).toBe(false);
    expect(may(podOf({ app: 'other' }), podOf(SERVER), 8080)).toBe(false);
  });

  test('is a peer of components, with the ports of its containers', () => {
    expect([may(podOf(SERVER), podOf(OURS), 9000), may(podOf(SERVER), podOf(OURS), 9001, 'UDP')]).toEqual([true, true]);
    expect(may(podOf(SERVER), podOf(OURS), 9002)).toBe(false);
  });

  test('stands in the list of flows', () => {
    expect(stack.flows().map(({ from, to, reason }) => `${from} -> ${to}: ${reason}`)).toEqual(
      expect.arrayContaining([
        'own -> ledger-server: asks',
        'ledger-server -> own: calls back',
        expect.stringMatching(/^own -> pods k8s-app=kube-dns in namespace kube-system: resolves names$/) as string,
      ]),
    );
  });

  test('has one policy, however often it is asked for', () => {
    expect(synth(stack).filter(({ metadata }) => metadata.name === 'own-flows')).toHaveLength(1);
  });
});

describe('every kind of workload', () => {
  const spec = { template: template() };
  test.each<[string, (stack: PlatformStack) => ApiObject | Chart | kplus.Workload]>([
    [
      'StatefulSet',
      (stack) => raw(stack, 'StatefulSet', 'apps/v1', { spec: { ...spec, selector: { matchLabels: OURS } } }),
    ],
    ['DaemonSet', (stack) => raw(stack, 'DaemonSet', 'apps/v1', { spec })],
    ['Job', (stack) => raw(stack, 'Job', 'batch/v1', { spec })],
    ['CronJob', (stack) => raw(stack, 'CronJob', 'batch/v1', { spec: { jobTemplate: { spec } } })],
    [
      'Pod',
      (stack) =>
        raw(stack, 'Pod', 'v1', { metadata: { name: 'own', labels: OURS }, spec: { containers: [container()] } }),
    ],
    ['Rollout', (stack) => raw(stack, 'Rollout', 'argoproj.io/v1alpha1', { spec })],
  ])('%s: its pods are selected, and no others', (_kind, make) => {
    const stack = testStack();
    stack.connectionsFor(make(stack));
    expect(find(stack, 'NetworkPolicy', 'own-flows').spec.podSelector).toEqual({ matchLabels: OURS });
  });

  test('cdk8s-plus, with the labels that it gives its pods', () => {
    const stack = testStack({ profile: 'dev' });
    const own = new kplus.Deployment(stack, 'worker', {
      containers: [{ image: 'registry.example.com/worker:1', portNumber: 8080 }],
    });
    stack.connectionsFor(own).allowFrom(Peer.namespace('theirs'), { reason: 'asks' });
    const manifests = synth(stack);
    const made = find(manifests, 'Deployment', own.name);
    const policy = find(manifests, 'NetworkPolicy', `${own.name}-flows`);
    expect(policy.spec.podSelector.matchLabels).toEqual(made.spec.selector.matchLabels);
    expect(policy.spec.ingress?.[0]?.ports).toEqual([{ protocol: 'TCP', port: 8080 }]);
  });

  test('names may stay unresolved', () => {
    const stack = testStack();
    stack.connectionsFor(deployment(stack), { resolvesNames: false });
    expect(find(stack, 'NetworkPolicy', 'own-flows').spec).not.toHaveProperty('egress');
  });
});

describe('what has no flows is refused with what to do', () => {
  test.each<[string, (stack: PlatformStack) => ApiObject | Chart, string, RegExp]>([
    ['a ConfigMap', (stack) => raw(stack, 'ConfigMap', 'v1', {}), 'network/no-workload', /pass a Deployment/],
    ['a chart', (stack) => stack, 'network/no-workload', /pass the ApiObject/],
    [
      'pods of another namespace',
      () => deployment(new Chart(new App(), 'theirs', { namespace: 'theirs' })),
      'network/other-namespace',
      /new Chart\(app, "\.\.\.", \{ namespace: "books" \}\)/,
    ],
    [
      'pods of no namespace',
      () => deployment(new Chart(new App(), 'theirs')),
      'network/other-namespace',
      /inside of the stack/,
    ],
  ])('%s', (_what, make, id, fix) => {
    const stack = testStack();
    const [finding] = refusal(() => stack.connectionsFor(make(stack)));
    expect(finding).toMatchObject({ id, fix: expect.stringMatching(fix) as string });
  });

  test('nothing at all, and options that do not exist', () => {
    const stack = testStack();
    expect(refusal(() => stack.connectionsFor(undefined as never))[0]?.id).toBe('network/no-workload');
    expect(refusal(() => stack.connectionsFor(deployment(stack), { dns: true } as never))[0]?.id).toBe(
      'core/unknown-property',
    );
  });
});
