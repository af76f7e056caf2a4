import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** What a project needs to run its scripts. */
const TOOLCHAIN = ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** The files that `.projenrc.ts` makes. */
export function generatedFiles(): string[] {
  const list = readFileSync(join(ROOT, '.projen', 'files.json'), 'utf8');
  return (JSON.parse(list) as { files: string[] }).files;
}

/**
 * A small project with the scripts of this one, so that a test can break something and watch a gate close. It borrows
 * `node_modules`; nothing that happens in it reaches this project.
 */
export class ScratchProject {
  public readonly folder = mkdtempSync(join(tmpdir(), 'scratch-'));

  constructor(copies: readonly string[] = []) {
    for (const path of [...TOOLCHAIN, ...copies]) {
      cpSync(join(ROOT, path), join(this.folder, path), { recursive: true });
    }
    // Quickstart installs when the lock is newer than what is installed. Here it must not, whatever the times of a fresh
    // checkout say: npm would empty the borrowed folder first.
    utimesSync(join(this.folder, 'package-lock.json'), 0, 0);
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  public write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, text);
  }

  public delete(path: string): void {
    rmSync(join(this.folder, path));
  }

  public read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Runs one of the scripts; returns its exit code and everything that it printed. */
  public run(script: string, ...args: string[]): { readonly code: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join('scripts', script), ...args], {
      cwd: this.folder,
      encoding: 'utf8',
    });
    return { code: status, output: stdout + stderr };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
