import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { PlatformStackProps } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { SelfHosted } from '../../src/pulumi';
import { publishedProps } from '../caracal/fixture';
import { testCluster, testStack } from '../support/ledger';
import { attempt, run } from './program';
import { type AnyBuild, program, refusedProgram } from './refused';

jest.setTimeout(60_000);

const configMap = (scope: Construct, name: string): ApiObject =>
  new ApiObject(scope, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

describe('a build function that returns no stack of its app registers nothing', () => {
  it.each<[string, AnyBuild, string]>([
    ['nothing', () => undefined, 'returns no stack that was made in its `app`'],
    ['a chart that is no stack', (app) => new Chart(app, 'chart'), 'returns no stack that was made in its `app`'],
    ['a stack of another app', () => testStack({}, new App()), 'returns no stack that was made in its `app`'],
    ['a promise', async (app) => Promise.resolve(testStack({}, app)), 'is asynchronous'],
  ])('%s', async (_title, build, message) => {
    expect(await refusedProgram(program(build))).toEqual([
      expect.objectContaining({
        id: 'pulumi/no-stack',
        path: 'SelfHosted "caracal"',
        message: expect.stringContaining(message),
        fix: expect.stringContaining('return the stack: ({ app, value }) => new CaracalStack(app, "caracal", { ... })'),
      }),
    ]);
  });
});

describe('a build function that leaves objects outside of the stack', () => {
  it.each<[string, (app: App) => unknown]>([
    ['a chart beside it', (app) => configMap(new Chart(app, 'beside'), 'own')],
    ['a second stack', (app) => configMap(testStack({ instance: 'beside' }, app, 'beside'), 'own')],
    ['a chart inside of it', (app) => configMap(new Chart(app.node.findChild('ledger') as Chart, 'inside'), 'own')],
  ])('%s: they would not be deployed, so nothing is', async (_title, leave) => {
    const findings = await refusedProgram(
      program((app) => {
        const stack = testStack({}, app);
        leave(app);
        return stack;
      }),
    );
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'pulumi/foreign-chart',
        path: expect.stringMatching(/^(?:beside|ledger\/inside)$/),
        fix: expect.stringContaining('make its objects inside of the stack, or give it a SelfHosted of its own'),
      }),
    ]);
  });

  it('an empty chart does no harm', async () => {
    const { errors } = await attempt(program((app) => (new Chart(app, 'empty'), testStack({}, app))));
    expect(errors).toEqual([]);
  });
});

describe('a build function that throws', () => {
  it('shows all problems of the properties once, and registers nothing, not even the component', async () => {
    const findings = await refusedProgram(
      program(
        (app) =>
          new CaracalStack(
            app,
            'caracal',
            publishedProps({
              operators: [],
              gatewayPaths: ['mcp'],
              origins: { console: 'https://a.example.com', sts: 'sts' },
            }),
          ),
      ),
    );
    expect(findings.length).toBeGreaterThan(1);
    expect(new Set(findings.map((each) => JSON.stringify(each))).size).toBe(findings.length);
  });

  it('shows what only the finished tree tells as well', async () => {
    const findings = await refusedProgram(
      program((app) => new CaracalStack(app, 'caracal', publishedProps({ sts: { env: { CARACAL_MODE: 'stable' } } }))),
    );
    expect(findings.map(({ id }) => id)).toEqual(['caracal/forbidden-env']);
  });

  it('shows what a construct of the user says about itself', async () => {
    const findings = await refusedProgram(
      program((app) => {
        const stack = testStack({}, app);
        new Construct(stack, 'own').node.addValidation({ validate: () => ['is not finished'] });
        return stack;
      }),
    );
    expect(findings).toEqual([
      expect.objectContaining({ id: 'stack/invalid-construct', path: 'ledger/own', message: 'is not finished' }),
    ]);
  });

  it('with an error of its own: that error, as it is', async () => {
    const own = new TypeError('of the program');
    const { errors, registrations } = await attempt(
      program(() => {
        throw own;
      }),
    );
    expect({ errors, registrations }).toEqual({ errors: [own], registrations: [] });
  });
});

