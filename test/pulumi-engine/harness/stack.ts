import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine';
import type { Project } from './project';
import { failureOf, type Report, reportOf } from './report';

/** A value of a stack's configuration. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly secret?: boolean;
}

/** A resource of the state, as `pulumi stack export` prints it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly parent?: string;
}

/** A stack of a project, driven by the engine's command line as a user drives it. */
export class PulumiStack {
  /** Makes an empty stack. */
  public static async create(
    engine: Engine,
    project: Project,
    name: string,
    settings: readonly Setting[] = [],
  ): Promise<PulumiStack> {
    const stack = new PulumiStack(engine, project, name);
    await stack.plain('stack', 'init', name);
    for (const { name: key, value, secret = false } of settings) {
      await stack.configure(key, value, secret);
    }
    return stack;
  }

  private constructor(
    private readonly engine: Engine,
    public readonly project: Project,
    public readonly name: string,
  ) {}

  /** Sets a value of the configuration. */
  public async configure(key: string, value: string, secret = false): Promise<void> {
    await this.plain('config', 'set', key, ...(secret ? ['--secret'] : []), '--', value);
  }

  /** @throws Error with the engine's errors when the command fails */
  public async preview(...flags: string[]): Promise<Report> {
    return must(await this.tryPreview(...flags));
  }

  /** A preview that may fail. */
  public async tryPreview(...flags: string[]): Promise<Report> {
    return this.command('preview', ...flags);
  }

  /**
   * An update without the preview before it, which is a test of its own.
   *
   * @throws Error with the engine's errors when the command fails
   */
  public async up(...flags: string[]): Promise<Report> {
    return must(await this.tryUp(...flags));
  }

  /** An update that may fail. */
  public async tryUp(...flags: string[]): Promise<Report> {
    return this.command('up', '--yes', '--skip-preview', ...flags);
  }

  /** Compares the state with the cluster and fails when they differ; changes neither. */
  public async tryRefresh(): Promise<Report> {
    return this.command('refresh', '--preview-only', '--expect-no-changes');
  }

  /** @throws Error with the engine's errors when the command fails */
  public async refresh(...flags: string[]): Promise<Report> {
    return must(await this.command('refresh', '--yes', '--skip-preview', ...flags));
  }

  /** @throws Error with the engine's errors when the command fails */
  public async destroy(): Promise<Report> {
    return must(await this.command('destroy', '--yes', '--skip-preview'));
  }

  /** The state as the engine exports it. */
  public async exported(...flags: string[]): Promise<string> {
    return this.plain('stack', 'export', ...flags);
  }

  /** The resources of the state. */
  public async resources(): Promise<StateResource[]> {
    const { deployment } = JSON.parse(await this.exported()) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  /** An output of the stack; a secret one is shown only on demand, by `--show-secrets`. */
  public async output(name: string, ...flags: string[]): Promise<unknown> {
    return JSON.parse(await this.plain('stack', 'output', name, '--json', ...flags));
  }

  /** Every file that the engine keeps of this project: states, backups, histories, configuration. */
  public stateFiles(): string[] {
    const files = readdirSync(this.engine.backend, { recursive: true, withFileTypes: true });
    const own = files
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => path.includes(this.project.name));
    const state = own.filter((path) => path.includes('.json')).map((path) => readFileSync(path, 'utf8'));
    return [...state, this.project.read(`Pulumi.${this.name}.yaml`)];
  }

  private async command(verb: string, ...flags: string[]): Promise<Report> {
    const outcome = await this.engine.run([verb, '--json', ...flags, ...this.target()], { cwd: this.project.folder });
    return reportOf(`pulumi ${verb} of ${this.project.name}`, outcome);
  }

  private async plain(...args: string[]): Promise<string> {
    const separator = args.indexOf('--');
    const at = separator === -1 ? args.length : separator;
    const all = [
      ...args.slice(0, at),
      ...(args[1] === 'init' ? ['--non-interactive'] : this.target()),
      ...args.slice(at),
    ];
    const { code, stdout, stderr } = await this.engine.run(all, { cwd: this.project.folder });
    if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with code ${code}:\n${stderr}`);
    return stdout;
  }

  private target(): string[] {
    return ['--non-interactive', '--stack', this.name];
  }
}

function must(report: Report): Report {
  if (report.code !== 0) throw failureOf(report);
  return report;
}
