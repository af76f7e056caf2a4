import type { CaracalStack } from '../../src/caracal';
import { SelfHosted } from '../../src/pulumi';
import { Database, DATABASE_TOKEN } from './database';
import { dev, production } from './platforms';
import { attempt, type Outcome, type Registration, run, type RunOptions } from './program';

jest.setTimeout(60_000);

const PREVIEW: RunOptions = { preview: true, tokens: [DATABASE_TOKEN] };

/** A platform of which every value comes from a resource that does not exist yet. */
function unknownPlatform(build: typeof production): SelfHosted<CaracalStack> {
  const { address } = new Database('database');
  return new SelfHosted('caracal', ({ app, value }) => build(app, () => value(address)));
}

/** Texts of a tree, keys too. */
function texts(tree: unknown): string[] {
  if (typeof tree === 'string') {
    return [tree];
  }
  return typeof tree === 'object' && tree !== null
    ? Object.entries(tree).flatMap(([key, value]) => [key, ...texts(value)])
    : [];
}

function registrationOf({ registrations }: Outcome<unknown>, kind: string, name: string): Registration | undefined {
  return registrations.find(({ inputs, name: of }) => inputs.kind === kind && of.endsWith(`/${name}`));
}

describe.each([
  ['production', production],
  ['dev', dev],
] as const)('a preview of %s in which no value is known', (_profile, build) => {
  let outcome: Outcome<SelfHosted<CaracalStack>>;
  beforeAll(async () => {
    outcome = await run(() => unknownPlatform(build), PREVIEW);
  });

  it('shows every resource: as many as cdk8s would write', () => {
    const objects = outcome.result?.stack.stackObjects() ?? [];
    expect(outcome.registrations.filter(({ name }) => name.startsWith('caracal:'))).toHaveLength(objects.length);
  });

  it('holds no stand-in anywhere: what is unknown is marked as unknown', () => {
    const all = outcome.registrations.flatMap(({ inputs }) => texts(inputs));
    expect(all.filter((text) => /__cdk8s_selfhosted_value_|Calling \[|\[object |undefined/.test(text))).toEqual([]);
  });

  it('has unknown fields only where a value stands: names, images, labels, ports and policies are shown', () => {
    const unknown = outcome.registrations.flatMap(({ unknowns }) => unknowns);
    const places = [...new Set(unknown.map((path) => path.replaceAll(/\.\d+(?=\.|$)/g, '[]')))];
    expect(places.length).toBeGreaterThan(2);
    expect(places.filter((place) => !PLACES_OF_VALUES.some((allowed) => allowed.test(place)))).toEqual([]);
  });
});

/** Where the library puts values: variables, hosts of Ingresses, contents of Secrets, and the revision of these. */
const PLACES_OF_VALUES = [
  /^spec\.template\.spec\.(?:initContainers|containers)\[\]\.env\[\]\.value$/,
  /^spec\.(?:rules|tls)\[\]\.hosts?(?:\[\])?$/,
  /^spec\.target\.template\.data\./,
  /^data(?:\.|$)/,
  /^spec\.template\.metadata\.annotations\.cdk8s-selfhosted\/secrets-revision$/,
];

/** A platform of which the address of the database comes from a resource that does not exist yet. */
function partly(console: string): () => SelfHosted<CaracalStack> {
  return () => {
    const { address } = new Database('database');
    const others = (text: string): string => (text === 'https://console.example.com' ? console : text);
    return new SelfHosted('caracal', ({ app, value }) =>
      production(app, (text) => value(text === 'pg.example.internal' ? address : others(text))),
    );
  };
}

describe('a preview in which some values are known', () => {
  it('shows known values, also beside unknown ones', async () => {
    const outcome = await run(partly('https://console.example.org'), PREVIEW);
    const web = registrationOf(outcome, 'Ingress', 'caracal-web');
    expect(JSON.stringify(web?.inputs.spec)).toContain('console.example.org');
    expect(web?.unknowns).toEqual([]);
    expect(registrationOf(outcome, 'ExternalSecret', 'caracal-runtime')?.unknowns).not.toEqual([]);
  });

  it('tells what is wrong with a known value already, and lets the checks of unknown ones wait', async () => {
    const { errors } = await attempt(partly('http://console.example.org'), PREVIEW);
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toContain('[origins.console] caracal/invalid-origin');
    expect(String(errors[0])).not.toContain('Postgres.external.host');
  });

  it.each([
    ['in a preview the check waits', true, []],
    ['in an update it runs', false, ['[Postgres.external.host] data/invalid-host']],
  ])('a computed value that fails its check: %s', async (_title, preview, problems) => {
    const { errors } = await attempt(partly('https://console.example.org'), {
      ...PREVIEW,
      preview,
      computed: { address: 'not a host' },
    });
    expect(errors.map((error) => problems.filter((problem) => String(error).includes(problem)))).toEqual(
      problems.map((problem) => [problem]),
    );
  });
});

it('a preview does not know what a provider computes, and the update does, or the tests above would prove nothing', async () => {
  const unknowns = async (preview: boolean): Promise<number> => {
    const { registrations } = await run(partly('https://console.example.org'), {
      ...PREVIEW,
      preview,
      computed: { address: 'pg.example.internal' },
    });
    return registrations.flatMap((each) => each.unknowns).length;
  };
  expect(await unknowns(true)).toBeGreaterThan(5);
  expect(await unknowns(false)).toBe(0);
});
