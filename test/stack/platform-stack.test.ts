import * as pulumi from '@pulumi/pulumi';
import { App, Testing } from 'cdk8s';
import {
  Cluster,
  Component,
  Deferred,
  Names,
  OneShotJob,
  Peer,
  PlatformStack,
  type PlatformStackProps,
  Port,
} from '../../src';
import { refusal } from '../support/findings';
import { testComponentSpec, testJobContent, testStack, testStackProps } from '../support/ledger';
import { synth } from '../support/manifests';

/** Properties as a JavaScript program may pass them. */
type Loose = Record<string, unknown>;

const make = (change: Loose): PlatformStack =>
  new PlatformStack(new App(), 'ledger', { ...testStackProps(), ...change } as PlatformStackProps);

describe('properties that are refused', () => {
  const cases: readonly [what: string, change: Loose, id: string, path: string, message: RegExp][] = [
    ['an unknown profile', { profile: 'prod' }, 'core/wrong-type', 'profile', /"production", "rc", "dev"/],
    ['a misspelt property', { namspace: 'x' }, 'core/unknown-property', 'namspace', /no property "namspace"/],
    ['a literal as cluster', { cluster: { name: 'x' } }, 'core/wrong-type', 'cluster', /Cluster/],
    ['no cluster', { cluster: undefined }, 'core/missing-property', 'cluster', /"cluster" is required/],
    ['no namespace', { namespace: undefined }, 'core/missing-property', 'namespace', /"namespace" is required/],
    ['null as namespace', { namespace: null }, 'stack/invalid-namespace', 'namespace', /a name is needed/],
    ['a number as namespace', { namespace: 7 }, 'stack/invalid-namespace', 'namespace', /a name is needed/],
    ['the namespace that everybody shares', { namespace: 'default' }, 'stack/invalid-namespace', 'namespace', /shared/],
    [
      'the namespace that everybody shares, created',
      { namespace: { name: 'default', create: true } },
      'stack/invalid-namespace',
      'namespace',
      /shared/,
    ],
    ['a namespace with a capital', { namespace: 'Books' }, 'stack/invalid-namespace', 'namespace', /lower-case/],
    [
      'a namespace of 64 characters',
      { namespace: 'n'.repeat(64) },
      'stack/invalid-namespace',
      'namespace',
      /64 characters/,
    ],
    [
      'an object that does not say that it is created',
      { namespace: { name: 'books' } },
      'stack/invalid-namespace',
      'namespace',
      /create: true/,
    ],
    [
      'a namespace that is not to be created',
      { namespace: { name: 'books', create: false } },
      'core/wrong-type',
      'namespace.create',
      /must be true/,
    ],
    [
      'a misspelt property of the namespace',
      { namespace: { name: 'books', create: true, labels: {} } },
      'core/unknown-property',
      'namespace.labels',
      /labels/,
    ],
    ['an instance that begins with a digit', { instance: '1st' }, 'stack/invalid-instance', 'instance', /letter/],
    ['an empty instance', { instance: '' }, 'stack/invalid-instance', 'instance', /lower-case/],
    [
      'a product with a space',
      { product: 'my ledger', instance: 'ledger' },
      'stack/invalid-product',
      'product',
      /lower-case/,
    ],
    ['a version with a space', { version: '1.0 beta' }, 'stack/invalid-version', 'version', /label value/],
    ['an empty version', { version: '' }, 'stack/invalid-version', 'version', /empty/],
    ['text for a switch', { monitored: 'yes' }, 'core/wrong-type', 'monitored', /true or false/],
    ['a function for names', { names: () => 'x' }, 'core/wrong-type', 'names', /Names/],
    ['a prefix for a mirror', { mirror: 'mirror.example.net' }, 'core/wrong-type', 'mirror', /RegistryMirror/],
    ['text for pods', { pods: 'x' }, 'core/wrong-type', 'pods', /object/],
    [
      'a misspelt property of pods',
      { pods: { pullSecret: 'x' } },
      'core/unknown-property',
      'pods.pullSecret',
      /pullSecret/,
    ],
    ['text for pull secrets', { pods: { pullSecrets: 'x' } }, 'core/wrong-type', 'pods.pullSecrets', /array/],
    [
      'a pull secret with a space',
      { pods: { pullSecrets: ['a b'] } },
      'workload/invalid-metadata',
      'pods.pullSecrets[0]',
      /Secret/,
    ],
    [
      'a pull secret twice, which is the key of the list',
      { pods: { pullSecrets: ['a', 'b', 'a'] } },
      'workload/invalid-metadata',
      'pods.pullSecrets',
      /twice/,
    ],
    [
      'a priority class with a space',
      { pods: { priorityClassName: 'a b' } },
      'workload/invalid-metadata',
      'pods.priorityClassName',
      /PriorityClass/,
    ],
    [
      'a label of the selector',
      { pods: { labels: { 'app.kubernetes.io/instance': 'x' } } },
      'workload/invalid-metadata',
      'pods.labels',
      /selector/,
    ],
    [
      'a label value with a newline',
      { pods: { labels: { a: 'x\ny' } } },
      'workload/invalid-metadata',
      'pods.labels',
      /label value/,
    ],
    [
      'a number as an annotation',
      { pods: { annotations: { a: 1 } } },
      'workload/invalid-metadata',
      'pods.annotations',
      /string/,
    ],
    [
      'a node label with a space',
      { pods: { nodeSelector: { 'a b': 'x' } } },
      'workload/invalid-metadata',
      'pods.nodeSelector',
      /name part/,
    ],
    [
      'a variable name with a dash',
      { pods: { env: { 'A-B': 'x' } } },
      'workload/invalid-env',
      'pods.env.A-B',
      /letters, digits/,
    ],
    ['a number as a variable', { pods: { env: { A: 1 } } }, 'workload/invalid-env', 'pods.env.A', /string/],
  ];

  test.each(cases)('%s', (_what, change, id, path, message) => {
    expect(refusal(() => make(change))).toEqual([
      expect.objectContaining({
        id,
        path: `ledger.${path}`,
        message: expect.stringMatching(message) as string,
        level: 'error',
      }),
    ]);
  });

  test('all at once, in one report', () => {
    const findings = refusal(() =>
      make({ namespace: 'default', instance: 'A', version: '', pods: { env: { 'A-B': 'x' } } }),
    );
    expect(findings.map(({ path }) => path)).toEqual([
      'ledger.namespace',
      'ledger.instance',
      'ledger.version',
      'ledger.pods.env.A-B',
    ]);
  });

  test.each([[undefined], [null], ['ledger'], [[]]])('%j instead of properties', (props) => {
    expect(
      refusal(() => new PlatformStack(new App(), 'ledger', props as unknown as PlatformStackProps)).length,
    ).toBeGreaterThan(0);
  });

  test('a stack that is refused leaves nothing behind in the app', () => {
    const app = new App();
    expect(() => new PlatformStack(app, 'ledger', testStackProps({ namespace: 'default' }))).toThrow();
    expect(app.node.children).toEqual([]);
    expect(() => testStack({}, app)).not.toThrow();
  });

  test('sound properties are not refused', () => {
    const sound: Partial<PlatformStackProps> = {
      instance: 'west',
      version: '1.0.0-rc.1',
      monitored: false,
      names: Names.standard(),
      pods: { pullSecrets: ['registry'], env: { NO_PROXY: '10.0.0.0/8' }, labels: { team: 'books' } },
    };
    expect(() => make({ ...sound })).not.toThrow();
  });
});

