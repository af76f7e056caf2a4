import * as pulumi from '@pulumi/pulumi';
import { ApiObject, type App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { type Deferred, Peer, Postgres, Redis } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { SelfHosted } from '../../src/pulumi';
import { POSTGRES, publishedProps } from '../caracal/fixture';
import { testStack } from '../support/ledger';
import { production } from './platforms';
import { attempt } from './program';
import { program, refusedProgram } from './refused';

jest.setTimeout(60_000);

describe('what stands around the stack', () => {
  const registered = async (around: (app: App) => Construct) => {
    const { errors, registrations } = await attempt(
      program((app, value) => production(around(app), (text) => value(text))),
    );
    expect(errors).toEqual([]);
    return registrations.map(({ urn, inputs, dependencies }) => ({ urn, inputs, dependencies }));
  };

  it.each<[string, (app: App) => Construct]>([
    ['a chart', (app) => new Chart(app, 'my-app')],
    ['a construct', (app) => new Construct(app, 'group')],
    ['charts and constructs', (app) => new Chart(new Construct(new Chart(app, 'team'), 'group'), 'inner')],
  ])('%s changes no URN, no input, no dependency and no hash of a Job', async (_what, around) => {
    const expected = await registered((app) => app);
    expect(expected.length).toBeGreaterThan(50);
    expect(await registered(around)).toEqual(expected);
  });

  it.each<[string, (app: App) => { stack: unknown; lost: string }]>([
    [
      'an object of the chart around it',
      (app) => {
        const chart = new Chart(app, 'team');
        new ApiObject(chart, 'own', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } });
        return { stack: testStack({}, chart), lost: 'team' };
      },
    ],
    [
      'a stack around it',
      (app) => ({ stack: testStack({}, testStack({ instance: 'outer' }, app, 'outer')), lost: 'outer' }),
    ],
    [
      'a stack inside of it',
      (app) => {
        const stack = testStack({ instance: 'outer' }, app, 'outer');
        testStack({}, stack);
        return { stack, lost: 'outer/ledger' };
      },
    ],
  ])('%s would be lost, since a component deploys one stack: it is refused', async (_what, build) => {
    let lost = '';
    const findings = await refusedProgram(
      program((app) => {
        const built = build(app);
        lost = built.lost;
        return built.stack;
      }),
    );
    expect(findings.map(({ id, path }) => [id, path])).toEqual([['pulumi/foreign-chart', lost]]);
  });

  it('a chart that only wraps it has no objects to lose', async () => {
    const { errors } = await attempt(program((app) => testStack({}, new Chart(app, 'team') as unknown as App)));
    expect(errors).toEqual([]);
  });

  it('a guard on the app refuses here as it refuses `cdk8s synth`', async () => {
    const findings = await refusedProgram(
      program((app) => {
        app.node.addValidation({ validate: () => ['the guard says no'] });
        return testStack({}, app);
      }),
    );
    expect(findings).toEqual([
      expect.objectContaining({ id: 'stack/invalid-construct', message: 'the guard says no' }),
    ]);
  });

  it('objects that a patch gives one name are told, instead of stopping the engine in the middle', async () => {
    const findings = await refusedProgram(
      program((app) => {
        const stack = testStack({}, app);
        for (const name of ['one', 'two']) {
          const own = new ApiObject(stack, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
          own.addJsonPatch(JsonPatch.replace('/metadata/name', 'both'));
        }
        return stack;
      }),
    );
    expect(findings.map(({ id, path }) => [id, path])).toEqual([['stack/duplicate-object', 'ledger/two']]);
  });
});

describe('keys of data are names of the user', () => {
  it.each(['port', 'image', 'kind', 'labels', 'selector'])('%s takes a value', async (key) => {
    const { errors, registrations } = await attempt(
      program((app, value) => {
        const stack = testStack({}, app);
        new ApiObject(stack, 'own', {
          ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'connection' } },
          stringData: { [key]: value('5432') },
        });
        return stack;
      }),
    );
    expect(errors).toEqual([]);
    expect(JSON.stringify(registrations.find(({ name }) => name.endsWith('/connection'))?.inputs)).toContain('5432');
  });

  it('bytes of a ConfigMap need base64, which no value is', async () => {
    const findings = await refusedProgram(
      program((app, value) => {
        const stack = testStack({}, app);
        const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } };
        new ApiObject(stack, 'own', { ...map, binaryData: { a: value('x') } });
        return stack;
      }),
    );
    expect(findings.map(({ id }) => id)).toEqual(['pulumi/unencoded-value']);
  });
});

describe('two installations that share a server', () => {
  const install = (instance: string, host: string): SelfHosted =>
    new SelfHosted(instance, ({ app, value }) => {
      const at = (text: string): Deferred<string> => value(pulumi.output(text));
      return new CaracalStack(app, instance, {
        ...publishedProps({
          postgres: Postgres.external({ ...POSTGRES, host: at(host) }),
          redis: Redis.external({ host: at(`redis-of-${instance}.example.com`), peer: Peer.cidr('10.20.1.0/24') }),
        }),
        namespace: instance,
        origins: {
          console: `https://console.${instance}.example.com`,
          sts: `https://sts.${instance}.example.com`,
        },
      });
    });

  it('are told when the addresses are known, as texts are told at synthesis', async () => {
    const { errors } = await attempt(() => [install('one', 'pg.example.com'), install('two', 'PG.example.com')]);
    expect(errors.map((error) => (error as Error).message)).toEqual([
      expect.stringMatching(/stack\/shared-resource\s+Caracal's roles and databases have fixed names/),
    ]);
  });

  it('two servers are fine: the comparison can pass', async () => {
    const { errors } = await attempt(() => [install('one', 'pg1.example.com'), install('two', 'pg2.example.com')]);
    expect(errors).toEqual([]);
  });
});

describe('secrets and reports', () => {
  it('the message of a rejected Output is left out: it may repeat the secret that could not be read', async () => {
    const { errors } = await attempt(
      program((app, value) => {
        const host = pulumi.secret('"hunter2-password" is no JSON').apply((text) => String(JSON.parse(text)));
        const stack = testStack({}, app);
        const made = value(host as unknown as string);
        new ApiObject(stack, 'own', {
          ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } },
          data: { host: made },
        });
        return stack;
      }),
    );
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toMatch(/pulumi\/rejected-value\s+the Output was rejected \(SyntaxError\)/);
    expect(String(errors[0])).not.toContain('hunter2');
  });

  it.each([
    ['in a ConfigMap is a warning: everybody who may read the object reads it', 'ConfigMap', 'data', 1],
    ['in a Secret is where it belongs', 'Secret', 'stringData', 0],
  ])('a secret Output %s', async (_title, kind, field, warnings) => {
    const outcome = await attempt(
      program((app, value) => {
        const stack = testStack({}, app);
        const own = { apiVersion: 'v1', kind, metadata: { name: 'own' } };
        new ApiObject(stack, 'own', { ...own, [field]: { a: value(pulumi.secret('x') as unknown as string) } });
        return stack;
      }),
    );
    const told = outcome.warnings.filter((text) => text.includes('pulumi/secret-in-clear'));
    expect(told).toHaveLength(warnings);
  });
});
