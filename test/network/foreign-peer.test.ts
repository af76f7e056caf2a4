import { Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Connections } from '../../src/network/connections';
import { PolicyEvaluator } from '../../src/network/evaluator';
import type { Endpoint, PolicyObject } from '../../src/network/evaluator-model';
import { foreignPeer, type ForeignPeer } from '../../src/network/foreign-peer';
import { Port } from '../../src/network/port';
import { refused } from '../core/refused';

const chart = (namespace?: string): Chart =>
  new Chart(Testing.app(), 'chart', namespace === undefined ? {} : { namespace });
const container = { image: 'nginx:1', securityContext: { ensureNonRoot: false } };

/** The labels that cdk8s-plus puts on the pods of a workload, from what it renders. */
function podLabels(inChart: Chart, kind: string): Record<string, string> {
  const objects = Testing.synth(inChart) as {
    kind: string;
    metadata: { labels: Record<string, string> };
    spec: { template?: { metadata: { labels: Record<string, string> } } };
  }[];
  const object = objects.find((each) => each.kind === kind);
  const labels = object?.spec.template?.metadata.labels ?? object?.metadata.labels;
  if (labels === undefined) {
    throw new Error(`no ${kind} was rendered`);
  }
  return labels;
}

/** Whether our pod, which allows the peer in, takes a connection from somebody. */
function letsIn(peer: ForeignPeer, from: Endpoint): boolean {
  const labels = { app: 'ours' };
  const ours = new Connections({
    name: 'ours',
    cluster: 'c',
    namespace: 'own',
    selector: labels,
    ports: [Port.tcp(8080)],
  });
  ours.allowFrom(peer, { reason: 'a test' });
  const policy: PolicyObject = { metadata: { name: 'ours', namespace: 'own' }, spec: ours.toPolicySpec() };
  const evaluator = new PolicyEvaluator({
    policies: [policy],
    namespaces: [{ name: 'own' }, { name: 'tools', labels: { team: 'tools' } }, { name: 'other' }],
  });
  return evaluator.mayConnect({ from, to: { kind: 'pod', namespace: 'own', labels }, port: 8080 }).allowed;
}

describe('a workload of cdk8s-plus is a peer', () => {
  test.each<[string, (scope: Chart) => ForeignPeer]>([
    ['Deployment', (scope) => new kplus.Deployment(scope, 'w', { containers: [container] })],
    [
      'StatefulSet',
      (scope) =>
        new kplus.StatefulSet(scope, 'w', {
          containers: [container],
          service: new kplus.Service(scope, 's', { ports: [{ port: 80 }] }),
        }),
    ],
    ['DaemonSet', (scope) => new kplus.DaemonSet(scope, 'w', { containers: [container] })],
    ['Job', (scope) => new kplus.Job(scope, 'w', { containers: [container] })],
    ['Pod', (scope) => new kplus.Pod(scope, 'w', { containers: [container] })],
  ])('%s: its pods, in the namespace of its chart, and nobody else', (kind, make) => {
    const scope = chart('tools');
    const peer = make(scope);
    const labels = podLabels(scope, kind);
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'own', labels })).toBe(false);
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: {} })).toBe(false);
    expect(letsIn(peer, { kind: 'address', ip: '10.0.0.1' })).toBe(false);
  });

  test.each<[string, (scope: Chart) => ForeignPeer]>([
    ['Deployment', (scope) => new kplus.Deployment(scope, 'w', { containers: [container] })],
    ['Pod', (scope) => new kplus.Pod(scope, 'w', { containers: [container] })],
    ['Job', (scope) => new kplus.Job(scope, 'w', { containers: [container] })],
  ])('%s of a chart without a namespace is not taken as being beside ours: it is asked where it is', (_kind, make) => {
    expect(refused(() => foreignPeer(make(chart())))).toMatchObject({
      id: 'network/invalid-peer',
      message: expect.stringContaining('a chart without a namespace') as string,
      fix: expect.stringContaining('new Chart(app, "...", { namespace: "..." })') as string,
    });
  });

  test('pods by label without namespaces are those beside the other side, as cdk8s-plus says', () => {
    const peer = kplus.Pods.select(chart(), 'p', { labels: { app: 'a' } });
    expect(letsIn(peer, { kind: 'pod', namespace: 'own', labels: { app: 'a' } })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: { app: 'a' } })).toBe(false);
  });

  test('has connections of its own kind, which are not taken for ours', () => {
    const peer = new kplus.Deployment(chart('tools'), 'w', { containers: [container] });
    expect(peer).toHaveProperty('connections');
    expect(foreignPeer(peer).description).toMatch(/^pods cdk8s\.io\/metadata\.addr=.* in namespace tools$/);
  });
});

describe('a namespace of cdk8s-plus is a peer', () => {
  test('by its name: all of its pods, whatever labels they have', () => {
    const peer = new kplus.Namespace(chart(), 'ns', { metadata: { name: 'tools' } });
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: {} })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'other', labels: {} })).toBe(false);
  });

  test('several by name', () => {
    const peer = kplus.Namespaces.select(chart(), 'ns', { names: ['tools', 'other'] });
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: {} })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'other', labels: {} })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'own', labels: {} })).toBe(false);
  });

  test('by label', () => {
    const peer = kplus.Namespaces.select(chart(), 'ns', { labels: { team: 'tools' } });
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: {} })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'other', labels: {} })).toBe(false);
  });
});

