import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, type AppProps, Chart, JsonPatch, Testing, Yaml, YamlOutputType } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Component, ConfigurationError, type ExclusiveResource, PlatformStack, Scaling } from '../../src';
import { findingsWith, refusal } from '../support/findings';
import { testCluster, testComponentSpec, testStack, testStackProps } from '../support/ledger';
import { synth } from '../support/manifests';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** An app whose files go into a new folder. */
function appWithFolder(props: AppProps = {}): {
  readonly app: App;
  readonly files: () => string[];
  readonly folder: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  folders.push(folder);
  return { app: new App({ outdir: folder, ...props }), files: () => readdirSync(folder).sort(), folder };
}

/** A stack with something to refuse: one replica in production. */
function wrongStack(app: App, id: string): PlatformStack {
  const stack = testStack({ instance: id }, app, id);
  new Component(stack, 'server', testComponentSpec(), { scaling: Scaling.fixed(1) });
  return stack;
}

describe('an app with an open error writes nothing', () => {
  const breaks: readonly [what: string, break_: (app: App) => void, message: RegExp][] = [
    ['a rule of one stack', (app) => wrongStack(app, 'second'), /workload\/replica-floor/],
    [
      'a patch that does not fit',
      (app) =>
        testStack({ instance: 'second' }, app, 'second')
          .stackObjects()[0]
          ?.addJsonPatch(JsonPatch.replace('/spec/nope/x', 1)),
      /stack\/unfit-patch/,
    ],
    [
      'an object of cdk8s-plus that is not complete',
      (app) => new Deployment(testStack({ instance: 'second' }, app, 'second'), 'theirs'),
      /stack\/failing-object[\s\S]*at least 1 container/,
    ],
    [
      'a circle of dependencies',
      (app) => {
        const stack = testStack({ instance: 'second' }, app, 'second');
        const [a, b] = ['a', 'b'].map((id) => new ApiObject(stack, id, { apiVersion: 'v1', kind: 'ConfigMap' })) as [
          ApiObject,
          ApiObject,
        ];
        a.addDependency(b);
        b.addDependency(a);
      },
      /cycle/i,
    ],
    [
      "the validation of somebody else's construct",
      (app) =>
        testStack({ instance: 'second' }, app, 'second').node.addValidation({ validate: () => ['not like this'] }),
      /not like this/,
    ],
    ['the same installation twice', (app) => testStack({}, app, 'again'), /stack\/duplicate-instance/],
  ];

  test.each(breaks)('because of %s, although the first stack is sound', (_what, break_, message) => {
    const { app, files } = appWithFolder();
    testStack({}, app, 'first');
    break_(app);
    expect(() => app.synth()).toThrow(message);
    expect(files()).toEqual([]);
    expect(() => app.synthYaml()).toThrow(message);
  });

  test('the negative control: a sound app writes its files', () => {
    const { app, files } = appWithFolder();
    testStack({}, app, 'first');
    testStack({ instance: 'second' }, app, 'second');
    app.synth();
    expect(files()).toEqual(['first.k8s.yaml', 'second.k8s.yaml']);
  });

  test('all stacks are reported at once, with paths, code and fix, as an error of ours that has the findings as data', () => {
    const { app } = appWithFolder();
    ['one', 'two', 'three'].forEach((id) => wrongStack(app, id));
    const findings = refusal(() => app.synth());
    expect(findings.map(({ path }) => path)).toEqual(['one/server', 'two/server', 'three/server']);
    const report = new ConfigurationError('the app', findings).message;
    expect(() => app.synth()).toThrow(report);
    // What is wrong in three places in the same way is said once.
    expect(report).toMatch(/keeps at least 2 replicas\.\n +Given: 1\. Allowed: at least 2\.\n +Why: .*\n +Fix: /);
    expect(report.split('\n').filter((line) => line.includes('workload/replica-floor'))).toHaveLength(1);
    expect(report).toContain('[one/server, two/server, three/server] workload/replica-floor');
  });

  test('Testing.synth guards too, with a report of the one stack', () => {
    const { app } = appWithFolder();
    wrongStack(app, 'one');
    const two = wrongStack(app, 'two');
    expect(() => Testing.synth(two)).toThrow(/^1 problem in two:\n {2}\[server\] workload\/replica-floor\n/);
  });

  test('Testing.synth asks the other constructs of the stack as well', () => {
    const stack = testStack();
    const { node } = new ApiObject(stack, 'theirs', { apiVersion: 'v1', kind: 'ConfigMap' });
    node.addValidation({ validate: () => ['not like this'] });
    expect(() => Testing.synth(stack)).toThrow(/\[theirs\] stack\/invalid-construct\n {4}not like this/);
  });
});

