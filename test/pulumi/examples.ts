import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'cdk8s';
import type { PlatformStack, Value } from '../../src';

const FOLDER = join(__dirname, '..', '..', 'examples');

/** Makes a value of a text: a deferred one in a Pulumi program, the text itself for cdk8s. */
type MakeValue = (text: string) => Value<string>;

/** What the `platform` of each Pulumi example takes. */
const INPUTS: Readonly<Record<string, (value: MakeValue) => unknown>> = {
  'pulumi-caracal': (value) => ({
    databaseHost: value('pg.example.internal'),
    redisHost: value('redis.example.internal'),
  }),
  'pulumi-caracal-dev': () => 'an example passphrase',
};

/** A stack of an example, built by a function that is loaded already. */
export type Build = (app: App, value: MakeValue) => PlatformStack;

/** Names of the folders below `examples`: a new one is in the tests without being told. */
export const EXAMPLE_NAMES: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** Names of those that are Pulumi programs. */
export const PULUMI_EXAMPLE_NAMES: readonly string[] = EXAMPLE_NAMES.filter((name) => isPulumi(name));

/** Rows of the table above. */
export const INPUT_NAMES: readonly string[] = Object.keys(INPUTS).sort();

/**
 * Loads the function that builds an example's stack.
 *
 * @throws Error for a folder that no engine can run, and for a Pulumi program without a row in the table of inputs.
 */
export async function loadExample(name: string): Promise<Build> {
  const inputs = INPUTS[name];
  if (isPulumi(name) && inputs === undefined) {
    throw new Error(`examples/${name} has no row in the table of inputs`);
  }
  const file = ['main.ts', 'platform.ts'].find((each) => existsSync(join(FOLDER, name, each)));
  if (file === undefined) {
    throw new Error(`examples/${name} has neither main.ts nor platform.ts`);
  }
  const { platform } = (await import(join(FOLDER, name, file))) as {
    platform?: (app: App, inputs?: unknown) => PlatformStack;
  };
  if (platform === undefined) {
    throw new Error(`examples/${name}/${file} exports no platform(app, ...)`);
  }
  return (app, value) => platform(app, inputs?.(value));
}

function isPulumi(name: string): boolean {
  return existsSync(join(FOLDER, name, 'Pulumi.yaml'));
}
