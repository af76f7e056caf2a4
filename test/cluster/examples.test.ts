import { permissionProblems } from './harness/accounts';
import { applyProblems, diffProblems, prune, reapplyProblems, reversed } from './harness/apply';
import { AvailabilityWatch, describeOutages } from './harness/availability';
import { componentsOf } from './harness/components';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { drainEachNode, type DrainReport } from './harness/drain';
import { createsNamespace, type Example, listExamples, type Synthesis } from './harness/examples';
import { type Layout, SIX_NODES, THREE_NODES, ZONES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';
import { leftovers, removeByLabel } from './harness/removal';
import { settle } from './harness/rest';
import { scrapeProblems } from './harness/scrapes';
import { selectorProblems } from './harness/selectors';
import { spreadProblems } from './harness/spread';
import { createVolumes } from './harness/volumes';
import { loseZone, type ZoneLoss, type ZoneReport } from './harness/zone';
import { familyOf } from './variants';

/**
 * Every example on a real control plane, in a namespace that enforces Pod Security `restricted`. All examples run side
 * by side; what is expensive (drains, lost zones) happens once over all of them and is reported for each.
 */
const examples = listExamples();
const names = examples.map(({ name }) => name);

let plane: ControlPlane;
const synthesized = new Map<string, Synthesis>();

async function startPlane(layout: Layout): Promise<void> {
  plane = await ControlPlane.start({ layout });
  await createCrds(plane.client);
  await createVolumes(plane.client);
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

/** Production promises zones, rc only wishes for them, dev has one replica of everything and promises neither. */
async function unevenly({ name }: Example, { stack }: Synthesis): Promise<string[]> {
  return stack.profile === 'dev' ? [] : spreadProblems(plane.client, name, stack.profile === 'production');
}

/**
 * Applies the next version of a running example and removes what it no longer has, under watch.
 *
 * @returns everything that went wrong: what the server said, what did not come to rest, outages
 */
async function change(example: Example, present: Synthesis, next: Synthesis, seconds?: number): Promise<string[]> {
  const watch = await AvailabilityWatch.start(plane.client, await componentsOf(plane.client, example.name));
  const refused = await applyProblems(plane, next.text);
  await prune(plane, present.objects, next.objects);
  const { problems } = await settle(plane.client, example.name, seconds);
  return [...refused, ...problems, ...describeOutages(watch.stop()), ...(await unevenly(example, next))];
}

const productionNames = (): string[] => names.filter((name) => synthesized.get(name)?.stack.profile === 'production');

function describeDrains(): void {
  describe('d. each node in turn drains within 40 seconds, and components with two replicas keep an available pod', () => {
    let reports: DrainReport[];
    beforeAll(async () => {
      reports = await drainEachNode(plane, names);
    });

    forEachExample('d', async ({ name }) => {
      const own = reports.filter(({ namespace }) => namespace === name);
      expect(own.length).toBe(3 * plane.layout.nodesPerZone);
      say(`${name}: nodes drained in ${own.map(({ seconds }) => seconds.toFixed(1)).join(', ')} s`);
      own.forEach(({ node, waitingForZone }) =>
        waitingForZone.forEach((text) => say(`while ${node} is drained: ${text}`)),
      );
      expect(own.flatMap(({ node, problems }) => problems.map((text) => `${node}: ${text}`))).toEqual([]);
    });
  });
}

function describeZoneLoss(loss: ZoneLoss, zones: readonly string[]): void {
  describe(`e. production survives a zone of which the nodes are ${loss}`, () => {
    const reports: ZoneReport[] = [];
    beforeAll(async () => {
      for (const zone of zones) {
        reports.push(...(await loseZone(plane, zone, loss, productionNames())));
        for (const name of names) await expectRest(name);
      }
    });

    forEachExample('e', async ({ name }, { stack }) => {
      const own = reports.filter(({ namespace }) => namespace === name);
      expect(own.map(({ zone }) => zone)).toEqual(stack.profile === 'production' ? zones : []);
      own.forEach(({ zone, waitingForZone }) => waitingForZone.forEach((text) => say(`without ${zone}: ${text}`)));
      expect(own.flatMap(({ zone, problems }) => problems.map((text) => `${zone}: ${text}`))).toEqual([]);
    });
  });
}

/** Prints what a user must know in advance, above all which pods have to wait for their zone. */
function say(text: string): void {
  process.stdout.write(`    ${text}\n`);
}

describe(SIX_NODES.name, () => {
  beforeAll(async () => startPlane(SIX_NODES));
  afterAll(async () => plane?.stop());

  describe('a. strict server-side apply in the emitted order, without an error or a warning', () => {
    forEachExample('a', async (example, base) => install(example, base));
  });

  describe('c. every workload reaches its floor, every pod runs or is completed, replicas are spread', () => {
    forEachExample('c', async (example, base) => {
      await expectRest(example.name);
      expect(await unevenly(example, base)).toEqual([]);
    });
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

  describe('h. no service account may do more than every account may', () => {
    forEachExample('h', async ({ name }) => {
      expect(await permissionProblems(plane.client, name)).toEqual([]);
    });
  });

  describeDrains();
  describeZoneLoss('not ready', ZONES.slice(0, 1));

  describe('f. changes are applied without a forbidden change, and components with two replicas keep an available pod', () => {
    forEachExample('f', async (example, base) => {
      let present = base;
      const changes = familyOf(example.name).changes(base.stack.profile);
      for (const { name, overrides } of [...changes, { name: 'back', overrides: {} }]) {
        const next = await example.synthesize(overrides);
        expect(next.text).not.toBe(present.text);
        expect({ name, problems: await change(example, present, next) }).toEqual({ name, problems: [] });
        present = next;
      }
    });

    forEachExample('f, a failed migration and its repetition', async (example, base) => {
      const { failing, repeated } = familyOf(example.name).failure;
      const failed = await example.synthesize(failing.overrides);
      const again = await example.synthesize(repeated.overrides);
      // The new Job fails, all else goes on; nothing has to be deleted by hand for the next one.
      expect(await change(example, base, failed, 5)).toContainEqual(expect.stringMatching(/^Job \S+ is not complete$/));
      expect(await change(example, failed, again)).toEqual([]);
      expect(await change(example, again, base)).toEqual([]);
    });
  });

  describe('i. removal by the label of the stack leaves only what is retained, and the reverse order converges', () => {
    forEachExample('i', async ({ name }, { stack: { identity } }) => {
      const labels = {
        'app.kubernetes.io/part-of': identity.product,
        'app.kubernetes.io/instance': identity.instance,
      };
      await removeByLabel(plane.client, name, labels);
      expect(await leftovers(plane.client, name)).toEqual([]);
    });

    forEachExample('a, reverse', async (example, base) => {
      expect(await applyProblems(plane, reversed(base.objects))).toEqual([]);
      await expectRest(example.name);
      expect(await unevenly(example, base)).toEqual([]);
    });
  });
});

describe(THREE_NODES.name, () => {
  beforeAll(async () => startPlane(THREE_NODES));
  afterAll(async () => plane?.stop());

  describe('a, c. examples run and are spread on the smallest cluster, too', () => {
    forEachExample('a', async (example, base) => install(example, base));
    forEachExample('c', async (example, base) => {
      await expectRest(example.name);
      expect(await unevenly(example, base)).toEqual([]);
    });
  });

  describeDrains();
  describeZoneLoss('not ready', ZONES);
  describeZoneLoss('deleted', ZONES.slice(0, 1));
});
