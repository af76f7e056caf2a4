import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../packaging/project';
import { type KubeObject, nameOf } from '../../cluster/harness/objects';
import { Project } from '../harness/project';
import type { Timeline } from '../harness/timeline';
import type { World } from '../world';
import { PROGRAMS } from './programs';

/** How a run of an inline program ended. */
export interface InlineRun {
  readonly mistake: string;
  readonly command: string;
  /** How many resources there are of each operation; nothing where it failed. */
  readonly changes: Readonly<Record<string, number>>;
  /** What `up` or `preview` rejected with. */
  readonly error: string;
}

/** An inline program (Automation API): a process that deploys, fails, and deploys again. */
export interface Inline {
  /** Previews with mistakes, of a stack that does not exist yet. */
  readonly previews: Promise<InlineRun[]>;
  readonly up: Promise<InlineRun[]>;
  /** The same program with mistakes, when its platform runs. */
  readonly mistakes: Promise<InlineRun[]>;
  /** Objects of the namespace, before and after the mistakes. */
  readonly before: Promise<string[]>;
  readonly after: Promise<string[]>;
  /** Files that lock the stack. */
  readonly locks: Promise<string[]>;
  readonly again: Promise<InlineRun[]>;
}

/** A run of the program that does not end within this time hangs. */
const SECONDS = 240;

/** Begins it. */
export function beginInline(world: World, timeline: Timeline): Inline {
  let project: Project;
  const run = async (...steps: string[]): Promise<InlineRun[]> => {
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    const { code, stdout, stderr } = await world.engine.run(['--import', tsx, 'inline.ts', ...steps], {
      cwd: project.folder,
      command: process.execPath,
      seconds: SECONDS,
    });
    if (code !== 0) throw new Error(`the inline program ended with code ${code}:\n${stderr}`);
    return stdout.split('\n').flatMap((line) => (line.startsWith('{') ? (JSON.parse(line) as InlineRun) : []));
  };
  const objects = async (): Promise<string[]> => {
    const paths = ['/api/v1/*/services', '/api/v1/*/secrets', '/apis/apps/v1/*/deployments', '/apis/batch/v1/*/jobs'];
    const lists = await Promise.all(
      paths.map(async (path) => world.plane.client.list<KubeObject>(path.replace('*', 'namespaces/inline'))),
    );
    return lists.flatMap(({ items }) => items.map((item) => `${nameOf(item)} ${item.metadata.uid}`)).sort();
  };
  return {
    previews: timeline.then('previews with mistakes', async () => {
      project = Project.copy(world.engine, world.installed, PROGRAMS, 'inline');
      return run('preview:value', 'preview:transform');
    }),
    up: timeline.then('up', async () => run('up:none')),
    before: timeline.then('objects', objects),
    mistakes: timeline.then('ups with mistakes', async () => run('up:value', 'up:transform')),
    after: timeline.then('objects after the mistakes', objects),
    locks: timeline.then('locks', async () =>
      readdirSync(join(world.engine.backend, '.pulumi', 'locks'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.parentPath.includes('inline'))
        .map(({ name }) => name),
    ),
    again: timeline.then('preview afterwards', async () => run('preview:none')),
  };
}
