import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, type IResolver, JsonPatch, Lazy, Testing, Yaml } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { Component, HelmEscape, type PlatformStack } from '../../src';
import { CaracalStack, type CaracalStackProps } from '../../src/caracal';
import { publishedProps } from '../caracal/fixture';
import { findingsWith } from '../support/findings';
import { testComponentSpec, testStack } from '../support/ledger';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder as `cdk8s synth --format helm` makes it before it starts the program; returns that of the templates. */
function chartFolder(): string {
  const chart = mkdtempSync(join(tmpdir(), 'helm-'));
  folders.push(chart);
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n');
  mkdirSync(join(chart, 'templates'));
  return join(chart, 'templates');
}

/**
 * What Helm makes of a file, as far as such files may go. Go's text/template prints what stands outside of actions, an
 * action begins with `{{` wherever it stands, and one that is a raw string prints that string. Every other action is an
 * error here, since Helm would evaluate it.
 */
function helmTemplate(text: string): string {
  let result = '';
  let rest = text;
  for (;;) {
    const start = rest.indexOf('{{');
    if (start < 0) {
      return result + rest;
    }
    const [action, printed = ''] = /^\{\{`([^`]*)`\}\}/.exec(rest.slice(start)) ?? [];
    if (action === undefined) {
      throw new Error(`Helm would evaluate ${rest.slice(start, start + 40)}`);
    }
    result += rest.slice(0, start) + printed;
    rest = rest.slice(start + action.length);
  }
}

/** The objects that Helm sends to the cluster for what an app writes into a chart. */
function throughHelm(build: (app: App) => unknown, resolvers: IResolver[] = [new HelmEscape()]): unknown[] {
  const outdir = chartFolder();
  const app = new App({ outdir, resolvers });
  build(app);
  app.synth();
  return readdirSync(outdir).flatMap((file) => {
    const rendered = join(outdir, '..', file);
    writeFileSync(rendered, helmTemplate(readFileSync(join(outdir, file), 'utf8')));
    return Yaml.load(rendered) as unknown[];
  });
}

const production = (app: App): CaracalStack => new CaracalStack(app, 'caracal', publishedProps() as CaracalStackProps);

function withTexts(app: App, texts: Readonly<Record<string, string>>): PlatformStack {
  const stack = testStack({ profile: 'dev' }, app);
  const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own', annotations: texts } };
  new ApiObject(stack, 'own', { ...own, data: texts });
  return stack;
}

describe('texts with {{ }} arrive through Helm as they left the program', () => {
  test('every object of Caracal in production: alert rules, and the templates of External Secrets', () => {
    const plain = Testing.synth(production(new App())) as unknown[];
    expect(
      plain.filter((each) => JSON.stringify(each).includes('{{')).map((each) => (each as { kind: string }).kind),
    ).toEqual(expect.arrayContaining(['ExternalSecret', 'PrometheusRule']));
    expect(throughHelm(production)).toEqual(plain);
  });

  test('without it Helm would evaluate them, or this test would prove nothing', () => {
    const text = Yaml.stringify(...(Testing.synth(production(new App())) as unknown[]));
    expect(() => helmTemplate(text)).toThrow(/Helm would evaluate \{\{/);
  });

  test('any text, whatever stands around the braces', () => {
    const parts = [
      '{',
      '{{',
      '}}',
      '`',
      '{{`{{`}}',
      '"',
      "'",
      '\\',
      '\n',
      '- ',
      ': ',
      ' #',
      '$labels',
      '/*',
      '%',
      'é',
      'a',
    ];
    const text = fc.array(fc.constantFrom(...parts), { maxLength: 9 }).map((each) => each.join(''));
    fc.assert(
      fc.property(text, text, (one, two) => {
        const written = (app: App): string => {
          const texts = { one, two, same: one };
          const metadata = { name: 'own', annotations: texts };
          new ApiObject(new Chart(app, 'own'), 'own', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: texts });
          return app.synthYaml();
        };
        const rendered = helmTemplate(written(new App({ resolvers: [new HelmEscape()] })));
        expect(parse(rendered, { version: '1.1' })).toEqual(parse(written(new App()), { version: '1.1' }));
      }),
      { numRuns: 150 },
    );
  });

  test('objects of the user too, of cdk8s-plus and lazy ones, inside of the stack and beside it', () => {
    const build = (app: App): void => {
      const stack = testStack({ profile: 'dev' }, app);
      for (const scope of [stack, new Chart(app, 'theirs')]) {
        new kplus.ConfigMap(scope, 'plus', { metadata: { name: 'plus' }, data: { text: 'a {{ .b }} c' } });
        new ApiObject(scope, 'lazy', {
          ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'lazy' } },
          data: { text: Lazy.any({ produce: () => '{{ .late }}' }) as unknown },
        });
      }
    };
    const texts = (objects: readonly unknown[]): unknown[] =>
      objects.flatMap((each) => (each as { data?: { text?: string } }).data?.text ?? []);
    expect(texts(throughHelm(build)).sort()).toEqual(['a {{ .b }} c', 'a {{ .b }} c', '{{ .late }}', '{{ .late }}']);
  });

  test('a second synthesis writes the same: nothing is escaped twice', () => {
    const app = new App({ outdir: chartFolder(), resolvers: [new HelmEscape()] });
    withTexts(app, { text: '{{ .a }}' });
    const first = app.synthYaml();
    expect(first).toContain('{{`{{`}} .a }}');
    expect(app.synthYaml()).toBe(first);
  });

  test('a patch is left as it is: the place for what Helm shall fill in', () => {
    const app = new App({ outdir: chartFolder(), resolvers: [new HelmEscape()] });
    const stack = withTexts(app, { text: '{{ .a }}' });
    stack.stackObjects().at(-1)?.addJsonPatch(JsonPatch.add('/data/host', '{{ .Values.host }}'));
    expect(app.synthYaml()).toContain('host: "{{ .Values.host }}"');
    expect(findingsWith(stack, 'stack/helm-format')).toEqual([]);
  });
});

