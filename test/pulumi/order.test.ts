import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import { Component, OneShotJob, type PlatformStack } from '../../src';
import { SelfHosted } from '../../src/pulumi';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { Database, DATABASE_TOKEN } from './database';
import { EXAMPLE_NAMES, loadExample } from './examples';
import { Graph } from './graph';
import { run, type RunOptions } from './program';

jest.setTimeout(180_000);

async function graphOf(program: () => unknown, options: RunOptions = {}): Promise<Graph> {
  const { registrations } = await run(program, options);
  return new Graph(registrations.filter(({ custom }) => custom));
}

const PODS = ['Deployment', 'StatefulSet', 'Job'];
const CONFIGURATION = ['ServiceAccount', 'NetworkPolicy', 'ConfigMap', 'Secret', 'ExternalSecret'];

/** Whether a workload holds data: a database or Redis of the stack, which Jobs need. */
const holdsData = ({ name }: { readonly name: string }): boolean => /-(?:postgres|redis)$/.test(name);

describe.each(EXAMPLE_NAMES)('what %s waits for', (name) => {
  let graph: Graph;
  beforeAll(async () => {
    const build = await loadExample(name);
    graph = await graphOf(
      () => new SelfHosted('caracal', ({ app, value }) => build(app, (text) => value(pulumi.output(text)))),
    );
  });

  it('has no cycle, and nothing waits for what is not registered', () => {
    expect(() => graph.registrations.forEach((each) => graph.before(each))).not.toThrow();
    expect(graph.edges).toBeGreaterThan(graph.registrations.length / 2);
  });

  it('pods wait for all configuration: accounts, policies, files and secrets', () => {
    const configuration = graph.registrations.filter(({ inputs }) => CONFIGURATION.includes(String(inputs.kind)));
    expect(graph.notAfter(graph.ofKind(...PODS), configuration)).toEqual([]);
  });

  it('workloads wait for every Job, so that they meet a migrated database', () => {
    const workloads = graph.ofKind('Deployment', 'StatefulSet').filter((each) => !holdsData(each));
    expect(graph.notAfter(workloads, graph.ofKind('Job'))).toEqual([]);
  });

  it('Jobs wait for the data that the stack holds itself', () => {
    const data = graph.ofKind('Deployment', 'StatefulSet').filter(holdsData);
    expect(data.length > 0).toBe(['caracal-quickstart', 'pulumi-caracal-dev'].includes(name));
    expect(graph.notAfter(graph.ofKind('Job'), data)).toEqual([]);
  });

  it('workloads do not wait for each other: they start together, as a restart of the cluster starts them', () => {
    const workloads = graph.ofKind('Deployment', 'StatefulSet').filter((each) => !holdsData(each));
    const urns = new Set(workloads.map(({ urn }) => urn));
    expect(workloads.filter((each) => [...graph.before(each)].some((urn) => urns.has(urn)))).toEqual([]);
  });

  it('no workload waits for its own Service, which the engine awaits until pods stand behind it', () => {
    const services = new Set(graph.ofKind('Service').map(({ urn }) => urn));
    const waiting = graph.ofKind(...PODS).filter((each) => [...graph.before(each)].some((urn) => services.has(urn)));
    expect(waiting).toEqual([]);
  });
});

describe('what exposes and what observes', () => {
  let graph: Graph;
  beforeAll(async () => {
    const build = await loadExample('caracal-production');
    graph = await graphOf(() => new SelfHosted('caracal', ({ app }) => build(app, (text) => text)));
  });

  it('an Ingress waits for its Service, and for none that is not behind it', () => {
    for (const ingress of graph.ofKind('Ingress')) {
      const service = graph.find('Service', ingress.name.split('/')[1] ?? '');
      expect(graph.notAfter([ingress], [service])).toEqual([]);
      const others = graph.ofKind('Service').filter(({ urn }) => urn !== service.urn && graph.before(ingress).has(urn));
      expect(others).toEqual([]);
    }
  });

  it('monitors and alerts wait for every workload: an alert on what does not exist yet would fire', () => {
    const observers = graph.ofKind('ServiceMonitor', 'PrometheusRule');
    expect(graph.notAfter(observers, graph.ofKind('Deployment', 'StatefulSet'))).toEqual([]);
  });
});

it('a created Namespace comes before everything in it', async () => {
  const build = await loadExample('pulumi-caracal-dev');
  const graph = await graphOf(() => new SelfHosted('caracal', ({ app }) => build(app, (text) => text)));
  const others = graph.registrations.filter(({ inputs }) => inputs.kind !== 'Namespace');
  expect(graph.notAfter(others, graph.ofKind('Namespace'))).toEqual([]);
});

