import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import { Component, OneShotJob, type PlatformStack } from '../../src';
import { SelfHosted, type SelfHostedOptions } from '../../src/pulumi';
import { setPhase } from '../../src/workload/phase';
import { testComponentSpec, testJobContent, testStack, testStatefulSpec } from '../support/ledger';
import { type Outcome, type Registration, run, type RunOptions } from './program';
import { refusedProgram } from './refused';
import { COMPONENT_TOKEN } from './tokens';

jest.setTimeout(60_000);

type Profile = 'production' | 'rc' | 'dev';

/** A ledger with everything that options look at: a namespace, a database, a claim, a Job, slow and quick services. */
function ledger(app: Parameters<typeof testStack>[1], profile: Profile): PlatformStack {
  const stack = testStack({ profile, namespace: { name: 'books', create: true } }, app);
  setPhase(new Component(stack, 'store', testStatefulSpec({ component: 'store' })), 'data');
  new Component(stack, 'journal', testStatefulSpec({ component: 'journal' }));
  new Component(stack, 'server', testComponentSpec());
  new OneShotJob(stack, 'migrate', testJobContent({ deadlineSeconds: 1800 }));
  new OneShotJob(stack, 'check', testJobContent({ component: 'check', deadlineSeconds: 60 }));
  new ApiObject(stack, 'claim', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'archive' } });
  return stack;
}

const TOKENS = ['kubernetes:core/v1:PersistentVolumeClaim', 'pulumi:providers:kubernetes'];

async function deploy(
  profile: Profile = 'production',
  options: () => SelfHostedOptions = () => ({}),
  how: RunOptions & { readonly name?: string } = {},
): Promise<Outcome<SelfHosted>> {
  return run(() => new SelfHosted(how.name ?? 'ledger', ({ app }) => ledger(app, profile), options()), {
    tokens: TOKENS,
    ...how,
  });
}

function one({ registrations }: Outcome<unknown>, kind: string, name: RegExp): Registration {
  const found = registrations.filter((each) => each.inputs.kind === kind && name.test(each.name));
  expect(found).toHaveLength(1);
  return found[0] as Registration;
}

const objectsOf = ({ registrations }: Outcome<unknown>): Registration[] =>
  registrations.filter(({ name }) => name.startsWith('ledger:'));
const namesWhere = (outcome: Outcome<unknown>, select: (each: Registration) => boolean): string[] =>
  objectsOf(outcome)
    .filter(select)
    .map(({ inputs, name }) => `${String(inputs.kind)} ${name}`)
    .sort();

describe.each(['production', 'rc'] as const)('in %s, where people rely on the data', (profile) => {
  it('databases and claims are protected: no update and no destroy takes them away', async () => {
    expect(namesWhere(await deploy(profile), (each) => each.protect)).toEqual([
      'PersistentVolumeClaim ledger:books/archive',
      'StatefulSet ledger:books/ledger-store',
    ]);
  });

  it('they and the namespace are kept when the stack goes, since claims go with their namespace', async () => {
    expect(namesWhere(await deploy(profile), (each) => each.retainOnDelete)).toEqual([
      'Namespace ledger:books',
      'PersistentVolumeClaim ledger:books/archive',
      'StatefulSet ledger:books/ledger-store',
    ]);
  });
});

it('in dev nothing is protected and nothing is kept, so that it can be made again', async () => {
  expect(namesWhere(await deploy('dev'), (each) => each.protect || each.retainOnDelete)).toEqual([]);
});

describe('the engine waits as long as the object itself allows', () => {
  it('for a Job until its deadline, and a minute more to see it', async () => {
    const { timeouts } = one(await deploy(), 'Job', /ledger-migrate-/);
    expect(timeouts).toEqual({ create: '31m', update: '31m', delete: '' });
  });

  it('no less than it does by itself: a short Job needs no option', async () => {
    expect(one(await deploy(), 'Job', /ledger-check-/).timeouts).toEqual({ create: '', update: '', delete: '' });
  });

  it('for pods that start one after the other for the startup probe of each, and the pull', async () => {
    // Three pods of 30 probes every 5 seconds: 7.5 minutes, and 5 for the image.
    expect(one(await deploy(), 'StatefulSet', /ledger-journal$/).timeouts.create).toBe('13m');
    expect(one(await deploy(), 'Deployment', /ledger-server$/).timeouts.create).toBe('');
  });
});

it('ignores the field of a claim that its controller fills in, and no field of an object that nobody else writes', async () => {
  const outcome = await deploy();
  expect(one(outcome, 'PersistentVolumeClaim', /archive$/).ignoreChanges).toEqual(['spec.volumeName']);
  expect(namesWhere(outcome, ({ ignoreChanges }) => ignoreChanges.length > 0)).toHaveLength(1);
});