describe('values that only the deployment knows', () => {
  test.each([
    'instance',
    'namespace',
    'product',
    'version',
    'profile',
    'cluster',
    'names',
    'monitored',
    'pods',
    'mirror',
  ])(
    'name or shape everything as %s, so the types and the constructor refuse them, and Outputs as well',
    (property) => {
      const found = (value: unknown) => refusal(() => make({ [property]: value })).map(({ id, path }) => [id, path]);
      expect(found(Deferred.create())).toEqual([['core/value-not-allowed', `ledger.${property}`]]);
      expect(found(pulumi.output('a'))).toEqual([['core/output-in-property', `ledger.${property}`]]);
    },
  );

  test('are refused in the name of a namespace that the stack creates', () => {
    const findings = refusal(() => make({ namespace: { name: Deferred.create(), create: true } }));
    expect(findings.map(({ id, path }) => [id, path])).toEqual([['core/value-not-allowed', 'ledger.namespace.name']]);
  });

  test('may be variables of all pods', () => {
    expect(() => make({ pods: { env: { TZ: Deferred.create() } } })).not.toThrow();
  });
});

describe('what a stack hands down', () => {
  test('every object stands in its namespace and carries its labels', () => {
    const stack = testStack({ instance: 'west' });
    new Component(stack, 'server', testComponentSpec());
    const objects = synth(stack);
    expect(objects.length).toBeGreaterThan(5);
    for (const { metadata } of objects) {
      expect(metadata.namespace).toBe('books');
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'ledger',
        'app.kubernetes.io/instance': 'west',
        'app.kubernetes.io/part-of': 'ledger',
        'app.kubernetes.io/managed-by': 'cdk8s-selfhosted',
        'cdk8s-selfhosted/instance': 'west',
      });
    }
  });

  test('the instance is the product unless said otherwise', () => {
    expect(testStack().identity).toEqual({ product: 'ledger', instance: 'ledger' });
  });

  test('monitoring is on or off as the profile says, unless said otherwise', () => {
    const monitored = (change: Partial<PlatformStackProps>) => testStack(change).monitored;
    expect([monitored({}), monitored({ profile: 'rc' }), monitored({ profile: 'dev' })]).toEqual([true, true, false]);
    expect([monitored({ monitored: false }), monitored({ profile: 'dev', monitored: true })]).toEqual([false, true]);
  });
});

describe('the list of flows', () => {
  test('has each flow once, also between two components, with its reason', () => {
    const stack = testStack({ profile: 'dev' });
    const server = new Component(stack, 'server', testComponentSpec({ resolvesNames: false }));
    const job = new OneShotJob(stack, 'migrate', testJobContent({ resolvesNames: false }));
    job.connections.allowTo(server, { port: Port.tcp(8080), reason: 'asks for the version' });
    job.connections.allowTo(server, { port: Port.tcp(8080), reason: 'asks for the version' });
    server.connections.allowTo(Peer.cidr('10.0.0.0/24'), { port: Port.tcp(443), reason: 'upstream' });
    const flows = stack.flows().map(({ from, to, ports, reason }) => `${from} -> ${to} ${ports.join()}: ${reason}`);
    expect(flows.sort()).toEqual([
      'ledger-migrate -> ledger-server TCP/8080: asks for the version',
      'ledger-server -> 10.0.0.0/24 TCP/443: upstream',
    ]);
  });
});

test('the same program gives the same bytes', () => {
  const build = () => {
    const stack = testStack({ cluster: Cluster.kind(), profile: 'dev' });
    new Component(stack, 'server', testComponentSpec());
    new OneShotJob(stack, 'migrate', testJobContent());
    return JSON.stringify(Testing.synth(stack));
  };
  expect(build()).toBe(build());
});
