import { textsOf } from './harness/report';
import { Timeline } from './harness/timeline';
import { beginInline, type Inline } from './stories/inline';
import { beginOperations, type Operations } from './stories/operations';
import { World } from './world';

/** What an operator meets beside a plain update, and programs of the Automation API. */
let world: World;
let operations: Operations;
let inline: Inline;

beforeAll(async () => {
  world = await World.start();
  operations = beginOperations(world, new Timeline('operations'));
  inline = beginInline(world, new Timeline('inline program'));
});

// A process that died explains more than the check that it made fail.
afterEach(() => world?.plane.assertAlive());

afterAll(async () => world?.stop());

const jobs = (texts: readonly string[]): string[] => texts.filter((text) => / Job caracal:/.test(text));

describe('n. a migration that failed', () => {
  test('fails the update, and nothing that waits for it exists', async () => {
    const { code, errors, steps } = await operations.failed;
    expect(code).not.toBe(0);
    expect(errors.join('\n')).toMatch(/Job .*failed|failed to .*become live|BackoffLimitExceeded/);
    expect(textsOf(steps).filter((text) => /Deployment .*caracal-api$/.test(text))).toEqual([]);
  });

  test('is replaced by the next update, as its preview says', async () => {
    expect(jobs(textsOf((await operations.preview).steps)).join('\n')).toMatch(/replace Job/);
  });

  test('the next update goes on by itself, with nothing changed in the program', async () => {
    const { code, errors, steps } = await operations.again;
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(textsOf(steps)).toContain('create Deployment caracal:operated/caracal-api');
  });

  test('a Job that completed runs again by --replace', async () => {
    const { code, errors, steps } = await operations.replaced;
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(jobs(textsOf(steps)).length).toBeGreaterThan(0);
  });
});

describe('o. a part of the platform', () => {
  test('the component as target changes nothing', async () => {
    const { code, steps } = await operations.targetedComponent;
    expect(code).toBe(0);
    expect(textsOf(steps)).toEqual([]);
  });

  test('the pattern of the guide names its objects', async () => {
    const { code, errors, steps } = await operations.targetedObjects;
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(textsOf(steps)).toEqual(['update StatefulSet caracal:operated/caracal-gateway']);
  });
});

describe('p. a protected component', () => {
  test('goes through a release: other Jobs come, and the old ones go', async () => {
    expect((await operations.protect).code).toBe(0);
    const { code, errors, steps } = await operations.release;
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    const texts = jobs(textsOf(steps));
    expect(texts.filter((text) => text.startsWith('create'))).toHaveLength(2);
    expect(texts.filter((text) => text.startsWith('delete'))).toHaveLength(2);
  });

  test('can be destroyed when an update has run without the option', async () => {
    expect((await operations.unprotect).code).toBe(0);
    expect((await operations.destroy).code).toBe(0);
  });
});

describe('q. an inline program (Automation API)', () => {
  const VALUE = /Postgres\.external\.host\] *data\/invalid-host/;
  const TRANSFORM = /this transform is broken/;

  test('a preview ends with the error, for a value that is refused and for a transform that throws', async () => {
    const [value, transform] = await inline.previews;
    expect(value?.error).toMatch(VALUE);
    expect(transform?.error).toMatch(TRANSFORM);
  });

  test('without mistakes it deploys', async () => {
    expect(await inline.up).toEqual([expect.objectContaining({ error: '' })]);
    expect((await inline.before).length).toBeGreaterThan(5);
  });

  test('an update ends with the error, and the platform that runs keeps every object', async () => {
    const [value, transform] = await inline.mistakes;
    expect(value?.error).toMatch(VALUE);
    expect(transform?.error).toMatch(TRANSFORM);
    expect(await inline.after).toEqual(await inline.before);
  });

  test('the lock is given back: nothing is left of it, and the next preview finds no change', async () => {
    expect(await inline.locks).toEqual([]);
    expect(await inline.again).toEqual([expect.objectContaining({ error: '', changes: { same: expect.any(Number) } })]);
  });
});

test('no command left a process behind', () => {
  expect(world.engine.leftBehind).toEqual([]);
});