it('leaves the replicas of an autoscaled workload out: remembered ones would take them from the autoscaler', async () => {
  const { inputs } = one(await deploy(), 'Deployment', /ledger-server$/);
  expect(inputs.spec).not.toHaveProperty('replicas');
});

describe('options of the component', () => {
  it('provider: every object is made with it', async () => {
    const outcome = await deploy('dev', () => ({ provider: new k8s.Provider('cluster', { kubeconfig: 'none' }) }));
    const [provider] = outcome.registrations.filter(({ name }) => name === 'cluster');
    expect([...new Set(objectsOf(outcome).map((each) => each.provider))]).toEqual([`${provider?.urn}::cluster-id`]);
  });

  it('providers: the same, as an array', async () => {
    const outcome = await deploy('dev', () => ({ providers: [new k8s.Provider('cluster', { kubeconfig: 'none' })] }));
    expect(objectsOf(outcome).filter(({ provider }) => !provider.endsWith('::cluster-id'))).toEqual([]);
  });

  it('protect: every object is protected but the Jobs, which the next release takes away', async () => {
    const outcome = await deploy('dev', () => ({ protect: true }));
    const kinds = new Set(objectsOf(outcome).flatMap(({ protect, inputs }) => (protect ? [] : [inputs.kind])));
    expect([...kinds]).toEqual(['Job']);
    expect(objectsOf(outcome).filter(({ protect, inputs }) => protect && inputs.kind === 'Job')).toEqual([]);
  });

  it('protect: is not told to the component, since engines hand it down to Jobs that say otherwise', async () => {
    const { registrations } = await deploy('dev', () => ({ protect: true }));
    expect(registrations.find(({ type }) => type === COMPONENT_TOKEN)?.protect).toBe(false);
  });

  it('retainOnDelete: stands on the component, from which the engine hands it down', async () => {
    const { registrations } = await deploy('dev', () => ({ retainOnDelete: true }));
    expect(registrations.find(({ type }) => type === COMPONENT_TOKEN)?.retainOnDelete).toBe(true);
  });

  it('parent: the component stands below it, and the objects below the component', async () => {
    const outcome = await run(
      () => {
        const parent = new pulumi.ComponentResource('test:index:Platform', 'all');
        return new SelfHosted('ledger', ({ app }) => ledger(app, 'dev'), { parent });
      },
      { tokens: [...TOKENS, 'test:index:Platform'] },
    );
    const component = outcome.registrations.find(({ type }) => type === COMPONENT_TOKEN);
    expect(component?.parent).toBe('urn:pulumi:stack::project::test:index:Platform::all');
    expect([...new Set(objectsOf(outcome).map(({ parent }) => parent))]).toEqual([component?.urn]);
  });

  it.each([
    ['its own protection', () => new pulumi.ComponentResource('test:index:Platform', 'all', {}, { protect: true })],
    [
      'that of its parent',
      () => {
        const top = new pulumi.ComponentResource('test:index:Platform', 'top', {}, { protect: true });
        return new pulumi.ComponentResource('test:index:Platform', 'all', {}, { parent: top });
      },
    ],
  ])('parent with %s: a warning says that Jobs are protected by it, and what to do', async (_what, parentOf) => {
    const { warnings, registrations } = await run(
      () => new SelfHosted('ledger', ({ app }) => ledger(app, 'dev'), { parent: parentOf() }),
      { tokens: [...TOKENS, 'test:index:Platform'] },
    );
    // What the warning speaks of: nothing that this library says would keep a Job out of it.
    expect(registrations.filter(({ inputs, protect }) => inputs.kind === 'Job' && protect)).toHaveLength(2);
    expect(warnings.filter((text) => text.includes('pulumi/protected-parent'))).toEqual([
      expect.stringMatching(/\[SelfHosted "ledger"\.parent\] .*Jobs.*\{ parent, protect: true \}/),
    ]);
  });

  it('parent without protection: nothing is said, also where the component is protected', async () => {
    const { warnings } = await run(
      () => {
        const parent = new pulumi.ComponentResource('test:index:Platform', 'all');
        return new SelfHosted('ledger', ({ app }) => ledger(app, 'dev'), { parent, protect: true });
      },
      { tokens: [...TOKENS, 'test:index:Platform'] },
    );
    expect(warnings.filter((text) => text.includes('protected-parent'))).toEqual([]);
  });

  it('customTimeouts: hold for every object, in place of those that follow from it', async () => {
    const outcome = await deploy('production', () => ({ customTimeouts: { create: '3m', delete: '2m' } }));
    expect(objectsOf(outcome).filter(({ timeouts }) => timeouts.create !== '3m' || timeouts.delete !== '2m')).toEqual(
      [],
    );
  });

  it('transformations: see every object', async () => {
    const seen: string[] = [];
    const outcome = await deploy('dev', () => ({
      transformations: [
        ({ name, props, opts }) => {
          seen.push(name);
          return { props, opts: { ...opts, retainOnDelete: true } };
        },
      ],
    }));
    expect(seen.sort()).toEqual(outcome.registrations.map(({ name }) => name).sort());
    expect(objectsOf(outcome).filter(({ retainOnDelete }) => !retainOnDelete)).toEqual([]);
  });

  it('transforms: reach the engine, which applies them to the component and all below it', async () => {
    const { registrations } = await deploy('dev', () => ({ transforms: [() => undefined] }), { transforms: true });
    expect(registrations.filter(({ transforms }) => transforms > 0).map(({ name }) => name)).toEqual(['ledger']);
  });

  it.each(['ignoreChanges', 'replaceOnChanges', 'hideDiffs', 'version', 'pluginDownloadURL'])(
    '%s: does nothing on a component, and a warning says what to do',
    async (name) => {
      const value = name === 'version' || name === 'pluginDownloadURL' ? '4.34.2' : ['spec'];
      const { warnings } = await deploy('dev', () => ({ [name]: value }));
      expect(warnings.filter((text) => text.includes('pulumi/option-without-effect'))).toEqual([
        expect.stringMatching(new RegExp(`\\[SelfHosted "ledger"\\.${name}\\] .*transforms: .*${name}: \\.\\.\\.`)),
      ]);
    },
  );

  it.each(['id', 'urn', 'import'])('%s: is refused, since it names one resource', async (name) => {
    const program = (): SelfHosted => new SelfHosted('ledger', ({ app }) => ledger(app, 'dev'), { [name]: 'books' });
    expect(await refusedProgram(program)).toEqual([
      expect.objectContaining({ id: 'pulumi/option-not-allowed', path: `SelfHosted "ledger".${name}` }),
    ]);
  });

  it('without these options no warning speaks of one', async () => {
    const { warnings } = await deploy('dev', () => ({ protect: true, dependsOn: [] }));
    expect(warnings.filter((text) => text.includes('pulumi/option'))).toEqual([]);
  });

  it('none of them: objects have none of these options', async () => {
    const outcome = await deploy('dev');
    expect(objectsOf(outcome).filter((each) => each.provider !== '' || each.protect || each.retainOnDelete)).toEqual(
      [],
    );
  });
});

