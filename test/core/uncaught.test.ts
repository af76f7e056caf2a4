import { CompiledPackage } from '../support/compiled-package';

jest.setTimeout(60_000);

/** What `node` prints for a program that nobody wrapped in `try`: the first thing that a user sees of this library. */
describe('an uncaught error of a program that runs with node', () => {
  let project: CompiledPackage;
  beforeAll(() => (project = new CompiledPackage()));
  afterAll(() => project.remove());

  const IMPORTS = `
const { App } = require('cdk8s');
const { Port, Scaling, SecretSource, Component, ImageRef, Probes } = require('cdk8s-selfhosted');
const { CaracalStack } = require('cdk8s-selfhosted/caracal');
`;
  const dev = (more: string): string =>
    `${IMPORTS}const app = new App();\nconst stack = new CaracalStack(app, 'caracal', { profile: 'dev', namespace: 'caracal', secrets: SecretSource.derivedForDev('an example passphrase'), ${more} });\n`;

  /** The lines that are printed, without Node's own last one. */
  const printed = (program: string): readonly string[] => {
    const { status, stderr } = project.run('main.js', program);
    expect(status).toBe(1);
    return stderr
      .trimEnd()
      .replace(/\n\nNode\.js v\S+$/, '')
      .split('\n');
  };

  test('two problems of a stack are two short blocks and the line of the program', () => {
    const lines = printed(dev(`operators: ['nobody'], namespace: 'default'`));
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines[0]).toBe('ConfigurationError: 2 problems in CaracalStack "caracal":');
    expect(lines.filter((line) => /^ {2}\[/.test(line)).sort()).toEqual([
      '  [namespace] stack/invalid-namespace',
      '  [operators[0]] caracal/invalid-operators',
    ]);
    expect(lines.filter((line) => /^ +at /.test(line))).toEqual([expect.stringContaining('main.js:6:')]);
  });

  test('a stack without properties fits on a screen', () => {
    const lines = printed(`${IMPORTS}new CaracalStack(new App(), 'caracal', { profile: 'production', release: 1 });`);
    const problems = lines.filter((line) => /^ {2}\[/.test(line)).length;
    expect(problems).toBeGreaterThanOrEqual(9);
    // Two lines each, some more for the one that was given, the title and the line of the program.
    expect(lines.length).toBeLessThanOrEqual(2 * problems + 4);
  });

  test('a value shows its line, and no line of the library', () => {
    const lines = printed(`${IMPORTS}const port = Port.tcp(70000);`);
    expect(lines).toEqual([
      'ConfigurationError: 1 problem in Port.tcp:',
      '  network/invalid-port',
      '    this is not a port number.',
      '    Given: 70000. Allowed: whole numbers from 1 to 65535.',
      '    Fix: use the port that the pod listens on.',
      expect.stringMatching(/^ {4}at Object\.<anonymous> \(.*main\.js:5:\d+\)$/),
    ]);
  });

  test('what only synthesis shows is the same report, although cdk8s asks for it', () => {
    const lines = printed(`${dev(`sts: { env: { CARACAL_MODE: 'stable' } }`)}app.synth();`);
    expect(lines[0]).toBe('ConfigurationError: 1 problem in caracal:');
    expect(lines[1]).toBe('  [sts.env.CARACAL_MODE] caracal/forbidden-env');
    expect(lines.filter((line) => /^ +at /.test(line))).toEqual([expect.stringContaining('main.js:7:')]);
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  test('negative control: an error of another kind prints the line that threw and its whole trace', () => {
    const lines = printed(`${IMPORTS}const tcp = () => { throw new Error('plain'); };\ntcp();`);
    expect(lines.filter((line) => line.includes("throw new Error('plain')"))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('node:internal')).length).toBeGreaterThan(0);
  });

  test('the library lines are there for whoever asks for them', () => {
    const { stdout } = project.run(
      'main.js',
      `${IMPORTS}try { Port.tcp(0); } catch (error) { console.log(error.trace); }`,
    );
    expect(stdout).toMatch(/cdk8s-selfhosted[\\/]lib[\\/]network[\\/]port\.js/);
  });
});