/** A program with two stacks. */
function two(first: Partial<PlatformStackProps>, second: Partial<PlatformStackProps>): () => void {
  return () => {
    new SelfHosted('first', ({ app }) => testStack(first, app, 'first'));
    new SelfHosted('second', ({ app }) => {
      const stack = testStack(second, app, 'second');
      configMap(stack, 'own');
      return stack;
    });
  };
}

describe('two stacks in one program', () => {
  it('of one identity are refused: the second registers nothing, the first is named', async () => {
    const { errors, registrations } = await attempt(two({}, {}));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      findings: [
        {
          id: 'stack/duplicate-instance',
          path: 'second',
          message: expect.stringMatching(/^first is the same installation: ledger "ledger" in namespace "books"/),
          fix: 'give one of the two another instance, namespace or cluster',
        },
      ],
    });
    expect(registrations.filter(({ name }) => name.startsWith('second'))).toEqual([]);
  });

  it.each<[string, Partial<PlatformStackProps>]>([
    ['instance', { instance: 'other' }],
    ['namespace', { namespace: 'others' }],
    ['cluster', { cluster: testCluster({ name: 'eu-2' }) }],
    ['product', { product: 'journal' }],
  ])('that differ in the %s are fine', async (_title, change) => {
    expect((await attempt(two({}, change))).errors).toEqual([]);
  });

  it('of one identity in two programs of one process are fine: each has an engine of its own', async () => {
    const one = async (): Promise<number> =>
      (await run(() => new SelfHosted('ledger', ({ app }) => testStack({}, app)))).registrations.length;
    expect([await one(), await one()]).toEqual([2, 2]);
  });

  it('a program that was refused claims nothing: the corrected stack beside it is fine', async () => {
    const { errors } = await attempt(() => {
      expect(() => new SelfHosted('first', () => undefined as never)).toThrow('pulumi/no-stack');
      return new SelfHosted('second', ({ app }) => testStack({}, app));
    });
    expect(errors).toEqual([]);
  });

  it('with an object of the same name in one namespace are refused: each deployment would undo the other', async () => {
    const withOwn = (name: string): SelfHosted =>
      new SelfHosted(name, ({ app }) => {
        const stack = testStack({ instance: name }, app, name);
        configMap(stack, 'shared');
        return stack;
      });
    const { errors } = await attempt(() => (withOwn('first'), withOwn('second')));
    expect(errors).toEqual([
      expect.objectContaining({
        findings: [
          expect.objectContaining({
            id: 'stack/duplicate-object',
            path: 'second/shared',
            message: 'ConfigMap "shared" is emitted by first too, into the same cluster',
          }),
        ],
      }),
    ]);
  });

  it('that share a database are refused', async () => {
    const platform = (name: string): SelfHosted =>
      new SelfHosted(name, ({ app }) => new CaracalStack(app, name, publishedProps({ namespace: name })));
    const { errors } = await attempt(() => (platform('first'), platform('second')));
    expect(errors).toHaveLength(1);
    const { findings } = errors[0] as { findings: readonly { id: string; message: string }[] };
    expect(findings.map(({ id }) => id)).toContain('stack/shared-resource');
    expect(findings.every(({ message }) => message.includes('first uses it already'))).toBe(true);
  });
});

it('a patch that does not fit is refused with its pointer, and without its value, before anything is registered', async () => {
  const findings = await refusedProgram(
    program((app) => {
      const stack = testStack({}, app);
      configMap(stack, 'own').addJsonPatch(JsonPatch.replace('/dat/a', 'hunter2'));
      return stack;
    }),
  );
  expect(findings).toEqual([
    expect.objectContaining({ id: 'stack/unfit-patch', path: 'ledger/own', given: 'replace /dat/a' }),
  ]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});
