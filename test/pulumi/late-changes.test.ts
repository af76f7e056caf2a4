import { ApiObject, JsonPatch } from 'cdk8s';
import { Component, ConfigurationError, Peer, type PlatformStack, Port } from '../../src';
import { SelfHosted } from '../../src/pulumi';
import { testComponentSpec, testStack } from '../support/ledger';
import { attempt, run } from './program';

jest.setTimeout(60_000);

/** A stack with one server, deployed. */
function deploy(name: string, use: (server: Component) => void = () => undefined) {
  let server: Component | undefined;
  const deployed = new SelfHosted(name, ({ app }) => {
    const stack: PlatformStack = testStack({ namespace: name, instance: name, monitored: false }, app, name);
    server = new Component(stack, 'server', testComponentSpec());
    use(server);
    return stack;
  });
  return { deployed, server: server as unknown as Component };
}

/** The finding with which a program ends, and the components that it registered. */
async function refused(program: () => unknown) {
  const { errors, registrations } = await attempt(program);
  expect(errors).toHaveLength(1);
  const [error] = errors;
  expect(error).toBeInstanceOf(ConfigurationError);
  return {
    finding: (error as ConfigurationError).findings[0],
    components: registrations.filter(({ custom }) => !custom).map(({ name }) => name),
  };
}

describe('a flow from a later stack to a component of an earlier one', () => {
  test.each([
    ['allowTo', 'there connections.allowFrom', 'here connections.allowTo'],
    ['allowFrom', 'there connections.allowTo', 'here connections.allowFrom'],
  ] as const)(
    '%s is refused, with the two lines that declare it: the policy is deployed',
    async (call, there, here) => {
      const { finding, components } = await refused(() => {
        const { server: first } = deploy('first');
        deploy('second', (second) => second.connections[call](first, { reason: 'asks' }));
      });
      expect(finding).toMatchObject({ id: 'network/already-deployed', path: 'second-server' });
      expect(finding?.message).toContain('the stack of first-server is registered already');
      expect(finding?.fix).toContain(`${there}(Peer.pods({ namespace: "second", labels: {`);
      expect(finding?.fix).toContain(`${here}(Peer.pods({ namespace: "first", labels: {`);
      // A problem of one component keeps back those that the program made before it.
      expect(components).toEqual([]);
    },
  );

  test('the two lines work: both policies have the flow', async () => {
    const { registrations } = await run(() => {
      const labels = (of: string) => ({
        'app.kubernetes.io/name': 'ledger',
        'app.kubernetes.io/instance': of,
        'app.kubernetes.io/component': 'server',
      });
      const port = Port.tcp(8080);
      deploy('first', (server) =>
        server.connections.allowFrom(Peer.pods({ namespace: 'second', labels: labels('second') }), {
          port,
          reason: 'asks',
        }),
      );
      return deploy('second', (server) =>
        server.connections.allowTo(Peer.pods({ namespace: 'first', labels: labels('first') }), {
          port,
          reason: 'asks',
        }),
      ).deployed;
    });
    const policy = (name: string) => JSON.stringify(registrations.find((each) => each.name === name)?.inputs);
    expect(policy('first:first/first-server')).toBeDefined();
    const policies = registrations.filter(({ type }) => type.endsWith(':NetworkPolicy')).map(({ inputs }) => inputs);
    const ingress = policies.filter((each) => JSON.stringify(each).includes('"ingress":[{"from"'));
    expect(JSON.stringify(ingress)).toContain('"app.kubernetes.io/instance":"second"');
  });
});

describe('a change of a stack that is registered', () => {
  test.each<[string, (server: Component, stack: PlatformStack) => void, string]>([
    [
      'a flow',
      (server) => server.connections.allowTo(Peer.cidr('10.0.0.0/24'), { port: Port.tcp(1), reason: 'late' }),
      'network/already-deployed',
    ],
    ['a variable', (server) => server.addEnv('LATE', '1'), 'stack/already-deployed'],
    [
      'a patch',
      (server) => server.workload.addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 1)),
      'stack/already-deployed',
    ],
  ])('%s is refused, not forgotten', async (_what, change, id) => {
    const { finding } = await refused(() => {
      const { server, deployed } = deploy('first');
      change(server, deployed.stack);
    });
    expect(finding?.id).toBe(id);
  });

  test('a new object is refused, not forgotten', async () => {
    const { errors } = await attempt(() => {
      const { deployed } = deploy('first');
      new ApiObject(deployed.stack, 'late', { apiVersion: 'v1', kind: 'ConfigMap' });
    });
    expect(errors.map(String)).toEqual([expect.stringContaining('Cannot add children to "first"')]);
  });
});

describe('what lives outside of namespaces', () => {
  test('is registered without one, under its old URN too', async () => {
    const { registrations } = await run(
      () =>
        new SelfHosted('ledger', ({ app }) => {
          const stack = testStack({ monitored: false }, app);
          new ApiObject(stack, 'own', {
            ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'reader' } },
            rules: [],
          });
          return stack;
        }),
      { tokens: ['kubernetes:rbac.authorization.k8s.io/v1:ClusterRole'] },
    );
    const role = registrations.find(({ type }) => type.endsWith(':ClusterRole'));
    expect(role).toMatchObject({ name: 'ledger:reader', aliases: ['ledger:books/reader'] });
    expect(role?.inputs.metadata).not.toHaveProperty('namespace');
  });
});
