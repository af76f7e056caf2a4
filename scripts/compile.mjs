/**
 * Compiles `src/` to `lib/` and removes what a deleted source left there, so that the tarball never carries it.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, runTool } from './lib/project.mjs';

runTool('typescript', 'tsc', ['-p', 'tsconfig.json']);

const lib = join(ROOT, 'lib');
for (const entry of readdirSync(lib, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  const source = join(ROOT, 'src', relative(lib, file).replace(/(\.d\.ts|\.js)$/, '.ts'));
  if (!existsSync(source)) rmSync(file);
}
