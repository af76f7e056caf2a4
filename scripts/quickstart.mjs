/**
 * From a fresh clone to manifests: installs what is missing, compiles, synthesises every example into
 * `dist/examples/<name>/`, and prints what was made and what to type next. Needs Node only.
 *
 * This file may import nothing that has to be installed; what does is imported after the installation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fail, runNode } from './lib/project.mjs';

const OLDEST_NODE = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(`Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}.`);
}

if (!installed()) {
  announce('Installing dependencies (npm ci)');
  install();
}
announce('Compiling');
runNode([join(ROOT, 'scripts', 'compile.mjs')]);

announce('Synthesising the examples');
const { listExamples, listPulumiExamples, synthesizeExample } = await import('./lib/examples.mjs');
const { renderReport } = await import('./lib/report.mjs');
const results = [];
const failures = [];
for (const name of listExamples()) {
  const result = synthesizeExample(name);
  if (result.error === undefined) results.push(result);
  else failures.push(result);
}

if (results.length > 0) process.stdout.write(`\n${renderReport(results, listPulumiExamples())}\n`);
if (failures.length > 0) {
  fail(
    failures.map(({ name, error }) => `\nexamples/${name} failed, nothing was written for it:\n${error}`).join('\n'),
  );
}
if (results.length === 0) fail('There is no examples/*/main.ts.');

/** Whether node_modules belongs to the lock file. npm writes its hidden lock at the end of each installation. */
function installed() {
  const hiddenLock = join(ROOT, 'node_modules', '.package-lock.json');
  return existsSync(hiddenLock) && statSync(hiddenLock).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
}

function install() {
  // Inside `npm run` the path of npm is known; as a plain program npm has to be found in PATH.
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail('npm ci failed; its message is above.');
}

function announce(step) {
  process.stdout.write(`${step} ...\n`);
}
