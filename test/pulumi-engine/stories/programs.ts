import { join } from 'node:path';
import type { Engine } from '../harness/engine';
import { Project } from '../harness/project';
import { PulumiStack, type Setting } from '../harness/stack';
import type { World } from '../world';

/** Programs beside the examples: values of other resources, and what goes wrong. */
export const PROGRAMS = join(__dirname, '..', 'programs');

/**
 * A stack of one of the programs.
 *
 * @param program name of its file
 * @param name name of the project, of which there may be several for one program
 */
export async function stackOf(
  { engine: usual, installed }: World,
  program: string,
  name: string,
  settings: readonly Setting[] = [],
  engine: Engine = usual,
): Promise<PulumiStack> {
  const project = Project.copy(engine, installed, PROGRAMS, name);
  project.change({ replace: [{ file: 'Pulumi.yaml', from: 'main: values.ts', to: `main: ${program}.ts` }] });
  return PulumiStack.create(engine, project, 'test', settings);
}

/** The configuration of the program `values`: its namespace, and what follows on the name of the server. */
export function settingsOf(namespace: string, domain: string): Setting[] {
  return [
    { name: 'namespace', value: namespace },
    { name: 'domain', value: domain },
  ];
}
