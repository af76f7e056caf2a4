import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process to start. */
export interface ProcessSpec {
  /** Name of the process; its log is `<name>.log` in the supervisor's folder. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Processes of a higher stage end first. */
  readonly stage: number;
}

interface Report {
  readonly started?: string;
  readonly exited?: string;
  readonly pid?: number;
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly error?: string;
}

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const GRACE_MILLIS = 3000;

/** How long the end of a process may take to be reported, in milliseconds. */
const REPORT_MILLIS = 500;

/** How many lines of a log an error message quotes. */
const LOG_TAIL_LINES = 8;

/** The test run's side of `supervisor-process.mjs`: a temporary folder and the processes that live in it. */
export class Supervisor {
  /** The temporary folder of this control plane: data, certificates and logs; removed at the end. */
  public readonly folder: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly pids = new Map<string, number>();
  private stopping = false;
  private failureText: string | undefined;

  /**
   * @param parentFolder where the temporary folder is made. @default the system's folder for temporary files
   */
  constructor(parentFolder = tmpdir()) {
    this.folder = mkdtempSync(join(parentFolder, 'control-plane-'));
    const script = join(__dirname, 'supervisor-process.mjs');
    this.child = spawn(process.execPath, [script, this.folder, String(GRACE_MILLIS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    // Writing to a supervisor that died must not end the test run; `exit` reports it.
    this.child.stdin?.on('error', () => undefined);
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.onReport(JSON.parse(line) as Report));
    this.ended = new Promise((resolve) => this.child.once('exit', () => resolve(this.onSupervisorEnd())));
  }

  /** Why the control plane can no longer work: a process that ended by itself, with the tail of its log. */
  public get failure(): string | undefined {
    return this.failureText;
  }

  /** The pids of all processes that were started and have not been seen ending. */
  public get livePids(): number[] {
    return [...this.pids.values()];
  }

  /**
   * Says why the control plane cannot be reached: which process ended, or else what the API server wrote last.
   *
   * @param what what was tried, and how it failed
   */
  public async explain(what: string): Promise<Error> {
    // The connection breaks a moment before the end of the process is reported.
    for (let waited = 0; !this.failureText && !this.stopping && waited < REPORT_MILLIS; waited += 50) await sleep(50);
    if (this.failureText) return new Error(`${what}: ${this.failureText}`);
    return new Error(`${what}; the tail of the log of kube-apiserver:\n${this.logTail('kube-apiserver')}`);
  }

  /** Starts a process; a failure to start shows up in `failure`. */
  public start(spec: ProcessSpec): void {
    this.child.stdin!.write(`${JSON.stringify({ start: spec })}\n`);
  }

  /** Ends everything, waits for it and removes the folder. A second call is harmless. */
  public async stop(): Promise<void> {
    this.stopping = true;
    this.child.stdin!.end();
    await this.ended;
  }

  /** The last lines of a process's log. */
  public logTail(name: string): string {
    try {
      const lines = readFileSync(join(this.folder, `${name}.log`), 'utf8')
        .trimEnd()
        .split('\n');
      return lines.slice(-LOG_TAIL_LINES).join('\n') || '(the log is empty)';
    } catch {
      return '(there is no log)';
    }
  }

  private onReport(report: Report): void {
    if (report.started !== undefined && report.pid !== undefined) {
      this.pids.set(report.started, report.pid);
    }
    if (report.exited !== undefined) {
      this.pids.delete(report.exited);
      if (!this.stopping) {
        const how = report.error ?? (report.signal ? `ended by ${report.signal}` : `ended with code ${report.code}`);
        this.failureText ??= `${report.exited}: ${how}; the tail of its log:\n${this.logTail(report.exited)}`;
      }
    }
  }

  /** Only if the supervisor itself was killed are there processes left, and then their pids are still ours. */
  private onSupervisorEnd(): void {
    for (const [name, pid] of this.pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in the meantime.
      }
      this.failureText ??= `the supervisor of ${name} ended by itself`;
    }
    this.pids.clear();
  }
}
