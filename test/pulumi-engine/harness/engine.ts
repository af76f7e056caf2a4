import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { findEnginePrograms } from './programs';

/** What a command printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** How to start an engine. */
export interface EngineOptions {
  /** File for the cluster that the provider works on. @default none, and the user has none either */
  readonly kubeconfig?: string;
  /** Where the temporary folder is made. @default the system's folder for temporary files */
  readonly parentFolder?: string;
}

/** How to run one command. */
export interface RunOptions {
  /** Folder in which it runs. */
  readonly cwd: string;
  /** How long it may take. @default 180 */
  readonly seconds?: number;
  /** Program. @default pulumi */
  readonly command?: string;
}

interface Report {
  readonly ended?: number;
  readonly failed?: string;
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly error?: string;
  readonly left?: number;
}

/** Protects secrets in the state; nothing is ever stored outside of the temporary folder. */
export const STATE_PASSPHRASE = 'the passphrase of the state in this test run';

/**
 * A Pulumi engine with its state in a temporary folder of its own. It reads nothing of the user's settings, and neither
 * its processes nor its folder outlive the test run, however that ends.
 */
export class Engine {
  /** The temporary folder: projects, state, what commands printed. */
  public readonly folder: string;
  /** Folder of the state. */
  public readonly backend: string;
  /** Commands that left processes behind, one text each; what they left has been ended. */
  public readonly leftBehind: string[] = [];
  private readonly guard: ChildProcess;
  private readonly guardEnded: Promise<void>;
  private readonly waiting = new Map<number, (report: Report) => void>();
  private readonly env: Readonly<Record<string, string>>;
  private commands = 0;

  constructor({ kubeconfig, parentFolder = tmpdir() }: EngineOptions = {}) {
    const { pulumi } = findEnginePrograms();
    this.folder = mkdtempSync(join(parentFolder, 'pulumi-engine-'));
    this.backend = join(this.folder, 'backend');
    const [home, temporary] = ['home', 'tmp'].map((name) => join(this.folder, name)) as [string, string];
    [this.backend, home, temporary].forEach((each) => mkdirSync(each));
    this.env = {
      PATH: [dirname(pulumi), dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: home,
      TMPDIR: temporary,
      NO_COLOR: '1',
      PULUMI_HOME: join(home, '.pulumi'),
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      PULUMI_CONFIG_PASSPHRASE: STATE_PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: '1',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // What `--json` prints is then a stream of events for every command.
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true',
      ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    };
    this.guard = spawn(process.execPath, [join(__dirname, 'engine-process.mjs'), this.folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    // Writing to a guard that died must not end the test run; its end is reported to whoever waits.
    this.guard.stdin?.on('error', () => undefined);
    createInterface({ input: this.guard.stdout! }).on('line', (line) => this.onReport(JSON.parse(line) as Report));
    this.guardEnded = new Promise((resolve) => this.guard.once('exit', () => resolve(this.onGuardEnd())));
  }

  /**
   * Runs a command and waits for its end, with whatever code.
   *
   * @throws Error when it does not end in time; its processes are ended
   */
  public async run(args: readonly string[], { cwd, seconds = 180, command }: RunOptions): Promise<Outcome> {
    const id = (this.commands += 1);
    const title = `${command ?? 'pulumi'} ${args.slice(0, 2).join(' ')}`;
    const began = Date.now();
    const ended = new Promise<Report>((resolve) => this.waiting.set(id, resolve));
    const run = { id, command: command ?? findEnginePrograms().pulumi, args, cwd, env: this.env };
    this.guard.stdin!.write(`${JSON.stringify({ run })}\n`);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.guard.stdin!.write(`${JSON.stringify({ kill: id })}\n`);
    }, seconds * 1000);
    const { code, signal, error, failed, left = 0 } = await ended;
    clearTimeout(timer);
    if (failed !== undefined) throw new Error(`${title}: ${failed}`);
    const [stdout, stderr] = [this.output(id, 'stdout'), this.output(id, 'stderr')];
    if (late) throw new Error(`${title}: no end within ${seconds} s; it printed:\n${tail(stdout)}\n${tail(stderr)}`);
    if (typeof code !== 'number') throw new Error(`${title}: ${error ?? `ended by ${signal}`}\n${tail(stderr)}`);
    if (left > 0) this.leftBehind.push(`${title} left ${left} processes behind`);
    return { code, stdout, stderr, seconds: (Date.now() - began) / 1000 };
  }

  /** Ends every command and removes the folder. A second call is harmless. */
  public async stop(): Promise<void> {
    this.guard.stdin!.end();
    await this.guardEnded;
  }

  private output(id: number, stream: 'stdout' | 'stderr'): string {
    return readFileSync(join(this.folder, 'output', `${id}.${stream}`), 'utf8');
  }

  private onReport(report: Report): void {
    if (report.failed !== undefined) {
      this.waiting.forEach((resolve) => resolve(report));
    } else if (report.ended !== undefined) {
      this.waiting.get(report.ended)?.(report);
      this.waiting.delete(report.ended);
    }
  }

  private onGuardEnd(): void {
    this.waiting.forEach((resolve) => resolve({ failed: 'the process that runs the commands has ended' }));
  }
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
