import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import { ConfigurationError } from '../../src';
import { SelfHosted } from '../../src/pulumi';
import { testStack } from '../support/ledger';
import { production } from './platforms';
import { attempt, type Outcome } from './program';
import { COMPONENT_TOKEN } from './tokens';

jest.setTimeout(60_000);

type Change = Readonly<Record<string, pulumi.Input<unknown>>>;

/** A platform of which some values, told by their texts, become something else at the deployment. */
async function deploy(change: Change): Promise<Outcome<SelfHosted>> {
  return attempt(
    () =>
      new SelfHosted('caracal', ({ app, value }) =>
        production(app, (text) => value((Object.hasOwn(change, text) ? change[text] : text) as pulumi.Input<string>)),
      ),
  );
}

/** The only error of a deployment; every resource that it blocks has the same, so that the engine prints it once. */
function onlyError({ errors }: Outcome<unknown>): ConfigurationError {
  expect(errors).toHaveLength(1);
  expect(errors[0]).toBeInstanceOf(ConfigurationError);
  expect(errors[0]).toMatchObject({ __pulumiRunError: true });
  return errors[0] as ConfigurationError;
}

/** An Output that fails when the deployment gets to it; made at its place, so that nothing else waits for it. */
const rejectedOutput = (): pulumi.Output<string> =>
  pulumi.output('a').apply((): string => {
    throw new Error('the database was not created');
  });

describe('values that fail their checks at the deployment', () => {
  it('are told with the path of their property, as at synthesis: what, given, allowed, fix', async () => {
    const { message } = onlyError(await deploy({ 'pg.example.internal': 'https://pg' }));
    expect(message).toBe(
      '1 problem in SelfHosted "caracal":\n' +
        '  [Postgres.external.host] data/invalid-host\n' +
        '    this is not a host.\n' +
        '    Given: "https://pg". Allowed: a DNS name or an address, without scheme, port or path.\n' +
        '    Fix: write host: "pg".',
    );
  });

  it('are told all at once, in one error, each once and in the order of their paths', async () => {
    const { findings } = onlyError(
      await deploy({
        'pg.example.internal': 'https://pg',
        'redis.example.internal': 'no host',
        'collector.example.internal': ':',
        'https://console.example.com': 'console',
        two: 'a\u0000b',
      }),
    );
    const paths = findings.map(({ path }) => path);
    expect(new Set(paths)).toEqual(
      new Set([
        'Postgres.external.host',
        'Redis.external.host',
        'Telemetry.otlp.host',
        'caracal.origins.console',
        'caracal/sts.env.TWO',
      ]),
    );
    expect([...paths].sort()).toEqual(paths);
    expect(new Set(findings.map((each) => JSON.stringify(each))).size).toBe(findings.length);
  });

  it('also where a check needs several: two origins of one host', async () => {
    const { findings } = onlyError(await deploy({ 'https://api.example.com': 'https://console.example.com' }));
    expect(findings.map(({ id }) => id)).toEqual(['caracal/duplicate-origin']);
  });

  it('block what depends on values, and on what these block; the rest is registered', async () => {
    const outcome = await deploy({ 'pg.example.internal': 'https://pg' });
    const kinds = new Set(outcome.registrations.map(({ inputs, type }) => inputs.kind ?? type));
    expect(kinds).toEqual(new Set([COMPONENT_TOKEN, 'ServiceAccount', 'NetworkPolicy']));
    expect(outcome.outputs).toEqual({});
  });

  it('block also resources that carry other values only: one deployment is right or wrong as a whole', async () => {
    const { registrations } = await deploy({ two: 'a\u0000b' });
    expect(registrations.filter(({ inputs }) => inputs.kind === 'ExternalSecret')).toEqual([]);
  });

  it('block nothing where they are right, or the tests above would prove nothing', async () => {
    const outcome = await deploy({ 'pg.example.internal': 'pg-2.example.internal' });
    expect(outcome.errors).toEqual([]);
    expect(outcome.registrations.length).toBeGreaterThan(50);
  });
});

describe('a rejected Output', () => {
  it.each([
    ['the only value that is wrong', {}, 1],
    ['beside a value that fails its check', { 'redis.example.internal': 'no host' }, 2],
  ])('%s: one error, with the path of the property', async (_title, others, count) => {
    const { findings } = onlyError(await deploy({ 'pg.example.internal': rejectedOutput(), ...others }));
    expect(findings).toHaveLength(count);
    expect(findings[0]).toEqual({
      id: 'pulumi/rejected-value',
      level: 'error',
      path: 'Postgres.external.host',
      message: 'the Output was rejected (Error); its message is left out, since it may hold a secret',
      fix: 'look at the promise or the apply that the value comes from',
    });
  });

  it('a rejected promise is the same', async () => {
    const { findings } = onlyError(
      await attempt(
        () =>
          new SelfHosted('caracal', ({ app, value }) =>
            production(app, (text) => value(text === 'two' ? Promise.reject(new Error('no answer')) : text)),
          ),
      ),
    );
    expect(findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'sts.env.TWO: the Output was rejected (Error); its message is left out, since it may hold a secret',
    ]);
  });

  it('when it is all that there is: the report does not wait for a value that is known', async () => {
    const outcome = await attempt(
      () =>
        new SelfHosted('ledger', ({ app, value }) => {
          const stack = testStack({}, app);
          const data = { a: value(rejectedOutput()) };
          new ApiObject(stack, 'own', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data });
          return stack;
        }),
    );
    expect(onlyError(outcome).findings).toEqual([
      expect.objectContaining({ id: 'pulumi/rejected-value', path: 'ledger/own data.a' }),
    ]);
  });
});

describe('an Output of something else than a string', () => {
  it.each<[string, unknown, string]>([
    ['number', 5432, '5432'],
    ['object', { host: 'pg' }, '{"host":"pg"}'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
  ])('%s: told with what it became, and how to make it a text', async (_title, given, shown) => {
    const { findings } = onlyError(await deploy({ 'pg.example.internal': pulumi.output(given) }));
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'core/wrong-type',
        path: 'Postgres.external.host',
        message: 'the Output became no string',
        given: shown,
        fix: expect.stringContaining('value(output.apply('),
      }),
    ]);
  });

  it('a secret one is not shown', async () => {
    const { message } = onlyError(await deploy({ 'pg.example.internal': pulumi.secret({ password: 'hunter2' }) }));
    expect(message).toContain('Given: a secret value.');
    expect(message).not.toContain('hunter2');
  });
});

it('the message stays as it is, however many resources the error blocks', async () => {
  const error = onlyError(await deploy({ 'pg.example.internal': 'https://pg' }));
  expect(error.message).not.toContain('error serializing');
  error.message = 'another';
  expect(error.message).toMatch(/^1 problem in SelfHosted/);
});
