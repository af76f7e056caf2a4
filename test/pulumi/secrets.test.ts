import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import { SelfHosted } from '../../src/pulumi';
import { dev, production } from './platforms';
import { attempt, type Outcome, run } from './program';

jest.setTimeout(60_000);

type Build = typeof production;

/** A platform of which one value, told by its text, is a secret. */
function withSecret(build: Build, secret: string, becomes = secret): () => SelfHosted {
  return () =>
    new SelfHosted('caracal', ({ app, value }) =>
      build(app, (text) => value(text === secret ? pulumi.secret(becomes) : pulumi.output(text))),
    );
}

/** What is marked secret, `Kind/name field`, without what is secret by its kind. */
function marked({ registrations }: Outcome<unknown>): string[] {
  return registrations
    .flatMap(({ inputs, secrets }) =>
      secrets.map((path) => `${inputs.kind}/${(inputs.metadata as { name: string }).name} ${path}`),
    )
    .map((each) => each.replace(/-[0-9a-f]{8} /, ' ').replaceAll(/\.\d+(?=\.|$)/g, '[]'))
    .sort();
}

/** Fields, marked or not, in which a text stands. */
function fieldsWith({ registrations }: Outcome<unknown>, text: string): number {
  const count = (value: unknown): number =>
    typeof value === 'string'
      ? Number(value.includes(text))
      : typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum: number, each) => sum + count(each), 0)
        : 0;
  return registrations.reduce((sum, { inputs }) => sum + count(inputs), 0);
}

describe('a secret Output stays secret in the state', () => {
  it('as a variable of one component: there, and nowhere else', async () => {
    const outcome = await run(withSecret(production, 'two'));
    expect(marked(outcome)).toEqual(['StatefulSet/caracal-sts spec.template.spec.containers[].env[].value']);
  });

  it('as a variable of every pod: in each container that gets it', async () => {
    const outcome = await run(withSecret(production, 'http://proxy.example.internal:3128'));
    expect(marked(outcome).length).toBeGreaterThan(8);
    expect(marked(outcome)).toHaveLength(fieldsWith(outcome, 'proxy.example.internal'));
    expect(marked(outcome).filter((each) => !each.endsWith('env[].value'))).toEqual([]);
  });

  it('as an origin: in variables and in the Ingress, each field that carries it', async () => {
    const outcome = await run(withSecret(production, 'https://sts.example.com'));
    expect(marked(outcome)).toHaveLength(fieldsWith(outcome, 'sts.example.com'));
    expect(marked(outcome)).toContain('Ingress/caracal-sts spec.rules[].host');
    expect(marked(outcome).filter((each) => each.startsWith('Ingress/caracal-web'))).toEqual([]);
  });

  it('inside of a DSN: in the template of the external secret, and where pods wait for the host', async () => {
    const outcome = await run(withSecret(production, 'pg.example.internal'));
    expect(marked(outcome)).toHaveLength(fieldsWith(outcome, 'pg.example.internal'));
    expect(marked(outcome)).toContain('ExternalSecret/caracal-runtime spec.target.template.data.stsDatabaseUrl');
  });

  it('inside of what the library encodes and hashes: the Secret of dev, and the revision that follows it', async () => {
    const outcome = await run(withSecret(dev, 'pg.example.internal'));
    const kinds = new Set(marked(outcome).map((each) => each.replace(/\/\S+/, '')));
    expect(kinds).toContain('Secret data');
    expect(kinds).toContain('Deployment spec.template.metadata.annotations.cdk8s-selfhosted/secrets-revision');
  });
});

describe('what is not secret is not marked', () => {
  it('nothing of a production platform whose values are no secrets', async () => {
    expect(marked(await run(withSecret(production, 'none of the texts')))).toEqual([]);
  });

  it('of dev the data of the Secret alone, which the provider always keeps secret', async () => {
    expect(marked(await run(withSecret(dev, 'none of the texts')))).toEqual(['Secret/caracal-runtime data']);
  });

  it('of a Secret of your own both forms of its contents', async () => {
    const own = await run(
      () =>
        new SelfHosted('caracal', ({ app, value }) => {
          const stack = dev(app, (text) => text);
          new ApiObject(stack, 'own', {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: { name: 'own' },
            stringData: { token: `${value('plain')}` },
          });
          return stack;
        }),
    );
    expect(marked(own)).toEqual(['Secret/caracal-runtime data', 'Secret/own stringData']);
  });
});

describe('a finding about a secret value never shows it', () => {
  it.each([
    ['an origin', 'https://sts.example.com', 'http://hunter2.example.com', 'caracal/invalid-origin'],
    ['an origin in upper case', 'https://sts.example.com', 'https://HUNTER2.example.com', 'caracal/invalid-origin'],
    ['an origin that is an address', 'https://sts.example.com', 'https://1.2.3.4:8443/hunter2', 'caracal/'],
    ['a host', 'pg.example.internal', 'hunter2 is no host', 'data/invalid-host'],
    ['a variable', 'two', 'hunter2\u0000', 'workload/invalid-env'],
    ['a bucket', 'evidence-2026', 'HUNTER2_', 'caracal/'],
  ])('%s', async (_title, text, secret, id) => {
    const { errors } = await attempt(withSecret(production, text, secret));
    expect(errors).toHaveLength(1);
    const [{ message, stack }] = errors as [Error];
    expect(message).toContain(id);
    expect(message).toContain('Given: a secret value.');
    expect(message).not.toMatch(/Fix: [.]|undefined/);
    expect(`${message} ${stack} ${JSON.stringify(errors)}`).not.toMatch(/hunter2/i);
  });

  it('and one about a value that is none does, or the tests above would prove nothing', async () => {
    const { errors } = await attempt(
      () =>
        new SelfHosted('caracal', ({ app, value }) =>
          production(app, (text) => value(text === 'two' ? 'hunter2\u0000' : text)),
        ),
    );
    expect(String(errors[0])).toContain('hunter2');
  });
});
