import { applyProblems } from '../../cluster/harness/apply';
import type { Pod } from '../../cluster/harness/objects';
import { listExamples } from '../cases';
import { restOf } from '../harness/live';
import { Project, type SourceChange } from '../harness/project';
import type { Report } from '../harness/report';
import { PulumiStack } from '../harness/stack';
import type { Timeline } from '../harness/timeline';
import type { World } from '../world';

/** A platform that kubectl applied, and that a stack then takes over. */
export interface Adoption {
  readonly applied: Promise<{ readonly problems: string[]; readonly pods: string[] }>;
  /** An update that was told to adopt the namespace, and nothing else. */
  readonly namespaceOnly: Promise<Report>;
  readonly up: Promise<Report>;
  readonly pods: Promise<string[]>;
  /** A preview without the permission to take over. */
  readonly again: Promise<Report>;
  readonly setting: Promise<Report>;
}

/** Its namespace. */
export const ADOPTED = 'adopted';

/** The same platform in a namespace of its own: secrets are derived from it, too. */
const MOVED: SourceChange = {
  replace: [{ file: 'platform.ts', from: `'pulumi-caracal-dev'`, to: `'${ADOPTED}'` }],
};

/** What an earlier destroy retained is adopted like this. */
const NAMESPACE_ONLY: SourceChange = {
  replace: [
    {
      file: 'index.ts',
      from: 'platform(app, passphrase))',
      to: `platform(app, passphrase), { adopt: (object) => object.kind === 'Namespace' })`,
    },
  ],
};

/** Begins it. */
export function beginAdoption(world: World, timeline: Timeline): Adoption {
  const example = listExamples().find(({ name }) => name === 'pulumi-caracal-dev')!;
  let stack: PulumiStack;
  const podsNow = async (): Promise<string[]> => {
    const { items } = await world.plane.client.list<Pod>(`/api/v1/namespaces/${ADOPTED}/pods`);
    return items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
  };
  return {
    applied: timeline.then('kubectl apply', async () => {
      const project = Project.copy(world.engine, world.installed, example.folder, 'adopted');
      project.change(MOVED);
      const objects = await project.synthesize(example.platformArguments);
      stack = await PulumiStack.create(world.engine, project, 'test', example.settings);
      const problems = [...(await applyProblems(world.plane, objects)), ...(await restOf(world.plane, ADOPTED))];
      return { problems, pods: await podsNow() };
    }),
    namespaceOnly: timeline.then('up that adopts the namespace', async () =>
      stack.project.during(NAMESPACE_ONLY, async () => stack.tryUp()),
    ),
    up: timeline.then('up that takes over', async () => {
      await stack.configure('kubernetes:upsertExistingObjects', 'true');
      await stack.configure('kubernetes:enablePatchForce', 'true');
      return stack.up();
    }),
    pods: timeline.then('pods', podsNow),
    again: timeline.then('second preview', async () => {
      await stack.configure('kubernetes:upsertExistingObjects', 'false');
      return stack.preview('--expect-no-changes');
    }),
    setting: timeline.then('changed setting', async () => {
      stack.project.change({
        replace: [
          { file: 'platform.ts', from: '    secrets: ', to: `    audit: { logLevel: 'warn' },\n    secrets: ` },
        ],
      });
      return stack.up();
    }),
  };
}
