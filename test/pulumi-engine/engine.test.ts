import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../cluster/harness/wait';
import { listExamples } from './cases';
import { Engine } from './harness/engine';
import { ENGINE_PROGRAMS, findEnginePrograms } from './harness/programs';
import { reportOf } from './harness/report';
import { readableIn } from './harness/secrets';

/** Folder of this test file alone, so that processes of other runs on the machine are never mistaken for its own. */
let parentFolder: string;

beforeEach(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'engine-test-'));
});

afterEach(() => rmSync(parentFolder, { recursive: true, force: true }));

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function processes(): RunningProcess[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), args };
  });
}

/** A process and everything below it. */
function family(pid: number, all = processes()): RunningProcess[] {
  const own = all.filter((each) => each.pid === pid);
  return [...own, ...all.filter(({ parent }) => parent === pid).flatMap((child) => family(child.pid, all))];
}

describe('the programs', () => {
  test('PULUMI_ASSETS unset: one line says how to get them', () => {
    expect(() => findEnginePrograms('')).toThrow(
      /^PULUMI_ASSETS is not set\. .*pulumi\.com\/docs\/install.*pulumi plugin install resource kubernetes 4\.34\.2.*$/,
    );
  });

  test('a missing program is named', () => {
    const real = findEnginePrograms();
    ENGINE_PROGRAMS.slice(0, 2).forEach((name) => symlinkSync(real[name], join(parentFolder, name)));
    expect(() => findEnginePrograms(parentFolder)).toThrow(
      /has no program pulumi-resource-kubernetes\. .*docs\/install/,
    );
  });
});

describe('a command', () => {
  let engine: Engine;
  const script = (text: string): string => {
    const file = join(parentFolder, 'script.sh');
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  beforeEach(() => {
    engine = new Engine({ parentFolder });
  });

  afterEach(async () => {
    await engine.stop();
    expect(existsSync(engine.folder)).toBe(false);
  });

  test('knows nothing of the settings of whoever runs the tests', async () => {
    process.env.PULUMI_STACK = 'of the developer';
    try {
      const { stdout } = await engine.run([], { cwd: parentFolder, command: script('env') });
      expect(stdout).not.toMatch(/of the developer|KUBECONFIG|KUBEBUILDER_ASSETS/);
      expect(stdout).toContain(`HOME=${engine.folder}`);
      expect(stdout).toContain(`PULUMI_BACKEND_URL=file://${engine.folder}`);
    } finally {
      delete process.env.PULUMI_STACK;
    }
  });

  test('that does not end is ended, with what it started in another process group, and told by what it printed', async () => {
    const command = script('echo begun; setpgid() { set -m; sleep 600 & }; setpgid; exec sleep 600');
    await expect(engine.run(['up', 'now'], { cwd: parentFolder, seconds: 1, command })).rejects.toThrow(
      /up now: no end within 1 s; it printed:\nbegun/,
    );
    expect(processes().filter(({ args }) => args.includes(parentFolder) && args.includes('script'))).toEqual([]);
  });

  test('that leaves a process behind is reported, and what it left is ended', async () => {
    const pidFile = join(parentFolder, 'pid');
    const command = script(`set -m; sleep 600 & echo $! > ${pidFile}`);
    await engine.run(['up'], { cwd: parentFolder, command });
    expect(engine.leftBehind).toEqual([expect.stringMatching(/up left 1 processes behind/)]);
    const pid = Number(execFileSync('cat', [pidFile], { encoding: 'utf8' }));
    await waitFor('it ends', async () => (family(pid).length > 0 ? [`${pid}`] : []), { seconds: 5 });
  });

  test('that cannot be started says why', async () => {
    const run = engine.run(['up'], { cwd: parentFolder, command: join(parentFolder, 'nothing') });
    await expect(run).rejects.toThrow(/up: spawn .*nothing ENOENT/);
  });
});

describe('m. a test run that is interrupted', () => {
  test.each(['SIGINT', 'SIGKILL'] as const)(
    '%s leaves neither a process of the engine nor a folder',
    async (signal) => {
      const programs = join(__dirname, 'programs');
      const args = ['--import', 'tsx', join(__dirname, 'harness', 'example-run.ts'), parentFolder, programs];
      const run = spawn(process.execPath, args, { stdio: 'inherit' });
      const own = (): RunningProcess[] => family(run.pid!);
      const names = ['pulumi preview', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'];
      const missing = async (): Promise<string[]> =>
        names.filter((name) => !own().some((each) => each.args.includes(name)));
      await waitFor('the engine with its plugins runs', missing, { seconds: 60 });
      const pids = own().map(({ pid }) => pid);
      expect(pids.length).toBeGreaterThan(names.length);
      run.kill(signal);
      const left = async (): Promise<string[]> => [
        ...processes()
          .filter(({ pid }) => pids.includes(pid))
          .map(({ args: each }) => each),
        ...readdirSync(parentFolder),
      ];
      await waitFor('everything ends', left, { seconds: 20 });
    },
  );
});

describe('what the suite reads off the engine', () => {
  const line = (event: object): string => JSON.stringify({ sequence: 0, ...event });
  const urn = 'urn:pulumi:test::shop::kubernetes:core/v1:Secret::caracal:shop/runtime';

  test('steps that keep a resource as it is are none; debug messages are not what a user sees', () => {
    const metadata = { op: 'update', type: 'kubernetes:core/v1:Secret', urn, detailedDiff: { 'data.key': {} } };
    const stdout = [
      line({ resourcePreEvent: { metadata: { ...metadata, op: 'same' } } }),
      line({ resOutputsEvent: { metadata } }),
      line({ diagnosticEvent: { severity: 'debug', message: 'a secret' } }),
      line({ diagnosticEvent: { severity: 'error', message: 'no luck\n' } }),
      line({ summaryEvent: { resourceChanges: { update: 1 } } }),
    ].join('\n');
    const report = reportOf('up', { code: 1, seconds: 1, stdout, stderr: '' });
    expect(report).toMatchObject({ code: 1, errors: ['no luck'], warnings: [], changes: { update: 1 } });
    expect(report.steps).toEqual([
      { op: 'update', type: metadata.type, urn, text: 'update Secret caracal:shop/runtime', fields: ['data.key'] },
    ]);
    expect(report.printed).not.toContain('a secret');
    expect(report.printed).toContain('no luck');
  });

  test.each(['s3cret/+', 'czNjcmV0Lys', 's3cret%2F%2B'])('a secret is found as %s', (form) => {
    const secrets = [
      { name: 'found', text: 's3cret/+' },
      { name: 'other', text: 'unheard-of' },
    ];
    expect(readableIn(`{"key": "x${form}x"}`, secrets)).toEqual(['found']);
  });
});

describe('the list of examples', () => {
  test("holds the project's own", () => {
    expect(listExamples().map(({ name }) => name)).toEqual(expect.arrayContaining(['pulumi-caracal']));
  });

  test('refuses an example of which nothing is known, and a folder without any', () => {
    expect(() => listExamples(parentFolder)).toThrow(/has no folder with a Pulumi\.yaml/);
    mkdirSync(join(parentFolder, 'unheard-of'));
    writeFileSync(join(parentFolder, 'unheard-of', 'Pulumi.yaml'), 'name: unheard-of\n');
    expect(() => listExamples(parentFolder)).toThrow(/nothing is known of the example unheard-of/);
  });
});
