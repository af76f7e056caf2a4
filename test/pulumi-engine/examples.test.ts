import { addressProblems } from '../cluster/harness/load-balancers';
import type { KubeObject } from '../cluster/harness/objects';
import { type Example, listExamples } from './cases';
import { type Step, textsOf } from './harness/report';
import { beginJourney, type Journey } from './stories/example';
import { World } from './world';

/**
 * Every example of the second engine, run by a real engine on a real control plane from the packed package. The stacks of
 * all examples live side by side; each test judges one part of one life.
 */
const examples = listExamples();

let world: World;
const journeys = new Map<string, Journey>();

beforeAll(async () => {
  world = await World.start();
  examples.forEach((example) => journeys.set(example.name, beginJourney(example, world)));
});

// A process that died explains more than the check that it made fail.
afterEach(() => world?.plane.assertAlive());

afterAll(async () => world?.stop());

/** Resources that hold others and are no object of the cluster. */
const HOLDERS = (name: string): string[] => [`create Stack ${name}-test`, 'create SelfHosted caracal'];

/** The step that an object of the cdk8s output stands for. */
function stepOf(op: string, { kind, metadata: { namespace, name } }: KubeObject): string {
  return `${op} ${kind} caracal:${namespace === undefined ? name : `${namespace}/${name}`}`;
}

describe.each(examples)('$name', (example: Example) => {
  const { name } = example;
  let journey: Journey;
  let objects: KubeObject[];

  beforeAll(async () => {
    journey = journeys.get(name)!;
    objects = await journey.objects;
  });

  test('a. the first preview creates each object of the cdk8s output, and nothing that the program does not name', async () => {
    const { steps, errors } = await journey.firstPreview;
    const expected = [...HOLDERS(name), ...example.besides, ...objects.map((object) => stepOf('create', object))];
    expect(textsOf(steps)).toEqual(expected.sort());
    expect(errors).toEqual([]);
  });

  test('b. the update creates all of it, and everything comes to rest', async () => {
    const { steps, errors } = await journey.up;
    expect(textsOf(steps)).toEqual(textsOf((await journey.firstPreview).steps));
    expect(errors).toEqual([]);
    expect(await journey.restlessness).toEqual([]);
    expect(await addressProblems(world.plane.client, name)).toEqual([]);
  });

  test('c. a second preview changes nothing', async () => {
    const { steps, changes } = await journey.secondPreview;
    expect(steps).toEqual([]);
    expect(Object.keys(changes)).toEqual(['same']);
  });

  test('d. a changed setting updates one workload in place', async () => {
    const { steps } = await journey.setting;
    expect(textsOf(steps)).toEqual(example.setting.steps);
  });

  test('e. the next release migrates before its workloads start, removes the last Jobs, and replaces nothing', async () => {
    const { report, restlessness, after } = await journey.release;
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    expect(jobs.length).toBeGreaterThan(0);
    const of = (op: string): string[] => textsOf(report.steps.filter((step) => step.op === op));
    expect(of('delete')).toEqual(jobs.map((job) => stepOf('delete', job)).sort());
    expect(of('create')).toHaveLength(jobs.length);
    expect(of('create').every((text) => text.startsWith('create Job '))).toBe(true);
    expect(of('update')).toEqual(expect.arrayContaining(workloadsOf(objects).map((each) => stepOf('update', each))));
    expect([...new Set(report.steps.map(({ op }) => op))].sort()).toEqual(['create', 'delete', 'update']);
    const positions = (op: string, kind: string): number[] =>
      report.steps.flatMap((step, index) => (step.op === op && isOneOf(step, [kind]) ? [index] : []));
    expect(Math.max(...positions('create', 'Job'))).toBeLessThan(Math.min(...positions('update', 'Deployment')));
    expect(restlessness).toEqual([]);
    expect(after.steps).toEqual([]);
    expect(after.code).toBe(0);
  });

  describe('f. a refresh', () => {
    test('finds no difference between the state and the cluster', async () => {
      const { steps, code } = await journey.refresh;
      expect(steps).toEqual([]);
      expect(code).toBe(0);
    });

    test('finds what somebody changed by hand, and nothing once it is undone: it can see a difference', async () => {
      const drift = await journey.drift;
      expect(textsOf(drift.steps)).toEqual([expect.stringMatching(/^update Service /)]);
      expect(drift.code).not.toBe(0);
      expect((await journey.driftUndone).steps).toEqual([]);
    });
  });

  describe('g. what runs is what the cdk8s output makes in a second namespace', () => {
    test('each live object is equal to its twin, with every default and every field of a controller', async () => {
      const { problems, differences } = await journey.parity;
      expect(problems).toEqual([]);
      expect(differences).toEqual([]);
    });

    test('one label that is changed by hand is found: the comparison can see a difference', async () => {
      expect((await journey.parity).control).toEqual([
        expect.stringMatching(/^Service .*managed-by: "cdk8s-selfhosted", but "hand"$/),
      ]);
    });
  });

  describe('h. no secret can be read', () => {
    test('in the exported state, in any file of the state, in what the commands print', async () => {
      const { known, inExport, inFiles, inOutput } = await journey.secrets;
      expect(known.length).toBeGreaterThan(0);
      expect({ inExport, inFiles, inOutput }).toEqual({ inExport: [], inFiles: [], inOutput: [] });
    });

    test('though an export that shows secrets holds them: the search can find them', async () => {
      const { known, control } = await journey.secrets;
      const names = known.map(({ name: each }) => each).filter((each) => each !== 'setting passphrase');
      expect([...new Set(control)].sort()).toEqual([...new Set(names)].sort());
    });
  });

  test('i. another construct id and constructs around the stack change nothing', async () => {
    const { steps, changes } = await journey.wrapped;
    expect(steps).toEqual([]);
    expect(Object.keys(changes)).toEqual(['same']);
  });

  test('j. a destroy takes workloads before what they stand on, and leaves nothing, but the namespace of production and the claims in it', async () => {
    const { report, state, leftovers, retained, namespaceExists } = await journey.destroy;
    expect(report.errors).toEqual([]);
    const workloads = report.steps.filter((step) => isOneOf(step, ['Deployment', 'StatefulSet']));
    const accounts = report.steps.findIndex((step) => isOneOf(step, ['ServiceAccount', 'NetworkPolicy']));
    expect(Math.max(...workloads.map((step) => report.steps.indexOf(step)))).toBeLessThan(accounts);
    expect(state).toEqual([]);
    expect(leftovers).toEqual([]);
    expect(namespaceExists).toBe(example.keepsNamespace);
    if (example.keepsNamespace) expect(retained.problems).toEqual([]);
  });
});

test('no command left a process behind', async () => {
  await Promise.all([...journeys.values()].map(async (each) => each.ended()));
  expect(world.engine.leftBehind).toEqual([]);
});

function workloadsOf(objects: readonly KubeObject[]): KubeObject[] {
  return objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
}

function isOneOf({ type }: Step, kinds: readonly string[]): boolean {
  return kinds.includes(type.split(':').at(-1) ?? '');
}