describe('pods of cdk8s-plus are a peer', () => {
  test('by label, in named namespaces: both must hold', () => {
    const scope = chart();
    const namespaces = kplus.Namespaces.select(scope, 'ns', { names: ['tools'] });
    const peer = kplus.Pods.select(scope, 'p', { labels: { app: 'a' }, namespaces });
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: { app: 'a' } })).toBe(true);
    expect(letsIn(peer, { kind: 'pod', namespace: 'tools', labels: { app: 'b' } })).toBe(false);
    expect(letsIn(peer, { kind: 'pod', namespace: 'other', labels: { app: 'a' } })).toBe(false);
  });
});

describe('an IP block of cdk8s-plus is a peer', () => {
  test('with its exceptions', () => {
    const peer = kplus.NetworkPolicyIpBlock.ipv4(chart(), 'b', '10.0.0.0/8', ['10.1.0.0/16']);
    expect(letsIn(peer, { kind: 'address', ip: '10.2.0.1' })).toBe(true);
    expect(letsIn(peer, { kind: 'address', ip: '10.1.0.1' })).toBe(false);
    expect(letsIn(peer, { kind: 'address', ip: '11.0.0.1' })).toBe(false);
  });

  test('of IPv6', () => {
    const peer = kplus.NetworkPolicyIpBlock.ipv6(chart(), 'b', '2001:db8::/32');
    expect(letsIn(peer, { kind: 'address', ip: '2001:db8::1' })).toBe(true);
  });

  test.each([
    ['IPv4', () => kplus.NetworkPolicyIpBlock.anyIpv4(chart(), 'b')],
    ['IPv6', () => kplus.NetworkPolicyIpBlock.anyIpv6(chart(), 'b')],
  ])(
    'of every %s address is refused: opening everything needs a reason, Peer.anywhere asks for it',
    (_family, make) => {
      expect(refused(() => foreignPeer(make())).id).toBe('network/invalid-peer');
    },
  );

  test('with a network that Kubernetes refuses is refused', () => {
    const peer = kplus.NetworkPolicyIpBlock.ipv4(chart(), 'b', '10.0.0.1/8');
    expect(refused(() => foreignPeer(peer)).id).toBe('network/invalid-cidr');
  });
});

describe('what a Peer cannot carry is refused, not narrowed and not widened in silence', () => {
  const labels = { app: 'a' };

  test.each<[string, (scope: Chart) => ForeignPeer, string]>([
    ['every pod of the namespace', (scope) => kplus.Pods.all(scope, 'p'), 'selects every pod'],
    [
      'every pod of every namespace',
      (scope) => kplus.Namespaces.all(scope, 'n'),
      'in namespaces that it does not name',
    ],
    [
      'pods by label in every namespace, which are not those of the own one',
      (scope) => kplus.Pods.select(scope, 'p', { labels, namespaces: kplus.Namespaces.all(scope, 'n') }),
      'in namespaces that it does not name',
    ],
    [
      'pods by label in namespaces by label',
      (scope) =>
        kplus.Pods.select(scope, 'p', {
          labels,
          namespaces: kplus.Namespaces.select(scope, 'n', { labels: { team: 'x' } }),
        }),
      'in namespaces that it does not name',
    ],
    [
      'namespaces by name and label: only those of the names that carry the label',
      (scope) => kplus.Namespaces.select(scope, 'n', { names: ['tools'], labels: { team: 'x' } }),
      'by name and by label',
    ],
    ['no namespace at all', (scope) => kplus.Namespaces.select(scope, 'n', { names: [] }), 'none at all'],
    [
      'pods by expression',
      (scope) => kplus.Pods.select(scope, 'p', { expressions: [kplus.LabelExpression.exists('app')] }),
      'selects by expressions',
    ],
    [
      'namespaces by expression',
      (scope) => kplus.Namespaces.select(scope, 'n', { expressions: [kplus.LabelExpression.exists('team')] }),
      'selects by expressions',
    ],
  ])('%s', (_what, make, message) => {
    const finding = refused(() => foreignPeer(make(chart())));
    expect(finding).toMatchObject({ id: 'network/invalid-peer', fix: 'use one of the factories of Peer' });
    expect(finding.message).toContain(message);
  });

  test.each([undefined, null, 5, 'shop', {}, [], () => 1, new Map()])('%p is nobody', (value) => {
    expect(refused(() => foreignPeer(value as never))).toMatchObject({
      id: 'network/invalid-peer',
      message: 'this is neither a Peer, nor a component, nor a cdk8s-plus object',
      allowed: 'a Peer, a component of a stack, or a cdk8s-plus workload, namespace or IP block',
    });
  });

  test('an object of that shape that names nobody', () => {
    const finding = refused(() => foreignPeer({ toNetworkPolicyPeerConfig: () => ({}) }));
    expect(finding.message).toBe('the object names neither pods nor addresses');
  });
});
