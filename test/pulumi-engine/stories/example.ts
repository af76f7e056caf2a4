import { applyProblems } from '../../cluster/harness/apply';
import type { ControlPlane } from '../../cluster/harness/control-plane';
import { createsNamespace } from '../../cluster/harness/examples';
import { createNamespace } from '../../cluster/harness/namespaces';
import type { KubeObject } from '../../cluster/harness/objects';
import { leftovers, retainedOf } from '../../cluster/harness/removal';
import type { Example } from '../cases';
import { liveDifferences, renamed, restOf } from '../harness/live';
import { Project } from '../harness/project';
import type { Report } from '../harness/report';
import { readableIn, type SecretText, secretTextsOf } from '../harness/secrets';
import { PulumiStack, type StateResource } from '../harness/stack';
import { Timeline } from '../harness/timeline';
import type { World } from '../world';

/** The life of one example's stack, from its first preview to its end; every part is a test of its own. */
export interface Journey {
  readonly firstPreview: Promise<Report>;
  /** The objects that `cdk8s synth` writes for the same platform. */
  readonly objects: Promise<KubeObject[]>;
  readonly up: Promise<Report>;
  /** What is not at rest, after the update. */
  readonly restlessness: Promise<string[]>;
  readonly secondPreview: Promise<Report>;
  readonly refresh: Promise<Report>;
  /** What a refresh finds after somebody changed a field by hand. */
  readonly drift: Promise<Report>;
  readonly driftUndone: Promise<Report>;
  readonly wrapped: Promise<Report>;
  readonly parity: Promise<Parity>;
  readonly secrets: Promise<Secrecy>;
  readonly setting: Promise<Report>;
  readonly release: Promise<Upgrade>;
  readonly destroy: Promise<Removal>;
  /** Ends when every part has ended, however. */
  ended(): Promise<void>;
}

/** The same platform by cdk8s and kubectl, in a second namespace. */
export interface Parity {
  /** What kubectl said, and what did not come to rest. */
  readonly problems: string[];
  readonly differences: string[];
  /** The differences that are found when a field of one object is changed by hand. */
  readonly control: string[];
}

/** Which secrets can be read, and where. */
export interface Secrecy {
  readonly known: readonly SecretText[];
  readonly inExport: string[];
  readonly inFiles: string[];
  readonly inOutput: string[];
  /** The same search in an export that shows secrets on demand. */
  readonly control: string[];
}

export interface Upgrade {
  readonly report: Report;
  readonly restlessness: string[];
  /** A preview after a refresh. */
  readonly after: Report;
}

export interface Removal {
  readonly report: Report;
  readonly state: StateResource[];
  readonly leftovers: string[];
  readonly retained: { readonly names: string[]; readonly problems: string[] };
  readonly namespaceExists: boolean;
}