describe('many components', () => {
  const many = (count: number) => (): SelfHosted =>
    new SelfHosted('ledger', ({ app }) => {
      const stack = testStack({}, app);
      for (let each = 0; each < count; each += 1) {
        new Component(stack, `c${each}`, testComponentSpec({ component: `server${each}` }));
        new OneShotJob(stack, `j${each}`, testJobContent({ component: `migrate${each}` }));
      }
      return stack;
    });

  it('need a number of dependencies that grows with the objects, not with their square', async () => {
    const counts = [5, 10, 20, 40];
    const graphs: Graph[] = [];
    for (const count of counts) {
      graphs.push(await graphOf(many(count)));
    }
    const perObject = graphs.map(({ edges, registrations }) => edges / registrations.length);
    expect(graphs.map(({ registrations }) => registrations.length)).toEqual(counts.map((count) => 10 * count + 1));
    expect(perObject.filter((each) => each > 2)).toEqual([]);
    const last = graphs.at(-1) as Graph;
    expect(last.notAfter(last.ofKind('Deployment'), last.ofKind('Job'))).toEqual([]);
  });
});

/** A stack with a service, a Job and two ConfigMaps of the user's own. */
function withOwn(connect: (stack: PlatformStack, own: ApiObject, second: ApiObject) => void): () => SelfHosted {
  return () =>
    new SelfHosted('ledger', ({ app }) => {
      const stack = testStack({}, app);
      new Component(stack, 'server', testComponentSpec());
      new OneShotJob(stack, 'migrate', testJobContent());
      const [own, second] = ['own', 'second'].map(
        (name) => new ApiObject(stack, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }),
      );
      connect(stack, own as ApiObject, second as ApiObject);
      return stack;
    });
}

describe('a dependency that the program declares', () => {
  it('on an object is kept', async () => {
    const graph = await graphOf(withOwn((_stack, own, second) => own.addDependency(second)));
    expect(graph.notAfter([graph.find('ConfigMap', 'own')], [graph.find('ConfigMap', 'second')])).toEqual([]);
  });

  it('on a construct holds for every object below it', async () => {
    const graph = await graphOf(withOwn((stack, own) => own.node.addDependency(stack.node.findChild('migrate'))));
    const below = graph.registrations.filter(({ name }) => name.includes('/ledger-migrate'));
    expect(below).toHaveLength(3);
    expect(graph.notAfter([graph.find('ConfigMap', 'own')], below)).toEqual([]);
  });

  it('on what comes in a later phase turns the two around, without a cycle, and keeps all others in order', async () => {
    const graph = await graphOf(
      withOwn((stack, own) => own.addDependency((stack.node.findChild('server') as Component).workload)),
    );
    graph.registrations.forEach((each) => graph.before(each));
    const [own, second] = [graph.find('ConfigMap', 'own'), graph.find('ConfigMap', 'second')];
    expect(graph.notAfter([own], graph.ofKind('Deployment'))).toEqual([]);
    expect(graph.notAfter(graph.ofKind('Job'), [own, second])).toEqual([]);
    // It cannot wait for what waits for it; for its account and its policy it still does.
    expect(graph.notAfter(graph.ofKind('Deployment'), graph.ofKind('ServiceAccount', 'NetworkPolicy'))).toEqual([]);
  });
});

describe('what the component depends on', () => {
  it('comes before every object', async () => {
    const graph = await graphOf(
      () => {
        const database = new Database('database');
        return new SelfHosted(
          'ledger',
          ({ app }) => {
            const stack = testStack({ namespace: { name: 'books', create: true } }, app);
            new Component(stack, 'server', testComponentSpec());
            new OneShotJob(stack, 'migrate', testJobContent());
            return stack;
          },
          { dependsOn: [database] },
        );
      },
      { tokens: [DATABASE_TOKEN] },
    );
    const objects = graph.registrations.filter(({ name }) => name !== 'database');
    const database = graph.registrations.filter(({ name }) => name === 'database');
    expect(database).toHaveLength(1);
    expect(graph.notAfter(objects, database)).toEqual([]);
  });

  it('comes before every object of a real platform too, also where objects have no other dependency', async () => {
    const build = await loadExample('caracal-production');
    const graph = await graphOf(
      () => new SelfHosted('caracal', ({ app }) => build(app, (text) => text), { dependsOn: new Database('database') }),
      { tokens: [DATABASE_TOKEN] },
    );
    const objects = graph.registrations.filter(({ name }) => name !== 'database');
    expect(
      graph.notAfter(
        objects,
        graph.registrations.filter(({ name }) => name === 'database'),
      ),
    ).toEqual([]);
  });

  it('a value makes what carries it wait for the resource that the value comes from', async () => {
    const build = await loadExample('pulumi-caracal');
    const graph = await graphOf(
      () => {
        const { address } = new Database('database');
        return new SelfHosted('caracal', ({ app, value }) =>
          build(app, (text) => value(text.startsWith('pg.') ? address : text)),
        );
      },
      { tokens: [DATABASE_TOKEN], computed: { address: 'pg.example.internal' } },
    );
    const database = graph.registrations.find(({ name }) => name === 'database');
    const direct = graph.registrations.filter(({ dependencies }) => dependencies.includes(database?.urn ?? ''));
    expect(direct.map(({ inputs }) => inputs.kind).sort()).toEqual(['ExternalSecret', 'Job', 'Job']);
    expect(graph.ofKind('ConfigMap', 'Service').filter(({ dependencies }) => dependencies.length === 0)).toEqual([]);
  });
});
