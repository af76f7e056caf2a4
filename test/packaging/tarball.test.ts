import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, createConsumer, readManifest, requiredPeers, type Consumer } from './project';

/** What `program.cjs` prints. */
interface Loaded {
  readonly main: readonly string[];
  readonly caracal: readonly string[];
  readonly kinds: readonly string[];
  readonly packages: readonly string[];
}

let consumer: Consumer;

beforeAll(() => {
  consumer = createConsumer();
});

afterAll(() => consumer?.remove());

describe('the tarball holds what a user needs and nothing else', () => {
  const DOCUMENTS = ['API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];

  test('documents, guides, examples and compiled code only: no tests, no sources, no tools', () => {
    const others = consumer.files.filter((file) => !/^lib\/.+\.(js|d\.ts|json)$/.test(file));
    const guides = others.filter((file) => /^(docs|examples)\//.test(file));
    expect(others.filter((file) => !guides.includes(file)).sort()).toEqual(DOCUMENTS);
    const allowed = [
      /^docs\/[a-z-]+\.md$/,
      /^examples\/[a-z-]+\/(main\.ts|cdk8s\.yaml|manifest\.json|README\.md)$/,
      /^examples\/pulumi-[a-z-]+\/((index|platform|servers)\.ts|Pulumi\.yaml|(package|tsconfig)\.json)$/,
    ];
    expect(guides.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  test('the pages that the README leads to are there', () => {
    const readme = readFileSync(join(consumer.folder, 'node_modules', 'cdk8s-selfhosted', 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\(((?:docs|examples)\/[^)#]+)/g)].map(([, link]) => link ?? '');
    const missing = links.filter(
      (link) => !consumer.files.some((file) => file === link || file.startsWith(`${link}/`)),
    );
    expect(links.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  test('a Pulumi example is a whole project, so that it can be copied and run', () => {
    const projects = readdirSync(join(ROOT, 'examples')).filter((name) => name.startsWith('pulumi-'));
    const wanted = ['Pulumi.yaml', 'README.md', 'index.ts', 'package.json', 'platform.ts', 'tsconfig.json'];
    const missing = projects
      .flatMap((name) => wanted.map((file) => `examples/${name}/${file}`))
      .filter((file) => !consumer.files.includes(file));
    expect(projects.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  test('every source is there, compiled and with its types, and nothing that a deleted source left behind', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.replace(/\.ts$/, ''));
    const expected = sources.flatMap((source) => [`lib/${source}.js`, `lib/${source}.d.ts`]).sort();
    expect(consumer.files.filter((file) => /^lib\/.*(\.js|\.d\.ts)$/.test(file)).sort()).toEqual(expected);
  });

  test('no source map points at a source that is not packed', () => {
    const installed = join(consumer.folder, 'node_modules', 'cdk8s-selfhosted');
    const scripts = consumer.files.filter((file) => file.endsWith('.js'));
    const mapped = scripts.filter((file) => readFileSync(join(installed, file), 'utf8').includes('sourceMappingURL'));
    expect(scripts.length).toBeGreaterThan(0);
    expect(mapped).toEqual([]);
  });

  test('installing it brings in the grammar of PromQL and nothing else beyond the peers, and Pulumi is a peer for its users only', () => {
    const manifest = readManifest(join(consumer.folder, 'node_modules', 'cdk8s-selfhosted'));
    const optional = Object.keys(manifest.peerDependencies).filter((name) => !requiredPeers(manifest).includes(name));
    expect(optional.sort()).toEqual(['@pulumi/kubernetes', '@pulumi/pulumi']);
    // The grammar of PromQL, which AlertRules reads expressions with.
    const dependencies = Object.keys(manifest.dependencies ?? {}).sort();
    expect(dependencies).toEqual(['@lezer/common', '@lezer/highlight', '@lezer/lr', '@prometheus-io/lezer-promql']);
    expect(existsSync(join(consumer.folder, 'node_modules', '@pulumi'))).toBe(false);
  });
});

describe('it runs in an empty project', () => {
  let loaded: Loaded;

  beforeAll(() => {
    loaded = JSON.parse(consumer.run('program.cjs')) as Loaded;
  });

  test('CommonJS: both entry points load, and a platform is synthesised', () => {
    expect(loaded.main).toContain('SecretSource');
    expect(loaded.caracal).toContain('CaracalStack');
    expect(loaded.kinds).toEqual(expect.arrayContaining(['Deployment', 'Service', 'NetworkPolicy', 'Secret']));
  });

  test('ESM: import sees the same names as require', () => {
    const names = JSON.parse(consumer.run('program.mjs')) as Pick<Loaded, 'main' | 'caracal'>;
    expect(names).toEqual({ main: loaded.main, caracal: loaded.caracal });
  });

  test('loading and synthesising take neither Pulumi nor cdk8s-plus, which cost more than all the rest', () => {
    expect(loaded.packages).toEqual(expect.arrayContaining(['cdk8s', 'cdk8s-selfhosted', 'constructs']));
    expect(loaded.packages.filter((name) => name.startsWith('@pulumi/') || name.startsWith('cdk8s-plus'))).toEqual([]);
  });

  test('without the packages of Pulumi its entry point says what to install, in one report', () => {
    const message = consumer.run('fail.cjs', 'cdk8s-selfhosted/pulumi');
    const [kubernetes, pulumi] = ['@pulumi/kubernetes', '@pulumi/pulumi'].map(
      (name) => `${name}@${readManifest(join(ROOT, 'node_modules', name)).version}`,
    );
    expect(message).toMatch(/^ConfigurationError: 2 problems in cdk8s-selfhosted\/pulumi/);
    expect(message).toMatch(/\[@pulumi\/pulumi\] pulumi\/missing-package:?\s+the package is not installed/);
    expect(message).toMatch(/\[@pulumi\/kubernetes\] pulumi\/missing-package:?\s+the package is not installed/);
    expect(message).toContain(`npm install ${pulumi} ${kubernetes}`);
  });

  test('files behind the entry points cannot be imported, so that they stay free to change', () => {
    const resolve = (name: string): string => consumer.run('resolve.cjs', name);
    expect(resolve('cdk8s-selfhosted/caracal')).toBe('found');
    expect(resolve('cdk8s-selfhosted/lib/index.js')).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

describe('it runs in a Pulumi program', () => {
  const PACKAGES = ['@pulumi/pulumi', '@pulumi/kubernetes'];

  beforeAll(() => PACKAGES.forEach((name) => consumer.link(name)));

  afterAll(() => rmSync(join(consumer.folder, 'node_modules', '@pulumi'), { recursive: true }));

  test('CommonJS, under mocks: typed resources below one component, and a value in its place', () => {
    const { types, host } = JSON.parse(consumer.run('pulumi.cjs')) as { types: string[]; host: string };
    expect(types).toEqual(
      expect.arrayContaining([
        'cdk8s-selfhosted:index:SelfHosted',
        'kubernetes:apps/v1:StatefulSet',
        'kubernetes:batch/v1:Job',
        'kubernetes:core/v1:Secret',
      ]),
    );
    expect(host).toBe('collector.example.internal');
  });

  test('ESM: import finds the component', () => {
    expect(JSON.parse(consumer.run('pulumi.mjs'))).toContain('SelfHosted');
  });

  test('the other entry points load none of it, also where it is installed', () => {
    const { packages } = JSON.parse(consumer.run('program.cjs')) as Loaded;
    expect(packages.filter((name) => name.startsWith('@pulumi/'))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['node16', { module: 'node16', moduleResolution: 'node16' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
    ['node10', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
  ])('its types work under %s, and refuse a value where the text must be known', (_resolution, options) => {
    expect(consumer.compile('pulumi.ts', { ...options, skipLibCheck: true })).toBe('');
  });
});

describe('it runs bundled, where classes have other names than in the sources', () => {
  let direct: string;

  beforeAll(() => {
    direct = consumer.run('platforms.mjs');
  });

  test.each([
    ['esbuild', {}],
    ['esbuild --minify', { minify: true }],
  ])('%s: platforms for dev and production are the same as without a bundler', (_bundler, options) => {
    expect(direct).toContain('kind: Ingress');
    expect(consumer.run(consumer.bundle('platforms.mjs', options))).toBe(direct);
  });

  test('the bundler does rename the classes, or the tests above would prove nothing', () => {
    const bundled = readFileSync(join(consumer.folder, consumer.bundle('platforms.mjs')), 'utf8');
    expect(bundled).toMatch(/\bclass _Peer\b/);
  });
});

describe('its types work under every module resolution that users have', () => {
  const STRICTEST = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

  test.each<[string, Record<string, unknown>]>([
    ['node16', { module: 'node16', moduleResolution: 'node16', ...STRICTEST }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler', ...STRICTEST }],
    // Has no `exports`: the sub-path is found through `typesVersions`.
    ['node10', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
  ])('%s', (_resolution, options) => {
    expect(consumer.compile('program.ts', { ...options, skipLibCheck: true })).toBe('');
  });

  test('the declarations are valid by themselves, for users who check the declarations of their packages', () => {
    const output = consumer.compile('program.ts', {
      module: 'node16',
      moduleResolution: 'node16',
      ...STRICTEST,
      skipLibCheck: false,
    });
    expect(output.split('\n').filter((line) => line.includes('cdk8s-selfhosted'))).toEqual([]);
  });

  test('a name that is not exported is refused, or the checks above would prove nothing', () => {
    const program = "import { NoSuchThing } from 'cdk8s-selfhosted';\nnew NoSuchThing();\n";
    writeFileSync(join(consumer.folder, 'wrong.ts'), program);
    const output = consumer.compile('wrong.ts', { module: 'node16', moduleResolution: 'node16', skipLibCheck: true });
    expect(output).toMatch(/wrong\.ts.*NoSuchThing/);
  });
});
