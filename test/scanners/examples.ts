import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Example, listExamples } from '../cluster/harness/examples';

const FOLDER = resolve(__dirname, '../../examples');

/** The examples that render manifests: those whose program exports `platform`. Programs of other engines do not. */
export function listRenderedExamples(): Example[] {
  return listExamples(FOLDER).filter(({ name }) =>
    // Read, not imported: a program of another engine would start to deploy.
    exportsPlatform(readFileSync(join(FOLDER, name, 'main.ts'), 'utf8')),
  );
}

/** Whether the text of a program exports `platform`. */
export function exportsPlatform(program: string): boolean {
  return /^export (?:(?:async )?function|const) platform\b/m.test(program);
}
