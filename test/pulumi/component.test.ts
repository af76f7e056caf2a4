import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject, Chart } from 'cdk8s';
import type { CaracalStack } from '../../src/caracal';
import { SelfHosted } from '../../src/pulumi';
import { testStack } from '../support/ledger';
import { type Outcome, run } from './program';
import { dev, production } from './platforms';

jest.setTimeout(60_000);

let outcome: Outcome<SelfHosted<CaracalStack>> & { readonly result: SelfHosted<CaracalStack> };
let follower: { readonly dependencies: readonly string[]; readonly inputs: Record<string, unknown> } | undefined;
beforeAll(async () => {
  outcome = await run(() => {
    const component = new SelfHosted('caracal', ({ app }) => production(app, (text) => text));
    new k8s.core.v1.ConfigMap('follower', { data: { gateway: component.services.gateway?.host ?? '' } });
    return component;
  });
  follower = outcome.registrations.find(({ name }) => name === 'follower');
});

const settled = async <T>(output: pulumi.Output<T> | undefined): Promise<T> =>
  new Promise((resolve) => pulumi.output(output as pulumi.Output<T>).apply((value) => resolve(value as T)));
const urnOf = (kind: string, name: string): string | undefined =>
  outcome.registrations.find((each) => each.inputs.kind === kind && each.name.endsWith(`/${name}`))?.urn;

describe('outputs of the component', () => {
  it('registered for the state: the data of the stack and its services, and no more', () => {
    const outputs = Object.values(outcome.outputs);
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toMatchObject({
      product: 'caracal',
      instance: 'caracal',
      profile: 'production',
      cluster: 'eu-1',
      namespace: 'caracal',
      version: '1.0.0',
    });
    const { services, ...others } = outputs[0] as { services: object };
    expect(Object.keys(others).sort()).toEqual(['cluster', 'instance', 'namespace', 'product', 'profile', 'version']);
    expect(Object.keys(services).sort()).toEqual(['api', 'audit', 'coordinator', 'gateway', 'sts', 'web']);
  });

  it('a stack without a release has no version', async () => {
    const { outputs } = await run(() => new SelfHosted('ledger', ({ app }) => testStack({}, app)));
    expect(Object.values(outputs)).toEqual([
      {
        product: 'ledger',
        instance: 'ledger',
        profile: 'production',
        cluster: 'eu-1',
        namespace: 'books',
        services: {},
      },
    ]);
  });

  it('namespace is known', async () => {
    expect(await settled(outcome.result.namespace)).toBe('caracal');
  });
});

describe('services', () => {
  it('hold name, host and ports of what clients in the cluster reach, as the Service says it', async () => {
    const { gateway } = outcome.result.services;
    const service = outcome.registrations.find(({ urn }) => urn === urnOf('Service', 'caracal-gateway'))?.inputs;
    const { ports } = service?.spec as { ports: readonly { name: string; port: number }[] };
    expect(await settled(gateway)).toEqual({
      name: 'caracal-gateway',
      namespace: 'caracal',
      host: 'caracal-gateway.caracal.svc',
      ports: Object.fromEntries(ports.map(({ name, port }) => [name, port])),
    });
    expect(ports.length).toBeGreaterThan(0);
  });

  it('make what is given one wait for the Service', () => {
    expect(follower?.inputs.data).toEqual({ gateway: 'caracal-gateway.caracal.svc' });
    expect(follower?.dependencies).toEqual([urnOf('Service', 'caracal-gateway')]);
  });

  it('are known in a preview', async () => {
    const { registrations, outputs } = await run(
      () => {
        const { services } = new SelfHosted('caracal', ({ app }) => dev(app, (text) => text));
        new k8s.core.v1.ConfigMap('follower', { data: { sts: services.sts?.host ?? '' } });
      },
      { preview: true },
    );
    expect(registrations.find(({ name }) => name === 'follower')?.inputs.data).toEqual({
      sts: 'caracal-sts.caracal.svc',
    });
    expect(Object.values(outputs)).toEqual([
      expect.objectContaining({
        services: expect.objectContaining({ sts: expect.objectContaining({ host: 'caracal-sts.caracal.svc' }) }),
      }),
    ]);
  });
});

