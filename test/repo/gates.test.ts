import { ScratchProject, generatedFiles } from './scratch-project';

/** Every gate of `npm test` that is not a test itself is broken here once. */
let project: ScratchProject;

afterEach(() => project.remove());

/** A library with the entry points of package.json; `port` is the type of the one parameter. */
function writeLibrary(port: string, comment = '/** Opens a port. */'): void {
  project.write('src/index.ts', `/**\n * Main.\n *\n * @packageDocumentation\n */\nexport * from './open';\n`);
  project.write('src/open.ts', `${comment}\nexport function open(port: ${port}): void {\n  void port;\n}\n`);
  project.write('src/caracal/index.ts', `/**\n * Product.\n *\n * @packageDocumentation\n */\nexport * from './of';\n`);
  project.write('src/caracal/of.ts', `/** One product. */\nexport const product = 1;\n`);
  project.write('src/pulumi/index.ts', `/**\n * Engine.\n *\n * @packageDocumentation\n */\nexport * from './up';\n`);
  project.write('src/pulumi/up.ts', `/** One engine. */\nexport const engine = 1;\n`);
}

describe('the gate of the public interface', () => {
  test('passes while nothing changes, and closes when a signature changes until the report is accepted', () => {
    project = new ScratchProject();
    writeLibrary('number');
    expect(project.run('compile.mjs')).toMatchObject({ code: 0 });
    expect(project.run('api-report.mjs', '--update')).toMatchObject({ code: 0 });
    expect(project.run('api-report.mjs')).toEqual({ code: 0, output: '' });

    writeLibrary('string');
    project.run('compile.mjs');
    const refused = project.run('api-report.mjs');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('The public interface changed: etc/cdk8s-selfhosted.api.md');
    expect(refused.output).toContain('npm run api:update');
    expect(project.read('etc/cdk8s-selfhosted.api.md')).toContain('open(port: number)');

    expect(project.run('api-report.mjs', '--update').code).toBe(0);
    expect(project.read('etc/cdk8s-selfhosted.api.md')).toContain('open(port: string)');
  });

  test('compiling removes what a deleted source left in lib, so that it is never published', () => {
    project = new ScratchProject();
    writeLibrary('number');
    project.write('src/gone.ts', 'export const gone = 1;\n');
    project.run('compile.mjs');
    expect(project.read('lib/gone.js')).toContain('gone');
    project.delete('src/gone.ts');
    project.run('compile.mjs');
    expect(() => project.read('lib/gone.js')).toThrow('ENOENT');
    expect(project.read('lib/open.js')).toContain('open');
  });
});

describe('the gate of API.md', () => {
  beforeEach(() => {
    project = new ScratchProject();
    writeLibrary('number');
  });

  test('passes while the comments are those of API.md, and closes when one changes', () => {
    expect(project.run('api-docs.mjs', '--update')).toEqual({ code: 0, output: '' });
    expect(project.run('api-docs.mjs')).toEqual({ code: 0, output: '' });
    writeLibrary('number', '/** Opens one port. */');
    const refused = project.run('api-docs.mjs');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('Run: npm run docs:api');
  });

  test('closes when an exported name has no comment', () => {
    writeLibrary('number', '');
    const refused = project.run('api-docs.mjs', '--update');
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/open .*does not have any documentation/);
  });

  test('closes when a public signature uses a type that no entry point exports', () => {
    project.write(
      'src/hidden.ts',
      '/** Hidden. */\nexport interface Hidden {\n  /** One. */\n  readonly one: number;\n}\n',
    );
    project.write(
      'src/open.ts',
      `import type { Hidden } from './hidden';\n/** Opens. */\nexport function open(port: Hidden): void {\n  void port;\n}\n`,
    );
    const refused = project.run('api-docs.mjs', '--update');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('Hidden');
  });

  test('links between entry points lead to the right part of the one file', () => {
    project.write(
      'src/caracal/of.ts',
      `import { open } from '../open';\n/** Uses {@link open}. */\nexport const product = open;\n`,
    );
    expect(project.run('api-docs.mjs', '--update').code).toBe(0);
    expect(project.read('API.md')).toContain('<a id="index-open"></a>');
    expect(project.read('API.md')).toContain('Uses [open](#index-open).');
  });
});

describe('the gate of the generated files', () => {
  beforeEach(() => {
    project = new ScratchProject(['.projenrc.ts', 'projenrc', '.projen', ...generatedFiles()]);
  });

  test('passes on what .projenrc.ts makes, closes on an edited file and leaves it as it was', () => {
    expect(project.run('check-generated.mjs')).toEqual({ code: 0, output: '' });
    const edited = project.read('tsconfig.json').replace('"strict": true', '"strict": false');
    project.write('tsconfig.json', edited);
    const refused = project.run('check-generated.mjs');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('Not what .projenrc.ts makes: tsconfig.json.');
    expect(refused.output).toContain('npx projen');
    expect(project.read('tsconfig.json')).toBe(edited);
  });
});
