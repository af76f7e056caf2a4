import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Programs that a suite runs and does not install. */
export interface Programs<Name extends string> {
  /** Environment variable that names the folder. */
  readonly variable: string;
  /** Names of the files in that folder. */
  readonly names: readonly Name[];
  /** How to get them, printed whenever one is missing. */
  readonly howToGetThem: string;
}

/**
 * Finds the programs of a suite.
 *
 * @param folder where they are; `undefined` and an empty text stand for a variable that is not set
 * @returns the path of each program
 * @throws Error one message that names everything that is missing and how to get it
 */
export function findPrograms<Name extends string>(
  { variable, names, howToGetThem }: Programs<Name>,
  folder: string | undefined,
): Record<Name, string> {
  // A hint of one line stays on the line of its problem.
  const hint = `${howToGetThem.includes('\n') ? '\n' : ' '}${howToGetThem}`;
  if (!folder) {
    throw new Error(`${variable} is not set.${hint}`);
  }
  const missing = names.filter((name) => !isExecutable(join(folder, name)));
  if (missing.length > 0) {
    throw new Error(`${folder} has no program ${missing.join(', ')}.${hint}`);
  }
  return Object.fromEntries(names.map((name) => [name, join(folder, name)])) as Record<Name, string>;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