describe('resourceOf', () => {
  it('gives the resource of an object, for every object', async () => {
    const { stack } = outcome.result;
    const found = stack.stackObjects().map((object) => outcome.result.resourceOf(object));
    expect(found.filter((each) => !pulumi.CustomResource.isInstance(each))).toEqual([]);
    expect(new Set(found).size).toBe(outcome.registrations.filter(({ name }) => name.startsWith('caracal:')).length);
    expect(await settled(outcome.result.resourceOf(stack.gateway.workload)?.urn)).toBe(
      urnOf('StatefulSet', 'caracal-gateway'),
    );
  });

  it('gives nothing for an object that is not of the stack', () => {
    const chart = new Chart(outcome.result.stack.node.root, 'beside');
    const object = new ApiObject(chart, 'own', { apiVersion: 'v1', kind: 'ConfigMap' });
    expect(outcome.result.resourceOf(object)).toBeUndefined();
  });
});

describe('the stack behind the component', () => {
  it('is the one that the build function returned, with all that it tells', () => {
    expect(outcome.result.stack.secretChecklist().length).toBeGreaterThan(0);
    expect(outcome.result.stack.flows().length).toBeGreaterThan(0);
  });
});

describe('warnings', () => {
  it('open ones are logged, a line each, with path, code and fix', () => {
    const open = outcome.result.stack
      .findings()
      .filter(({ level, acknowledged }) => level === 'warning' && acknowledged === undefined);
    expect(open.length).toBeGreaterThan(0);
    for (const { id, path, fix } of open) {
      expect(
        outcome.warnings.filter((text) => text.startsWith(`[${path}] ${id}: `) && text.includes(fix)),
      ).toHaveLength(1);
    }
    expect(outcome.warnings.filter((text) => text.includes('\n'))).toEqual([]);
  });

  it('accepted ones are not', async () => {
    const { warnings, result } = await run(
      () =>
        new SelfHosted('caracal', ({ app }) => {
          const stack = production(app, (text) => text);
          stack
            .findings()
            .filter(({ level }) => level === 'warning')
            .forEach(({ id }) => stack.acknowledge(id, { reason: 'a test' }));
          return stack;
        }),
    );
    expect(warnings.filter((text) => !text.includes('pulumi/'))).toEqual([]);
    expect(result.stack.findings().length).toBeGreaterThan(0);
  });

  const mutable = async (
    build: typeof production,
    settings: Record<string, string>,
    options: () => object = () => ({}),
  ): Promise<(string | undefined)[]> => {
    Object.entries(settings).forEach(([key, value]) => pulumi.runtime.setConfig(`kubernetes:${key}`, value));
    const { warnings } = await run(
      () => new SelfHosted('caracal', ({ app }) => build(app, (text) => text), options()),
      { tokens: ['pulumi:providers:kubernetes'] },
    );
    return warnings
      .filter((text) => text.includes('pulumi/replaced-configuration'))
      .map((text) => /pulumi config set kubernetes:(\w+) true/.exec(text)?.[1]);
  };

  it('tell that the provider replaces ConfigMaps and Secrets, where there are any, with the setting that stops it', async () => {
    expect(await mutable(production, {})).toEqual(['enableConfigMapMutable']);
    expect(await mutable(dev, {})).toEqual(['enableSecretMutable']);
  });

  it('not where a provider of the program is passed on, which may be set so', async () => {
    const options = (): object => ({ provider: new k8s.Provider('cluster', { kubeconfig: 'none' }) });
    expect(await mutable(dev, {}, options)).toEqual([]);
  });

  it('not where the setting is there', async () => {
    expect(await mutable(production, { enableConfigMapMutable: 'true' })).toEqual([]);
    expect(await mutable(dev, { enableSecretMutable: 'true' })).toEqual([]);
  });
});
