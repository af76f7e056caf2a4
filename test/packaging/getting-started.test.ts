import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, ROOT } from './project';
import { type Block, blocksBelow, COMPILERS, MODULE_TYPES, UserProject } from './user-project';

const GUIDE = 'docs/getting-started.md';

/** Commands that need a cluster are for readers. */
const WITHOUT_CLUSTER = (typed: string): boolean => !typed.includes('kubectl');

function only(blocks: readonly Block[], language: string): string {
  const found = blocks.filter((block) => block.language === language);
  if (found.length !== 1) {
    throw new Error(`${found.length} blocks of ${language}`);
  }
  return found[0]?.text ?? '';
}

function commands(blocks: readonly Block[]): string[] {
  return blocks.filter(({ language, text }) => language === 'sh' && WITHOUT_CLUSTER(text)).map(({ text }) => text);
}

const INSTALL = commands(blocksBelow(GUIDE, '## Install')).join('');
const FIRST = blocksBelow(GUIDE, '## A program that needs nothing else');
const INIT = blocksBelow(GUIDE, '## In a project of `cdk8s init`');
const RELEASE = commands(blocksBelow(GUIDE, '### The release')).join('');
const PRODUCTION = commands(blocksBelow(GUIDE, '### The program for production')).join('');
const README_PRODUCTION = only(blocksBelow('README.md', '## The program'), 'ts');

/** A program that every compiler must refuse, or their silence about the others would prove nothing. */
const WRONG = `${only(FIRST, 'ts')}\nnew CaracalStack(app, 'two', { profile: 'dev' });\n`;

const PRODUCTION_KINDS = ['Deployment', 'ExternalSecret', 'HorizontalPodAutoscaler', 'Ingress', 'PrometheusRule'];

/** What the guide says to add to the `tsconfig.json` of `cdk8s init`, by compiler. */
const LINES: Readonly<Record<keyof typeof COMPILERS, object>> = {
  'TypeScript 5.9': { esModuleInterop: true },
  'TypeScript 7': { types: ['node'], skipLibCheck: true },
};

function kindsIn(project: UserProject, folder = 'dist'): string[] {
  const text = readdirSync(join(project.folder, folder)).map((file) => project.read(join(folder, file)));
  return [...text.join('\n').matchAll(/^kind: (\w+)$/gm)].map(([, kind = '']) => kind);
}

test('README and guide show the same commands, program and configuration', () => {
  const readme = blocksBelow('README.md', '## Start');
  expect(readme.find(({ text }) => text.includes('npm init'))?.text).toBe(INSTALL);
  for (const language of ['ts', 'yaml', 'json']) {
    expect(only(readme, language)).toBe(only(FIRST, language));
  }
});

describe('whoever installs the package types what the guide says', () => {
  let project: UserProject;

  beforeAll(() => {
    project = new UserProject();
    project.type(INSTALL);
    project.addCompilers();
    project.write('cdk8s.yaml', only(FIRST, 'yaml'));
    project.write('tsconfig.json', only(FIRST, 'json'));
  });

  afterAll(() => project?.remove());

  beforeEach(() => project.write('main.ts', only(FIRST, 'ts')));

  describe.each(MODULE_TYPES)('in a package of the type %s', (type) => {
    beforeAll(() => project.setType(type));

    test('the first program compiles and is written, and needs nothing else', () => {
      project.type(commands(FIRST).join(''));
      expect(readdirSync(join(project.folder, 'dist'))).toEqual(['caracal.k8s.yaml']);
      expect(kindsIn(project)).toEqual(expect.arrayContaining(['Namespace', 'NetworkPolicy', 'StatefulSet', 'Secret']));
    });

    test('then production: the manifest, the example, types, manifests', () => {
      project.type(RELEASE);
      project.type(PRODUCTION);
      expect(kindsIn(project)).toEqual(expect.arrayContaining(PRODUCTION_KINDS));
    });

    test('a Helm chart, as its guide says; without the one line it is refused and nothing is written', () => {
      const guide = blocksBelow('docs/helm.md', '## Synthesise a chart');
      const [synth = '', ...helm] = guide
        .filter(({ language }) => language === 'sh')
        .flatMap(({ text }) => text.split('\n'));
      expect(helm.join('\n')).toMatch(/^helm template dist\nhelm install /);
      project.write('main.ts', only(guide, 'ts'));
      project.type(synth);
      expect(existsSync(join(project.folder, 'dist', 'Chart.yaml'))).toBe(true);
      expect(kindsIn(project, 'dist/templates')).toContain('Deployment');
      project.type(RELEASE);
      project.write('main.ts', README_PRODUCTION);
      const report = project.failing('npx cdk8s synth --format helm --chart-version 1.0.0');
      expect(report).toMatch(/stack\/helm-format[\s\S]*new HelmEscape\(\)/);
      expect(readdirSync(join(project.folder, 'dist', 'templates'))).toEqual([]);
      // With the line, the same chart is made, and every text of the rules is escaped.
      project.write(
        'main.ts',
        README_PRODUCTION.replace('new App()', 'new App({ resolvers: [new HelmEscape()] })').replace(
          'import { Cluster,',
          'import { HelmEscape, Cluster,',
        ),
      );
      project.type('npx cdk8s synth --format helm --chart-version 1.0.0');
      expect(kindsIn(project, 'dist/templates')).toContain('PrometheusRule');
      const chart = project.read('dist/templates/caracal.k8s.yaml');
      expect(chart.replaceAll('{{`{{`}}', '')).not.toContain('{{');
      expect(chart).toContain('{{`{{`}} $labels');
    });

    test.each(Object.entries(COMPILERS))('%s compiles both programs, and refuses a wrong one', (_name, compiler) => {
      expect(project.compile(compiler, 'tsconfig.json')).toBe('');
      project.type(RELEASE);
      project.write('main.ts', README_PRODUCTION);
      expect(project.compile(compiler, 'tsconfig.json')).toBe('');
      project.write('main.ts', WRONG);
      expect(project.compile(compiler, 'tsconfig.json')).toMatch(/main\.ts.*error TS\d+: .*namespace/s);
    });
  });

  test('the compilers are those that the tests name', () => {
    const versions = Object.values(COMPILERS).map(
      (name) => readManifest(join(project.folder, 'node_modules', name)).version,
    );
    expect(versions).toEqual([expect.stringMatching(/^5\.9\./), expect.stringMatching(/^7\./)]);
  });
});

