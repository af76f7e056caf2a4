import { uses } from './fuzz/coverage';
import { OWN, OWN_PROPERTIES, ownWorkloads } from './fuzz/own';
import { failures, run, type RunOptions, type Trial } from './fuzz/run';
import { creationProblems, removeNamespace, specimens } from './fuzz/sample';
import { StrictServer } from './fuzz/server';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { SIX_NODES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';

/**
 * Random specs of `Component` and `OneShotJob` by themselves: whatever synthesises, the API server must take. Another
 * run: FUZZ_SEED=<number> FUZZ_RUNS=<number>.
 */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_125);
const RUNS = Number(process.env.FUZZ_RUNS ?? 350);
const NAMESPACE = 'fuzz-own';
const SPECIMENS = 8;

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
    options = { arbitrary: ownWorkloads, subject: OWN, seed: SEED, runs: RUNS, server, namespace: NAMESPACE };
    trials = await run(options);
  },
  120_000 + RUNS * 500,
);

afterAll(async () => {
  server?.close();
  await plane?.stop();
});

const synthesised = (): Trial[] => trials.filter(({ outcome }) => outcome.kind === 'synthesised');

test('no component and no Job that synthesises is refused by the server, and none ends in anything but a report', async () => {
  const found = await failures(trials, options);
  expect(
    found.map(({ stacks, problems, program }) => `in ${stacks} stacks\n${problems.join('\n')}\n${program}`),
  ).toEqual([]);
});

test('a third of them synthesise, and as many codes are met, or the run would prove little', () => {
  const ids = trials.flatMap(({ outcome }) => (outcome.kind === 'refused' ? outcome.ids : []));
  const counts = [...new Set(ids)].map((id) => `${ids.filter((each) => each === id).length} ${id}`).sort();
  process.stdout.write(
    `    seed ${SEED}: ${trials.length} stacks, ${synthesised().length} synthesise; ${counts.join(', ')}\n`,
  );
  expect(synthesised().length / trials.length).toBeGreaterThanOrEqual(0.33);
  expect(counts.length).toBeGreaterThan(5);
});

test('every property of both specs is varied among those that synthesise', () => {
  const counted = uses(synthesised().map(({ recipe }) => recipe));
  expect(OWN_PROPERTIES.filter((name) => (counted.get(name)?.values.size ?? 0) < 2)).toEqual([]);
});

test('controllers create the pods of a sample', async () => {
  const chosen = specimens(trials, SPECIMENS);
  const problems = await Promise.all(
    chosen.map(async (specimen, index) => creationProblems(plane, specimen, `${NAMESPACE}-${index}`)),
  );
  await Promise.all(chosen.map(async (_each, index) => removeNamespace(plane, `${NAMESPACE}-${index}`)));
  expect(chosen.length).toBeGreaterThan(2);
  expect(problems.flat()).toEqual([]);
});
