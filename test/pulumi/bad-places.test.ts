import * as pulumi from '@pulumi/pulumi';
import { ApiObject, type ApiObjectProps, type App, JsonPatch } from 'cdk8s';
import { Component, Deferred, ImageRef, type PlatformStack, Postgres, Redis } from '../../src';
import { CaracalStack, Telemetry } from '../../src/caracal';
import { SelfHosted } from '../../src/pulumi';
import { clusterWith, POSTGRES, publishedProps } from '../caracal/fixture';
import { testComponentSpec, testStack } from '../support/ledger';
import { run } from './program';
import { type AnyBuild, program, refusedProgram } from './refused';

jest.setTimeout(60_000);

const platform =
  (change: (value: Deferred<string>) => object): AnyBuild =>
  (app, value) =>
    new CaracalStack(app, 'caracal', publishedProps(change(value('known'))));

const OUTPUT = pulumi.output('known');

const own =
  (props: (value: Deferred<string>) => object, more: (own: ApiObject, value: Deferred<string>) => void = () => {}) =>
  (app: App, value: (text: string) => Deferred<string>): PlatformStack => {
    const stack = testStack({}, app);
    const made = value('known');
    more(new ApiObject(stack, 'own', props(made) as ApiObjectProps), made);
    return stack;
  };
const configMap = (more: object): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'own' },
  ...more,
});

const GIVE_ITSELF = /^give the value itself; in a Pulumi program take it from the configuration, not from an Output$/;
const WRAP = /value\(output\).*value\(pulumi\.interpolate/;

type Case = readonly [title: string, path: string, build: AnyBuild];

describe('a value where its text must be known, by a property', () => {
  it.each<Case>([
    ['namespace', 'caracal.namespace', platform((value) => ({ namespace: value }))],
    ['created namespace', 'caracal.namespace.name', platform((name) => ({ namespace: { name, create: true } }))],
    ['instance', 'caracal.instance', platform((instance) => ({ instance }))],
    ['label', 'caracal.pods.labels.team', platform((team) => ({ pods: { labels: { team } } }))],
    ['label of a pod', 'caracal.sts.podLabels.team', platform((team) => ({ sts: { podLabels: { team } } }))],
    ['selector', 'caracal.pods.nodeSelector.disk', platform((disk) => ({ pods: { nodeSelector: { disk } } }))],
    ['name of another object', 'caracal.pods.pullSecrets[0]', platform((name) => ({ pods: { pullSecrets: [name] } }))],
    ['cluster', 'Cluster.generic.name', platform((name) => ({ cluster: clusterWith({ name: name as never }) }))],
    ['image', 'ImageRef.repository', platform((each) => ({ image: ImageRef.of({ repository: each as never }) }))],
  ])('%s', async (_title, path, build) => {
    expect(await refusedProgram(program(build))).toEqual([
      expect.objectContaining({ id: 'core/value-not-allowed', path, fix: expect.stringMatching(GIVE_ITSELF) }),
    ]);
  });
});

describe('a value where its text must be known, in an object of the user', () => {
  const service = (spec: object): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'own' }, spec });
  it.each<Case>([
    ['name', 'metadata.name', own((value) => configMap({ metadata: { name: `own-${value}` } }))],
    [
      'namespace',
      'metadata.namespace',
      own((value) => configMap({ metadata: { name: 'own', namespace: `${value}` } })),
    ],
    ['label', 'metadata.labels.a', own((value) => configMap({ metadata: { name: 'own', labels: { a: `${value}` } } }))],
    ['key', 'data.<key>', own((value) => configMap({ data: { [`${value}`]: 'a' } }))],
    ['selector', 'spec.selector.a', own((value) => service({ selector: { a: `${value}` } }))],
    ['port', 'spec.ports.0.port', own((value) => service({ ports: [{ port: `${value}` }] }))],
    ['image', 'spec.containers.0.image', own((value) => configMap({ spec: { containers: [{ image: `${value}` }] } }))],
    ['value that is no text', 'metadata.labels.a', own((a) => configMap({ metadata: { name: 'own', labels: { a } } }))],
    [
      'patch',
      'metadata.name',
      own(
        () => configMap({}),
        (object, value) => object.addJsonPatch(JsonPatch.replace('/metadata/name', `${value}`)),
      ),
    ],
  ])('%s', async (_title, field, build) => {
    expect(await refusedProgram(program(build))).toEqual([
      expect.objectContaining({
        id: 'core/value-not-allowed',
        path: `ledger/own ${field}`,
        fix: expect.stringMatching(GIVE_ITSELF),
      }),
    ]);
  });

  it('contents of a Secret that must be encoded: the fix names the field that takes them in clear', async () => {
    const secret = own((value) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'own' },
      data: { a: `${value}` },
    }));
    expect(await refusedProgram(program(secret))).toEqual([
      expect.objectContaining({
        id: 'pulumi/unencoded-value',
        path: 'ledger/own data.a',
        fix: 'use stringData of a Secret, or data of a ConfigMap: { "a": ... }',
      }),
    ]);
  });

  it('a value that no build function made, of which nobody knows the text', async () => {
    const foreign = own(() => configMap({ data: { a: `${Deferred.create()}` } }));
    expect(await refusedProgram(program(foreign))).toEqual([
      expect.objectContaining({
        id: 'pulumi/foreign-value',
        path: 'ledger/own data.a',
        fix: 'make it with value(output)',
      }),
    ]);
  });
});

