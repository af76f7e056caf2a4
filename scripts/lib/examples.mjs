import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT, toolPath } from './project.mjs';

/** A run that takes longer than this hangs. */
const TIMEOUT_MS = 120_000;

/** The folders in `examples/` that hold a program of cdk8s. */
export function listExamples() {
  return foldersWith('main.ts');
}

/** The folders in `examples/` that hold a program of Pulumi. They need its engine, so nothing here runs them. */
export function listPulumiExamples() {
  return foldersWith('Pulumi.yaml');
}

function foldersWith(file) {
  const folder = join(ROOT, 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, file)))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Runs one example as a user would, from its own folder, into `dist/examples/<name>/`. The output appears there only
 * when everything went well; after a failure the folder does not exist.
 *
 * @returns {{ name: string, error: string } | { name: string, profile: string, objects: object[], findings: object[],
 *   folder: string }}
 */
export function synthesizeExample(name) {
  const parent = join(ROOT, 'dist', 'examples');
  const target = join(parent, name);
  mkdirSync(parent, { recursive: true });
  rmSync(target, { recursive: true, force: true });
  const unfinished = mkdtempSync(join(parent, `.${name}-`));
  try {
    runProgram(name, ['main.ts'], { CDK8S_OUTDIR: unfinished });
    const objects = readObjects(unfinished);
    if (objects.length === 0) return { name, error: 'The program ended without an error, but it wrote no object.' };
    const { profile, findings } = describe(name);
    renameSync(unfinished, target);
    return { name, profile, findings, objects, folder: `dist/examples/${name}` };
  } catch (error) {
    return { name, error: error.message };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Profile and findings are asked from the stack itself, in a second run: the manifests do not carry them. */
function describe(name) {
  const lines = runProgram(name, [join(ROOT, 'scripts', 'lib', 'describe-example.mjs'), 'main.ts'], {})
    .trim()
    .split('\n');
  return JSON.parse(lines.at(-1));
}

function runProgram(name, args, env) {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [toolPath('tsx'), ...args], {
    cwd: join(ROOT, 'examples', name),
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${stderr}${stdout}`.trim() || `It ended with ${signal ?? `exit code ${status}`}.`);
  return stdout;
}

function readObjects(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')))
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    })
    .filter((object) => object !== null);
}
