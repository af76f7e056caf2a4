import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { Component, OneShotJob, Peer, type PlatformStack, Port, Postgres, setPhase } from '../../src';
import { PHASES, phaseOfKind } from '../../src/core/phase';
import { phaseOf } from '../../src/workload/phase';
import { refusal } from '../support/findings';
import { SERVER_IMAGE, testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { ref, synth } from '../support/manifests';

function foreign(scope: Construct, id: string, kind = 'Widget'): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'example.com/v1', kind, metadata: { name: id } });
}

const orderOf = (stack: PlatformStack): string[] => synth(stack).map(ref);
const positions = (stack: PlatformStack, ...names: string[]): number[] =>
  names.map((name) => orderOf(stack).indexOf(name));
const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((each, index) => each >= 0 && (index === 0 || each > (numbers[index - 1] ?? 0)));

describe('phases', () => {
  function everything() {
    const stack = testStack({ profile: 'dev', namespace: { name: 'books', create: true }, monitored: true });
    // In the wrong order on purpose.
    new ApiObject(stack, 'rules', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'rules' },
    });
    new ApiObject(stack, 'ingress', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'public' },
    });
    new Component(stack, 'server', testComponentSpec());
    const { job } = new OneShotJob(stack, 'migrate', testJobContent());
    Postgres.inCluster().bind(stack, { image: SERVER_IMAGE, secretName: 'keys', passwordKey: 'p', user: 'u' });
    new ApiObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } });
    return { stack, job };
  }

  test('namespace, configuration, data, migration, workloads, exposure, observation', () => {
    const { stack, job } = everything();
    const expected = [
      'Namespace/books',
      'ConfigMap/config',
      'StatefulSet/ledger-postgres',
      `Job/${job.name}`,
      'Deployment/ledger-server',
      'Ingress/public',
      'PrometheusRule/rules',
    ];
    expect(ascending(positions(stack, ...expected))).toBe(true);
    // The negative control: the order in which they were made is another.
    expect(
      ascending(
        stack
          .stackObjects()
          .map((object) => expected.indexOf(`${object.kind}/${object.name}`))
          .filter((at) => at >= 0),
      ),
    ).toBe(false);
  });

  test('every policy is there before the first pod', () => {
    const kinds = synth(everything().stack).map(({ kind }) => kind);
    expect(kinds.lastIndexOf('NetworkPolicy')).toBeLessThan(
      Math.min(...['StatefulSet', 'Job', 'Deployment'].map((kind) => kinds.indexOf(kind))),
    );
  });

  test('within a phase the order is that of the program', () => {
    const stack = testStack();
    ['c', 'a', 'b'].forEach((id) => foreign(stack, id));
    expect(orderOf(stack).filter((each) => each.startsWith('Widget'))).toEqual(['Widget/c', 'Widget/a', 'Widget/b']);
  });

  test('an object of a kind that nobody knows counts as a workload', () => {
    expect(phaseOfKind('Widget')).toBe('workloads');
    const stack = testStack({ profile: 'dev' });
    foreign(stack, 'mine');
    foreign(stack, 'account', 'ServiceAccount');
    expect(phaseOf(stack.node.findChild('mine') as ApiObject)).toBe('workloads');
    expect(ascending(positions(stack, 'ServiceAccount/account', 'Widget/mine'))).toBe(true);
  });

  test('a phase given to a construct holds for what runs and keeps data below it; policies and accounts stay early', () => {
    const stack = testStack();
    const group = new Construct(stack, 'group');
    const inner = new Construct(group, 'inner');
    setPhase(group, 'data');
    const objects = ['Widget', 'Service', 'NetworkPolicy', 'ConfigMap'].map((kind, index) =>
      foreign(inner, `o${index}`, kind),
    );
    expect(objects.map(phaseOf)).toEqual(['data', 'data', 'configuration', 'configuration']);
  });

  test('the nearest construct with a phase decides', () => {
    const stack = testStack();
    const outer = new Construct(stack, 'outer');
    const inner = new Construct(outer, 'inner');
    setPhase(outer, 'observation');
    setPhase(inner, 'data');
    expect([phaseOf(foreign(outer, 'a')), phaseOf(foreign(inner, 'b'))]).toEqual(['observation', 'data']);
  });
});

