import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import type { PlatformStack } from '../../src';
import { SelfHosted } from '../../src/pulumi';
import { testStack } from '../support/ledger';
import { EXAMPLE_NAMES, loadExample, PULUMI_EXAMPLE_NAMES } from './examples';
import { attempt, type Registration, run } from './program';
import { BUILT_IN_TOKENS, COMPONENT_TOKEN, CUSTOM_TOKENS } from './tokens';

jest.setTimeout(60_000);

const PINNED = JSON.parse(readFileSync(join(__dirname, 'urns.json'), 'utf8')) as Record<string, string[]>;
const PREFIX = `urn:pulumi:stack::project::${COMPONENT_TOKEN}`;

const byExample = new Map<string, readonly Registration[]>();
beforeAll(async () => {
  for (const name of EXAMPLE_NAMES) {
    const build = await loadExample(name);
    const { registrations } = await run(
      () => new SelfHosted('caracal', ({ app, value }) => build(app, (text) => value(pulumi.output(text)))),
    );
    byExample.set(name, registrations);
  }
});

const registrationsOf = (name: string): readonly Registration[] => byExample.get(name) ?? [];
const resourcesOf = (name: string): readonly Registration[] => registrationsOf(name).filter(({ custom }) => custom);
const kindOf = ({ inputs: { apiVersion, kind } }: Registration): string => `${apiVersion} ${kind}`;

describe.each(EXAMPLE_NAMES)('what %s registers', (example) => {
  it('is one component, and below it every resource, flat: no URN holds a construct', () => {
    const [component, ...others] = registrationsOf(example).filter(({ custom }) => !custom);
    expect(others).toEqual([]);
    expect(component).toMatchObject({ type: COMPONENT_TOKEN, name: 'caracal', urn: `${PREFIX}::caracal`, parent: '' });
    const parents = new Set(resourcesOf(example).map(({ parent }) => parent));
    expect([...parents]).toEqual([component?.urn]);
  });

  it('is named by namespace and object, so that URNs follow what is in the cluster', () => {
    for (const { name, urn, type, inputs } of resourcesOf(example)) {
      const { namespace, name: object } = inputs.metadata as { namespace?: string; name: string };
      expect(name).toBe(namespace === undefined ? `caracal:${object}` : `caracal:${namespace}/${object}`);
      expect(urn).toBe(`${PREFIX}$${type}::${name}`);
    }
  });

  it('has every URN once', () => {
    const urns = registrationsOf(example).map(({ urn }) => urn);
    expect(new Set(urns).size).toBe(urns.length);
  });

  it('has the token that other Pulumi programs use for a kind', () => {
    const tokens = { ...BUILT_IN_TOKENS, ...CUSTOM_TOKENS };
    expect(resourcesOf(example).map(({ type }) => type)).toEqual(
      resourcesOf(example).map((each) => tokens[kindOf(each)]),
    );
  });
});

it('the tables of kinds have a row for each kind that an example emits, and for no other', () => {
  const emitted = new Set(EXAMPLE_NAMES.flatMap((name) => resourcesOf(name).map(kindOf)));
  expect([...emitted].sort()).toEqual(Object.keys({ ...BUILT_IN_TOKENS, ...CUSTOM_TOKENS }).sort());
});

describe('URNs of the Pulumi examples', () => {
  // Job names end in a hash of their content, which changes with every release.
  const pinOf = ({ type, name }: Registration): string => `${type} ${name.replace(/-[0-9a-f]{8}$/, '-<hash>')}`;

  it.each(PULUMI_EXAMPLE_NAMES)(
    'of %s are pinned in urns.json: another one deletes and makes anew what users run, so it needs an alias and a note in CHANGELOG.md',
    (name) => {
      expect(registrationsOf(name).map(pinOf).sort()).toEqual(PINNED[name]);
    },
  );

  it('are pinned for every Pulumi example, and for no other', () => {
    expect(Object.keys(PINNED)).toEqual(PULUMI_EXAMPLE_NAMES);
  });
});

/** A stack with one object of a kind. */
function withObject(apiVersion: string, kind: string): () => SelfHosted {
  return () =>
    new SelfHosted('ledger', ({ app }): PlatformStack => {
      const stack = testStack({}, app);
      return (new ApiObject(stack, 'own', { apiVersion, kind, metadata: { name: 'own' } }), stack);
    });
}

describe('kinds that the library does not emit', () => {
  it.each([
    ['v1', 'LimitRange', 'kubernetes:core/v1:LimitRange'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'kubernetes:rbac.authorization.k8s.io/v1:Role'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'kubernetes:gateway.networking.k8s.io/v1:HTTPRoute'],
    ['cert-manager.io/v1', 'Certificate', 'kubernetes:cert-manager.io/v1:Certificate'],
    ['apps.example.com/v1', 'Deployment', 'kubernetes:apps.example.com/v1:Deployment'],
    ['apps/v9', 'Deployment', 'kubernetes:apps/v9:Deployment'],
  ])('%s %s is %s: built in where the provider knows it, a custom resource otherwise', async (version, kind, token) => {
    const { registrations } = await run(withObject(version, kind), { tokens: [token] });
    expect(registrations.find(({ name }) => name === 'ledger:books/own')).toMatchObject({
      type: token,
      inputs: { apiVersion: version, kind },
    });
  });

  it('a token that no test names fails the program: nothing is registered unseen', async () => {
    const { errors } = await attempt(withObject('v1', 'LimitRange'));
    expect(errors.map(String).join()).toContain('no resource of the type kubernetes:core/v1:LimitRange is expected');
  });
});
