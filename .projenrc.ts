import { javascript, typescript } from 'projen';
import { configureApi } from './projenrc/api';
import { configureLint } from './projenrc/lint';
import { configurePackage } from './projenrc/package';
import { configureTasks } from './projenrc/tasks';
import { configureTests, mainJestConfig } from './projenrc/tests';

/**
 * The toolchain of this project. Run `npx projen` after a change; every file that it writes is marked and read-only.
 * One function per concern: what is published (`package`), what may be written where (`lint`), how it is tested
 * (`tests`), how the public interface is guarded (`api`) and which commands exist (`tasks`).
 */
const project = createProject();
configurePackage(project);
configureCompiler(project);
configureLint(project);
configureTests(project);
configureApi(project);
configureTasks(project);
configureRepository(project);
project.synth();

function createProject(): typescript.TypeScriptProject {
  return new typescript.TypeScriptProject({
    name: 'cdk8s-selfhosted',
    description: 'Typed constructs for running self-hosted platforms on Kubernetes with cdk8s or Pulumi',
    authorName: 'The cdk8s-selfhosted authors',
    license: 'Apache-2.0',
    copyrightOwner: 'The cdk8s-selfhosted authors',
    copyrightPeriod: '2026',
    defaultReleaseBranch: 'main',
    packageManager: javascript.NodePackageManager.NPM,
    minNodeVersion: '20.19.0',
    projenrcTs: true,
    projenVersion: '0.103.25',
    // tsx starts in 0.4 s; ts-node type-checks for 1.4 s at each start. `npm test` type-checks .projenrc.ts anyway.
    runner: typescript.TypeScriptRunner.tsx(),
    sampleCode: false,
    typescriptVersion: '~6.0.3',
    github: false,
    buildWorkflow: false,
    release: false,
    depsUpgrade: false,
    pullRequestTemplate: false,
    package: false,
    npmignoreEnabled: false,
    peerDependencyOptions: { pinnedDevDependency: false },
    jestOptions: mainJestConfig(),
    typecheckTests: false,
    prettier: true,
    prettierOptions: {
      settings: {
        singleQuote: true,
        semi: true,
        tabWidth: 2,
        printWidth: 120,
        trailingComma: javascript.TrailingComma.ALL,
      },
    },
    eslintOptions: {
      dirs: ['src'],
      devdirs: ['test', 'examples', 'projenrc', 'scripts'],
      projectService: false,
      tsconfigPath: './tsconfig.dev.json',
      fileExtensions: ['.ts', '.mjs'],
      prettier: true,
      // Lint reports, it never edits: the command must not change sources while it checks them.
      commandOptions: { fix: false, extraArgs: ['--max-warnings=0', '--report-unused-disable-directives'] },
    },
    tsconfig: {
      compilerOptions: {
        target: 'ES2022',
        lib: ['es2022'],
        types: ['node'],
        skipLibCheck: true,
        isolatedModules: true,
        noUncheckedIndexedAccess: true,
        noImplicitOverride: true,
        // The tarball carries no sources, so maps would point at nothing.
        inlineSourceMap: false,
        inlineSources: false,
        noEmitOnError: true,
      },
    },
    tsconfigDevFile: 'tsconfig.dev.json',
    tsconfigDev: {
      include: [
        '.projenrc.ts',
        'projenrc/**/*.ts',
        'src/**/*.ts',
        'test/**/*.ts',
        'examples/**/*.ts',
        'scripts/**/*.ts',
      ],
      exclude: ['node_modules', 'lib', 'dist'],
      compilerOptions: {
        types: ['node', 'jest'],
        // Tests and examples import the package by its name, as users do.
        paths: {
          'cdk8s-selfhosted': ['./src/index.ts'],
          'cdk8s-selfhosted/caracal': ['./src/caracal/index.ts'],
          'cdk8s-selfhosted/pulumi': ['./src/pulumi/index.ts'],
        },
      },
    },
  });
}

/** Removes two defaults of projen: decorators, which nothing here uses, and a pattern that takes in every folder. */
function configureCompiler(p: typescript.TypeScriptProject): void {
  p.tsconfig?.file.addDeletionOverride('compilerOptions.experimentalDecorators');
  p.tsconfigDev.removeInclude('**/*.ts');
}

function configureRepository(p: typescript.TypeScriptProject): void {
  for (const ignored of [
    '/temp/',
    '/examples/*/dist/',
    '/examples/*/node_modules/',
    '/examples/*/Pulumi.*.yaml',
    '/.test-results/',
  ]) {
    p.gitignore.exclude(ignored);
  }
}
