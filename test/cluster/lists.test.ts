import { applyProblems } from './harness/apply';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { createsNamespace, listExamples, type Synthesis } from './harness/examples';
import { THREE_NODES } from './harness/layouts';
import { listProblems } from './harness/lists';
import { createNamespace } from './harness/namespaces';
import type { KubeObject } from './harness/objects';

/** What a GitOps tool sees that compares objects by the server: lists that it does not merge must come back as they went. */
let plane: ControlPlane;
const examples = listExamples();

beforeAll(async () => {
  plane = await ControlPlane.start({ layout: THREE_NODES });
  await createCrds(plane.client);
});

afterEach(() => plane?.assertAlive());
afterAll(async () => plane?.stop());

async function applied(name: string, synthesis: Synthesis): Promise<KubeObject[]> {
  if (!createsNamespace(synthesis.objects, name)) await createNamespace(plane.client, name);
  expect(await applyProblems(plane, synthesis.text)).toEqual([]);
  return synthesis.objects;
}

test.each(examples)('every list of $name is stored as it was sent', async ({ name, synthesize }) => {
  const objects = await applied(name, await synthesize());
  expect(await listProblems(plane.client, objects)).toEqual([]);
});

test.each(examples)('no two Services of $name have one selector', async ({ synthesize }) => {
  // As the policies compare them: key and value pairs, sorted, within a namespace.
  const selectors = (await synthesize()).objects
    .filter(({ kind }) => kind === 'Service')
    .map(({ spec }) => Object.entries((spec as { selector: object }).selector).map((pair) => pair.join(':')));
  const texts = selectors.map((pairs) => pairs.sort().join(','));
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test('a default that is left out inside a list is seen: the kind of a claim template', async () => {
  const { synthesize, name } = examples.find((one) => one.name === 'caracal-production')!;
  const objects = (await synthesize()).objects.filter(({ kind }) => kind === 'StatefulSet');
  const bare = objects.map((object) => {
    // Not `structuredClone`: its objects are of another realm than those of the tests.
    const copy = JSON.parse(JSON.stringify(object)) as KubeObject & {
      spec: { volumeClaimTemplates?: { kind?: string }[] };
    };
    copy.spec.volumeClaimTemplates?.forEach((template) => delete template.kind);
    return copy;
  });
  await createNamespace(plane.client, name);
  expect(await applyProblems(plane, bare)).toEqual([]);
  const problems = (await listProblems(plane.client, bare)).map((text) => text.slice(0, text.indexOf(' was sent')));
  const expected = objects.map(({ metadata }) => `StatefulSet ${name}/${metadata.name}: spec.volumeClaimTemplates`);
  expect(problems.sort()).toEqual(expected.sort());
});
