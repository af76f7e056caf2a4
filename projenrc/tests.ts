import { JsonFile, javascript, type typescript } from 'projen';

/** Tests import the package by its name, as users do; jest reads the sources instead of `lib/`. */
const MODULE_NAMES = {
  '^cdk8s-selfhosted$': '<rootDir>/src/index.ts',
  '^cdk8s-selfhosted/caracal$': '<rootDir>/src/caracal/index.ts',
  '^cdk8s-selfhosted/pulumi$': '<rootDir>/src/pulumi/index.ts',
};

const TRANSFORM = { '^.+\\.tsx?$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] };

/** Suites that need more than Node run on their own: a control plane, the network of a package installation. */
const SEPARATE_SUITES = ['cluster', 'external-secrets', 'packaging', 'pulumi-engine', 'scanners'].map(
  (suite) => `<rootDir>/test/${suite}/`,
);

export function mainJestConfig(): javascript.JestOptions {
  return {
    jestVersion: '^30.5.0',
    configFilePath: 'jest.config.json',
    // projen's default rewrites snapshots while testing, so a regression would arrive already accepted.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    coverageText: false,
    passWithNoTests: false,
    jestConfig: {
      testPathIgnorePatterns: ['/node_modules/', ...SEPARATE_SUITES],
      moduleNameMapper: MODULE_NAMES,
      // Coverage slows every run down; `npm run test:coverage` asks for it.
      collectCoverage: false,
      coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/test/', '<rootDir>/examples/'],
      restoreMocks: true,
    },
  };
}

export function configureTests(project: typescript.TypeScriptProject): void {
  project.jest?.file?.addOverride('testMatch', ['<rootDir>/test/**/*.test.ts']);
  project.jest?.file?.addOverride('modulePathIgnorePatterns', ['<rootDir>/dist/', '<rootDir>/lib/']);
  separateSuite(project, 'cluster', {
    moduleNameMapper: MODULE_NAMES,
    maxWorkers: 1,
    testTimeout: 600_000,
    globalSetup: '<rootDir>/test/cluster/setup.ts',
  });
  separateSuite(project, 'scanners', {
    moduleNameMapper: MODULE_NAMES,
    maxWorkers: 1,
    testTimeout: 60_000,
    globalSetup: '<rootDir>/test/scanners/setup.ts',
  });
  separateSuite(project, 'external-secrets', {
    moduleNameMapper: MODULE_NAMES,
    maxWorkers: 1,
    testTimeout: 60_000,
    globalSetup: '<rootDir>/test/external-secrets/setup.ts',
  });
  // Programs run in the engine's own processes and import the compiled package; this is for the tests around them.
  separateSuite(project, 'pulumi-engine', {
    moduleNameMapper: MODULE_NAMES,
    maxWorkers: 1,
    testTimeout: 600_000,
    globalSetup: '<rootDir>/test/pulumi-engine/setup.ts',
  });
  // The packaging suite must see the tarball only, so the package's name is not mapped to the sources.
  separateSuite(project, 'packaging', { maxWorkers: 1, testTimeout: 300_000 });
}

function separateSuite(project: typescript.TypeScriptProject, name: string, options: Record<string, unknown>): void {
  new JsonFile(project, `jest.${name}.config.json`, {
    obj: {
      testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
      transform: TRANSFORM,
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/lib/'],
      clearMocks: true,
      restoreMocks: true,
      ...options,
    },
  });
}
