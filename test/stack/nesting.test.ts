import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing, Yaml, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { Component, OneShotJob, type PlatformStack, SecretSource } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { findingsWith, refusal } from '../support/findings';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { ref, synth } from '../support/manifests';

function config(scope: Construct, name: string): ApiObject {
  return new ApiObject(scope, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
}

/** A stack with something of every kind, objects of the user and a dependency of theirs. */
function fullStack(scope: Construct, id = 'ledger', instance = id): PlatformStack {
  const stack = testStack({ instance, profile: 'dev' }, scope, id);
  new Component(stack, 'server', testComponentSpec());
  new OneShotJob(stack, 'migrate', testJobContent());
  const group = new Construct(stack, 'group');
  config(group, `${instance}-first`).addDependency(config(group, `${instance}-second`));
  return stack;
}

/** What stands around a stack, from outside to inside. */
const SURROUNDINGS: Readonly<Record<string, (scope: Construct, level: number) => Construct>> = {
  chart: (scope, level) => new Chart(scope, `chart${level}`),
  'chart with an object': (scope, level) => {
    const chart = new Chart(scope, `chart${level}`, { namespace: 'theirs', labels: { team: 'theirs' } });
    config(chart, `object${level}`);
    return chart;
  },
  construct: (scope, level) => new Construct(scope, `construct${level}`),
  stack: (scope, level) => fullStack(scope, `outer${level}`),
};

function inside(surroundings: readonly string[], app: App): PlatformStack {
  return fullStack(surroundings.reduce<Construct>((scope, kind, level) => SURROUNDINGS[kind]!(scope, level), app));
}

const EXPECTED = Yaml.stringify(...(fullStack(new App()).toJson() as unknown[]));

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Every file that `app.synth()` writes. */
function written(yamlOutputType: YamlOutputType, build: (app: App) => unknown): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'nesting-'));
  folders.push(outdir);
  const app = new App({ outdir, yamlOutputType });
  build(app);
  app.synth();
  return Object.fromEntries(readdirSync(outdir).map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
}

describe('a stack gives the same bytes wherever it stands', () => {
  test('inside the class that `cdk8s init` writes', () => {
    const caracal = (scope: Construct): CaracalStack =>
      new CaracalStack(scope, 'caracal', {
        profile: 'dev',
        namespace: 'caracal',
        secrets: SecretSource.derivedForDev('a passphrase'),
      });
    class MyChart extends Chart {
      constructor(scope: Construct, id: string) {
        super(scope, id);
        caracal(this);
      }
    }
    const files = written(YamlOutputType.FILE_PER_CHART, (app) => new MyChart(app, 'my-app'));
    expect(Object.values(files).join('')).toBe(Yaml.stringify(...(caracal(new App()).toJson() as unknown[])));
  });

  const places: readonly (readonly string[])[] = [
    ['construct'],
    ['chart'],
    ['chart with an object'],
    ['chart', 'chart'],
    ['chart', 'construct', 'chart with an object', 'construct'],
    ['stack'],
    ['stack', 'construct'],
    ['chart', 'stack', 'chart with an object', 'stack'],
  ];

  describe.each(places.map((place) => [place.join(' > '), place] as const))('in %s', (_name, place) => {
    test('a file for each chart', () => {
      const files = written(YamlOutputType.FILE_PER_CHART, (app) => inside(place, app));
      expect(Object.values(files)).toContain(EXPECTED);
    });

    test('one file, one string, and the chart alone before and after a synthesis of the app', () => {
      const [file] = Object.values(written(YamlOutputType.FILE_PER_APP, (app) => inside(place, app)));
      const app = new App();
      const stack = inside(place, app);
      const alone = Yaml.stringify(...(Testing.synth(stack) as unknown[]));
      const text = app.synthYaml();
      expect([file, text].map((each) => each?.includes(EXPECTED))).toEqual([true, true]);
      expect([alone, Yaml.stringify(...(Testing.synth(stack) as unknown[]))]).toEqual([EXPECTED, EXPECTED]);
      expect(app.synthYaml()).toBe(text);
    });

    test.each([YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE])(
      'output mode %s is refused with its own reason, as at the top',
      (mode) => {
        expect(() => written(mode, (app) => inside(place, app))).toThrow(/stack\/file-per-resource/);
        expect(() => written(mode, (app) => inside(place, app))).not.toThrow(/cycle/);
      },
    );
  });

  test('in any mix of charts, constructs and stacks', () => {
    const place = fc.array(fc.constantFrom(...Object.keys(SURROUNDINGS)), { maxLength: 4 });
    fc.assert(
      fc.property(place, (surroundings) => {
        const app = new App();
        inside(surroundings, app);
        expect(app.synthYaml()).toContain(EXPECTED);
      }),
      { numRuns: 25 },
    );
  });

  test('the comparison would see another order: the dependency of the user is part of it', () => {
    const order = synth(fullStack(new App())).map(ref);
    const [first, second] = ['first', 'second'].map((name) => order.indexOf(`ConfigMap/ledger-${name}`));
    expect(second).toBeGreaterThanOrEqual(0);
    expect(second).toBeLessThan(first ?? -1);
  });
});

