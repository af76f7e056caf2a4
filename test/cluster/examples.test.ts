import { permissionProblems } from './harness/accounts';
import { applyProblems, diffProblems, reapplyProblems, reversed } from './harness/apply';
import { describeLowest, type Lowest } from './harness/availability';
import { applyChange, type ChangeReport } from './harness/change';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { drainEachNode, type DrainReport } from './harness/drain';
import { createsNamespace, type Example, listExamples, type Synthesis } from './harness/examples';
import { type Layout, SIX_NODES, THREE_NODES, ZONES } from './harness/layouts';
import { addressProblems, LoadBalancers } from './harness/load-balancers';
import { createNamespace, RESTRICTED } from './harness/namespaces';
import { leftovers, removeByLabel, retainedOf } from './harness/removal';
import { settle } from './harness/rest';
import { scrapeProblems } from './harness/scrapes';
import { selectorProblems } from './harness/selectors';
import { spreadProblems } from './harness/spread';
import { createVolumes } from './harness/volumes';
import { loseZone, type ZoneLoss, type ZoneReport } from './harness/zone';
import { familyOf, type Step, type Variant } from './variants';

/**
 * Every example on a real control plane, in a namespace that enforces Pod Security `restricted`. All examples run side
 * by side; what is expensive (drains, lost zones) happens once over all of them and is reported for each.
 */
const examples = listExamples();
const names = examples.map(({ name }) => name);

let plane: ControlPlane;
const synthesized = new Map<string, Synthesis>();

/** What is applied at present, where it is not the example as it stands. */
const applied = new Map<string, Synthesis>();

let balancers: LoadBalancers;

/** Starts a control plane for the tests of a block, and ends it after them. */
function usePlane(layout: Layout): void {
  beforeAll(async () => {
    plane = await ControlPlane.start({ layout });
    await createCrds(plane.client);
    await createVolumes(plane.client);
    balancers = await LoadBalancers.start(plane.client);
  });
  // A process that died explains more than the check that it made fail.
  afterEach(() => plane?.assertAlive());
  afterAll(async () => {
    try {
      await balancers?.stop();
    } finally {
      await plane?.stop();
    }
  });
}

/** One test for each example, so that the output names every check of every example. */
function forEachExample(title: string, check: (example: Example, base: Synthesis) => Promise<void>): void {
  test.each(examples)(`${title}: $name`, async (example) => {
    const base = synthesized.get(example.name) ?? (await example.synthesize());
    synthesized.set(example.name, base);
    await check(example, base);
  });
}

async function install(example: Example, base: Synthesis): Promise<void> {
  if (!createsNamespace(base.objects, example.name)) await createNamespace(plane.client, example.name);
  expect(await applyProblems(plane, base.text)).toEqual([]);
}

async function expectRest(namespace: string): Promise<void> {
  expect(await settle(plane.client, namespace)).toEqual({ problems: [], waitingForZone: [] });
}

/** Check c: everything runs, is spread, and has an address where it is exposed. */
async function expectRunning(example: Example, base: Synthesis): Promise<void> {
  await expectRest(example.name);
  expect(await unevenly(example, base)).toEqual([]);
  expect(await addressProblems(plane.client, example.name)).toEqual([]);
}

/** Check i: removes a stack by its labels; nothing is left but what is declared as retained. */
async function expectRemoval(namespace: string, { stack: { identity }, objects }: Synthesis): Promise<void> {
  const labels = { 'cdk8s-selfhosted/instance': identity.instance };
  await removeByLabel(plane.client, namespace, labels);
  expect(await leftovers(plane.client, namespace)).toEqual([]);
  const { names: kept, problems } = await retainedOf(plane.client, namespace, objects);
  say(`i ${namespace}: retained: ${kept.join(', ')}`);
  expect(problems).toEqual([]);
}

/** A profile that does not allow a step must say so, and for that reason alone. */
async function expectRefused(example: Example, { overrides }: Step, code: string): Promise<void> {
  const message = await example.synthesize(overrides).then(String, (error: Error) => error.message);
  // Each problem is a line that begins with its path.
  const problems = message.split('\n').filter((line) => line.trimStart().startsWith('['));
  expect(problems).not.toEqual([]);
  problems.forEach((line) => expect(`${line}: `).toContain(`] ${code}: `));
}

/** Production promises zones, rc only wishes for them, dev has one replica of everything and promises neither. */
async function unevenly({ name }: Example, { stack }: Synthesis): Promise<string[]> {
  return stack.profile === 'dev' ? [] : spreadProblems(plane.client, name, stack.profile === 'production');
}

