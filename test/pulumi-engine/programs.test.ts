import { Engine } from './harness/engine';
import { whyNoAdoption } from './harness/programs';
import { textsOf } from './harness/report';
import { Timeline } from './harness/timeline';
import { type Adoption, ADOPTED, beginAdoption } from './stories/adoption';
import { beginNowhere, beginRefused, type Nowhere, type Refused } from './stories/refusals';
import { type BadValue, beginBadValue, beginValues, type Values } from './stories/values';
import { World } from './world';

/** Programs beside the examples: values of other resources, what goes wrong, and taking over what kubectl applied. */
let world: World;
/** An engine of somebody who has no cluster. */
let elsewhere: Engine;
let values: Values;
let badValue: BadValue;
let refused: Refused;
let nowhere: Nowhere;
let adoption: Adoption;

/** What keeps objects that exist from being taken over; the tests of it are then skipped, and say why. */
const noAdoption = whyNoAdoption();

beforeAll(async () => {
  world = await World.start();
  elsewhere = new Engine();
  // Two at a time, as there are cores.
  const knownLate = new Timeline('values');
  values = beginValues(world, knownLate);
  badValue = beginBadValue(world, new Timeline('a bad value', knownLate));
  const refusals = new Timeline('refused programs');
  refused = beginRefused(world, refusals);
  const noCluster = new Timeline('no cluster', refusals);
  nowhere = beginNowhere(world, elsewhere, noCluster);
  if (noAdoption === undefined) {
    adoption = beginAdoption(world, new Timeline('adoption', noCluster));
  } else {
    process.stdout.write(`    adoption is skipped: ${noAdoption}\n`);
  }
});

// A process that died explains more than the check that it made fail.
afterEach(() => world?.plane.assertAlive());

afterAll(async () => {
  await elsewhere?.stop();
  await world?.stop();
});

