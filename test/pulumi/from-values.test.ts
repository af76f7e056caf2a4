import * as pulumi from '@pulumi/pulumi';
import { SecretSource } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { SelfHosted } from '../../src/pulumi';
import { publishedProps } from '../caracal/fixture';
import { refusal } from '../support/findings';
import { attempt, type Outcome } from './program';
import { refusedProgram } from './refused';

jest.setTimeout(60_000);

/** Stored keys of the platform of the fixture, each with something of its form. */
const HEX = (seed: string): string =>
  `${seed}4f9a1c7e2b8d3056e1f7a9c2d4b6083f5e7a1c9d2b4f6083a5c7e9d1b3f5a7`.slice(0, 64);
const VALUES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['postgresPassword', 'apiDbPassword', 'stsDbPassword', 'gatewayDbPassword', 'auditDbPassword'].map((key) => [
      key,
      'generated-password_of.roles1',
    ]),
  ),
  coordinatorDbPassword: 'generated-password_of.roles1',
  authDbPassword: 'generated-password_of.roles1',
  redisPassword: 'generated-password_of.redis1',
  ...Object.fromEntries(
    [
      ...['secretStoreKek', 'auditHmacKey', 'streamsHmacKey', 'gatewayStsHmacKey', 'idempotencyHmacKey'],
      ...['caracalAdminToken', 'caracalCoordinatorToken', 'caracalAuthSecret', 'metricsBearer'],
    ].map((key, index) => [key, HEX(`a${index}`)]),
  ),
  githubClientId: 'client-id-of-github',
  githubClientSecret: 'client-secret-of-github',
};

const deploy = (texts: Readonly<Record<string, string>>): (() => SelfHosted) => {
  return () =>
    new SelfHosted('caracal', ({ app, value }) => {
      const values = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, value(pulumi.secret(text))]));
      return new CaracalStack(app, 'caracal', publishedProps({ secrets: SecretSource.fromValues(values) }));
    });
};

const decode = (text: unknown): string => Buffer.from(String(text), 'base64').toString('utf8');

function secretOf({ registrations }: Outcome<unknown>): Record<string, string> {
  const secret = registrations.find(({ type }) => type === 'kubernetes:core/v1:Secret');
  return (secret?.inputs as { data: Record<string, string> }).data;
}

describe('generated passwords in production', () => {
  it('arrive in the Secret as they are, and inside of connection URLs', async () => {
    const outcome = await attempt(deploy(VALUES));
    expect(outcome.errors).toEqual([]);
    const data = secretOf(outcome);
    expect(Object.fromEntries(Object.keys(VALUES).map((key) => [key, decode(data[key])]))).toEqual(VALUES);
    expect(decode(data.redisUrl)).toContain(':generated-password_of.redis1@');
  });

  it('a newline at the end is no part of them, in the Secret as in the URLs: one must not take six services down', async () => {
    const outcome = await attempt(deploy({ ...VALUES, redisPassword: `${String(VALUES.redisPassword)}\n` }));
    expect(outcome.errors).toEqual([]);
    const data = secretOf(outcome);
    expect(data).toEqual(secretOf(await attempt(deploy(VALUES))));
    expect(decode(data.redisPassword)).toBe(VALUES.redisPassword);
  });

  it('stand nowhere else, in no form: pods follow a hash of them', async () => {
    const { registrations } = await attempt(deploy(VALUES));
    const others = JSON.stringify(registrations.filter(({ type }) => type !== 'kubernetes:core/v1:Secret'));
    expect(Object.values(VALUES).filter((text) => others.includes(text))).toEqual([]);
    const changed = await attempt(deploy({ ...VALUES, apiDbPassword: 'another-password_of.roles1' }));
    const revisions = [registrations, changed.registrations].map(
      (each) => /secrets-revision":"([0-9a-f]{12})"/.exec(JSON.stringify(each))?.[1],
    );
    expect(new Set(revisions.filter((revision) => revision !== undefined)).size).toBe(2);
  });

  it('one of the wrong form is told when it is known, without the value, and no Secret is made', async () => {
    const outcome = await attempt(deploy({ ...VALUES, secretStoreKek: 'far too short' }));
    expect(outcome.errors.map((error) => (error as Error).message)).toEqual([
      expect.stringMatching(/secretStoreKek\] secrets\/invalid-value\n/),
    ]);
    expect(String(outcome.errors[0])).not.toContain('far too short');
    expect(outcome.registrations.filter(({ type }) => type === 'kubernetes:core/v1:Secret')).toEqual([]);
  });

  it('a missing and a misspelt key are told before anything is registered', async () => {
    const { metricsBearer, ...rest } = VALUES;
    const findings = await refusedProgram(deploy({ ...rest, metricsBearr: String(metricsBearer) }));
    expect(findings.map(({ id, path }) => [id, path])).toEqual([
      ['secrets/missing-value', 'caracal.secrets.metricsBearer'],
      ['secrets/unknown-key', 'caracal.secrets.metricsBearr'],
    ]);
  });

  it('a plain text is refused: it would stand in the manifest', () => {
    const text = { apiDbPassword: 'plain' } as never;
    expect(refusal(() => SecretSource.fromValues(text))).toEqual([
      expect.objectContaining({ id: 'secrets/known-value', path: 'SecretSource.fromValues.apiDbPassword' }),
    ]);
  });
});
