import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from './objects';

/** The project's examples. */
const DEFAULT_FOLDER = resolve(__dirname, '../../../examples');

/** The parts of a platform's stack that this suite reads. */
export interface ExampleStack {
  readonly profile: 'production' | 'rc' | 'dev';
  readonly identity: { readonly product: string; readonly instance: string };
}

/** What one synthesis of an example gave. */
export interface Synthesis {
  readonly stack: ExampleStack;
  /** The manifests exactly as they would be written. */
  readonly text: string;
  /** The same as objects, in the same order. */
  readonly objects: KubeObject[];
}

/** A program in `examples/<name>/main.ts`; its namespace is the folder's name. */
export interface Example {
  readonly name: string;
  /**
   * Runs the program in this process.
   *
   * @param overrides properties that replace the program's own. @default none
   */
  synthesize(overrides?: object): Promise<Synthesis>;
}

/**
 * Lists the examples.
 *
 * @param folder where they are. @default the project's examples
 * @throws Error when there is none, since a suite over nothing would be green
 */
export function listExamples(folder = DEFAULT_FOLDER): Example[] {
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.ts')))
    : [];
  if (names.length === 0) throw new Error(`${folder} has no folder with a main.ts`);
  return names.sort().map((name) => ({
    name,
    synthesize: async (overrides?: object) => synthesize(join(folder, name, 'main.ts'), overrides),
  }));
}

async function synthesize(file: string, overrides?: object): Promise<Synthesis> {
  const { platform } = (await import(file)) as { platform?: (app: App, overrides?: object) => ExampleStack };
  if (typeof platform !== 'function') throw new Error(`${file} does not export platform(app, overrides?)`);
  const app = new App();
  const stack = platform(app, overrides);
  const text = app.synthYaml();
  return { stack, text, objects: parseManifests(text) };
}

function parseManifests(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object): object is KubeObject => object !== null);
}

/** Whether the example's own output creates its namespace. */
export function createsNamespace(objects: readonly KubeObject[], name: string): boolean {
  return objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
}
