import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { type RequestedSecret, SecretSource } from '../../src';
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

  it('a missing key names its form: whoever generates it need not look it up', async () => {
    const { apiDbPassword: _apiDbPassword, secretStoreKek: _secretStoreKek, ...rest } = VALUES;
    const findings = await refusedProgram(deploy(rest));
    expect(findings.map(({ path, allowed }) => [path, allowed])).toEqual([
      ['caracal.secrets.apiDbPassword', expect.stringContaining('48 digits')],
      ['caracal.secrets.secretStoreKek', expect.stringContaining('exactly 32 bytes (64 digits)')],
    ]);
  });

  it('a plain text is refused: it would stand in the manifest', () => {
    const text = { apiDbPassword: 'plain' } as never;
    expect(refusal(() => SecretSource.fromValues(text))).toEqual([
      expect.objectContaining({ id: 'secrets/known-value', path: 'SecretSource.fromValues.apiDbPassword' }),
    ]);
  });
});

describe('a function that gives each value', () => {
  /** Hexadecimal digits, as a resource of a program generates them. */
  const generated = (key: string, digits: number): pulumi.Output<string> =>
    pulumi.secret(createHash('sha256').update(key).digest('hex').slice(0, digits));

  const deployWith = (give: (secret: RequestedSecret) => pulumi.Input<string> | undefined): (() => SelfHosted) => {
    return () =>
      new SelfHosted('caracal', ({ app, value }) => {
        const secrets = SecretSource.fromValues((secret) => {
          const given = give(secret);
          return given === undefined ? undefined : value(given);
        });
        return new CaracalStack(app, 'caracal', publishedProps({ secrets }));
      });
  };

  it('needs no list of keys: every key that the stack stores has a value of its form', async () => {
    const outcome = await attempt(
      deployWith(({ key, length, issuedElsewhere }) =>
        issuedElsewhere ? `issued-${key}` : generated(key, length ?? 0),
      ),
    );
    expect(outcome.errors).toEqual([]);
    const data = secretOf(outcome);
    expect(Object.keys(data)).toEqual(expect.arrayContaining(Object.keys(VALUES)));
    expect(decode(data.secretStoreKek)).toMatch(/^[0-9a-f]{64}$/);
    expect(decode(data.apiDbPassword)).toMatch(/^[0-9a-f]{48}$/);
    expect(decode(data.githubClientId)).toBe('issued-githubClientId');
  });

  it('is asked once for each key, with what it must know, and for no key that is composed', async () => {
    const asked: RequestedSecret[] = [];
    await attempt(
      deployWith((secret) => {
        asked.push(secret);
        return generated(secret.key, 64);
      }),
    );
    expect(asked.map(({ key }) => key).sort()).toEqual(Object.keys(VALUES).sort());
    expect(asked.find(({ key }) => key === 'auditHmacKey')).toEqual({
      key: 'auditHmacKey',
      description: expect.any(String),
      format: 'hmac-key',
      form: 'hexadecimal, at least 32 bytes (64 digits)',
      length: 64,
      issuedElsewhere: false,
    });
  });

  it('gives the same names and objects as an object with the same values', async () => {
    const names = async (program: () => SelfHosted): Promise<string[]> =>
      (await attempt(program)).registrations.map(({ name, inputs }) => `${name} ${JSON.stringify(inputs)}`);
    expect(await names(deployWith(({ key }) => pulumi.secret(VALUES[key] ?? '')))).toEqual(await names(deploy(VALUES)));
  });

  it('without a value for a key: that key is told, with its form, before anything is registered', async () => {
    const findings = await refusedProgram(
      deployWith(({ key, length }) => (key === 'metricsBearer' ? undefined : generated(key, length ?? 20))),
    );
    expect(findings).toEqual([
      expect.objectContaining({ id: 'secrets/missing-value', path: 'caracal.secrets.metricsBearer' }),
    ]);
    expect(findings[0]?.allowed).toContain('at least 32 printable characters');
  });

  it('that gives a text is refused, without the text', async () => {
    const findings = await refusedProgram(
      () =>
        new SelfHosted('caracal', ({ app }) => {
          const secrets = SecretSource.fromValues(() => 'hunter2-hunter2' as never);
          return new CaracalStack(app, 'caracal', publishedProps({ secrets }));
        }),
    );
    expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(['secrets/known-value']));
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  it.each([undefined, null, 'hunter2'])('%p holds no values', (given) => {
    const findings = refusal(() => SecretSource.fromValues(given as never));
    expect(findings).toEqual([expect.objectContaining({ id: 'core/wrong-type', path: 'SecretSource.fromValues' })]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });
});
