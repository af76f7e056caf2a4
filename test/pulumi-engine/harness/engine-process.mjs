// Runs the engine's commands for one test run, and ends them and removes their folder in every case.
//
// It is a process of its own, as that of the control plane (test/cluster/harness/supervisor-process.mjs) is: its
// standard input is a pipe that the test run holds open, so it ends when the run ends, by whatever cause.
//
// The engine puts each of its plugins into a process group of its own, where no signal to the engine reaches them. So
// every command gets a session of its own, and what is left of that session is ended with it.
//
// Plain JavaScript, since it runs under bare node. Input, one JSON object a line: {"run": {id, command, args, cwd, env}}
// or {"kill": id}. Output, likewise: {"ended": id, "code": n, "signal": s, "error": text, "left": number of processes}.
// What a command prints goes to the files <folder>/output/<id>.stdout and .stderr.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder] = process.argv.slice(2);
const output = join(folder, 'output');
/** Sessions that may have members, by the id of the command; a session has the pid of its first process. */
const sessions = new Map();
let ending = false;

mkdirSync(output, { recursive: true });

function report(message) {
  try {
    writeSync(1, `${JSON.stringify(message)}\n`);
  } catch {
    // The reader is gone: then nobody needs the report, and ending must go on.
  }
}

function run({ id, command, args, cwd, env }) {
  const files = ['stdout', 'stderr'].map((name) => openSync(join(output, `${id}.${name}`), 'w'));
  // Detached: a session of its own.
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', ...files], detached: true });
  files.forEach(closeSync);
  if (child.pid !== undefined) sessions.set(id, child.pid);
  child.once('error', (error) => report({ ended: id, error: error.message, left: 0 }));
  child.once('exit', (code, signal) => report({ ended: id, code, signal, left: endSession(id) }));
}

/** Ends every process of a command; says how many there were. */
function endSession(id) {
  const session = sessions.get(id);
  const members = session === undefined ? [] : membersOf(session);
  for (const pid of members) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
  return members.length;
}

function membersOf(session) {
  const lines = execFileSync('ps', ['-eo', 'pid=,sess=,stat='], { encoding: 'utf8' }).trim().split('\n');
  const processes = lines.map((line) => line.trim().split(/\s+/));
  // A zombie has ended; only its parent can take it away.
  return processes
    .filter(([, sess, stat]) => Number(sess) === session && !stat.startsWith('Z'))
    .map(([pid]) => Number(pid));
}

function end() {
  if (ending) return;
  ending = true;
  // A process may have been started between the look and the kill.
  for (const id of sessions.keys()) while (endSession(id) > 0);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

process.on('uncaughtException', (error) => {
  report({ failed: error.message });
  end();
});
['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, end));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.run) run(message.run);
  else endSession(message.kill);
});
lines.on('close', end);