describe('in a project as `cdk8s init typescript-app` writes it', () => {
  let project: UserProject;
  const template = join(ROOT, 'node_modules', 'cdk8s-cli', 'templates', 'typescript-app');
  const config = (change: object = {}): void => {
    const written = JSON.parse(project.read('tsconfig.json')) as { compilerOptions: object };
    const compilerOptions = { ...written.compilerOptions, ...change };
    project.write('changed.json', JSON.stringify({ ...written, compilerOptions, include: ['main.ts'] }));
  };

  beforeAll(() => {
    project = new UserProject();
    ['tsconfig.json', 'cdk8s.yaml', 'main.ts', 'package.json'].forEach((file) =>
      cpSync(join(template, file), join(project.folder, file)),
    );
    const version = (name: string): string => readManifest(join(ROOT, 'node_modules', name)).version;
    // What `cdk8s init` puts in the places of its template.
    const filled = project
      .read('package.json')
      .replaceAll('{{ $base }}', 'my-platform')
      .replace('{{ cdk8s_core_version }}', version('cdk8s'))
      .replace('{{ cdk8s_plus_version }}', '2.0.0')
      .replace('{{ constructs_version }}', version('constructs'))
      .replace('{{ cdk8s_cli_spec }}', `^${version('cdk8s-cli')}`);
    project.write('package.json', filled);
    expect(filled).not.toContain('{{');
    expect(project.read('main.ts')).toContain('// define resources here');
    project.type('npm install');
    const [install = ''] = commands(INIT);
    project.type(install);
    project.addCompilers('tsx');
  });

  afterAll(() => project?.remove());

  beforeEach(() => {
    project.write('main.ts', only(INIT, 'ts'));
    rmSync(join(project.folder, 'main.js'), { force: true });
  });

  test('the program of the guide is what init wrote, with the stack in its place', () => {
    const written = project
      .read('main.ts')
      .split('\n')
      .filter((line) => !/cdk8s-selfhosted|CaracalStack|^ {4}(?: {2}\S|\}\);)/.test(line));
    const original = readFileSync(join(template, 'main.ts'), 'utf8').replace('{{ $base }}', 'my-platform');
    const essence = (lines: readonly string[]): string[] =>
      lines.map((line) => line.trim()).filter((line) => line !== '');
    expect(essence(written)).toEqual(essence(original.split('\n')).filter((line) => !line.startsWith('//')));
  });

  test('compile and synth are those of the project', () => {
    commands(INIT)
      .slice(1)
      .forEach((each) => project.type(each));
    const files = readdirSync(join(project.folder, 'dist'));
    expect(files).toHaveLength(2);
    expect(kindsIn(project)).toEqual(expect.arrayContaining(['Namespace', 'NetworkPolicy', 'StatefulSet']));
  });

  describe.each(MODULE_TYPES)('in a package of the type %s', (type) => {
    beforeAll(() => project.setType(type));

    test.each(Object.entries(COMPILERS))(
      '%s compiles the chart with the stack, and refuses a wrong program',
      (_name, compiler) => {
        config();
        expect(project.compile(compiler, 'changed.json')).toBe('');
        project.write('main.ts', WRONG);
        expect(project.compile(compiler, 'changed.json')).toMatch(/main\.ts.*error TS\d+: .*namespace/s);
      },
    );

    test.each(Object.entries(COMPILERS))(
      '%s compiles production with the lines that the guide names',
      (name, compiler) => {
        project.type(RELEASE);
        project.write('main.ts', README_PRODUCTION);
        config();
        expect(project.compile(compiler, 'changed.json')).not.toBe('');
        config(LINES[name as keyof typeof COMPILERS]);
        expect(project.compile(compiler, 'changed.json')).toBe('');
      },
    );

    test('it runs with tsx, as the guide says for ES modules', () => {
      rmSync(join(project.folder, 'dist'), { recursive: true, force: true });
      project.type('npx tsx main.ts');
      expect(kindsIn(project)).toContain('StatefulSet');
    });
  });
});
