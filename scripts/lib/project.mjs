import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Reads a JSON file of the project. */
export function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/**
 * The entry points as `package.json` publishes them, so that a new one is covered by every script at once:
 * `{ name: 'caracal', types: 'lib/caracal/index.d.ts', source: 'src/caracal/index.ts', specifier: 'cdk8s-selfhosted/caracal' }`.
 */
export function entryPoints() {
  const { name: packageName, exports } = readJson('package.json');
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([key, target]) => ({
      name: key === '.' ? packageName : key.slice(2),
      specifier: packageName + key.slice(1),
      types: target.types.replace(/^\.\//, ''),
      source: target.types.replace(/^\.\/lib\//, 'src/').replace(/\.d\.ts$/, '.ts'),
    }));
}

/** The JavaScript file of a command-line tool that a package installs. Running it with node avoids a shell and npx. */
export function toolPath(packageName, bin = packageName) {
  const require = createRequire(join(ROOT, 'package.json'));
  // The manifest is found through the folder, since `exports` of a package may hide it.
  const manifestPath = join(ROOT, 'node_modules', packageName, 'package.json');
  const manifest = require(manifestPath);
  const relative = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  return join(dirname(manifestPath), relative);
}

/** Runs a tool of the project in its root and ends this program with the tool's exit code if it fails. */
export function runTool(packageName, bin, args) {
  runNode([toolPath(packageName, bin), ...args]);
}

/** Runs a JavaScript program with its arguments in the project's root; ends this program if it fails. */
export function runNode(args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Prints a message that says what is wrong and how to fix it, and ends this program with exit code 1. */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
