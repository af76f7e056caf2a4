import { Component, PolicyEvaluator } from '../../src';
import type { NetworkPolicySpec } from '../../src/core/kubernetes';
import { testComponentSpec, testStack } from '../support/ledger';
import { find, type Manifest, synth } from '../support/manifests';

const CREATED = { name: 'books', create: true } as const;

describe('a namespace that the stack creates', () => {
  const { metadata } = find(testStack({ namespace: CREATED }), 'Namespace', 'books');

  test('is in no namespace itself, unlike what it holds', () => {
    expect(metadata).not.toHaveProperty('namespace');
    expect(find(testStack({ namespace: CREATED }), 'NetworkPolicy', 'ledger-default-deny').metadata).toHaveProperty(
      'namespace',
      'books',
    );
  });

  test('lets only locked-in pods in', () => {
    expect(metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    });
  });

  test('stays when the stack goes: it may hold claims and Secrets', () => {
    expect(metadata.annotations).toEqual({
      'cdk8s-selfhosted/retain': 'true',
      'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false',
      'helm.sh/resource-policy': 'keep',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    });
  });

  test('is not removed along by any label that selects the stack', () => {
    const stack = testStack({ namespace: CREATED });
    const other = find(stack, 'NetworkPolicy', 'ledger-default-deny').metadata.labels ?? {};
    for (const key of [
      'app.kubernetes.io/name',
      'app.kubernetes.io/instance',
      'app.kubernetes.io/part-of',
      'cdk8s-selfhosted/instance',
    ]) {
      expect(other[key]).toBe('ledger');
      expect(metadata.labels?.[key]).not.toBe('ledger');
    }
  });

  test('comes first', () => {
    const stack = testStack({ namespace: CREATED });
    new Component(stack, 'server', testComponentSpec());
    expect(synth(stack)[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'books' } });
  });
});

test('a namespace that exists is not emitted', () => {
  expect(synth(testStack()).map(({ kind }) => kind)).toEqual(['NetworkPolicy']);
});

describe('the policy that closes what has none of its own', () => {
  /** Whether a stranger reaches a pod with these labels in the namespace of the stack. */
  function reaches(namespace: 'books' | typeof CREATED, labels: Record<string, string>): boolean {
    const policy = find(
      testStack({ namespace }),
      'NetworkPolicy',
      'ledger-default-deny',
    ) as Manifest<NetworkPolicySpec>;
    const evaluator = new PolicyEvaluator({
      policies: [{ metadata: { name: policy.metadata.name, namespace: 'books' }, spec: policy.spec }],
      namespaces: [
        { name: 'books', labels: {} },
        { name: 'theirs', labels: {} },
      ],
    });
    const pod = (where: string, of: Record<string, string>) =>
      ({ kind: 'pod', namespace: where, labels: of, ips: [] }) as const;
    return evaluator.mayConnect({
      from: pod('theirs', { app: 'x' }),
      to: pod('books', labels),
      port: 80,
      protocol: 'TCP',
    }).allowed;
  }
  const own = {
    'app.kubernetes.io/name': 'ledger',
    'app.kubernetes.io/instance': 'ledger',
    'app.kubernetes.io/component': 'debug',
  };

  test('covers every pod of a created namespace', () => {
    expect([reaches(CREATED, own), reaches(CREATED, { app: 'stranger' })]).toEqual([false, false]);
  });

  test("covers the pods of the stack, and nobody else's, in a namespace that existed before", () => {
    expect([reaches('books', own), reaches('books', { app: 'stranger' })]).toEqual([false, true]);
  });

  test('closes both directions', () => {
    expect(find(testStack(), 'NetworkPolicy', 'ledger-default-deny').spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(Object.keys(find(testStack(), 'NetworkPolicy', 'ledger-default-deny').spec)).not.toEqual(
      expect.arrayContaining(['ingress']),
    );
  });
});
