import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrograms } from '../../support/programs';

/** The engine's programs, by the name of their file. The first one finds the others by the PATH. */
export const ENGINE_PROGRAMS = ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'] as const;

/** How to get the programs, printed whenever one of them is missing. */
const HOW_TO_GET_THEM =
  `PULUMI_ASSETS names a folder with ${ENGINE_PROGRAMS.join(', ')} (links will do): ` +
  'the first two come with https://www.pulumi.com/docs/install/, the third with ' +
  '`pulumi plugin install resource kubernetes 4.34.2`, which puts it below ~/.pulumi/plugins';

/**
 * Finds the engine.
 *
 * @param folder where it is; by default the value of PULUMI_ASSETS
 * @throws Error one line that names what is missing and how to get it
 */
export function findEnginePrograms(
  folder = process.env.PULUMI_ASSETS,
): Record<(typeof ENGINE_PROGRAMS)[number], string> {
  return findPrograms({ variable: 'PULUMI_ASSETS', names: ENGINE_PROGRAMS, howToGetThem: HOW_TO_GET_THEM }, folder);
}

/** The settings that an object can be adopted with, and the first version of the provider that has them. */
export const ADOPTION = { settings: ['upsertExistingObjects', 'enablePatchForce'], since: '4.29.0' } as const;

/**
 * Why the provider cannot take over objects that exist, or undefined where it can. Its schema says so: its version is no
 * evidence, since a provider may be built from older sources than the version that it was given.
 */
export function whyNoAdoption(programs = findEnginePrograms()): string | undefined {
  const known = settingsOfProvider(programs);
  const unknown = ADOPTION.settings.filter((name) => !known.includes(name));
  return unknown.length === 0
    ? undefined
    : `this pulumi-resource-kubernetes does not know ${unknown.join(' and ')}; ${ADOPTION.since} is the first that does`;
}

/** Names of the settings that the provider's own schema lists. */
function settingsOfProvider(programs: ReturnType<typeof findEnginePrograms>): string[] {
  const home = mkdtempSync(join(tmpdir(), 'pulumi-schema-'));
  try {
    const schema = execFileSync(programs.pulumi, ['package', 'get-schema', programs['pulumi-resource-kubernetes']], {
      encoding: 'utf8',
      maxBuffer: 512 * 1024 * 1024,
      env: { PATH: process.env.PATH, HOME: home, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return Object.keys((JSON.parse(schema) as { config?: { variables?: object } }).config?.variables ?? {});
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