describe('an app that writes into a chart without it is refused', () => {
  test('with the objects that Helm would not understand, the line to type, and nothing written', () => {
    const outdir = chartFolder();
    const app = new App({ outdir });
    production(app);
    expect(() => app.synth()).toThrow(
      /stack\/helm-format\s+PrometheusRule "caracal-alerts" has texts with \{\{ \}\}[\s\S]*new App\(\{ resolvers: \[new HelmEscape\(\)\] \}\)/,
    );
    expect(readdirSync(outdir)).toEqual([]);
  });

  test('a stack without such texts needs nothing', () => {
    const app = new App({ outdir: chartFolder() });
    const stack = testStack({ profile: 'dev' }, app);
    new Component(stack, 'server', testComponentSpec());
    expect(() => app.synth()).not.toThrow();
  });

  test('who wants Helm to fill in a text may accept it', () => {
    const app = new App({ outdir: chartFolder() });
    const stack = withTexts(app, { host: '{{ .Values.host }}' });
    stack.acknowledge('stack/helm-format', { path: 'ledger/own', reason: 'the values of the chart name the host' });
    expect(app.synthYaml()).toContain('"{{ .Values.host }}"');
  });

  test('and so is the opposite: escaped texts in a folder that no Helm reads', () => {
    const app = new App({ outdir: join(chartFolder(), '..'), resolvers: [new HelmEscape()] });
    const stack = withTexts(app, { text: '{{ .a }}' });
    expect(findingsWith(stack, 'stack/helm-format')).toEqual([
      expect.objectContaining({
        level: 'error',
        path: 'ledger',
        message: 'texts are escaped for Helm, and the app does not write into a Helm chart',
        fix: expect.stringContaining('leave HelmEscape out') as string,
      }),
    ]);
    const sound = new App({ resolvers: [new HelmEscape()] });
    expect(findingsWith(testStack({ profile: 'dev' }, sound), 'stack/helm-format')).toEqual([]);
  });
});