describe('what is written', () => {
  test('is the same through files, through one string and through Testing.synth, in the same order', () => {
    const { app, folder } = appWithFolder();
    const stack = testStack({}, app);
    new Component(stack, 'server', testComponentSpec());
    app.synth();
    const file = readFileSync(join(folder, 'ledger.k8s.yaml'), 'utf8');
    expect(app.synthYaml()).toBe(file);
    expect(Yaml.load(join(folder, 'ledger.k8s.yaml'))).toEqual(synth(stack));
  });

  test('follows the dependencies between stacks: the file of the other stack comes first', () => {
    const { app, files } = appWithFolder();
    const [one, two] = ['one', 'two'].map((id) => {
      const stack = testStack({ instance: id }, app, id);
      return new ApiObject(stack, 'widget', { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: id } });
    });
    one?.addDependency(...(two === undefined ? [] : [two]));
    app.synth();
    expect(files()).toEqual(['0000-two.k8s.yaml', '0001-one.k8s.yaml']);
  });

  test.each([YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_CHART])('in output mode %s', (yamlOutputType) => {
    const { app, files } = appWithFolder({ yamlOutputType });
    testStack({}, app);
    app.synth();
    expect(files()).toHaveLength(1);
  });

  test.each([YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE])(
    'never in output mode %s, which overwrites equal names of two namespaces and knows no order',
    (yamlOutputType) => {
      const { app, files } = appWithFolder({ yamlOutputType });
      testStack({}, app);
      expect(() => app.synth()).toThrow(/stack\/file-per-resource/);
      expect(files()).toEqual([]);
    },
  );
});

describe('two stacks in one app', () => {
  const problems = (one: Parameters<typeof testStack>[0], two: Parameters<typeof testStack>[0]): string => {
    const { app } = appWithFolder();
    testStack(one, app, 'one');
    testStack(two, app, 'two');
    try {
      app.synthYaml();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const elsewhere = { cluster: testCluster({ name: 'us-1' }) };

  test('the same installation is refused once, not once per object', () => {
    const report = problems({}, {});
    expect(report).toMatch(
      /^ {2}stack\/duplicate-instance\s+one is the same installation: ledger "ledger" in namespace "books" of cluster "eu-1"/m,
    );
    expect(report).toMatch(/^1 problem in two:/);
  });

  test.each<[string, object, object]>([
    ['another instance', { instance: 'west' }, {}],
    ['another namespace', { namespace: 'west' }, {}],
    ['another cluster', elsewhere, {}],
    [
      'another cluster, with a namespace that both create',
      { ...elsewhere, namespace: { name: 'x', create: true } },
      { namespace: { name: 'x', create: true } },
    ],
  ])('%s is fine', (_what, one, two) => {
    expect(problems(one, two)).toBe('');
  });

  test('one namespace that both create is one object too many', () => {
    const namespace = { name: 'shared', create: true } as const;
    expect(problems({ namespace, instance: 'a' }, { namespace, instance: 'b' })).toMatch(
      /stack\/duplicate-object\s+Namespace "shared" is emitted by one too/,
    );
  });

  test('one object that both emit is refused, in one cluster only', () => {
    const both = (clusterOfSecond: object): string => {
      const { app } = appWithFolder();
      for (const [id, change] of [
        ['one', {}],
        ['two', clusterOfSecond],
      ] as const) {
        const stack = testStack({ instance: id, ...change }, app, id);
        new ApiObject(stack, 'shared', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' } });
      }
      try {
        return app.synthYaml();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(both({})).toMatch(
      /stack\/duplicate-object\s+ConfigMap "shared" is emitted by one too, into the same cluster/,
    );
    expect(both(elsewhere)).not.toMatch(/stack\/duplicate-object/);
  });

  class WithServer extends PlatformStack {
    public override exclusiveResources(): readonly ExclusiveResource[] {
      return [
        {
          key: 'db.example.internal:5432',
          message: 'the database server is used by one stack',
          fix: 'use another server',
        },
      ];
    }
  }

  test('what only one stack of a product may use is refused to the second, in one cluster only', () => {
    const of = (change: object): string => {
      const { app } = appWithFolder();
      new WithServer(app, 'one', testStackProps({ instance: 'one' }));
      new WithServer(app, 'two', testStackProps({ instance: 'two', ...change }));
      try {
        return app.synthYaml();
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(of({})).toMatch(
      /\[two\] stack\/shared-resource\s+the database server is used by one stack; one uses it already\.\s+Given: db.example.internal:5432/,
    );
    expect(of(elsewhere)).not.toMatch(/stack\/shared-resource/);
    expect(of({ product: 'other' })).not.toMatch(/stack\/shared-resource/);
  });

  test('stacks and ordinary charts live together', () => {
    const { app } = appWithFolder();
    testStack({}, app);
    new ApiObject(new Chart(app, 'theirs'), 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(() => app.synthYaml()).not.toThrow();
  });
});

test('two objects of one kind, namespace and name in a stack are refused, other namespaces and kinds are not', () => {
  const stack = testStack();
  const config = (id: string, kind: string, namespace?: string) =>
    new ApiObject(stack, id, {
      apiVersion: 'v1',
      kind,
      metadata: { name: 'config', ...(namespace === undefined ? {} : { namespace }) },
    });
  config('a', 'ConfigMap');
  config('b', 'ConfigMap', 'elsewhere');
  config('c', 'Secret');
  expect(findingsWith(stack, 'stack/duplicate-object')).toEqual([]);
  config('d', 'ConfigMap', 'books');
  expect(findingsWith(stack, 'stack/duplicate-object')).toEqual([
    expect.objectContaining({
      path: 'ledger/d',
      message: 'ConfigMap "config" exists already at ledger/a',
      level: 'error',
    }),
  ]);
});
