import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { caracalManifest } from '../cluster/variants';
import { ROOT } from '../packaging/project';
import type { SourceChange } from './harness/project';
import type { Setting } from './harness/stack';

/** What must be known of an example that cannot be read off its sources. */
export interface Case {
  /** Configuration that its README asks for. */
  readonly settings: readonly Setting[];
  /** Arguments of its `platform` function after the app, equal to what the configuration and the program make of it. */
  readonly platformArguments: readonly unknown[];
  /** Resources of the program beside the component's: they are not part of the cdk8s output. */
  readonly besides: readonly string[];
  /** Another construct id and a construct around the stack: no change of what runs. */
  readonly wrapped: SourceChange;
  /** A changed setting, and the only steps that it may cause. */
  readonly setting: { readonly change: SourceChange; readonly steps: readonly string[] };
  /** The next release of the product. */
  readonly release: SourceChange;
  /** Whether a destroy leaves the namespace and the claims in it. */
  readonly keepsNamespace: boolean;
  /**
   * Whether values that only the deployment knows count for the names of the Jobs. They count by the place where they
   * stand, so those names differ from the cdk8s output, which holds the texts. It is the only difference.
   */
  readonly valuesInJobNames: boolean;
}

/** An example with its case. */
export interface Example extends Case {
  /** Name of the folder, of the project and of the namespace. */
  readonly name: string;
  readonly folder: string;
}

const EXAMPLES = join(ROOT, 'examples');

const NEXT_RELEASE = JSON.stringify(caracalManifest('1.0.1'));

/** The same in every example: the stack is made in a construct of another name, under another id. */
const WRAPPED: SourceChange = {
  replace: [
    {
      file: 'platform.ts',
      from: `import type { App } from 'cdk8s';`,
      to: `import type { App } from 'cdk8s';\nimport { Construct } from 'constructs';`,
    },
    {
      file: 'platform.ts',
      from: `new CaracalStack(app, 'caracal', {`,
      to: `new CaracalStack(new Construct(new Construct(app, 'team'), 'platform'), 'another-id', {`,
    },
  ],
};

const CASES: Readonly<Record<string, Case>> = {
  'pulumi-caracal': {
    settings: [
      { name: 'databaseHost', value: 'pg.databases.example' },
      { name: 'githubClientId', value: 'client-of-this-test' },
      { name: 'githubClientSecret', value: 'client-secret-of-this-test', secret: true },
    ],
    platformArguments: [{ databaseHost: 'pg.databases.example', redisHost: 'redis.databases.example' }],
    besides: ['create Namespace namespace', 'create Secret github-oauth', 'create Servers servers'],
    wrapped: WRAPPED,
    setting: {
      change: {
        replace: [
          { file: 'platform.ts', from: '    signIn: [', to: `    audit: { logLevel: 'warn' },\n    signIn: [` },
        ],
      },
      steps: ['update Deployment caracal:pulumi-caracal/caracal-audit'],
    },
    release: { write: { 'manifest.json': NEXT_RELEASE } },
    keepsNamespace: true,
    valuesInJobNames: true,
  },
  'pulumi-caracal-dev': {
    settings: [{ name: 'passphrase', value: 'dev passphrase of this test', secret: true }],
    platformArguments: ['dev passphrase of this test'],
    besides: [],
    wrapped: WRAPPED,
    setting: {
      change: {
        replace: [
          { file: 'platform.ts', from: '    secrets: ', to: `    gateway: { logLevel: 'warn' },\n    secrets: ` },
        ],
      },
      steps: ['update StatefulSet caracal:pulumi-caracal-dev/caracal-gateway'],
    },
    release: {
      write: { 'manifest.json': NEXT_RELEASE },
      replace: [
        { file: 'platform.ts', from: 'import { CaracalStack, ', to: 'import { CaracalRelease, CaracalStack, ' },
        { file: 'platform.ts', from: '\n/** All of', to: `import manifest from './manifest.json';\n\n/** All of` },
        {
          file: 'platform.ts',
          from: '    secrets: ',
          to: '    release: CaracalRelease.fromManifest(manifest),\n    secrets: ',
        },
      ],
    },
    keepsNamespace: false,
    valuesInJobNames: false,
  },
};

/**
 * Lists the examples of the second engine.
 *
 * @param folder where they are. @default the project's examples
 * @throws Error when there is none, or one of which nothing is known: what nobody tries is not proved
 */
export function listExamples(folder = EXAMPLES): Example[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'Pulumi.yaml')));
  if (names.length === 0) throw new Error(`${folder} has no folder with a Pulumi.yaml`);
  return names.sort().map((name) => {
    const known = CASES[name];
    if (!known) throw new Error(`nothing is known of the example ${name}: add it to test/pulumi-engine/cases.ts`);
    return { name, folder: join(folder, name), ...known };
  });
}
