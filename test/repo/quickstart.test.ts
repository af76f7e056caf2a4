import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ScratchProject } from './scratch-project';

/** An example as the real ones are built, with the body of its stack. */
function example(body: string): string {
  return `
import { ApiObject, App, Chart } from 'cdk8s';
import { LABEL } from 'cdk8s-selfhosted';

class Stack extends Chart {
  public readonly profile = 'dev';
  public findings() {
    return [
      { id: 'network/open', level: 'warning', path: 'a/b', message: 'It is open' },
      { id: 'network/known', level: 'warning', path: 'a/c', message: 'It is known', acknowledged: 'for a test' },
    ];
  }
}

export function platform(app: App): Stack {
  const stack = new Stack(app, 'stack', { namespace: LABEL });
  ${body}
  return stack;
}

if (require.main === module) {
  const app = new App();
  platform(app);
  app.synth();
}
`;
}

const OBJECTS = `
  new ApiObject(stack, 'one', { apiVersion: 'v1', kind: 'Service' });
  new ApiObject(stack, 'two', { apiVersion: 'v1', kind: 'Service' });
  new ApiObject(stack, 'three', { apiVersion: 'v1', kind: 'ConfigMap' });
`;

describe('npm run quickstart', () => {
  const project = new ScratchProject();
  const dist = (...path: string[]): string => join(project.folder, 'dist', 'examples', ...path);

  beforeAll(() => {
    project.write('src/index.ts', "export const LABEL = 'good';\n");
    project.write('examples/good/main.ts', example(OBJECTS));
    project.write('examples/notes/README.md', 'No program here.\n');
    project.write('examples/engine/Pulumi.yaml', 'name: engine\nruntime: nodejs\n');
    // Would fail the command if it were run: it needs an engine, and packages of its own.
    project.write('examples/engine/index.ts', "throw new Error('not meant to run here');\n");
  });

  afterAll(() => project.remove());

  describe('when all is well', () => {
    let run: ReturnType<ScratchProject['run']>;

    beforeAll(() => {
      run = project.run('quickstart.mjs');
    });

    test('synthesises every example as its user would, and says what was made and what to type next', () => {
      const { code, output } = run;
      expect(output).toContain('3 in all: 1 ConfigMap, 2 Service');
      expect(output).toMatch(/good +dev +3 in all: 1 ConfigMap, 2 Service +1 warning, 1 +dist\/examples\/good\//);
      expect(output).toContain('network/open at a/b, warning: It is open');
      expect(output).toContain('network/known at a/c, acknowledged (for a test): It is known');
      expect(output).toContain('kubectl create namespace good');
      expect(output).toContain('kubectl apply --server-side -f dist/examples/good/');
      expect(readdirSync(dist())).toEqual(['good']);
      expect(readdirSync(dist('good'))).toEqual(['stack.k8s.yaml']);
      expect(code).toBe(0);
    });

    test('names Pulumi programs with the command to run, and runs none: they need an engine', () => {
      expect(run.output).toContain('With Pulumi (examples/engine): `pulumi preview` in that folder');
      expect(run.output).not.toContain('examples/notes');
    });
  });

  test('an example that fails fails the command, shows its message and leaves no file, not even an old one', () => {
    expect(existsSync(dist('good', 'stack.k8s.yaml'))).toBe(true);
    project.write('examples/good/main.ts', example(`${OBJECTS}\n  throw new Error('no such host');`));
    project.write('examples/other/main.ts', example(OBJECTS));
    const { code, output } = project.run('quickstart.mjs');
    expect(output).toContain('examples/good failed, nothing was written for it');
    expect(output).toContain('no such host');
    expect(readdirSync(dist())).toEqual(['other']);
    expect(code).toBe(1);
  });

  test('an example that writes nothing is a failure, not an empty success', () => {
    project.write('examples/good/main.ts', example(''));
    const { code, output } = project.run('quickstart.mjs');
    expect(output).toContain('it wrote no object');
    expect(existsSync(dist('good'))).toBe(false);
    expect(code).toBe(1);
  });

  test('a source that does not compile stops the command before any example runs', () => {
    project.write('src/index.ts', 'export const LABEL: string = 1;\n');
    const { code, output } = project.run('quickstart.mjs');
    expect(output).toContain('TS2322');
    expect(output).not.toContain('Synthesising');
    expect(code).not.toBe(0);
  });
});
