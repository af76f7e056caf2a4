import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint } from 'eslint';

/**
 * Each lint gate is broken once here. A gate that is configured but cannot fail protects nothing.
 *
 * The code is linted as if it stood at the given path. Rules that read type information or other files are left out
 * there, since they need the file to exist.
 */
const ROOT = join(__dirname, '..', '..');

const NEEDS_TYPES = { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/return-await': 'off' };

// The rc format, which projen writes, has its own class since ESLint 9.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the class has no typed export
const { LegacyESLint } = require('eslint/use-at-your-own-risk') as { LegacyESLint: new (options: object) => ESLint };

/** The part of a computed configuration that is looked at here. */
interface LintConfig {
  readonly rules: Readonly<Record<string, unknown>>;
}

function linter(rules: Record<string, unknown>): ESLint {
  return new LegacyESLint({
    cwd: ROOT,
    ignore: false,
    overrideConfig: { parserOptions: { project: null }, rules },
  });
}

const eslint = linter({ ...NEEDS_TYPES, 'import/no-cycle': 'off' });

async function rulesBrokenBy(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(ROOT, filePath) });
  const fatal = result?.messages.find((message) => message.fatal);
  if (fatal) throw new Error(fatal.message);
  return (result?.messages ?? []).map((message) => message.ruleId ?? '');
}

describe('lint gates can fail', () => {
  const cases: readonly [title: string, rule: string, file: string, bad: string, good: string][] = [
    [
      'a bare Error tells the user neither what was given nor how to fix it',
      'no-restricted-syntax',
      'src/core/new-file.ts',
      "throw new Error('bad');\n",
      "throw new TypedError('bad');\n",
    ],
    [
      'a bare TypeError is no better',
      'no-restricted-syntax',
      'src/core/new-file.ts',
      "throw TypeError('bad');\n",
      "throw typedError('bad');\n",
    ],
    [
      'an index holds no code of its own',
      'no-restricted-syntax',
      'src/core/index.ts',
      'export const code = 1;\n',
      "export * from './errors';\n",
    ],
    [
      'Pulumi stays out of every folder but src/pulumi',
      '@typescript-eslint/no-restricted-imports',
      'src/core/new-file.ts',
      "import type { Output } from '@pulumi/pulumi';\nexport type A = Output<string>;\n",
      "import type { Construct } from 'constructs';\nexport type A = Construct;\n",
    ],
    [
      'cdk8s-plus is imported for its types only',
      '@typescript-eslint/no-restricted-imports',
      'src/core/new-file.ts',
      "import { k8s } from 'cdk8s-plus-28';\nexport const a = k8s;\n",
      "import type { k8s } from 'cdk8s-plus-28';\nexport type A = k8s.PodSpec;\n",
    ],
    [
      'a dynamic import would go round the folder table',
      'no-restricted-syntax',
      'src/core/new-file.ts',
      "export const a = import('../network/port');\n",
      'export const a = 1;\n',
    ],
    [
      'a file over 500 lines holds more than one concept',
      'max-lines',
      'src/core/new-file.ts',
      'export {};\n'.repeat(501),
      'export {};\n'.repeat(500),
    ],
    [
      'open ends are not left in comments',
      'no-warning-comments',
      'src/core/new-file.ts',
      `// ${'TO'}DO later\nexport {};\n`,
      '// to do so is safe\nexport {};\n',
    ],
    [
      'any needs a written reason',
      '@typescript-eslint/no-explicit-any',
      'src/core/new-file.ts',
      'export const a: any = 1;\n',
      'export const a: unknown = 1;\n',
    ],
    [
      'a disabled rule needs a written reason',
      '@eslint-community/eslint-comments/require-description',
      'src/core/new-file.ts',
      '// eslint-disable-next-line no-console\nconsole.log(1);\n',
      '// eslint-disable-next-line no-console -- the reason\nconsole.log(1);\n',
    ],
    [
      'members stand in one order',
      '@typescript-eslint/member-ordering',
      'src/core/new-file.ts',
      'export class A {\n  public b() {}\n  public static of() {}\n}\n',
      'export class A {\n  public static of() {}\n  public b() {}\n}\n',
    ],
    [
      'an expectation without a matcher checks nothing',
      'jest/valid-expect',
      'test/core/new-file.test.ts',
      "test('a', () => {\n  expect(1);\n});\n",
      "test('a', () => {\n  expect(1).toBe(1);\n});\n",
    ],
    [
      'a matcher that is not called checks nothing',
      '@typescript-eslint/no-unused-expressions',
      'test/core/new-file.test.ts',
      "test('a', () => {\n  expect(1).toBe;\n});\n",
      "test('a', () => {\n  expect(1).toBe(1);\n});\n",
    ],
    [
      'a test without an assertion cannot fail',
      'jest/expect-expect',
      'test/core/new-file.test.ts',
      "test('a', () => {\n  run();\n});\n",
      "test('a', () => {\n  expectRun();\n});\n",
    ],
    [
      'a focused test silences all others',
      'jest/no-focused-tests',
      'test/core/new-file.test.ts',
      "test.only('a', () => {\n  expect(1).toBe(1);\n});\n",
      "test('a', () => {\n  expect(1).toBe(1);\n});\n",
    ],
    [
      'formatting is that of prettier',
      'prettier/prettier',
      'src/core/new-file.ts',
      'export const a = "b"\n',
      "export const a = 'b';\n",
    ],
  ];

  test.each(cases)('%s (%s)', async (_title, rule, file, bad, good) => {
    expect(await rulesBrokenBy(file, bad)).toContain(rule);
    expect(await rulesBrokenBy(file, good)).not.toContain(rule);
  });
});

