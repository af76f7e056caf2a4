import type { typescript } from 'projen';

/** The entry points of the package: the name after `cdk8s-selfhosted`, and the module in `lib/` that it stands for. */
export const ENTRY_POINTS: Readonly<Record<string, string>> = {
  '.': 'index',
  './caracal': 'caracal/index',
  './pulumi': 'pulumi/index',
};

/** Used as types only at run time, but a peer: its interfaces are part of the public signatures. */
const PEERS = ['cdk8s@^2.70.0', 'cdk8s-plus-28@^2.5.0', 'constructs@^10.3.0'];

/**
 * Needed by the entry point `./pulumi` only, so a user of cdk8s alone installs neither. The versions under test are
 * exact: later ones of @pulumi/pulumi want Node 22.
 */
const PULUMI_PEERS = ['@pulumi/kubernetes@^4.0.0', '@pulumi/pulumi@^3.100.0'];
const PULUMI_TESTED = ['@pulumi/kubernetes@4.34.2', '@pulumi/pulumi@3.248.0'];

/** The grammar of PromQL and its parser, loaded when a program has alerts of its own. */
const DEPENDENCIES = [
  '@lezer/common@^1.2.0',
  '@lezer/highlight@^1.2.0',
  '@lezer/lr@^1.4.0',
  '@prometheus-io/lezer-promql@^0.315.0',
];

const DEV_DEPENDENCIES = [
  ...PEERS,
  ...PULUMI_TESTED,
  '@eslint-community/eslint-plugin-eslint-comments@^4.5.0',
  // The tag `latest` is a stray 8.0.0, so a range is needed.
  '@microsoft/api-extractor@^7.60.1',
  '@types/jest@^30.0.0',
  '@types/node@^20.19.0',
  '@typescript-eslint/eslint-plugin@^8.40.0',
  '@typescript-eslint/parser@^8.40.0',
  'ajv@^8.17.0',
  'cdk8s-cli@^2.200.0',
  'eslint@^9.30.0',
  'eslint-config-prettier@^10.1.0',
  'eslint-import-resolver-typescript@^4.4.0',
  'eslint-plugin-import@^2.32.0',
  'eslint-plugin-jest@^29.0.0',
  'eslint-plugin-prettier@^5.5.0',
  'fast-check@^4.1.0',
  'jest@^30.5.0',
  'prettier@^3.6.0',
  'ts-jest@^29.4.0',
  'ts-node@^10.9.0',
  'tsx@^4.20.0',
  'typedoc@~0.28.20',
  'typedoc-plugin-markdown@~4.14.0',
  'yaml@^2.8.0',
];

/** What is published: entry points, peers, the files of the tarball. */
export function configurePackage(project: typescript.TypeScriptProject): void {
  const { package: pkg } = project;
  pkg.addVersion('0.1.0');
  pkg.addKeywords('kubernetes', 'cdk8s', 'constructs', 'infrastructure-as-code', 'pulumi', 'self-hosted', 'caracal');
  project.addDeps(...DEPENDENCIES);
  project.addPeerDeps(...PEERS, ...PULUMI_PEERS);
  pkg.addField('peerDependenciesMeta', {
    '@pulumi/kubernetes': { optional: true },
    '@pulumi/pulumi': { optional: true },
  });
  project.addDevDeps(...DEV_DEPENDENCIES);
  // `npm ci` refuses a lock in which an optional platform package of unrs-resolver was left out; this version is whole.
  pkg.addPackageResolutions('unrs-resolver@1.12.2');

  pkg.addField('exports', {
    ...Object.fromEntries(
      Object.entries(ENTRY_POINTS).map(([name, module]) => [
        name,
        { types: `./lib/${module}.d.ts`, default: `./lib/${module}.js` },
      ]),
    ),
    './package.json': './package.json',
  });
  // `moduleResolution: node10` does not read `exports`; without this it finds the main entry only.
  pkg.addField('typesVersions', {
    '*': Object.fromEntries(
      Object.entries(ENTRY_POINTS)
        .filter(([name]) => name !== '.')
        .map(([name, module]) => [name.replace('./', ''), [`lib/${module}.d.ts`]]),
    ),
  });
  // README, LICENSE and package.json are always packed.
  pkg.addField('files', [
    'lib/**/*.js',
    'lib/**/*.d.ts',
    'lib/**/*.json',
    'API.md',
    'CHANGELOG.md',
    'docs/**/*.md',
    'examples/*/*.{md,ts,json,yaml}',
    // What somebody who tried an example left there; a stack's file may hold settings of theirs.
    '!examples/*/Pulumi.*.yaml',
    '!examples/*/package-lock.json',
  ]);
  pkg.addField('sideEffects', false);
  pkg.addEngine('node', '>= 20.19.0');
}
