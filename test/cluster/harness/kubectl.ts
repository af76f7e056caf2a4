import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Explain } from './client';
import type { KubeObject } from './objects';

/** What a command printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The field manager of all applies, as an operator's pipeline would have one. */
export const FIELD_MANAGER = 'platform-team';

/** Manifests: text as a synthesis writes it, or objects made by hand. */
export type Manifests = string | readonly KubeObject[];

/** What kubectl prints when the server is gone, as opposed to a server that refuses something. */
const UNREACHABLE = /connection refused|connection reset|unexpected EOF|TLS handshake timeout|no route to host/;

/** kubectl, bound to one control plane. */
export class Kubectl {
  /** How long one command may take, in milliseconds. */
  public timeoutMillis = 120_000;
  private files = 0;

  constructor(
    private readonly command: string,
    private readonly kubeconfig: string,
    private readonly folder: string,
    private readonly explain: Explain,
  ) {}

  /** Applies objects in the given order, by the server, with strict field validation. */
  public async apply(manifests: Manifests, flags: readonly string[] = []): Promise<Outcome> {
    const args = ['apply', '--server-side', '--validate=strict', `--field-manager=${FIELD_MANAGER}`, ...flags];
    return this.run(args, manifests);
  }

  /** Compares objects with what the server would have after applying them; code 1 means a difference. */
  public async diff(manifests: Manifests): Promise<Outcome> {
    return this.run(['diff', '--server-side', `--field-manager=${FIELD_MANAGER}`], manifests);
  }

  /**
   * Runs kubectl; manifests go to it through a file, as users have them.
   *
   * @throws Error when the server cannot be reached or kubectl does not end: that says nothing about the manifests
   */
  public async run(args: readonly string[], manifests?: Manifests): Promise<Outcome> {
    const all = [...args, `--kubeconfig=${this.kubeconfig}`, `--cache-dir=${join(this.folder, 'kubectl-cache')}`];
    if (manifests !== undefined) {
      const file = join(this.folder, `manifest-${(this.files += 1)}.yaml`);
      writeFileSync(file, textOf(manifests));
      all.push('-f', file);
    }
    // An own HOME and no KUBERC: the developer's settings must not decide what a test finds.
    const env = { PATH: process.env.PATH, HOME: this.folder, KUBERC: 'off', TMPDIR: this.folder };
    const millis = this.timeoutMillis;
    const title = `kubectl ${args[0]}`;
    return new Promise((resolve, reject) => {
      execFile(this.command, all, { env, timeout: millis, maxBuffer: 64_000_000 }, (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        const fail = (why: string): void => void this.explain(`${title}: ${why}`).then(reject);
        if (error?.killed) fail(`no end within ${millis} ms`);
        else if (typeof code !== 'number') fail(error?.message ?? 'no exit code');
        else if (code !== 0 && UNREACHABLE.test(stderr)) fail(stderr.trim().split('\n').pop() ?? '');
        else resolve({ code, stdout, stderr });
      });
    });
  }
}

function textOf(manifests: Manifests): string {
  return typeof manifests === 'string' ? manifests : manifests.map((object) => stringify(object)).join('---\n');
}
