import { Exposure, Tls } from '../../src';
import { SignIn } from '../../src/caracal';
import { findingsWith, openErrorIds, refusal } from '../support/findings';
import { podTemplates } from '../support/manifests';
import { caracal, clusterWith, devProps, emit, propsOf } from './fixture';

const PASSWORD = { signIn: [SignIn.password()], operators: ['you@example.com'] };
const envOf = (change: object, component: string): Record<string, string | undefined> => {
  const template = podTemplates(caracal(devProps(change))).find(
    ({ metadata }) => metadata?.labels?.['app.kubernetes.io/component'] === component,
  );
  return Object.fromEntries((template?.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));
};

describe('sign-in by password on a laptop', () => {
  test('needs nothing else: no key, no Secret, no way out', () => {
    const stack = caracal(devProps(PASSWORD));
    expect(openErrorIds(stack)).toEqual([]);
    expect(stack.secretChecklist().map(({ key }) => key)).toEqual(
      caracal(devProps())
        .secretChecklist()
        .map(({ key }) => key),
    );
    const out = (change: object) =>
      caracal(devProps(change))
        .flows()
        .filter(({ from }) => from === 'caracal-web')
        .map(({ to }) => to);
    expect(out(PASSWORD)).toEqual(out({}));
  });

  test('runs the console in development, with all that this would change set as elsewhere', () => {
    expect(envOf(PASSWORD, 'web')).toMatchObject({
      NODE_ENV: 'development',
      CARACAL_PASSWORD_SIGNUP: '1',
      HOST: '0.0.0.0',
      CARACAL_AUTH_AUTO_MIGRATE: 'false',
      CARACAL_AUTH_SECURE_COOKIES: 'false',
      CARACAL_WEB_ORIGIN: 'http://localhost:3002',
      CARACAL_OPERATOR_ALLOWLIST_FILE: '/run/caracalBootstrap/operatorAllowlist.json',
    });
    expect(envOf(PASSWORD, 'auth-migrate')).toMatchObject({ NODE_ENV: 'production' });
    expect(envOf(PASSWORD, 'api').NODE_ENV).toBeUndefined();
  });

  test('negative control: any other method leaves it in production', () => {
    const github = { signIn: [SignIn.github({ secret: { name: 'oauth' } })], operators: ['you@example.com'] };
    expect(envOf(github, 'web').NODE_ENV).toBe('production');
    expect(envOf({}, 'web').NODE_ENV).toBe('production');
  });

  test('says whom: without operators everybody could make an account', () => {
    const problems = refusal(() => emit(devProps({ signIn: [SignIn.password()] })));
    expect(problems).toEqual([
      expect.objectContaining({
        id: 'caracal/password-sign-in',
        path: 'caracal.signIn',
        fix: 'write operators: ["you@example.com"]',
      }),
    ]);
    const open = { signIn: [SignIn.password()], web: { env: { CARACAL_OPEN_REGISTRATION: '1' } } };
    expect(openErrorIds(caracal(devProps(open)))).toEqual([]);
  });

  test('is a warning where the console is exposed too', () => {
    const exposure = Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('public') });
    const origins = { console: 'https://console.example.com', sts: 'https://sts.example.com' };
    const exposed = caracal(propsOf('dev', { ...PASSWORD, exposure, origins, cluster: clusterWith() }));
    expect(findingsWith(exposed, 'caracal/exposed-password-sign-in').map(({ level, path }) => [level, path])).toEqual([
      ['warning', 'caracal/web'],
    ]);
    expect(findingsWith(caracal(devProps(PASSWORD)), 'caracal/exposed-password-sign-in')).toEqual([]);
  });
});

describe('sign-in by password outside of dev', () => {
  test.each(['production', 'rc'] as const)('is refused in %s, alone and beside another method', (profile) => {
    for (const signIn of [[SignIn.password()], [SignIn.github(), SignIn.password()]]) {
      expect(refusal(() => emit(propsOf(profile, { signIn }))).map(({ id, path }) => `${id} ${path}`)).toEqual([
        'caracal/password-sign-in caracal.signIn',
      ]);
    }
  });
});
