import * as fc from 'fast-check';
import { Component, Deferred, SecretRef } from '../../src';
import { compose } from '../../src/core/value';
import { Deployment } from '../core/deployment';
import { findingsWith, openErrorIds } from '../support/findings';
import { testComponentSpec, testStack } from '../support/ledger';
import { mainContainer, podTemplates, variables } from '../support/manifests';

function component(options: ConstructorParameters<typeof Component>[3] = {}) {
  const stack = testStack();
  const server = new Component(stack, 'server', testComponentSpec({ env: { PORT: '8080' } }), options);
  const env = () => podTemplates(stack).map((template) => variables(mainContainer(template)))[0];
  return { stack, server, env };
}

describe('addEnv', () => {
  test('any order and any repetition of the same calls gives the same pod', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Z_]{1,12}$/), { minLength: 1, maxLength: 6 });
    const calls = names
      .filter((all) => !all.includes('PORT'))
      .chain((all) =>
        fc.record({
          plain: fc.constant(all),
          shuffled: fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
        }),
      );
    const render = (order: readonly string[]) => {
      const { stack, server, env } = component();
      order.forEach((name) => server.addEnv(name, `value of ${name}`));
      return { env: env(), errors: openErrorIds(stack) };
    };
    fc.assert(
      fc.property(calls, ({ plain, shuffled }) => {
        expect(render(shuffled)).toEqual(render(plain));
        expect(render(plain).errors).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('the value arrives beside those of the component', () => {
    const { server, env } = component();
    server.addEnv('EXTRA', 'yes');
    expect(env()).toEqual({ PORT: '8080', EXTRA: 'yes' });
  });

  test('what was added, by option or later, is readable; what the component sets itself is not among it', () => {
    const { server } = component({ env: { FIRST: '1' } });
    server.addEnv('SECOND', '2');
    expect(server.extraEnv).toEqual({ FIRST: '1', SECOND: '2' });
    Object.assign(server.extraEnv, { THIRD: '3' });
    expect(server.extraEnv).toEqual({ FIRST: '1', SECOND: '2' });
  });

  test('the value that the component sets already may be said again', () => {
    const { stack, server, env } = component();
    server.addEnv('PORT', '8080');
    expect(openErrorIds(stack)).toEqual([]);
    expect(env()).toEqual({ PORT: '8080' });
  });

  test.each([
    ['the component itself', 'PORT', {}],
    ['an option', 'MODE', { env: { MODE: 'calm' } }],
  ])('a variable that %s sets to another value is refused, with the value and the construct', (_who, name, options) => {
    const { stack, server } = component(options);
    server.addEnv(name, 'other');
    expect(findingsWith(stack, 'workload/env-taken')).toEqual([
      expect.objectContaining({ path: `ledger/server.addEnv.${name}`, given: '"other"', level: 'error' }),
    ]);
    expect(() => podTemplates(stack)).toThrow(/workload\/env-taken/);
  });

  test('two calls that contradict each other are refused in either order', () => {
    const errors = [
      ['a', 'b'],
      ['b', 'a'],
    ].map((values) => {
      const { stack, server } = component();
      values.forEach((value) => server.addEnv('MODE', value));
      return openErrorIds(stack);
    });
    expect(errors).toEqual([['workload/env-taken'], ['workload/env-taken']]);
  });

  test('a name that Kubernetes refuses is reported', () => {
    const { stack, server } = component();
    server.addEnv('1ST', 'x');
    server.addEnv('A B', 'x');
    expect(findingsWith(stack, 'workload/invalid-env').map(({ path }) => path)).toEqual([
      'ledger/server.addEnv.1ST',
      'ledger/server.addEnv.A B',
    ]);
  });

  test('names that every JavaScript object has are ordinary names here', () => {
    const { stack, server, env } = component();
    server.addEnv('constructor', 'x');
    server.addEnv('__proto__', 'y');
    expect(openErrorIds(stack)).toEqual([]);
    expect(Object.entries(env() ?? {})).toEqual(expect.arrayContaining([['constructor', 'x']]));
    expect(podTemplates(stack)[0]?.spec.containers[0]?.env).toContainEqual({ name: '__proto__', value: 'y' });
  });

  test('a reference to a Secret may be said again, and not be another one or plain text', () => {
    const reference = (key = 'apiKey') => SecretRef.key({ secret: { name: 'provider' }, key });
    const { stack, server } = component({ env: { API_KEY: reference() } });
    server.addEnv('API_KEY', reference());
    expect(openErrorIds(stack)).toEqual([]);
    expect(podTemplates(stack)[0]?.spec.containers[0]?.env).toContainEqual({
      name: 'API_KEY',
      valueFrom: { secretKeyRef: { name: 'provider', key: 'apiKey' } },
    });
    server.addEnv('API_KEY', reference('other'));
    server.addEnv('API_KEY', 'plain text');
    expect(findingsWith(stack, 'workload/env-taken').map(({ given }) => given)).toEqual([
      'the key other of the Secret provider',
      '"***"',
    ]);
  });

  test('a value that is known at deployment arrives then, as it stands', () => {
    const deployment = new Deployment();
    const { server, env } = component();
    server.addEnv('HOST', deployment.value('db$(HOST).example.com'));
    server.addEnv('URL', compose`https://${deployment.value('a')}/`);
    expect(deployment.deploy(env())).toMatchObject({ HOST: 'db$$(HOST).example.com', URL: 'https://a/' });
  });

  test('the same value may be added again, composed again as well; another one is refused, and no token is shown', () => {
    const { stack, server } = component();
    const [one, two] = [Deferred.create(), Deferred.create()];
    server.addEnv('URL', compose`https://${one}/`);
    server.addEnv('URL', compose`https://${one}/`);
    expect(findingsWith(stack, 'workload/env-taken')).toEqual([]);
    server.addEnv('URL', compose`https://${two}/`);
    expect(findingsWith(stack, 'workload/env-taken').map(({ given }) => given)).toEqual([
      'a value that is known only at deployment',
    ]);
  });

  test('a value is named by the component and the variable, unless it has a name', () => {
    const { server } = component();
    const [one, two] = [Deferred.create(), new Deferred<string>('<t>', 'props.host')];
    server.addEnv('A', one);
    server.addEnv('B', two);
    expect([one.source, two.source]).toEqual(['server.env.A', 'props.host']);
  });
});
