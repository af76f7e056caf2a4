import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const SOURCES = join(ROOT, 'src');

/**
 * A project of a user in which this package is installed as npm installs it: compiled, in `node_modules`. Programs run
 * in it with plain `node`.
 */
export class CompiledPackage {
  public readonly folder = mkdtempSync(join(tmpdir(), 'user-'));

  constructor() {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
    const own = join(this.folder, 'node_modules', 'cdk8s-selfhosted');
    for (const path of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.ts'),
    )) {
      const { outputText } = ts.transpileModule(readFileSync(join(SOURCES, path), 'utf8'), {
        compilerOptions: options,
      });
      const file = join(own, 'lib', path.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, outputText);
    }
    symlinkSync(join(ROOT, 'package.json'), join(own, 'package.json'));
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      symlinkSync(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name));
    }
  }

  /** Runs a program with `node`; what it prints is what its user sees. */
  public run(
    name: string,
    text: string,
  ): { readonly status: number | null; readonly stderr: string; readonly stdout: string } {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    const { status, stderr, stdout } = spawnSync(process.execPath, [file], {
      cwd: this.folder,
      encoding: 'utf8',
      env: {},
    });
    return { status, stderr, stdout };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