it('a Job is deleted before it is replaced: the new one has the same name', async () => {
  const outcome = await deploy();
  expect(namesWhere(outcome, (each) => each.deleteBeforeReplace).map((name) => name.split(' ')[0])).toEqual([
    'Job',
    'Job',
  ]);
});

describe('aliases', () => {
  const aliases: SelfHostedOptions['aliases'] = [{ name: 'old' }];

  it('a renamed component keeps its objects: each has the URN that it had under the former name', async () => {
    const before = await deploy('dev', undefined, { name: 'old' });
    const after = await deploy('dev', () => ({ aliases }), { aliasSpecs: false });
    const former = before.registrations.filter(({ name }) => name !== 'old').map(({ urn }) => urn);
    const lost = objectsOf(after).filter((each) => !each.aliases.some((alias) => former.includes(alias)));
    expect(lost.map(({ name }) => name)).toEqual([]);
    expect(objectsOf(after)).toHaveLength(former.length);
  });

  it('an engine that computes them itself is told that of the component, and names begin with the component', async () => {
    const { registrations } = await deploy('dev', () => ({ aliases }));
    expect(registrations.find(({ type }) => type === COMPONENT_TOKEN)?.aliases).toEqual(['old']);
    expect(registrations.filter(({ name }) => !name.startsWith('ledger'))).toEqual([]);
  });
});

describe('adopt', () => {
  it('imports each chosen object by its name in the cluster', async () => {
    const outcome = await deploy('dev', () => ({ adopt: () => true }));
    const wrong = objectsOf(outcome).filter(({ name, importId }) => name !== `ledger:${importId}`);
    expect(wrong).toEqual([]);
    expect(one(outcome, 'Namespace', /books$/).importId).toBe('books');
    expect(one(outcome, 'Service', /ledger-server$/).importId).toBe('books/ledger-server');
  });

  it('leaves the others alone: the namespace that an earlier destroy left behind', async () => {
    const outcome = await deploy('dev', () => ({ adopt: ({ kind }) => kind === 'Namespace' }));
    expect(namesWhere(outcome, ({ importId }) => importId !== '')).toEqual(['Namespace ledger:books']);
  });

  it('without it nothing is imported', async () => {
    expect(namesWhere(await deploy('dev'), ({ importId }) => importId !== '')).toEqual([]);
  });
});