/** Makes one change of a running example and remembers what is applied now; says who had how many pods meanwhile. */
async function change({ name }: Example, to: Variant, next: Synthesis, seconds?: number): Promise<ChangeReport> {
  const base = applied.get(name) ?? synthesized.get(name)!;
  const report = await applyChange(plane, name, base, next, seconds);
  applied.set(name, next);
  const told = [
    ['handed over', report.moves.handedOver],
    ['taken back', report.moves.takenBack],
  ] as const;
  told
    .filter(([, components]) => components.length > 0)
    .forEach(([what, components]) => say(`f ${name}, ${to.name}: replicas ${what}: ${components.join(', ')}`));
  say(`f ${name}, ${to.name}: fewest available pods (promised): ${describeLowest(report.lowest)}`);
  return report;
}

/** What an example must be after every change: applied without a word, at rest, spread, and never below its promise. */
async function expectChange(example: Example, step: Step): Promise<void> {
  const next = await example.synthesize(step.overrides);
  expect(next.text).not.toBe((applied.get(example.name) ?? synthesized.get(example.name)!).text);
  const { problems, replaced } = await change(example, step, next);
  expect(problems).toEqual([]);
  expect(await unevenly(example, next)).toEqual([]);
  const expected = step.replaces && [...step.replaces].sort();
  if (expected) expect(replaced).toEqual(expected);
}

/** Steps as rows of a table: each step of each example is a test of its own. */
const steps = examples.flatMap((example) =>
  familyOf(example.name).steps.map((step) => ({ example, step, name: example.name, title: step.name })),
);

function describeDrains(): void {
  describe('d. each node in turn drains within 40 seconds, and components with two replicas keep an available pod', () => {
    let reports: DrainReport[];
    beforeAll(async () => {
      reports = await drainEachNode(plane, names);
    });

    forEachExample('d', async ({ name }) => {
      const own = reports.filter(({ namespace }) => namespace === name);
      expect(own.length).toBe(3 * plane.layout.nodesPerZone);
      say(`d ${name}: nodes drained in ${own.map(({ seconds }) => seconds.toFixed(1)).join(', ')} s`);
      say(`d ${name}: fewest available pods (promised): ${describeLowest(leastOf(own))}`);
      own.forEach(({ node, waitingForZone }) =>
        waitingForZone.forEach((text) => say(`d ${name}: while ${node} is drained: ${text}`)),
      );
      expect(own.flatMap(({ node, problems }) => problems.map((text) => `${node}: ${text}`))).toEqual([]);
      expect(Math.max(...own.map(({ seconds }) => seconds))).toBeLessThan(40);
    });
  });
}

/** Why a profile does not promise that each component outlives a lost zone. */
const NO_ZONE_PROMISE = {
  rc: 'its spread over zones is soft, so both pods of a component may be in one zone',
  dev: 'every component has one replica',
} as const;

function describeZoneLoss(loss: ZoneLoss, zones: readonly string[]): void {
  describe(`e. production survives a zone of which the nodes are ${loss}; elsewhere all that can return does`, () => {
    const reports: ZoneReport[] = [];
    beforeAll(async () => {
      for (const zone of zones) {
        reports.push(...(await loseZone(plane, zone, loss, names)));
        for (const name of names) await expectRest(name);
      }
    });

    forEachExample('e', async ({ name }, { stack: { profile } }) => {
      const own = reports.filter(({ namespace }) => namespace === name);
      expect(own.map(({ zone }) => zone)).toEqual(zones);
      say(`e ${name}: fewest available pods (promised): ${describeLowest(leastOf(own))}`);
      own.forEach(({ zone, waitingForZone }) => waitingForZone.forEach((text) => say(`e without ${zone}: ${text}`)));
      expect(own.flatMap(({ zone, problems }) => problems.map((text) => `${zone}: ${text}`))).toEqual([]);
      const outages = own.flatMap((report) => report.outages.map((text) => `${report.zone}: ${text}`));
      if (profile === 'production') {
        expect(outages).toEqual([]);
      } else {
        say(`e ${name}: not promised, since ${NO_ZONE_PROMISE[profile]}; seen: ${outages.join('; ') || 'no outage'}`);
      }
    });
  });
}