describe('what stands together is kept apart', () => {
  test('two stacks and an object of the user in one chart: three files, each object once', () => {
    const files = written(YamlOutputType.FILE_PER_CHART, (app) => {
      const chart = new Chart(app, 'team', { namespace: 'theirs' });
      config(chart, 'own');
      fullStack(chart, 'east');
      fullStack(chart, 'west');
    });
    expect(Object.keys(files)).toHaveLength(3);
    const holders = (name: string): number[] =>
      Object.values(files)
        .map((text) => text.split('\n---\n').filter((each) => each.includes(`\n  name: ${name}\n`)).length)
        .filter((count) => count > 0);
    // Kinds with the name of the component: Deployment, Service, ServiceAccount, NetworkPolicy.
    expect(holders('own')).toEqual([1]);
    expect(holders('east-server')).toEqual([4]);
    expect(holders('west-server')).toEqual([4]);
  });

  test('a stack reports and counts its own components, not those of a stack inside of it', () => {
    const outer = fullStack(new App(), 'outer');
    const alone = { flows: outer.flows().length, images: outer.images() };
    const inner = fullStack(outer, 'inner');
    inner.report({ id: 'a/b', level: 'error', path: 'outer/inner', message: 'not like this', fix: 'do it otherwise' });
    expect({ flows: outer.flows().length, images: outer.images() }).toEqual(alone);
    expect(outer.findings().map(({ id }) => id)).not.toContain('a/b');
    expect(refusal(() => inner.orderedObjects()).map(({ id }) => id)).toEqual(['a/b']);
    expect(() => outer.orderedObjects()).not.toThrow();
  });

  test('a problem of a stack inside of another one stands once in the report of the app', () => {
    const app = new App();
    const inner = fullStack(fullStack(app, 'outer'), 'inner');
    inner.report({ id: 'a/b', level: 'error', path: 'outer/inner', message: 'not like this', fix: 'do it otherwise' });
    let report = '';
    try {
      app.synthYaml();
    } catch (error) {
      report = (error as Error).message;
    }
    expect(report.match(/a\/b\s+not like this/g)).toHaveLength(1);
  });
});

describe('dependencies that the user declared', () => {
  test('of an object of the chart around on one of the stack hold: the chart around comes last anyway', () => {
    const files = written(YamlOutputType.FILE_PER_CHART, (app) => {
      const chart = new Chart(app, 'team');
      config(chart, 'own').addDependency(fullStack(chart));
    });
    const [first, second] = Object.keys(files).sort();
    expect([first?.includes('ledger'), files[second ?? '']?.includes('name: own')]).toEqual([true, true]);
  });

  test('between two stacks in one chart order their files', () => {
    const files = written(YamlOutputType.FILE_PER_CHART, (app) => {
      const chart = new Chart(app, 'team');
      const east = fullStack(chart, 'east');
      const west = fullStack(chart, 'west');
      config(east, 'waits').addDependency(west);
    });
    expect(
      Object.keys(files)
        .sort()
        .filter((file) => /east|west/.test(file)),
    ).toEqual([expect.stringContaining('west'), expect.stringContaining('east')]);
  });

  test('that go round inside a nested stack are refused as at the top', () => {
    const stack = fullStack(new Chart(new App(), 'team'));
    const [a, b] = [config(stack, 'a'), config(stack, 'b')];
    a.addDependency(b);
    b.addDependency(a);
    expect(refusal(() => Testing.synth(stack)).map(({ id }) => id)).toEqual(['stack/dependency-cycle']);
  });

  test('of the stack on the chart around are refused with both paths, in every way to synthesise', () => {
    const app = new App();
    const chart = new Chart(app, 'team');
    const stack = fullStack(chart);
    config(stack, 'waits').addDependency(config(chart, 'own'));
    const expected = {
      id: 'stack/outward-dependency',
      path: 'team/ledger',
      given: 'team/ledger/waits depends on team/own',
      fix: expect.stringContaining('side by side') as string,
    };
    expect(refusal(() => Testing.synth(stack))).toEqual([expect.objectContaining(expected)]);
    expect(() => app.synth()).toThrow(/stack\/outward-dependency/);
    expect(() => app.synthYaml()).toThrow(/stack\/outward-dependency/);
    // cdk8s has multiplied the dependency by now; the report has not.
    expect(findingsWith(stack, 'stack/outward-dependency')).toHaveLength(1);
  });
});

describe('a chart of the user inside of a stack', () => {
  test('keeps objects, namespace and labels of its own, in a file of its own', () => {
    const files = written(YamlOutputType.FILE_PER_CHART, (app) => {
      const chart = new Chart(fullStack(app), 'inner', { namespace: 'theirs' });
      config(chart, 'widget');
    });
    const inner = Object.entries(files).filter(([, text]) => text.includes('name: widget'));
    expect(inner).toEqual([[expect.stringContaining('inner'), expect.stringContaining('namespace: theirs')]]);
    expect(Object.values(files)).toContain(EXPECTED);
  });

  test('holds no components: they would have neither the namespace nor the labels of the stack', () => {
    const stack = fullStack(new App());
    const chart = new Chart(stack, 'inner');
    new Component(chart, 'worker', testComponentSpec({ component: 'worker' }));
    new OneShotJob(chart, 'load', testJobContent());
    expect(refusal(() => Testing.synth(stack)).map(({ id, path }) => [id, path])).toEqual([
      ['stack/component-in-chart', 'ledger/inner/worker'],
      ['stack/component-in-chart', 'ledger/inner/load'],
    ]);
    // A construct in the place of the chart is what the fix says.
    const sound = fullStack(new App());
    new Component(new Construct(sound, 'inner'), 'worker', testComponentSpec({ component: 'worker' }));
    expect(findingsWith(sound, 'stack/component-in-chart')).toEqual([]);
  });

  test.each([
    ['books', [['stack/chart-before-namespace', 'ledger/inner']]],
    ['theirs', []],
  ])('with objects in the namespace %s, where the stack creates books', (namespace, expected) => {
    const stack = testStack({ profile: 'dev', namespace: { name: 'books', create: true } });
    config(new Chart(stack, 'inner', { namespace }), 'widget');
    const found = findingsWith(stack, 'stack/chart-before-namespace').map(({ id, path }) => [id, path]);
    expect(found).toEqual(expected);
  });
});
