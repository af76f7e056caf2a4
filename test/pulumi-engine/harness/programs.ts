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
