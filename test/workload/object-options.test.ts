import { ApiObject, JsonPatch } from 'cdk8s';
import { Component, type ComponentOptions, type PlatformStackProps } from '../../src';
import { refusal } from '../support/findings';
import { testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { find, synth } from '../support/manifests';

function withServer(options: ComponentOptions, change: Partial<PlatformStackProps> = {}) {
  const stack = testStack(change);
  new Component(stack, 'server', testComponentSpec(), options);
  new Component(stack, 'store', testStatefulSpec(), options);
  return stack;
}

const errorsOf = (options: object): [string, string][] =>
  withServer(options)
    .findings()
    .filter(({ path, level }) => level === 'error' && path.startsWith('ledger/server'))
    .map(({ id, path }) => [id, path.replace('ledger/server.', '')]);

describe('how a component stops', () => {
  test('a longer sleep lengthens the grace period with it, so that the service keeps its own time', () => {
    const { spec } = find(withServer({ shutdown: { preStopSeconds: 45 } }), 'Deployment', 'ledger-server').spec
      .template;
    // 20 s of its own and a margin of 7 s, as the spec of the ledger says.
    expect(spec?.terminationGracePeriodSeconds).toBe(45 + 20 + 7);
    expect(spec?.containers[0]?.lifecycle?.preStop).toEqual({ sleep: { seconds: 45 } });
  });

  test('nothing changes without the option', () => {
    expect(synth(withServer({ shutdown: {} }))).toEqual(synth(withServer({})));
  });

  test.each<[object, string, string]>([
    [{ shutdown: { preStopSeconds: 0 } }, 'workload/invalid-shutdown', 'shutdown.preStopSeconds'],
    [{ shutdown: { preStopSeconds: -1 } }, 'workload/invalid-shutdown', 'shutdown.preStopSeconds'],
    [{ shutdown: { budgetSeconds: 9 } }, 'core/unknown-property', 'shutdown.budgetSeconds'],
    [{ revisionHistoryLimit: -1 }, 'workload/invalid-history', 'revisionHistoryLimit'],
    [{ revisionHistoryLimit: 1.5 }, 'workload/invalid-history', 'revisionHistoryLimit'],
    [{ service: { annotations: { 'a b': 'c' } } }, 'workload/invalid-metadata', 'service.annotations'],
    [{ service: { type: 'LoadBalancer' } }, 'core/unknown-property', 'service.type'],
  ])('%j is an error', (options, id, path) => {
    expect(errorsOf(options)).toEqual([[id, path]]);
  });
});

test('old revisions are kept as many as the user wants, 5 unless somebody says', () => {
  const limits = (stack: ReturnType<typeof withServer>) => [
    find(stack, 'Deployment', 'ledger-server').spec.revisionHistoryLimit,
    find(stack, 'StatefulSet', 'ledger-store').spec.revisionHistoryLimit,
  ];
  expect(limits(withServer({ revisionHistoryLimit: 0 }))).toEqual([0, 0]);
  expect(limits(withServer({}))).toEqual([5, 5]);
});

test('annotations of a Service stand on the one that clients use', () => {
  const objects = synth(withServer({ service: { annotations: { 'example.com/lb': 'internal' } } }));
  const annotated = objects.filter(({ metadata }) => metadata.annotations?.['example.com/lb'] === 'internal');
  expect(annotated.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Service ledger-server',
    'Service ledger-store',
  ]);
});

describe('labels and annotations of all objects', () => {
  const change = { labels: { 'cost-centre': '4711' }, annotations: { 'example.com/owner': 'platform' } };

  test('stand on every object that the library makes, and on none of their pods, selectors and claims', () => {
    const objects = synth(withServer({}, { ...change, namespace: { name: 'books', create: true } }));
    expect(objects.length).toBeGreaterThan(12);
    for (const { kind, metadata, spec } of objects) {
      expect([kind, metadata.labels?.['cost-centre'], metadata.annotations?.['example.com/owner']]).toEqual([
        kind,
        '4711',
        'platform',
      ]);
      expect(JSON.stringify(spec ?? {})).not.toMatch(/cost-centre|example\.com\/owner/);
    }
  });

  test('an object of the user in the stack has the labels; its annotations are its own', () => {
    const stack = withServer({}, change);
    new ApiObject(stack, 'mine', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' } });
    const { metadata } = find(stack, 'ConfigMap', 'mine');
    expect([metadata.labels?.['cost-centre'], metadata.annotations]).toEqual(['4711', undefined]);
  });

  test('what an object says itself goes before', () => {
    const stack = withServer({ service: { annotations: { 'example.com/owner': 'network' } } }, change);
    expect(find(stack, 'Service', 'ledger-server').metadata.annotations).toEqual({ 'example.com/owner': 'network' });
    stack.components()[0]?.service.addJsonPatch(JsonPatch.replace('/metadata/annotations', {}));
    expect(find(stack, 'Service', 'ledger-server').metadata.annotations).toEqual({});
  });

  test.each<[Partial<PlatformStackProps>, string]>([
    [{ labels: { 'app.kubernetes.io/name': 'mine' } }, 'ledger.labels'],
    [{ labels: { 'cdk8s-selfhosted/scrape': 'x' } }, 'ledger.labels'],
    [{ labels: { a: 'not a value!' } }, 'ledger.labels'],
    [{ annotations: { 'a b': 'c' } }, 'ledger.annotations'],
  ])('%j is refused', (props, path) => {
    expect(refusal(() => testStack(props))).toEqual([
      expect.objectContaining({ id: 'workload/invalid-metadata', path }),
    ]);
  });
});
