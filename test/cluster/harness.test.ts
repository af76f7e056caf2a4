import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BINARIES, findBinaries } from './harness/binaries';
import { ControlPlane } from './harness/control-plane';
import { THREE_NODES } from './harness/layouts';
import { listExamples } from './harness/examples';
import { Supervisor } from './harness/supervisor';
import { waitFor } from './harness/wait';
import { familyOf } from './variants';

/** Folder of this test file alone, so that processes of other runs on the machine are never mistaken for its own. */
let parentFolder: string;

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'harness-test-'));
});

afterEach(() => {
  rmSync(parentFolder, { recursive: true, force: true });
});

/** Command lines of processes that live in this file's folder. */
function processesLeft(): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(parentFolder));
}

function foldersLeft(): string[] {
  return readdirSync(parentFolder).filter((name) => name.startsWith('control-plane-'));
}

function expectNothingLeft(): void {
  expect(processesLeft()).toEqual([]);
  expect(foldersLeft()).toEqual([]);
}

/** A folder with the real programs, one of which is replaced by a shell script. */
function assetsWith(name: (typeof BINARIES)[number], script: string): string {
  const folder = mkdtempSync(join(parentFolder, 'assets-'));
  const real = findBinaries();
  BINARIES.filter((one) => one !== name).forEach((one) => symlinkSync(real[one], join(folder, one)));
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

describe('a control plane that cannot start says why in one line and leaves nothing behind', () => {
  test('KUBEBUILDER_ASSETS unset: the message says how to get the programs', () => {
    expect(() => findBinaries('')).toThrow(/^KUBEBUILDER_ASSETS is not set\.\n(.*\n)*.*setup-envtest(.*\n)*.*kwok/);
  });

  test('a missing program is named, together with the way to get it', () => {
    const folder = assetsWith('kwok', 'exit 0');
    rmSync(join(folder, 'kwok'));
    rmSync(join(folder, 'etcd'));
    expect(() => findBinaries(folder)).toThrow(/has no program etcd, kwok\.\n(.*\n)*.*setup-envtest/);
  });

  test('a port that is taken is named with the tail of the log', async () => {
    const server = createServer();
    const apiPort = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    try {
      const start = ControlPlane.start({ layout: THREE_NODES, apiPort, parentFolder });
      await expect(start).rejects.toThrow(
        /kube-apiserver: ended with code 1; the tail of its log:\n(.*\n)*.*address already in use/,
      );
    } finally {
      server.close();
    }
    expectNothingLeft();
  });

  test('a kube-apiserver that dies is reported at once, not after the timeout', async () => {
    const assets = assetsWith('kube-apiserver', 'echo "no luck today" >&2; exit 3');
    const began = Date.now();
    const start = ControlPlane.start({ layout: THREE_NODES, assets, parentFolder });
    await expect(start).rejects.toThrow(/kube-apiserver: ended with code 3; the tail of its log:\nno luck today/);
    expect(Date.now() - began).toBeLessThan(10_000);
    expectNothingLeft();
  });

  test('a kube-apiserver that never becomes ready ends in a timeout with the tail of its log', async () => {
    const assets = assetsWith('kube-apiserver', 'echo "thinking"; exec sleep 600');
    const start = ControlPlane.start({ layout: THREE_NODES, assets, parentFolder, startSeconds: 1 });
    await expect(start).rejects.toThrow(
      /no certificate from kube-apiserver within 1 s .*the tail of its log:\nthinking/,
    );
    expectNothingLeft();
  });

  test('a program that cannot be executed is reported', async () => {
    const assets = assetsWith('etcd', '');
    writeFileSync(join(assets, 'etcd'), '#!/no/such/interpreter\n');
    const start = ControlPlane.start({ layout: THREE_NODES, assets, parentFolder });
    await expect(start).rejects.toThrow(/the control plane did not start: etcd: .*ENOENT/);
    expectNothingLeft();
  });
});

describe('processes end whatever happens to the test run', () => {
  const script = join(__dirname, 'harness', 'supervisor-process.mjs');

  /** Plays a test run: starts the supervisor with one child and prints the child's pid. */
  async function startRun(): Promise<{ run: ChildProcess; pid: number; folder: string }> {
    const folder = mkdtempSync(join(parentFolder, 'control-plane-'));
    const start = { name: 'child', command: 'sleep', args: ['600'], stage: 0 };
    const program = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ${JSON.stringify([script, folder, '500'])},
        { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
      child.stdin.write(${JSON.stringify(`${JSON.stringify({ start })}\n`)});
      setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: run.stdout! })) {
      return { run, folder, pid: (JSON.parse(line) as { pid: number }).pid };
    }
    throw new Error('the supervisor started nothing');
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s to the test run ends its processes', async (signal) => {
    const { run, pid, folder } = await startRun();
    expect(isAlive(pid)).toBe(true);
    run.kill(signal);
    await waitFor('the child ends', async () => (isAlive(pid) ? ['alive'] : []), { seconds: 5 });
    await waitFor('the folder goes', async () => (existsSync(folder) ? [folder] : []), { seconds: 5 });
    expectNothingLeft();
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('%s to a run of a whole control plane leaves nothing', async (signal) => {
    const args = ['--import', 'tsx', join(__dirname, 'harness', 'example-run.ts'), parentFolder];
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: run.stdout })) {
      if (line === 'ready') break;
    }
    // The supervisor, etcd, the API server, the controller manager, the scheduler, kwok, and the run itself.
    expect(processesLeft().length).toBeGreaterThanOrEqual(7);
    run.kill(signal);
    const present = async (): Promise<string[]> => [...processesLeft(), ...foldersLeft()];
    await waitFor('everything ends', present, { seconds: 20 });
    expectNothingLeft();
  });

  test('the death of the supervisor itself leaves no process either', async () => {
    const supervisor = new Supervisor(parentFolder);
    supervisor.start({ name: 'child', command: 'sleep', args: ['600'], stage: 0 });
    await waitFor('the child runs', async () => (supervisor.livePids.length > 0 ? [] : ['none']), { seconds: 5 });
    const [pid] = supervisor.livePids;
    const line = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .find((one) => one.includes(script) && one.includes(supervisor.folder));
    process.kill(Number(line!.trim().split(' ')[0]), 'SIGKILL');
    await waitFor('the child ends', async () => (isAlive(pid!) ? ['alive'] : []), { seconds: 5 });
    expect(supervisor.failure).toMatch(/the supervisor of child ended by itself/);
  });

  test('a process that ignores SIGTERM is killed after the grace; a lower stage ends later', async () => {
    const supervisor = new Supervisor(parentFolder);
    const order = join(parentFolder, 'order');
    const first = `trap 'echo base >> ${order}; exit 0' TERM; while :; do sleep 0.05; done`;
    supervisor.start({ name: 'base', command: 'sh', args: ['-c', first], stage: 0 });
    const stubborn = `trap 'echo stubborn >> ${order}' TERM; while :; do sleep 0.05; done`;
    supervisor.start({ name: 'stubborn', command: 'sh', args: ['-c', stubborn], stage: 1 });
    await waitFor('both run', async () => (supervisor.livePids.length === 2 ? [] : ['not both']), { seconds: 5 });
    const pids = supervisor.livePids;
    // The shells need a moment to set their traps.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await supervisor.stop();
    expect(readFileSync(order, 'utf8').trim().split('\n')).toEqual(['stubborn', 'base']);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe('the list of examples', () => {
  test('must not be empty, since a suite over nothing would be green', () => {
    expect(() => listExamples(parentFolder)).toThrow(/has no folder with a main\.ts/);
  });

  test("holds the project's own, and each of them has upgrades", () => {
    const names = listExamples().map(({ name }) => name);
    expect(names).toContain('caracal-production');
    names.forEach((name) => expect(familyOf(name).steps.length).toBeGreaterThan(1));
  });

  test('refuses an example without a known upgrade', () => {
    expect(() => familyOf('unheard-of')).toThrow(/no upgrade is known for the example unheard-of: add its family/);
  });

  test('leaves out projects of the second engine, which have no main.ts', () => {
    mkdirSync(join(parentFolder, 'cdk8s-program'));
    writeFileSync(join(parentFolder, 'cdk8s-program', 'main.ts'), '');
    mkdirSync(join(parentFolder, 'pulumi-project'));
    writeFileSync(join(parentFolder, 'pulumi-project', 'Pulumi.yaml'), 'name: x\n');
    writeFileSync(join(parentFolder, 'pulumi-project', 'index.ts'), '');
    expect(listExamples(parentFolder).map(({ name }) => name)).toEqual(['cdk8s-program']);
  });

  test('misses no folder of the project: each is a cdk8s program or a Pulumi project', () => {
    const folder = join(__dirname, '../../examples');
    const folders = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
    const pulumi = folders.map(({ name }) => name).filter((name) => existsSync(join(folder, name, 'Pulumi.yaml')));
    const cdk8s = listExamples().map(({ name }) => name);
    expect([...cdk8s, ...pulumi].sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  test('refuses a program that exports no platform', async () => {
    mkdirSync(join(parentFolder, 'empty'));
    writeFileSync(join(parentFolder, 'empty', 'main.ts'), 'export const nothing = 1;\n');
    const [example] = listExamples(parentFolder);
    await expect(example!.synthesize()).rejects.toThrow(/does not export platform\(app, overrides\?\)/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