/** The fewest pods of each component over several disruptions. */
function leastOf(reports: readonly { readonly lowest: readonly Lowest[] }[]): Lowest[] {
  const all = reports.flatMap(({ lowest }) => lowest);
  const componentNames = [...new Set(all.map(({ name }) => name))];
  return componentNames.map((name) => {
    const own = all.filter((one) => one.name === name);
    return { ...own[0]!, least: Math.min(...own.map(({ least }) => least)) };
  });
}

/** Prints what a user must know in advance, above all which pods have to wait for their zone. */
function say(text: string): void {
  process.stdout.write(`    ${text}\n`);
}

describe(SIX_NODES.name, () => {
  usePlane(SIX_NODES);

  describe('a. strict server-side apply in the emitted order, without an error or a warning', () => {
    forEachExample('a', async (example, base) => install(example, base));
  });

  describe('c. every workload reaches its floor, pods run or are completed, replicas are spread, addresses given', () => {
    forEachExample('c', async (example, base) => expectRunning(example, base));
  });

  describe('b. a second apply, a new synthesis and a diff by the server change nothing', () => {
    forEachExample('b', async (example, base) => {
      const again = await example.synthesize();
      expect(again.text).toBe(base.text);
      expect(await reapplyProblems(plane, again.text, again.objects)).toEqual([]);
      expect(await diffProblems(plane, again.text)).toEqual([]);
    });
  });

  describe('g. every selector selects exactly the pods that it is meant to, and no pod is scraped twice', () => {
    forEachExample('g', async ({ name }) => {
      expect(await selectorProblems(plane.client, name)).toEqual([]);
      expect(await scrapeProblems(plane.client, name)).toEqual([]);
    });
  });

  describe('h. every service account may do what is declared and nothing else', () => {
    forEachExample('h', async ({ name }, { stack: { profile } }) => {
      expect(await permissionProblems(plane, name, familyOf(name).accounts(profile))).toEqual([]);
    });
  });

  describeDrains();
  describeZoneLoss('not ready', ZONES.slice(0, 1));

  describe('f. changes are applied without a forbidden one, and no component falls below its promise', () => {
    test.each(steps)('f, $title: $name', async ({ example, step }) => {
      const { profile } = synthesized.get(example.name)!.stack;
      if (!step.only || step.only.profile === profile) {
        await expectChange(example, step);
        return;
      }
      await expectRefused(example, step, step.only.refusal);
      say(`f ${example.name}, ${step.name}: only ${step.only.profile} allows it, so the program is refused`);
    });

    forEachExample('f, a failed migration and its repetition', async (example, base) => {
      const { failing, repeated } = familyOf(example.name).failure;
      // The new Job fails, all else goes on; nothing has to be deleted by hand for the next one.
      const failed = await change(example, failing, await example.synthesize(failing.overrides), 5);
      expect(failed.problems).toContainEqual(expect.stringMatching(/^Job \S+ is not complete$/));
      expect(failed.problems.filter((text) => text.includes('available') && !text.startsWith('event on '))).toEqual([]);
      const again = await change(example, repeated, await example.synthesize(repeated.overrides));
      expect(again.problems).toEqual([]);
      const back = await change(example, { name: 'back', overrides: {} }, base);
      expect(back.problems).toEqual([]);
    });
  });

  describe('i. removal by the label of the stack leaves only what is retained, and the reverse order converges', () => {
    forEachExample('i', async ({ name }, base) => expectRemoval(name, base));

    forEachExample('a, reverse', async (example, base) => {
      expect(await applyProblems(plane, reversed(base.objects))).toEqual([]);
      await expectRunning(example, base);
    });

    forEachExample('i, a namespace that the stack created', async (example) => {
      const name = `${example.name}-created`;
      const own = await example.synthesize(familyOf(example.name).inCreatedNamespace(name));
      expect(createsNamespace(own.objects, name)).toBe(true);
      expect(await applyProblems(plane, own.text)).toEqual([]);
      await expectRest(name);
      const { metadata } = await plane.client.call('GET', `/api/v1/namespaces/${name}`);
      expect(metadata.labels).toMatchObject(RESTRICTED);
      await expectRemoval(name, own);
    });
  });
});

describe(THREE_NODES.name, () => {
  usePlane(THREE_NODES);

  describe('a, c. examples run and are spread on the smallest cluster, too', () => {
    forEachExample('a', async (example, base) => install(example, base));
    forEachExample('c', async (example, base) => expectRunning(example, base));
  });

  describeDrains();
  describeZoneLoss('not ready', ZONES);
  describeZoneLoss('deleted', ZONES.slice(0, 1));
});
