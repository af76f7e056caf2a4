import * as pulumi from '@pulumi/pulumi';
import { ConfigurationError, Peer, Postgres, Redis } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { type BuildContext, SelfHosted } from '../../src/pulumi';
import { publishedProps } from '../caracal/fixture';
import { attempt, type Outcome } from './program';
import { refusedProgram } from './refused';

jest.setTimeout(60_000);

const peer = Peer.cidr('10.20.0.0/24');

type Ports = (value: BuildContext['value']) => Pick<Parameters<typeof build>[1], 'postgres' | 'redis'>;

function build(app: BuildContext['app'], servers: { postgres?: Postgres<'external'>; redis?: Redis<'external'> }) {
  return new CaracalStack(app, 'caracal', publishedProps(servers as never));
}

const deploy = (servers: Ports): (() => SelfHosted) => {
  return () => new SelfHosted('caracal', ({ app, value }) => build(app, servers(value)));
};

const postgres = { host: 'pg.example.internal', peer, maxConnections: 1300 } as const;
const redis = { host: 'redis.example.internal', peer } as const;

/** A program with an Output for each port, and the same with plain numbers. */
const both = (pg: pulumi.Input<number>, cache: pulumi.Input<number>): (() => SelfHosted) =>
  deploy((value) => ({
    postgres: Postgres.external({ ...postgres, port: value(pg), policyPort: 6432 }),
    redis: Redis.external({ ...redis, port: value(cache), policyPort: 6380 }),
  }));
const plain = deploy(() => ({
  postgres: Postgres.external({ ...postgres, port: 6432 }),
  redis: Redis.external({ ...redis, port: 6380 }),
}));

/** Every object but the Jobs, whose names count a value by its property. */
const objects = ({ registrations }: Outcome<unknown>): unknown[] =>
  registrations.filter(({ inputs }) => inputs.kind !== 'Job').map(({ name, inputs }) => [name, inputs]);

it('the port of a cloud database is an Output of a number: the objects are those of the plain number', async () => {
  const outcome = await attempt(both(pulumi.output(6432), pulumi.output(6380)));
  expect(outcome.errors).toEqual([]);
  expect(objects(outcome)).toEqual(objects(await attempt(plain)));
  expect(JSON.stringify(outcome.registrations.find(({ inputs }) => inputs.kind === 'Job')?.inputs)).toContain(
    '{"name":"PGPORT","value":"6432"}',
  );
});

it('a text of digits does as well, as some outputs are', async () => {
  const outcome = await attempt(
    deploy((value) => ({ postgres: Postgres.external({ ...postgres, port: value('6432'), policyPort: 6432 }) })),
  );
  expect(outcome.errors).toEqual([]);
});

it('a preview, which does not know it, passes', async () => {
  const unknown = (): pulumi.Output<number> =>
    new pulumi.ComponentResource('test:index:Db', 'db').urn.apply(() => 6432);
  const outcome = await attempt(() => both(unknown(), 6380)(), { preview: true, tokens: ['test:index:Db'] });
  expect(outcome.errors).toEqual([]);
});

it('without the number for the policies it is refused, with the line to type, before anything is registered', async () => {
  const findings = await refusedProgram(
    deploy((value) => ({ postgres: Postgres.external({ ...postgres, port: value(6432) } as never) })),
  );
  expect(findings).toEqual([
    expect.objectContaining({
      id: 'core/value-not-allowed',
      path: 'Postgres.external.port',
      fix: 'give the number beside it: policyPort: 5432',
    }),
  ]);
});

it.each<[number | string, string]>([
  [5432, 'data/port-mismatch'],
  [70000, 'data/invalid-port'],
  [0, 'data/invalid-port'],
  ['6432/tcp', 'data/invalid-port'],
])('a port that turns out to be %p is told at the deployment: pods could not reach the server', async (port, id) => {
  const { errors } = await attempt(both(port as number, 6380));
  expect(errors).toEqual([expect.any(ConfigurationError)]);
  expect((errors[0] as ConfigurationError).findings.map((finding) => [finding.id, finding.path])).toEqual([
    [id, 'Postgres.external.port'],
  ]);
});

it('a number in the place of a text is still refused', async () => {
  const { errors } = await attempt(
    deploy((value) => ({ redis: Redis.external({ ...redis, host: value(6380) as never }) })),
  );
  expect((errors[0] as ConfigurationError).findings).toEqual([
    expect.objectContaining({ id: 'core/wrong-type', path: 'Redis.external.host' }),
  ]);
});
