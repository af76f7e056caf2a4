import { JsonPatch } from 'cdk8s';
import * as fc from 'fast-check';
import type { CaracalStack } from '../../src/caracal';
import { everything, ONE_VALUE, uses } from './fuzz/coverage';
import { attempt, type Failure, failures, problemsOf, run, type RunOptions, type Trial } from './fuzz/run';
import { creationProblems, removeNamespace, specimens } from './fuzz/sample';
import { StrictServer } from './fuzz/server';
import { stackProps } from './fuzz/stack';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { SIX_NODES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';

/**
 * Several hundred random platforms: whatever synthesises, the API server must take, and its controllers must be able to
 * create the pods. Another run: FUZZ_SEED=<number> FUZZ_RUNS=<number>.
 */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_120);
const RUNS = Number(process.env.FUZZ_RUNS ?? 350);

/** How many stacks are created for real. */
const SPECIMENS = 12;

/** How often each property must have been given, among the stacks that synthesise. */
const LEAST_USES = 3;

const NAMESPACE = 'fuzz';

let plane: ControlPlane;
let server: StrictServer;
let options: RunOptions;
let trials: Trial[];

beforeAll(
  async () => {
    plane = await ControlPlane.start({ layout: SIX_NODES });
    await createCrds(plane.client);
    await createNamespace(plane.client, NAMESPACE);
    server = await StrictServer.of(plane);
    options = { arbitrary: stackProps, seed: SEED, runs: RUNS, server, namespace: NAMESPACE };
    trials = await run(options);
  },
  120_000 + RUNS * 1_500,
);

afterAll(async () => {
  server?.close();
  await plane?.stop();
});

const synthesised = (): Trial[] => trials.filter(({ outcome }) => outcome.kind === 'synthesised');

function say(text: string): void {
  process.stdout.write(`    ${text}\n`);
}

/** Failures as a reader wants them: what the server says, and the smallest program that leads there. */
function report(found: readonly Failure[]): string[] {
  return found.map(({ stacks, problems, program }) => `in ${stacks} stacks\n${problems.join('\n')}\n${program}`);
}

test('no stack that synthesises is refused by the server, and none ends in anything but a report', async () => {
  expect(report(await failures(trials, options))).toEqual([]);
});

test('at least 60 percent of the stacks synthesise, or the run would prove little', () => {
  const ids = trials.flatMap(({ outcome }) => (outcome.kind === 'refused' ? outcome.ids : []));
  const counts = [...new Set(ids)].map((id) => [id, ids.filter((each) => each === id).length] as const);
  const top = counts.sort(([, one], [, other]) => other - one).slice(0, 10);
  const share = synthesised().length / trials.length;
  say(`seed ${SEED}: ${trials.length} stacks, ${synthesised().length} synthesise (${(share * 100).toFixed(1)} %)`);
  say(`refused by code: ${top.map(([id, count]) => `${count} ${id}`).join(', ')}`);
  expect(share).toBeGreaterThanOrEqual(0.6);
  expect(ids.length).toBeGreaterThan(0);
});

test('every property of the stack, of its options and of the factories is varied', () => {
  const counted = uses(synthesised().map(({ recipe }) => recipe));
  const all = everything();
  const poor = all.filter((name) => (counted.get(name)?.times ?? 0) < LEAST_USES);
  const constant = all.filter((name) => !ONE_VALUE.includes(name) && (counted.get(name)?.values.size ?? 0) < 2);
  say(`${all.length} properties and factories, each given in ${LEAST_USES} stacks or more`);
  expect({ poor, constant }).toEqual({ poor: [], constant: [] });
});

test('a property that the generators do not know would be noticed', () => {
  expect(uses([{ profile: 'dev' }]).get('gatewayPaths')).toBeUndefined();
  expect(everything()).toEqual(
    expect.arrayContaining(['gatewayPaths', 'sts.volumes', 'Peer.cidr', 'Cluster.kind.zones']),
  );
});

test('controllers create the pods of a sample: none is refused by Pod Security or by the validation of pods', async () => {
  const chosen = specimens(trials, SPECIMENS);
  const results = await Promise.all(
    chosen.map(async (specimen, index) => {
      const problems = await creationProblems(plane, specimen, `${NAMESPACE}-${index}`);
      return { problems, recipe: problems.length > 0 ? specimen.trial.recipe : undefined };
    }),
  );
  await Promise.all(chosen.map(async (_each, index) => removeNamespace(plane, `${NAMESPACE}-${index}`)));
  say(`${chosen.length} stacks created, ${chosen.map(({ objects }) => objects.length).join(', ')} objects`);
  expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(chosen.length).toBeGreaterThanOrEqual(Math.min(SPECIMENS, 3));
});

describe('the run notices what gets past synthesis', () => {
  const patched =
    (path: string, value: unknown) =>
    (stack: CaracalStack): void =>
      stack.web.workload.addJsonPatch(JsonPatch.add(path, value));
  const ENDLESS = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 2 ** 63 };
  const container = '/spec/template/spec/containers/0';

  test.each([
    [
      'an unknown field',
      patched(`${container}/imagePulPolicy`, 'Always'),
      /imagePulPolicy: field not declared in schema/,
    ],
    ['an impossible value', patched(`${container}/imagePullPolicy`, 'Sometimes'), /supported values: "Always"/],
    [
      'a pod that Pod Security refuses',
      patched(`${container}/securityContext/runAsUser`, 0),
      /would violate PodSecurity/,
    ],
    ['text that is read as a number', patched('/spec/template/metadata/annotations', { a: '0o17' }), /expected string/],
    ['a number that arrives changed', patched('/spec/template/spec/tolerations', [ENDLESS]), /arrives changed/],
  ])('%s, with the smallest program for it', async (_name, sabotage, message) => {
    const bad = { ...options, runs: 6, sabotage };
    const [failure] = await failures(await run(bad), bad, 1, 3000);
    expect(failure?.problems.join('\n')).toMatch(message);
    expect(failure?.program).toMatch(/^new CaracalStack\(app, 'caracal', \{\n(?:.*\n)*.* {2}profile: "/);
  });

  test('an exception that is no report', async () => {
    const crash = { ...options, sabotage: () => void (undefined as unknown as CaracalStack).node };
    const recipe = synthesised()[0]!.recipe;
    expect(problemsOf(await attempt(recipe, crash)).join()).toMatch(/^TypeError/);
    expect(problemsOf(await attempt(recipe, options))).toEqual([]);
  });

  test('the same seed gives the same stacks', () => {
    const once = JSON.stringify(fc.sample(stackProps, { seed: SEED, numRuns: 5 }));
    expect(JSON.stringify(fc.sample(stackProps, { seed: SEED, numRuns: 5 }))).toBe(once);
  });
});
