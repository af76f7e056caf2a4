import { ApiObject, App, type Chart } from 'cdk8s';
import type { PlatformStack } from '../../src';
import { findingsWith, refusal } from '../support/findings';
import { testCluster, testStack } from '../support/ledger';
import { synth } from '../support/manifests';

const RBAC = 'rbac.authorization.k8s.io/v1';

function add(to: Chart, id: string, kind = 'ClusterRole', apiVersion = RBAC, name = 'reader'): ApiObject {
  return new ApiObject(to, id, { apiVersion, kind, metadata: { name } });
}

function namespaceOf(stack: PlatformStack, kind: string): string | undefined {
  const found = synth(stack).find((each) => each.kind === kind);
  expect(found).toBeDefined();
  return found?.metadata.namespace;
}

describe('what lives outside of namespaces', () => {
  test.each([
    ['ClusterRole', RBAC],
    ['ClusterRoleBinding', RBAC],
    ['PriorityClass', 'scheduling.k8s.io/v1'],
    ['StorageClass', 'storage.k8s.io/v1'],
    ['PersistentVolume', 'v1'],
    ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
    ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
    ['ClusterIssuer', 'cert-manager.io/v1'],
    ['ClusterSecretStore', 'external-secrets.io/v1'],
    ['GatewayClass', 'gateway.networking.k8s.io/v1'],
    ['AnyConstraint', 'constraints.gatekeeper.sh/v1beta1'],
  ])('%s is written without a namespace', (kind, apiVersion) => {
    const stack = testStack();
    add(stack, 'own', kind, apiVersion);
    expect(namespaceOf(stack, kind)).toBeUndefined();
  });

  test.each([
    ['Role', RBAC],
    ['Issuer', 'cert-manager.io/v1'],
    ['Widget', 'example.com/v1'],
    ['ClusterRole', 'example.com/v1'],
  ])('%s of %s lives in a namespace and is written with ours', (kind, apiVersion) => {
    const stack = testStack();
    add(stack, 'own', kind, apiVersion);
    expect(namespaceOf(stack, kind)).toBe('books');
  });

  test('a kind that nobody knows is told by the cluster', () => {
    const stack = testStack({ cluster: testCluster({ clusterScopedKinds: ['example.com/Widget'] }) });
    add(stack, 'own', 'Widget', 'example.com/v1');
    expect(namespaceOf(stack, 'Widget')).toBeUndefined();
  });

  test.each(['Widget', 'example.com/v1/Widget', 'example.com/widget', ''])('"%s" names no kind', (kind) => {
    expect(refusal(() => testCluster({ clusterScopedKinds: [kind] }))).toEqual([
      expect.objectContaining({ id: 'platform/invalid-cluster', path: 'Cluster.generic.clusterScopedKinds' }),
    ]);
  });
});

describe('two of one name', () => {
  test('in one stack are one object, also where each names a namespace of its own', () => {
    const stack = testStack();
    add(stack, 'one');
    new ApiObject(stack, 'two', {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name: 'reader', namespace: 'x' },
    });
    expect(findingsWith(stack, 'stack/duplicate-object')).toEqual([
      expect.objectContaining({ path: 'ledger/two', message: 'ClusterRole "reader" exists already at ledger/one' }),
    ]);
  });

  const inTwoStacks = (kind: string, other = 'eu-1', name = 'reader') => {
    const app = new App();
    add(testStack({ namespace: 'one' }, app, 'first'), 'own', kind);
    const cluster = testCluster({ name: other });
    add(testStack({ namespace: 'two', cluster }, app, 'second'), 'own', kind, RBAC, name);
    return () => app.synthYaml();
  };

  test('in two stacks of two namespaces are one object: the last one would win in silence', () => {
    expect(inTwoStacks('ClusterRole')).toThrow(
      /stack\/duplicate-object\s+ClusterRole "reader" is emitted by first too, into the same cluster\.[\s\S]*outside of namespaces/,
    );
  });

  test.each([
    ['two Roles', inTwoStacks('Role')],
    ['two names', inTwoStacks('ClusterRole', 'eu-1', 'writer')],
    ['two clusters', inTwoStacks('ClusterRole', 'us-1')],
  ])('the negative control: %s are fine', (_what, write) => {
    expect(write).not.toThrow();
  });
});