describe('the folder table holds', () => {
  const RULE = 'import/no-restricted-paths';
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, 'src', entry.name, 'index.ts')))
    .map((entry) => entry.name);

  /** From the lowest floor of the house to the highest: an import upwards is always forbidden. */
  const floors = ['core', 'network', 'platform', 'secrets', 'workload', 'data', 'validation', 'stack', 'caracal'];
  const built = floors.filter((floor) => folders.includes(floor));
  const upwards = built.slice(1).map((upper, index): [string, string] => [built[index] ?? '', upper]);

  test.each(upwards)('src/%s may not import src/%s, which stands on it', async (lower, upper) => {
    const imports = (from: string, to: string): Promise<string[]> =>
      rulesBrokenBy(`src/${from}/new-file.ts`, `export * from '../${to}';\n`);
    expect(await imports(lower, upper)).toContain(RULE);
    // The positive control: core is below everything else.
    if (lower !== 'core') expect(await imports(lower, 'core')).not.toContain(RULE);
  });

  test('a folder that is not in the table may import nothing of ours, so that it must be entered', async () => {
    const tables = (await eslint.calculateConfigForFile(join(ROOT, 'src/core/new-file.ts'))) as LintConfig;
    const zones = (tables.rules[RULE] as [string, { zones: { target: string }[] }])[1].zones;
    const targets = zones.map((zone) => zone.target);
    expect(folders.map((folder) => `./src/${folder}`).filter((folder) => !targets.includes(folder))).toEqual([]);
  });

  test('expectations written from the contract may not look at the implementation', async () => {
    const relative = "import * as core from '../../src/core';\nexport const a = core;\n";
    const byName = "import * as all from 'cdk8s-selfhosted';\nexport const a = all;\n";
    expect(await rulesBrokenBy('test/contract/new-file.ts', relative)).toContain(RULE);
    if (existsSync(join(ROOT, 'src/index.ts'))) {
      expect(await rulesBrokenBy('test/contract/new-file.ts', byName)).toContain(RULE);
    }
    expect(await rulesBrokenBy('test/network/new-file.ts', relative)).not.toContain(RULE);
  });
});

describe('import cycles are refused', () => {
  // The rule follows imports on disk, so it gets real files, outside of src/ but with the setting of src/.
  const results = join(ROOT, '.test-results');
  let folder: string;

  beforeAll(() => {
    mkdirSync(results, { recursive: true });
    folder = mkdtempSync(join(results, 'cycle-'));
    writeFileSync(join(folder, 'a.ts'), "export { b } from './b';\nexport const a = 1;\n");
    writeFileSync(join(folder, 'b.ts'), "export { a } from './a';\nexport const b = 1;\n");
    writeFileSync(join(folder, 'c.ts'), "export { a } from './a';\n");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('two files that import each other cannot be understood, or loaded, one at a time', async () => {
    const config = (await linter(NEEDS_TYPES).calculateConfigForFile(join(ROOT, 'src/core/new-file.ts'))) as LintConfig;
    const cycleLinter = linter({ ...NEEDS_TYPES, 'import/no-cycle': config.rules['import/no-cycle'] });
    const rules = async (file: string): Promise<(string | null)[]> => {
      const [result] = await cycleLinter.lintFiles([join(folder, file)]);
      return (result?.messages ?? []).map((message) => message.ruleId);
    };
    expect(await rules('a.ts')).toContain('import/no-cycle');
    expect(await rules('c.ts')).not.toContain('import/no-cycle');
  });
});
