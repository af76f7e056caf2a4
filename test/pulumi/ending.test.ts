import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject, type App } from 'cdk8s';
import { Component, ConfigurationError, type Deferred, OneShotJob, type PlatformStack } from '../../src';
import { SelfHosted } from '../../src/pulumi';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { attempt, type Outcome, type RunOptions } from './program';

jest.setTimeout(60_000);

/**
 * Whether the program ends as the Automation API runs it: every registration that was begun has ended. A program of
 * which one has not waits for ever, and the lock of its stack with it.
 */
async function ends(): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500));
  return Promise.race([pulumi.runtime.disconnect().then(() => true), late]);
}

const REFUSED = new Error('refused');
const rejected = (): pulumi.Output<string> =>
  pulumi.output('a').apply((): string => {
    throw REFUSED;
  });

type Value = (output: pulumi.Input<string>) => Deferred<string>;

/** A ledger whose phases wait for each other; a value stands in an object of its first phase. */
function ledger(app: App, value: Value, text: pulumi.Input<string>): PlatformStack {
  const stack = testStack({ namespace: { name: 'books', create: true } }, app);
  new ApiObject(stack, 'settings', {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
    data: { host: value(text) },
  });
  new OneShotJob(stack, 'migrate', testJobContent());
  new Component(stack, 'server', testComponentSpec());
  return stack;
}

const deploy = (text: pulumi.Input<string>): SelfHosted =>
  new SelfHosted('ledger', ({ app, value }) => ledger(app, value, text));

async function outcome<Result>(program: () => Result, options: RunOptions = {}): Promise<Outcome<Result>> {
  return attempt(program, { ...options, tokens: ['test:index:Own', ...(options.tokens ?? [])] });
}

it('the SDK by itself waits for ever behind a resource with a rejected input: without more, so would a program', async () => {
  await outcome(() => {
    const first = new pulumi.ComponentResource('test:index:Own', 'first', { input: rejected() });
    new pulumi.ComponentResource('test:index:Own', 'second', {}, { parent: first });
  });
  expect(await ends()).toBe(false);
});

describe('a value that is refused', () => {
  it('ends the program with one error, also where the objects behind it are many phases long', async () => {
    const { errors } = await outcome(() => deploy(rejected()));
    expect(errors).toEqual([expect.any(ConfigurationError)]);
    expect(await ends()).toBe(true);
  });

  it('rejects what the program returns: endpoints, and outputs of single objects', async () => {
    const { result } = await outcome(() => deploy(rejected()));
    const { stack, services } = result as SelfHosted;
    const workload = (result as SelfHosted).resourceOf(componentOf(stack).workload);
    for (const output of [services.server, workload?.urn, workload?.id, Reflect.get(workload ?? {}, 'metadata')]) {
      await expect((output as unknown as { promise(): Promise<unknown> }).promise()).rejects.toThrow('rejected-value');
    }
  });

  it('ends resources of the program that wait for the component, and components that wait for it', async () => {
    const { errors, registrations } = await outcome(() => {
      const dependsOn = deploy(rejected());
      new k8s.core.v1.ConfigMap('marker', { metadata: { name: 'marker' } }, { dependsOn });
      new SelfHosted('second', ({ app }) => testStack({ instance: 'second', namespace: 'second' }, app), { dependsOn });
      new SelfHosted('below', ({ app }) => testStack({ instance: 'below', namespace: 'below' }, app), {
        dependsOn: [dependsOn.resourceOf(componentOf(dependsOn.stack).service) as pulumi.Resource],
      });
    });
    expect(await ends()).toBe(true);
    expect(errors).toHaveLength(1);
    const names = registrations.map(({ name }) => name);
    expect(names.filter((name) => /^(marker|second|below)/.test(name))).toEqual([]);
  });

  it('a value that is fine ends it with every object', async () => {
    const { errors, registrations } = await outcome(() => deploy('pg.example.internal'));
    expect(errors).toEqual([]);
    expect(await ends()).toBe(true);
    expect(registrations.map(({ inputs }) => inputs.kind)).toEqual(
      expect.arrayContaining(['Namespace', 'ConfigMap', 'Job', 'Deployment']),
    );
  });
});

describe('an object that the engine refuses, as it does where a transform throws', () => {
  it('ends the program, with the objects that wait for it', async () => {
    const { errors, registrations } = await outcome(
      () =>
        new SelfHosted('ledger', ({ app, value }) => {
          const stack = ledger(app, value, 'pg');
          // The engine of the tests refuses types that it does not know.
          new ApiObject(stack, 'role', {
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'Role',
            metadata: { name: 'r' },
          });
          return stack;
        }),
    );
    expect(String(errors[0])).toContain('no resource of the type kubernetes:rbac.authorization.k8s.io/v1:Role');
    expect(await ends()).toBe(true);
    expect(registrations.map(({ inputs }) => inputs.kind)).not.toContain('Deployment');
  });
});

function componentOf(stack: PlatformStack): Component {
  return stack.node.findChild('server') as Component;
}
