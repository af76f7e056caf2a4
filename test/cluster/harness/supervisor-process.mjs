// Starts the control plane's processes for one test run and ends them in every case.
//
// It is a process of its own because jest gives tests a copy of `process` whose exit and signal handlers never fire, and
// because no handler at all survives SIGKILL. Its standard input is a pipe that the test run holds open: when the run
// ends, by whatever cause, the pipe closes, and everything that was started here ends too. Being the parent of what it
// ends, it can never hit a process that merely got the same pid later.
//
// Plain JavaScript, since it runs under bare node. Input, one JSON object a line: {"start": {name, command, args, stage}}.
// Output, likewise: {"started": name, "pid": n} and {"exited": name, "code": n, "signal": s, "error": text}.
import { spawn } from 'node:child_process';
import { openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder, graceText] = process.argv.slice(2);
const grace = Number(graceText);
/** @type {{ stage: number, child: import('node:child_process').ChildProcess, ended: Promise<void> }[]} */
const running = [];
let ending;

function report(message) {
  try {
    writeSync(1, `${JSON.stringify(message)}\n`);
  } catch {
    // The reader is gone: then nobody needs the report, and ending must go on.
  }
}

function start({ name, command, args, stage }) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  // Detached: Ctrl-C reaches the whole foreground group, and etcd must outlive the API server.
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', log, log], detached: true });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(report({ exited: name, error: error.message })));
    child.once('exit', (code, signal) => resolve(report({ exited: name, code, signal })));
  });
  if (child.pid !== undefined) {
    running.push({ stage, child, ended });
    report({ started: name, pid: child.pid });
  }
}

/** Ends the highest stage first: the API server does not stop when etcd is already gone. */
async function endAll() {
  const stages = [...new Set(running.map(({ stage }) => stage))].sort((a, b) => b - a);
  for (const stage of stages) {
    const members = running.filter((one) => one.stage === stage);
    members.forEach(({ child }) => child.kill('SIGTERM'));
    const timer = setTimeout(() => members.forEach(({ child }) => child.kill('SIGKILL')), grace);
    await Promise.all(members.map(({ ended }) => ended));
    clearTimeout(timer);
  }
  rmSync(folder, { recursive: true, force: true });
}

function end() {
  ending ??= endAll().finally(() => process.exit(0));
}

process.on('uncaughtException', (error) => {
  report({ exited: 'supervisor', error: error.message });
  end();
});
['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, end));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (!ending) start(JSON.parse(line).start);
});
lines.on('close', end);
