import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../cluster/harness/objects';
import { ROOT } from '../../packaging/project';
import type { Engine } from './engine';
import type { InstalledPackage } from './package';

/** A change of a project's sources, as its owner would type it. */
export interface SourceChange {
  /** Texts that are replaced, each of which stands in its file exactly once. */
  readonly replace?: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  /** Files that are written. */
  readonly write?: Readonly<Record<string, string>>;
}

/** A Pulumi project in the engine's temporary folder, with the packed package installed. */
export class Project {
  /**
   * Copies a project.
   *
   * @param source folder of the project
   * @param as name of the copy, where there are several. @default the folder's name
   */
  public static copy(engine: Engine, installed: InstalledPackage, source: string, as = basename(source)): Project {
    const folder = join(engine.folder, 'projects', as);
    mkdirSync(folder, { recursive: true });
    // What a developer's own runs left in the example is not part of it.
    const isSource = (path: string): boolean => !/node_modules|Pulumi\.[^/]+\.yaml$/.test(path.slice(source.length));
    cpSync(source, folder, { recursive: true, filter: isSource });
    installed.installInto(folder);
    const project = new Project(engine, folder);
    project.changeText('Pulumi.yaml', new RegExp(`^name: ${basename(source)}$`, 'm'), `name: ${as}`);
    return project;
  }

  private constructor(
    private readonly engine: Engine,
    public readonly folder: string,
  ) {}

  /** Name of the project. */
  public get name(): string {
    return basename(this.folder);
  }

  /** Text of a file. */
  public read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Changes the sources. @throws Error when a text that is to be replaced is not there exactly once */
  public change({ replace = [], write = {} }: SourceChange): void {
    for (const { file, from, to } of replace) this.changeText(file, from, to);
    for (const [file, text] of Object.entries(write)) writeFileSync(join(this.folder, file), text);
  }

  /** Takes a change of the sources back when the action has ended. */
  public async during<T>(change: SourceChange, action: () => Promise<T>): Promise<T> {
    const files = [...new Set([...(change.replace ?? []).map(({ file }) => file), ...Object.keys(change.write ?? {})])];
    const before = files.map((file) => [file, this.tryRead(file)] as const);
    this.change(change);
    try {
      return await action();
    } finally {
      for (const [file, text] of before) {
        if (text === undefined) rmSync(join(this.folder, file));
        else writeFileSync(join(this.folder, file), text);
      }
    }
  }

  /** What `cdk8s synth` writes for the same platform: the project's own `platform` function, with these arguments. */
  public async synthesize(platformArguments: readonly unknown[]): Promise<KubeObject[]> {
    const script = join(this.folder, 'synthesize.ts');
    writeFileSync(script, SYNTHESIZE);
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    const args = ['--import', tsx, script, JSON.stringify(platformArguments)];
    const { code, stdout, stderr } = await this.engine.run(args, { cwd: this.folder, command: process.execPath });
    rmSync(script);
    if (code !== 0) throw new Error(`the cdk8s program of ${this.name} ended with code ${code}:\n${stderr}`);
    return parseAllDocuments(stdout)
      .map((document) => document.toJS() as KubeObject | null)
      .filter((object): object is KubeObject => object !== null);
  }

  private tryRead(file: string): string | undefined {
    try {
      return this.read(file);
    } catch {
      return undefined;
    }
  }

  private changeText(file: string, from: string | RegExp, to: string): void {
    const text = this.read(file);
    const count = text.split(from).length - 1;
    if (count !== 1) throw new Error(`${this.name}/${file} has ${count} times ${String(from)}; the change needs one`);
    writeFileSync(
      join(this.folder, file),
      text.replace(from, () => to),
    );
  }
}

/** A cdk8s program around a platform function. */
const SYNTHESIZE = `import { App } from 'cdk8s';
import { platform } from './platform';

const app = new App();
(platform as (...args: unknown[]) => unknown)(app, ...JSON.parse(process.argv[2] ?? '[]'));
process.stdout.write(app.synthYaml());
`;