describe('an Output that was not given to `value`', () => {
  const origins = (console: unknown): AnyBuild =>
    platform(() => ({ origins: { console, sts: 'https://sts.example.com' } }));
  it.each<Case>([
    ['origin', 'caracal.origins.console', origins(OUTPUT)],
    ['variable', 'caracal.sts.env.A', platform(() => ({ sts: { env: { A: OUTPUT } } }))],
    [
      'host of a database',
      'Postgres.external.host',
      platform(() => ({ p: Postgres.external({ ...POSTGRES, host: OUTPUT as never }) })),
    ],
    ['object of the user', 'ledger/own data.a', own(() => configMap({ data: { a: OUTPUT } }))],
    [
      'metadata of an object',
      'ledger/own metadata.annotations.a',
      own(() => configMap({ metadata: { name: 'own', annotations: { a: OUTPUT } } })),
    ],
    [
      'method of a component',
      'ledger/server.addEnv.A',
      (app) => {
        const stack = testStack({}, app);
        new Component(stack, 'server', testComponentSpec()).addEnv('A', OUTPUT as never);
        return stack;
      },
    ],
  ])('%s: the path of the property, and how to wrap it', async (_title, path, build) => {
    expect(await refusedProgram(program(build))).toEqual([
      expect.objectContaining({ id: 'core/output-in-property', path, fix: expect.stringMatching(WRAP) }),
    ]);
  });

  const text = `https://${OUTPUT}`;
  it.each<Case>([
    ['origin', 'caracal.origins.console', origins(text)],
    ['variable', 'caracal.sts.env.A', platform(() => ({ sts: { env: { A: text } } }))],
    [
      'host of a Redis',
      'Redis.external.host',
      platform(() => ({ r: Redis.external({ host: text, peer: POSTGRES.peer }) })),
    ],
    ['collector', 'Telemetry.otlp.host', platform(() => ({ t: Telemetry.otlp({ host: text, peer: POSTGRES.peer }) }))],
    ['object of the user', 'ledger/own data.a', own(() => configMap({ data: { a: text } }))],
  ])('%s: put into a template string, where its value never arrives', async (_title, path, build) => {
    expect(await refusedProgram(program(build))).toEqual([
      expect.objectContaining({ id: 'core/output-in-text', path, fix: expect.stringMatching(WRAP) }),
    ]);
  });
});

it('a value in a template string of a property, where no check could wait for it, is refused', async () => {
  const env = platform((value) => ({ sts: { env: { A: `https://${value}` } } }));
  expect(await refusedProgram(program(env))).toEqual([
    expect.objectContaining({ id: 'core/value-in-text', path: 'caracal.sts.env.A', fix: expect.stringMatching(WRAP) }),
  ]);
});

describe('values in objects of the user where they may stand', () => {
  it.each<[string, AnyBuild]>([
    ['as text', own((value) => configMap({ data: { a: `before ${value} after` } }))],
    ['as they are', own((value) => configMap({ data: { a: value } }))],
    [
      'in a patch',
      own(
        () => configMap({ data: {} }),
        (object, value) => object.addJsonPatch(JsonPatch.add('/data/a', value)),
      ),
    ],
  ])('%s become their text', async (_title, build) => {
    const { registrations } = await run(program(build));
    const { data } = registrations.find(({ name }) => name.endsWith('/own'))?.inputs as { data: { a: string } };
    expect(['known', 'before known after']).toContain(data.a);
  });

  it('of a Secret as stringData, beside which the library encodes its own', async () => {
    const secret = own((value) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'own' },
      stringData: { a: value },
    }));
    const { registrations } = await run(program(secret));
    expect(registrations.find(({ name }) => name.endsWith('/own'))?.inputs.stringData).toEqual({ a: 'known' });
  });
});

it('all misplaced values of the objects of one stack are told in one report', async () => {
  const three = own((value) =>
    configMap({ metadata: { name: 'own', labels: { a: `${value}`, b: `${value}` } }, data: { c: OUTPUT } }),
  );
  const paths = (await refusedProgram(() => new SelfHosted('caracal', ({ app, value }) => three(app, value)))).map(
    ({ path }) => path,
  );
  expect(paths.sort()).toEqual(['ledger/own data.c', 'ledger/own metadata.labels.a', 'ledger/own metadata.labels.b']);
});
