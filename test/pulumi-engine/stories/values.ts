import { type KubeObject, nameOf } from '../../cluster/harness/objects';
import { restOf } from '../harness/live';
import type { Report } from '../harness/report';
import { readableIn, secretTextsOf } from '../harness/secrets';
import type { PulumiStack } from '../harness/stack';
import type { Timeline } from '../harness/timeline';
import type { World } from '../world';
import { settingsOf, stackOf } from './programs';

/** A stack with addresses that are known when another resource of the program exists. */
export interface Values {
  readonly preview: Promise<Report>;
  readonly up: Promise<Report>;
  readonly again: Promise<Report>;
  /** What is in the cluster and in the state after the update. */
  readonly seen: Promise<{
    readonly databaseHost: string;
    readonly redisHost: string;
    /** Contents of the Secret, decoded. */
    readonly secrets: Readonly<Record<string, string>>;
    /** Values of every variable of every container. */
    readonly variables: readonly string[];
    readonly restlessness: string[];
    /** Secrets that can be read in the state, and in an export that shows them on demand. */
    readonly readable: string[];
    readonly control: string[];
  }>;
}

/** Begins it. */
export function beginValues(world: World, timeline: Timeline): Values {
  let stack: PulumiStack;
  const { client } = world.plane;
  return {
    preview: timeline.then('preview', async () => {
      stack = await stackOf(world, 'values', 'values', settingsOf('values', '.databases.example'));
      return stack.preview();
    }),
    up: timeline.then('up', async () => stack.up()),
    again: timeline.then('second preview', async () => stack.preview('--expect-no-changes')),
    seen: timeline.then('what arrived', async () => {
      const secret = await client.call('GET', '/api/v1/namespaces/values/secrets/caracal-runtime');
      const templates = (await inNamespace(world, 'values', WITH_TEMPLATE)) as unknown as Templated[];
      const redisHost = String(await stack.output('redisHost', '--show-secrets'));
      const known = [{ name: 'redisHost', text: redisHost }];
      return {
        databaseHost: String(await stack.output('databaseHost')),
        redisHost,
        secrets: Object.fromEntries(secretTextsOf([secret]).map(({ name, text }) => [name, text])),
        variables: templates
          .flatMap(({ spec }) => spec.template.spec.containers)
          .flatMap(({ env = [] }) => env.flatMap(({ value }) => value ?? [])),
        restlessness: await restOf(world.plane, 'values'),
        readable: [await stack.exported(), ...stack.stateFiles()].flatMap((text) => readableIn(text, known)),
        control: readableIn(await stack.exported('--show-secrets'), known),
      };
    }),
  };
}

/** The same, when the address turns out to be none. */
export interface BadValue {
  readonly up: Promise<Report>;
  /** Objects of the cluster that need the address. */
  readonly made: Promise<string[]>;
}

/** Begins it, and removes what was made. */
export function beginBadValue(world: World, timeline: Timeline): BadValue {
  let stack: PulumiStack;
  return {
    up: timeline.then('up', async () => {
      stack = await stackOf(world, 'values', 'bad-value', settingsOf('bad-value', ' is no host'));
      return stack.tryUp();
    }),
    made: timeline.then('what was made', async () => {
      const made = await inNamespace(world, 'bad-value', [...WITH_TEMPLATE, '/api/v1/*/secrets']);
      await stack.destroy();
      return made.map(nameOf);
    }),
  };
}

/** Collections of objects with a pod template. */
const WITH_TEMPLATE = ['/apis/apps/v1/*/deployments', '/apis/apps/v1/*/statefulsets', '/apis/batch/v1/*/jobs'];

interface Templated {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly env?: readonly { readonly value?: string }[] }[] };
    };
  };
}

async function inNamespace({ plane }: World, name: string, collections: readonly string[]): Promise<KubeObject[]> {
  const paths = collections.map((path) => path.replace('*', `namespaces/${name}`));
  const lists = await Promise.all(paths.map(async (path) => plane.client.list(path)));
  return lists.flatMap(({ items }) => items);
}
