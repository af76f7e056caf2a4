import { spawnSync } from 'node:child_process';
import { findPrograms } from '../support/programs';

const HOW_TO_GET_THE_ENGINE =
  'ESO_ASSETS names a folder with the program eso-template: a main of your own around Execute of ' +
  'github.com/external-secrets/external-secrets/pkg/template/v2 that reads {"template":{...},"data":{...}} as JSON and ' +
  'writes the data of the Secret as JSON';

/**
 * Finds the template engine of the External Secrets operator.
 *
 * @param folder where it is; by default the value of ESO_ASSETS
 * @throws Error a message that says how to get it
 */
export function findEngine(folder = process.env.ESO_ASSETS): string {
  const program = { variable: 'ESO_ASSETS', names: ['eso-template'], howToGetThem: HOW_TO_GET_THE_ENGINE } as const;
  return findPrograms(program, folder)['eso-template'];
}

/** Texts by key. */
export type Texts = Readonly<Record<string, string>>;

/**
 * The data of the Secret that the operator writes.
 *
 * @param template `spec.target.template.data` of an ExternalSecret
 * @param data what the operator fetched, by `secretKey`
 * @throws Error what the engine says of a template that it refuses
 */
export function renderSecret(template: Texts, data: Texts): Record<string, string> {
  const { status, stdout, stderr, error } = spawnSync(findEngine(), [], {
    input: JSON.stringify({ template, data }),
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout) as Record<string, string>;
}

/** The parts of an ExternalSecret that decide about the Secret. */
export interface ExternalSecretSpec {
  readonly target: { readonly template: { readonly data: Texts } };
  readonly data: readonly { readonly secretKey: string; readonly remoteRef: { readonly key: string } }[];
}

/** The Secret that the operator makes when `store` answers for each entry of the store. */
export function secretFrom(spec: ExternalSecretSpec, store: (entry: string) => string): Record<string, string> {
  const data = Object.fromEntries(spec.data.map(({ secretKey, remoteRef }) => [secretKey, store(remoteRef.key)]));
  return renderSecret(spec.target.template.data, data);
}
