import { SecretRef } from '../../src';
import { findingsWith, openErrorIds } from '../support/findings';
import { podTemplates } from '../support/manifests';
import { caracal, propsOf } from './fixture';

const KEY = SecretRef.key({ secret: 'provider', key: 'apiKey' });
const AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
const stackWith = (change: object) => caracal(propsOf('production', change));
const env = (component: string, name: string, value: unknown = KEY) =>
  stackWith({ [component]: { env: { [name]: value } } });

describe('secrets that the services read from a variable only', () => {
  test.each([['api', 'API_OPERATOR_AI_MAIN_API_KEY'], ...AWS.map((name): [string, string] => ['audit', name])])(
    '%s takes %s as a reference, and refuses it as text',
    (component, name) => {
      const stack = env(component, name);
      expect(openErrorIds(stack)).toEqual([]);
      const emitted = podTemplates(stack).flatMap(({ spec }) => spec.containers[0]?.env ?? []);
      expect(emitted.filter((variable) => variable.name === name)).toEqual([
        { name, valueFrom: { secretKeyRef: { name: 'provider', key: 'apiKey' } } },
      ]);
      expect(findingsWith(env(component, name, 'plain text'), 'caracal/forbidden-env')).toEqual([
        expect.objectContaining({
          path: `caracal/${component}.env.${name}`,
          fix: expect.stringContaining('SecretRef.key'),
        }),
      ]);
    },
  );

  test('addEnv takes them too', () => {
    const stack = stackWith({});
    stack.audit.addEnv('AWS_SECRET_ACCESS_KEY', KEY);
    expect(openErrorIds(stack)).toEqual([]);
  });

  test('the checklist names the Secret and the key, once for all their readers', () => {
    const stack = stackWith({
      api: { env: { API_OPERATOR_AI_MAIN_API_KEY: KEY } },
      audit: { env: { AWS_SESSION_TOKEN: KEY } },
    });
    expect(stack.secretChecklist().filter(({ key }) => key === 'apiKey')).toEqual([
      expect.objectContaining({
        location: { kind: 'secret', secretName: 'provider', key: 'apiKey' },
        consumers: ['audit', 'api'],
      }),
    ]);
  });
});

describe('everything else is no reference', () => {
  test.each([
    ['a secret of the registry', 'sts', 'DATABASE_URL', /file/, /secret source/],
    ['a shared key', 'gateway', 'AUDIT_HMAC_KEY', /file/, /secret source/],
    ['a password of a Job', 'migration', 'PGPASSWORD', /file/, /secret source/],
    ['the token of a secret backend', 'api', 'CARACAL_VAULT_TOKEN', /same secret backend/, /SecretBackend\.vault\(/],
    [
      'a key of a secret backend',
      'sts',
      'AWS_ACCESS_KEY_ID',
      /same secret backend/,
      /SecretBackend\.awsSecretsManager\(/,
    ],
    ['a path', 'sts', 'DATABASE_URL_FILE', /share a key/, /secrets/],
    ['an AWS key of a service that reads none', 'web', 'AWS_SECRET_ACCESS_KEY', /audit only/, /leave it out/],
    ['an AI key of a service that calls none', 'sts', 'API_OPERATOR_AI_MAIN_API_KEY', /api only/, /leave it out/],
    ['a plain setting', 'audit', 'AUDIT_MAX_DELIVERIES', /need their value/, /give the value/],
  ])('%s is refused with the reason: %s %s', (_what, component, name, why, fix) => {
    const findings = findingsWith(env(component, name), 'caracal/forbidden-env');
    expect(findings).toEqual([
      expect.objectContaining({ why: expect.stringMatching(why), fix: expect.stringMatching(fix) }),
    ]);
  });

  test('not for all pods at once either, where JavaScript gives it', () => {
    expect(openErrorIds(env('pods', 'AWS_SECRET_ACCESS_KEY'))).toContain('caracal/forbidden-env');
  });
});
