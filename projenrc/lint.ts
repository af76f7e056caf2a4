import type { javascript, typescript } from 'projen';

/**
 * The house: each folder under `src/` and the folders that it may import. A folder that is not listed may not import
 * anything of ours, so a new folder has to be entered here. `src/index.ts` only re-exports and is free.
 */
const HOUSE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  images: ['core'],
  network: ['core'],
  platform: ['core', 'network'],
  secrets: ['core', 'platform'],
  workload: ['core', 'images', 'network', 'platform', 'secrets'],
  monitoring: ['core', 'images', 'network', 'platform', 'secrets', 'workload'],
  data: ['core', 'images', 'network', 'platform', 'secrets', 'workload'],
  // The stack runs the rules; the rules read components and their context, never the stack.
  validation: ['core', 'images', 'network', 'platform', 'secrets', 'workload', 'monitoring', 'data'],
  stack: ['core', 'images', 'network', 'platform', 'secrets', 'workload', 'monitoring', 'data', 'validation'],
  caracal: [
    'core',
    'images',
    'network',
    'platform',
    'secrets',
    'workload',
    'monitoring',
    'data',
    'stack',
    'validation',
  ],
  // The second engine knows stacks, not products.
  pulumi: ['core', 'workload', 'validation', 'stack'],
};

const NO_BARE_ERROR = {
  selector: 'ThrowStatement > :matches(NewExpression, CallExpression)[callee.name=/^(Error|TypeError|RangeError)$/]',
  message: 'Throw ConfigurationError (the user can fix it) or InternalError (we must fix it), never a bare Error.',
};

const NO_DYNAMIC_IMPORT = {
  selector: 'ImportExpression',
  message: 'Import at the top of the file: a dynamic import escapes the folder table.',
};

const ONLY_REEXPORTS = {
  selector: 'Program > :not(ExportAllDeclaration, ExportNamedDeclaration[source])',
  message: 'index.ts only re-exports: move this to a file of its own.',
};

const NO_PULUMI = {
  group: ['@pulumi/*'],
  message: 'Only src/pulumi imports Pulumi: it costs every other user half a second at start.',
};

/** An expectation in a hook is fine: it guards what the tests build on. */
const HOOKS = ['beforeAll', 'beforeEach', 'afterAll', 'afterEach'];

/** Helpers that make one test of each item of a list, and the function that such a helper is given. */
const TEST_MAKERS = ['forEachExample'];
const GIVEN_CHECKS = ['check'];

/** What may be written where. `test/repo/lint.test.ts` proves that each of these gates can fail. */
export function configureLint(project: typescript.TypeScriptProject): void {
  const { eslint } = project;
  if (!eslint) return;
  eslint.addPlugins('@eslint-community/eslint-comments');
  eslint.addRules(houseRules());
  eslint.addRules(codeRules());
  sourceOverrides(eslint);
  testOverrides(eslint);
  scriptOverrides(eslint);
  eslint.addIgnorePattern('test/docs/.fences/');
}

function houseRules(): Record<string, unknown> {
  const zones = Object.entries(HOUSE).map(([folder, allowed]) => ({
    target: `./src/${folder}`,
    from: './src',
    except: [`./${folder}`, ...allowed.map((name) => `./${name}`)],
    message: `src/${folder} may import ${allowed.length === 0 ? 'nothing of ours' : `only: ${allowed.join(', ')}`}.`,
  }));
  return {
    'import/no-restricted-paths': [
      'error',
      {
        zones: [
          ...zones,
          {
            target: './test/contract',
            from: './src',
            message:
              'test/contract holds expectations written from the contract, so it may not know the implementation.',
          },
        ],
      },
    ],
  };
}

function codeRules(): Record<string, unknown> {
  return {
    'max-lines': ['error', { max: 500 }],
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-unused-expressions': 'error',
    '@typescript-eslint/no-import-type-side-effects': 'error',
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    // A disabled rule states its reason after `--`.
    '@eslint-community/eslint-comments/require-description': ['error', { ignore: ['eslint-enable'] }],
    eqeqeq: ['error', 'always'],
    'no-constant-condition': 'error',
    'no-control-regex': 'error',
    'no-unreachable': 'error',
    // The groups are ordered; inside a group the author decides.
    'import/order': ['error', { groups: ['builtin', 'external', 'internal', 'parent', 'sibling', 'index'] }],
  };
}

function sourceOverrides(eslint: javascript.Eslint): void {
  const cdk8sPlus = {
    name: 'cdk8s-plus-28',
    allowTypeImports: true,
    message:
      'Import its types only (`import type`): its L1 classes drop fields newer than 1.28, and loading it costs 97 ms.',
  };
  eslint.addOverride({
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', NO_BARE_ERROR, NO_DYNAMIC_IMPORT],
      'no-console': 'error',
      // Costs most of the time of a run, so only the sources pay for it.
      'import/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [cdk8sPlus], patterns: [NO_PULUMI] }],
    },
  });
  // Later overrides replace a rule as a whole, so each repeats what it keeps.
  eslint.addOverride({
    files: ['src/pulumi/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [cdk8sPlus] }] },
  });
  eslint.addOverride({
    files: ['src/**/index.ts'],
    rules: { 'no-restricted-syntax': ['error', ONLY_REEXPORTS] },
  });
}

function testOverrides(eslint: javascript.Eslint): void {
  eslint.addOverride({
    files: ['test/**/*.ts'],
    plugins: ['jest'],
    rules: {
      // Reference implementations work on bytes.
      'no-bitwise': 'off',
      'jest/valid-expect': 'error',
      'jest/valid-title': ['error', { ignoreTypeOfDescribeName: true }],
      'jest/valid-describe-callback': 'error',
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/no-identical-title': 'error',
      'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: [...HOOKS, ...TEST_MAKERS] }],
      // An assertion may stand in a helper; its name then begins with expect or assert.
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*', 'fc.assert', ...GIVEN_CHECKS] }],
    },
  });
}

/** Scripts are plain JavaScript modules: they run before anything is compiled, so no type information exists. */
function scriptOverrides(eslint: javascript.Eslint): void {
  eslint.addOverride({
    files: ['**/*.mjs'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/return-await': 'off',
      'no-undef': 'error',
      'no-unused-vars': 'error',
    },
    ...{ parserOptions: { project: null }, env: { es2022: true, node: true } },
  });
}
