import { execFileSync, execSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, ROOT } from './project';

/** Types of packages: what `"type"` of a `package.json` may say. */
export const MODULE_TYPES = ['commonjs', 'module'] as const;

/** The oldest and the newest compiler that users have, installed beside each other. */
export const COMPILERS = { 'TypeScript 5.9': 'typescript-oldest', 'TypeScript 7': 'typescript-newest' } as const;

const COMPILER_PACKAGES = 'typescript-oldest@npm:typescript@~5.9.0 typescript-newest@npm:typescript@^7.0.0';

/** The folder of a user, in which commands are typed as a guide shows them. */
export class UserProject {
  /** Where it is. */
  public readonly folder = mkdtempSync(join(tmpdir(), 'user-'));
  private readonly tarball = join(this.folder, pack(this.folder).filename);

  /** Types commands, one in each line, in an empty environment of npm; the packed tarball stands for the package. */
  public type(commands: string): string {
    return commands
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '')
      .map((line) => this.shell(line.replace(/^(npm install .*)\bcdk8s-selfhosted\b/, `$1${this.tarball}`)))
      .join('');
  }

  /** Types a command that must fail; returns what it printed. */
  public failing(command: string): string {
    try {
      this.shell(command);
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      return `${stdout}${stderr}`;
    }
    throw new Error(`"${command}" should have failed`);
  }

  /** Writes a file. */
  public write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Reads a file. */
  public read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Makes it a package of the other type. */
  public setType(type: (typeof MODULE_TYPES)[number]): void {
    this.write('package.json', JSON.stringify({ ...(JSON.parse(this.read('package.json')) as object), type }, null, 2));
  }

  /** Installs both compilers beside the one that the project has, and what else a test needs; once, since npm removes it with the next installation. */
  public addCompilers(...others: readonly string[]): void {
    this.shell(`npm install --no-save ${[COMPILER_PACKAGES, ...others].join(' ')}`);
  }

  /** Compiles with one of both, under a configuration; returns what it prints, empty when all is well. */
  public compile(compiler: string, config: string): string {
    const manifest = JSON.parse(this.read(`node_modules/${compiler}/package.json`)) as { bin: { tsc: string } };
    const program = join(this.folder, 'node_modules', compiler, manifest.bin.tsc);
    try {
      return execFileSync(process.execPath, [program, '-p', config, '--noEmit', '--pretty', 'false'], {
        cwd: this.folder,
        encoding: 'utf8',
      });
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout);
    }
  }

  /** Removes the folder. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private shell(command: string): string {
    // What the npm of this test run says about itself is not for the one of the user.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^npm_(?!config_(registry|cache)$)|^JEST_|^NODE_ENV$/.test(name),
    );
    const env = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
    return execSync(command, {
      cwd: this.folder,
      env: { ...Object.fromEntries(inherited), ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks below a heading, up to the next heading of the same or a higher level. */
export function blocksBelow(page: string, heading: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const start = text.indexOf(`${heading}\n`);
  if (start < 0) {
    throw new Error(`${page} has no heading "${heading}"`);
  }
  const level = heading.indexOf(' ');
  const rest = text
    .slice(start + heading.length)
    .replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/^#/gm, '\0'));
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  const section = (end < 0 ? rest : rest.slice(0, end)).replaceAll('\0', '#');
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }));
}