/** What this library and the SDK print in place of a value that is not known. */
const PLACEHOLDER = /__cdk8s_selfhosted_value|Calling \[to\w+\] on an \[Output/;

describe('k. values that only the deployment knows', () => {
  test('a preview, which does not know them, passes and shows neither a placeholder nor the text of an Output', async () => {
    const { changes, errors, printed } = await values.preview;
    expect(Object.keys(changes)).toEqual(['create']);
    expect(errors).toEqual([]);
    expect(PLACEHOLDER.exec(printed)?.[0]).toBeUndefined();
  });

  test('an update puts each into its places: a variable, and addresses that are composed and encoded', async () => {
    const { databaseHost, redisHost, secrets, variables, restlessness } = await values.seen;
    expect(databaseHost).toMatch(/^pg-[0-9a-f-]{36}\.databases\.example$/);
    expect(redisHost).toMatch(/^redis-[0-9a-f-]{36}\.databases\.example$/);
    expect(secrets['caracal-runtime.apiDatabaseUrl']).toContain(`@${databaseHost}:5432/`);
    expect(secrets['caracal-runtime.redisUrl']).toContain(`@${redisHost}:6379/`);
    expect(variables).toContain(databaseHost);
    const all = [...Object.values(secrets), ...variables, (await values.up).printed];
    expect(all.filter((text) => PLACEHOLDER.test(text)).map((text) => text.slice(0, 80))).toEqual([]);
    expect(restlessness).toEqual([]);
  });

  test('a second preview, which knows them, changes nothing', async () => {
    expect((await values.again).steps).toEqual([]);
  });

  test('a secret Output cannot be read in the state, though it is there', async () => {
    const { readable, control } = await values.seen;
    expect(readable).toEqual([]);
    expect(control).toEqual(['redisHost']);
  });
});

describe('k. a value that turns out to be bad', () => {
  test('is one error, which names the property and what it was', async () => {
    const { code, errors } = await badValue.up;
    expect(code).not.toBe(0);
    const own = errors.filter((text) => text.includes('data/invalid-host'));
    expect(own).toEqual([expect.stringMatching(/\[Postgres\.external\.host\] [\s\S]*Given: "pg-\S+ is no host"/)]);
    // The engine closes with a line of its own.
    expect(errors.filter((text) => !own.includes(text) && text !== 'update failed')).toEqual([]);
    expect(own[0]).not.toContain('at ');
  });

  test('keeps everything from being made that needs it', async () => {
    const { steps } = await badValue.up;
    expect(textsOf(steps)).toContain('create Namespace caracal:bad-value');
    expect(await badValue.made).toEqual([]);
  });
});

describe('l. programs that are refused', () => {
  test('a build function that throws: every finding once, without a stack trace, and nothing is registered', async () => {
    const { code, errors, steps } = await refused.throwing;
    expect(code).not.toBe(0);
    const [message = '', ...others] = errors.filter((text) => text !== 'update failed');
    expect(others).toEqual([]);
    expect(message).toMatch(/^2 problems in CaracalStack "caracal":/);
    expect(message.match(/caracal\/invalid-origin/g)).toHaveLength(2);
    expect(message).not.toMatch(/^ +at /m);
    expect(textsOf(steps)).toEqual(['create Stack throws-test']);
  });

  test('two components of one installation: one error, which names both', async () => {
    const { code, errors, steps } = await refused.twice;
    expect(code).not.toBe(0);
    expect(errors).toEqual([expect.stringMatching(/stack\/duplicate-instance:?\s+one is the same installation/)]);
    expect(textsOf(steps).filter((text) => text.includes('other'))).toEqual([]);
  });
});

describe('l. neither a provider nor a kubeconfig', () => {
  test('a preview passes: it needs no cluster, so a pipeline can make one', async () => {
    const { code, errors, changes } = await nowhere.preview;
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(changes.create).toBeGreaterThan(30);
  });

  test('an update says that there is no cluster and where to read how to name one, and makes nothing', async () => {
    const { code, errors, steps } = await nowhere.up;
    expect(code).not.toBe(0);
    expect(new Set(errors.filter((text) => text !== 'update failed')).size).toBe(1);
    expect(errors[0]).toMatch(/Kubernetes cluster is unreachable: unable to load Kubernetes client configuration/);
    expect(errors[0]).toMatch(/set up the provider as per https:/);
    expect(steps.filter(({ type }) => type.startsWith('kubernetes:') && !FIRST.has(type))).toEqual([]);
  });
});

/** What nothing comes before, so that its creation is tried. */
const FIRST = new Set(['kubernetes:core/v1:ConfigMap', 'kubernetes:core/v1:Namespace']);

const describeAdoption = noAdoption === undefined ? describe : describe.skip;

describeAdoption(`l. objects that kubectl applied before${noAdoption === undefined ? '' : ` (${noAdoption})`}`, () => {
  test('are not touched by an update that may adopt their namespace alone: it does, and says what else is there', async () => {
    const { problems, pods } = await adoption.applied;
    expect(problems).toEqual([]);
    expect(pods.length).toBeGreaterThan(0);
    const { code, errors, steps } = await adoption.namespaceOnly;
    expect(code).not.toBe(0);
    expect(textsOf(steps)).toContain(`import Namespace caracal:${ADOPTED}`);
    expect(errors[0]).toMatch(/already exists[^]*upsertExistingObjects/);
  });

  test('are taken over as they are, pods included, by a provider that may', async () => {
    const { errors, code } = await adoption.up;
    expect({ errors, code }).toEqual({ errors: [], code: 0 });
    expect(await adoption.pods).toEqual((await adoption.applied).pods);
    expect((await adoption.again).steps).toEqual([]);
  });

  test('take changes from then on, also of fields that kubectl set', async () => {
    expect(textsOf((await adoption.setting).steps)).toEqual([`update Deployment caracal:${ADOPTED}/caracal-audit`]);
  });
});

test('no command left a process behind', () => {
  expect([...world.engine.leftBehind, ...elsewhere.leftBehind]).toEqual([]);
});
