import * as pulumi from '@pulumi/pulumi';
import { Construct } from 'constructs';
import type { App } from 'cdk8s';
import { CaracalStack } from '../../src/caracal';
import { type BuildStack, SelfHosted } from '../../src/pulumi';
import { publishedProps } from '../caracal/fixture';
import { Component, OneShotJob } from '../../src';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { production } from './platforms';
import { type Registration, run } from './program';

jest.setTimeout(60_000);

/** Everything that was asked of the engine, in an order of its own: arrival is no promise. */
async function registered(build: BuildStack<CaracalStack | ReturnType<typeof testStack>>): Promise<string> {
  const { registrations } = await run(() => new SelfHosted('caracal', build));
  const byUrn = [...registrations].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return JSON.stringify(byUrn.map((each): Registration => ({ ...each, dependencies: [...each.dependencies].sort() })));
}

const platform = (scope: Construct, id: string): CaracalStack => new CaracalStack(scope, id, publishedProps());

/** A platform with a value, at any place of the tree. */
function valued(place: (app: App) => { scope: Construct; id: string }): BuildStack<CaracalStack> {
  return ({ app, value }) => {
    const { scope, id } = place(app);
    return production(scope, (text) => value(pulumi.output(text)), {}, id);
  };
}

describe('constructs may be renamed, wrapped and moved: the engine sees the same to the byte', () => {
  let usual: string;
  beforeAll(async () => {
    usual = await registered(({ app }) => platform(app, 'caracal'));
  });

  it.each<[string, (app: App) => CaracalStack]>([
    ['another id of the stack', (app) => platform(app, 'another-id')],
    ['a construct around it', (app) => platform(new Construct(app, 'wrapper'), 'caracal')],
    [
      'a deeper nesting with other ids',
      (app) => platform(new Construct(new Construct(new Construct(app, 'a'), 'b'), 'c'), 'x'),
    ],
    [
      'a construct beside it that makes nothing',
      (app) => {
        new Construct(app, 'beside');
        return platform(app, 'caracal');
      },
    ],
  ])('%s', async (_title, build) => {
    expect(await registered(({ app }) => build(app))).toBe(usual);
  });

  it('a second run of the same program', async () => {
    expect(await registered(({ app }) => platform(app, 'caracal'))).toBe(usual);
  });
});

it('ids of the parts of a stack change nothing either', async () => {
  const ledger =
    (server: string, migrate: string): BuildStack<ReturnType<typeof testStack>> =>
    ({ app }) => {
      const stack = testStack({}, app);
      new Component(new Construct(stack, `around-${server}`), server, testComponentSpec());
      new OneShotJob(stack, migrate, testJobContent());
      return stack;
    };
  expect(await registered(ledger('one', 'two'))).toBe(await registered(ledger('other', 'third')));
});

describe('values keep their names when constructs move', () => {
  it('another id and a wrapper around the stack change no hash of a Job, and nothing else', async () => {
    const usual = await registered(valued((app) => ({ scope: app, id: 'caracal' })));
    expect(await registered(valued((app) => ({ scope: new Construct(app, 'wrapper'), id: 'x' })))).toBe(usual);
  });

  const jobNames = async (host: string): Promise<string[]> => {
    const { registrations } = await run(
      () =>
        new SelfHosted('caracal', ({ app, value }) =>
          production(app, (text) => value(text === 'pg.example.internal' ? host : text)),
        ),
    );
    return registrations.filter(({ inputs }) => inputs.kind === 'Job').map(({ name }) => name);
  };

  it('another text of a value changes no name of a Job: the name is known before the value is', async () => {
    expect(await jobNames('pg-2.example.internal')).toEqual(await jobNames('pg.example.internal'));
  });
});

it('a change that the cluster sees is seen here, or the tests above would prove nothing', async () => {
  const usual = await registered(({ app }) => platform(app, 'caracal'));
  const other = ({ app }: { readonly app: App }): CaracalStack =>
    new CaracalStack(app, 'caracal', publishedProps({ sts: { env: { EXTRA: 'a' } } }));
  expect(await registered(other)).not.toBe(usual);
});