/** Begins the life of an example's stack. */
export function beginJourney(example: Example, { plane, engine, installed }: World): Journey {
  const { name: namespace, settings, platformArguments, valuesInJobNames } = example;
  const { client } = plane;
  const project = Project.copy(engine, installed, example.folder);
  const timeline = new Timeline(example.name);
  const printed: string[] = [];
  let stack: PulumiStack;
  let firstPreview: Report;
  let objects: KubeObject[];

  const keep = (report: Report): Report => {
    printed.push(report.printed);
    return report;
  };

  return {
    firstPreview: timeline.then('first preview', async () => {
      stack = await PulumiStack.create(engine, project, 'test', settings);
      return (firstPreview = keep(await stack.preview()));
    }),
    objects: timeline.then('cdk8s synth', async () => {
      objects = await project.synthesize(platformArguments);
      if (valuesInJobNames) objects = withJobNamesOf(firstPreview, objects);
      return objects;
    }),
    up: timeline.then('up', async () => keep(await stack.up())),
    restlessness: timeline.then('rest', async () => restOf(plane, namespace)),
    secondPreview: timeline.then('second preview', async () => keep(await stack.preview('--expect-no-changes'))),
    refresh: timeline.then('refresh', async () => keep(await stack.tryRefresh())),
    drift: timeline.then('drift', async () => {
      await changeByHand(plane, objects);
      return stack.tryRefresh();
    }),
    driftUndone: timeline.then('drift undone', async () => {
      await changeByHand(plane, objects, serviceOf(objects).metadata.labels![LABEL]);
      return stack.tryRefresh();
    }),
    parity: timeline.then('cdk8s in a second namespace', async () => compare(plane, example, objects)),
    secrets: timeline.then('secrets', async () => {
      const known = [...secretTextsOf(objects), ...secretsOf(example)];
      return {
        known,
        inExport: readableIn(await stack.exported(), known),
        inFiles: stack.stateFiles().flatMap((text) => readableIn(text, known)),
        inOutput: printed.flatMap((text) => readableIn(text, known)),
        control: readableIn(await stack.exported('--show-secrets'), known),
      };
    }),
    wrapped: timeline.then('wrapped constructs', async () =>
      project.during(example.wrapped, async () => stack.preview('--expect-no-changes')),
    ),
    setting: timeline.then('changed setting', async () => {
      project.change(example.setting.change);
      return stack.up();
    }),
    release: timeline.then('next release', async () => {
      project.change(example.release);
      const report = await stack.up();
      const restlessness = await restOf(plane, namespace);
      await stack.refresh();
      return { report, restlessness, after: await stack.tryPreview('--expect-no-changes') };
    }),
    destroy: timeline.then('destroy', async () => {
      const report = await stack.destroy();
      return {
        report,
        state: await stack.resources(),
        leftovers: await leftovers(client, namespace),
        retained: await retainedOf(client, namespace, objects),
        namespaceExists: (await client.tryGet(`/api/v1/namespaces/${namespace}`)) !== undefined,
      };
    }),
    ended: async () => timeline.ended(),
  };
}

/** The same objects with Jobs named as in a report of the engine: only the hash at the end of a name may differ. */
function withJobNamesOf({ steps }: Report, objects: KubeObject[]): KubeObject[] {
  const jobs = objects.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name);
  return jobs.reduce((renamedObjects, name) => {
    const stem = name.replace(/[0-9a-f]+$/, '');
    const own = steps.flatMap(({ text }) => text.match(new RegExp(`^create Job .*/(${stem}[0-9a-f]+)$`))?.[1] ?? []);
    if (own.length !== 1) throw new Error(`${own.length} Jobs of the engine are named ${stem}<hash>`);
    return renamed(renamedObjects, name, own[0]!);
  }, objects);
}

/** Applies the cdk8s output in a second namespace, compares, and removes it again. */
async function compare(plane: ControlPlane, { name }: Example, objects: KubeObject[]): Promise<Parity> {
  const { client } = plane;
  const second = `by-${name.replace('pulumi', 'cdk8s')}`;
  const moved = renamed(objects, name, second);
  if (!createsNamespace(objects, name)) await createNamespace(client, second);
  const problems = [...(await applyProblems(plane, moved)), ...(await restOf(plane, second))];
  const differences = await liveDifferences(client, objects, name, second);
  await changeByHand(plane, moved);
  const control = await liveDifferences(client, objects, name, second);
  await client.remove(`/api/v1/namespaces/${second}`);
  return { problems, differences, control };
}

/** A label that every object has, as somebody sets it by hand; nothing undoes it by itself. */
const LABEL = 'app.kubernetes.io/managed-by';

/** Changes the label of the first Service. */
async function changeByHand({ client }: ControlPlane, objects: KubeObject[], value = 'hand'): Promise<void> {
  const service = serviceOf(objects);
  await client.patch(await client.pathOf(service), { metadata: { labels: { [LABEL]: value } } });
}

function serviceOf(objects: readonly KubeObject[]): KubeObject {
  return objects.find(({ kind }) => kind === 'Service')!;
}

function secretsOf({ settings }: Example): SecretText[] {
  return settings.filter(({ secret }) => secret).map(({ name, value }) => ({ name: `setting ${name}`, text: value }));
}