describe('dependencies', () => {
  test('come before phases: what an object depends on is emitted first', () => {
    const stack = testStack();
    const config = foreign(stack, 'config', 'ConfigMap');
    const widget = foreign(stack, 'widget');
    config.addDependency(widget);
    expect(orderOf(stack).filter((each) => /config|widget/.test(each))).toEqual(['Widget/widget', 'ConfigMap/config']);
  });

  test('on a construct mean everything below it, and of a construct everything below that', () => {
    const stack = testStack();
    const [first, second] = [new Construct(stack, 'first'), new Construct(stack, 'second')];
    first.node.addDependency(second);
    ['a', 'b'].forEach((id) => foreign(first, id));
    ['c', 'd'].forEach((id) => foreign(second, id));
    expect(orderOf(stack).filter((each) => each.startsWith('Widget'))).toEqual([
      'Widget/c',
      'Widget/d',
      'Widget/a',
      'Widget/b',
    ]);
  });

  test('keep every object, each once', () => {
    const stack = testStack();
    const objects = ['a', 'b', 'c'].map((id) => foreign(stack, id));
    objects[0]?.addDependency(...objects.slice(1));
    objects[1]?.addDependency(...objects.slice(2));
    const order = orderOf(stack);
    expect(new Set(order).size).toBe(order.length);
    expect(order).toHaveLength(stack.stackObjects().length);
  });

  test('that go round are refused, with the way round', () => {
    const stack = testStack();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => foreign(stack, id)) as [ApiObject, ApiObject, ApiObject];
    a.addDependency(b);
    b.addDependency(c);
    c.addDependency(a);
    expect(refusal(() => Testing.synth(stack))).toEqual([
      expect.objectContaining({
        id: 'stack/dependency-cycle',
        message: expect.stringContaining('ledger/a -> ledger/b -> ledger/c -> ledger/a') as string,
      }),
    ]);
  });

  test('any graph without a circle is honoured, and the rest keeps its order', () => {
    const size = 7;
    const edge = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([from, to]) => from !== to);
    fc.assert(
      // Numbers only ever depend on smaller ones, after a shuffle: no circle is possible.
      fc.property(
        fc.array(edge, { maxLength: 12 }),
        fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
        (edges, made) => {
          const stack = testStack();
          const objects = new Map(made.map((number) => [number, foreign(stack, `w${number}`)]));
          const acyclic = edges.map(([from, to]) => [Math.max(from, to), Math.min(from, to)] as const);
          acyclic.forEach(([from, to]) => objects.get(from)?.addDependency(objects.get(to) as ApiObject));
          const order = orderOf(stack).filter((each) => each.startsWith('Widget'));
          for (const [from, to] of acyclic) {
            expect(order.indexOf(`Widget/w${to}`)).toBeLessThan(order.indexOf(`Widget/w${from}`));
          }
          expect(order).toHaveLength(size);
          if (acyclic.length === 0) {
            expect(order).toEqual(made.map((number) => `Widget/w${number}`));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('objects of the user inside a stack', () => {
  test('a chart inside a stack keeps its own objects', () => {
    const app: App = new App();
    const stack = testStack({}, app);
    foreign(new Chart(stack, 'inner'), 'widget');
    expect(orderOf(stack)).not.toContain('Widget/widget');
  });

  test('a component is a peer for them and they stand in its namespace', () => {
    const stack = testStack({ profile: 'dev' });
    const server = new Component(stack, 'server', testComponentSpec());
    server.connections.allowFrom(Peer.namespace('theirs'), { port: Port.tcp(8080), reason: 'calls' });
    foreign(stack, 'widget');
    expect(synth(stack).find(({ kind }) => kind === 'Widget')?.metadata.namespace).toBe('books');
  });
});

test('every phase is the phase of something', () => {
  const kinds = ['Namespace', 'Secret', 'PersistentVolumeClaim', 'Job', 'Deployment', 'Ingress', 'ServiceMonitor'];
  expect(kinds.map(phaseOfKind)).toEqual([...PHASES]);
});

describe('the objects that an engine deploys', () => {
  const build = (): PlatformStack => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec());
    new OneShotJob(stack, 'migrate', testJobContent());
    return stack;
  };

  test('are those that cdk8s writes, in the same order', () => {
    const stack = build();
    const objects = stack.orderedObjects();
    expect(objects.map((object) => object.toJson() as unknown)).toEqual(stack.toJson());
    expect(objects.map(({ name }) => name)).toEqual(synth(stack).map(({ metadata }) => metadata.name));
    expect(new Set(objects)).toEqual(new Set(stack.stackObjects()));
  });

  test('are not handed out while an error is open, or while a construct refuses its state', () => {
    const open = build();
    open.report({ id: 'a/b', level: 'error', path: 'ledger', message: 'not like this', fix: 'do it otherwise' });
    expect(refusal(() => open.orderedObjects()).map(({ id }) => id)).toEqual(['a/b']);
    const refused = build();
    foreign(refused, 'theirs').node.addValidation({ validate: () => ['not like this'] });
    expect(refusal(() => refused.orderedObjects()).map(({ id }) => id)).toEqual(['stack/invalid-construct']);
  });
});
