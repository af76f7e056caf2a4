import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { type ApiClient, ApiError } from './client';
import type { KubeObject } from './objects';
import { waitFor } from './wait';

/** The folder beside the project's own, used when CRDS_DIR is not set. */
const DEFAULT_FOLDER = resolve(__dirname, '../../../../shared/crds');

/** Definitions of which the folder holds several versions of one kind; only one of them fits into a cluster. */
const SEVERAL_VERSIONS = /^core\.calyptia\.com_/;

/**
 * Reads the custom resource definitions that examples may need.
 *
 * @param folder where they are. @default the value of CRDS_DIR, or ../shared/crds
 * @throws Error when the folder does not exist
 */
export function readCrds(folder = process.env.CRDS_DIR ?? DEFAULT_FOLDER): KubeObject[] {
  if (!existsSync(folder)) {
    throw new Error(`no custom resource definitions in ${folder}; name their folder by CRDS_DIR`);
  }
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !SEVERAL_VERSIONS.test(name));
  return files.sort().map((name) => parse(readFileSync(join(folder, name), 'utf8')) as KubeObject);
}

/** Creates definitions and waits until the API server serves the kinds that they define. */
export async function createCrds(client: ApiClient, crds = readCrds()): Promise<void> {
  await Promise.all(crds.map((crd) => client.ensure(crd)));
  await waitFor('custom resource definitions are served', async () => pending(client, crds), { seconds: 30 });
}

async function pending(client: ApiClient, crds: readonly KubeObject[]): Promise<string[]> {
  const asked = crds.map(async (crd) => {
    const { group, names, versions } = crd.spec as CrdSpec;
    const version = versions.find(({ served }) => served)?.name;
    try {
      // A definition counts as established before its storage answers.
      await client.list(`/apis/${group}/${version}/${names.plural}`);
      return [];
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return [`${crd.metadata.name}: ${error.message}`];
    }
  });
  return (await Promise.all(asked)).flat();
}

interface CrdSpec {
  readonly group: string;
  readonly names: { readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}
