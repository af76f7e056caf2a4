/**
 * Fails when a generated file is not what `.projenrc.ts` makes: someone edited the file, or forgot `npx projen`.
 * The check leaves the files as it found them.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fail, readJson, toolPath } from './lib/project.mjs';

const FILE_LIST = '.projen/files.json';
const generatedFiles = () => [...readJson(FILE_LIST).files, FILE_LIST];
const read = (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined);

const before = new Map(generatedFiles().map((path) => [path, { text: read(path), mode: modeOf(path) }]));

const synth = spawnSync(process.execPath, [toolPath('tsx'), '.projenrc.ts'], {
  cwd: ROOT,
  // Without the post-synthesis steps nothing is installed.
  env: { ...process.env, PROJEN_DISABLE_POST: 'true' },
  encoding: 'utf8',
});
const after = new Map(generatedFiles().map((path) => [path, read(path)]));
const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path)?.text !== (after.has(path) ? after.get(path) : read(path)),
);
for (const path of stale) restore(path, before.get(path));

if (synth.status !== 0) fail(`.projenrc.ts failed:\n${synth.stderr}${synth.stdout}`);
if (stale.length > 0) {
  fail(`Not what .projenrc.ts makes: ${stale.join(', ')}.\nChange .projenrc.ts (or projenrc/), then run: npx projen`);
}

function modeOf(path) {
  return existsSync(join(ROOT, path)) ? statSync(join(ROOT, path)).mode : undefined;
}

function restore(path, state) {
  const file = join(ROOT, path);
  rmSync(file, { force: true });
  if (state?.text === undefined) return;
  writeFileSync(file, state.text);
  chmodSync(file, state.mode);
}
