import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import * as ts from 'typescript';
import * as library from '../../src';
import { Component, type OneShotJob, RegistryMirror, Scaling } from '../../src';
import { CaracalRelease, CaracalStack } from '../../src/caracal';
import { find, type Manifest, synth } from '../support/manifests';
import { devProps, manifestOf, publishedProps } from './fixture';

const PAGE = readFileSync(join(__dirname, '../../docs/own-services.md'), 'utf8');
const PROGRAMS = [...PAGE.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);

/** What the programs of the page export: they are run as they are printed. */
function programs(): {
  addOrders(caracal: CaracalStack): Component;
  addInvoices(caracal: CaracalStack): Component;
  addSchema(caracal: CaracalStack): OneShotJob;
} {
  const text = PROGRAMS.join('\n');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const exported = {};
  new Function('require', 'exports', outputText)(() => library, exported);
  return exported as never;
}

const { addOrders, addInvoices, addSchema } = programs();

const PROFILES: readonly (readonly [string, (root: App, change?: object) => CaracalStack])[] = [
  ['production', (root, change) => new CaracalStack(root, 'caracal', publishedProps(change))],
  ['dev', (root, change) => new CaracalStack(root, 'caracal', devProps(change))],
];

const openErrors = (stack: CaracalStack) => stack.findings().filter(({ level }) => level === 'error');

interface RuleSpec {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

function alertsOf(objects: readonly Manifest[]) {
  const rule = objects.find(({ kind }) => kind === 'PrometheusRule') as Manifest<RuleSpec> | undefined;
  return (rule?.spec.groups ?? []).flatMap(({ rules }) => rules);
}

describe.each(PROFILES)('the services of docs/own-services.md in %s', (profile, build) => {
  const stack = build(new App());
  addOrders(stack);
  addInvoices(stack);
  addSchema(stack);

  test('have no problem, with name, image and ports alone', () => {
    expect(openErrors(stack)).toEqual([]);
  });

  test('run as the profile says: two replicas and a budget, or one', () => {
    const objects = synth(stack);
    const { spec } = find(objects, 'Deployment', 'caracal-orders');
    expect(spec.replicas).toBe(profile === 'dev' ? 1 : 2);
    const budgets = objects.filter(
      ({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === 'caracal-orders',
    );
    expect(budgets).toHaveLength(profile === 'dev' ? 0 : 1);
  });

  test('stop and start without losing requests: every probe is there, and 30 s to end', () => {
    const pod = find(stack, 'Deployment', 'caracal-orders').spec.template.spec;
    const [container] = pod.containers;
    expect(pod.terminationGracePeriodSeconds).toBe(30);
    expect(container).toMatchObject({
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
      startupProbe: { tcpSocket: { port: 'http' } },
      readinessProbe: { tcpSocket: { port: 'http' } },
      livenessProbe: { tcpSocket: { port: 'http' } },
    });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 });
  });

  test('are restarted by their own release and by no other', () => {
    const next = build(
      new App(),
      profile === 'dev' ? {} : { release: CaracalRelease.fromManifest(manifestOf('1.0.1')) },
    );
    addOrders(next);
    const template = (from: CaracalStack) => find(from, 'Deployment', 'caracal-orders').spec.template;
    expect(template(next)).toEqual(template(stack));
    expect(template(stack).metadata.labels).toMatchObject({ 'app.kubernetes.io/version': '2.1.0' });
  });

  test('may open what they said: their connections count in the budget', () => {
    const without = build(new App()).connectionBudget();
    const replicas = profile === 'dev' ? 1 : 6;
    expect(stack.connectionBudget().needed - without.needed).toBe(5 * replicas + 5);
  });
});

describe('alerts of own services', () => {
  const monitored = (add: (stack: CaracalStack) => void, change: object = {}) => {
    const stack = new CaracalStack(new App(), 'caracal', publishedProps(change));
    add(stack);
    return alertsOf(synth(stack));
  };
  const added = (add: (stack: CaracalStack) => void): string[] => {
    const before = monitored(() => undefined).map(({ alert }) => alert);
    return monitored(add)
      .map(({ alert }) => alert)
      .filter((alert) => !before.includes(alert));
  };

  test('tell that none is ready, fewer than the minimum, or fewer than wanted, without a word of the user', () => {
    expect(added(addOrders)).toEqual(['OrdersNoReadyPod', 'OrdersBelowMinimum', 'OrdersReplicasMissing']);
    expect(added(() => undefined)).toEqual([]);
  });

  test('speak of this workload alone', () => {
    const own = monitored(addOrders).filter(({ alert }) => alert.startsWith('Orders'));
    for (const { expr } of own) {
      expect(expr).toContain('namespace="caracal",deployment="caracal-orders"');
    }
    expect(own[1]?.expr).toMatch(/ > 0\) < 2$/);
  });

  test('are not there where nothing is monitored', () => {
    const stack = new CaracalStack(new App(), 'caracal', devProps());
    addOrders(stack);
    expect(alertsOf(synth(stack))).toEqual([]);
  });
});

describe('limits that own services share with the product', () => {
  test('more connections than the server takes is an error that counts them', () => {
    const stack = new CaracalStack(new App(), 'caracal', publishedProps());
    const image = addOrders(stack).spec.image;
    expect(openErrors(stack)).toEqual([]);
    const ports = [{ name: 'http', port: library.Port.tcp(8080) }] as const;
    new Component(stack, 'hungry', {
      component: 'hungry',
      image,
      ports,
      scaling: Scaling.fixed(10),
      connectionsPerPod: 50,
    });
    expect(openErrors(stack).map(({ id }) => id)).toEqual(['caracal/connection-budget']);
  });

  test('a mirror serves them, unless they are in its registry already', () => {
    const imageWith = (prefix: string) => {
      const stack = new CaracalStack(new App(), 'caracal', publishedProps({ mirror: RegistryMirror.prefix(prefix) }));
      addOrders(stack);
      return find(stack, 'Deployment', 'caracal-orders').spec.template.spec.containers[0]?.image;
    };
    expect(imageWith('mirror.example.org')).toMatch(/^mirror\.example\.org\/shop\/orders:2\.1\.0@/);
    expect(imageWith('registry.example.com/mirror')).toMatch(/^registry\.example\.com\/shop\/orders:2\.1\.0@/);
  });
});

test('the page begins with a service of five lines', () => {
  const [first = ''] = PROGRAMS;
  const call = first.slice(first.indexOf('new Component('), first.indexOf('});') + 3).split('\n');
  expect(call.length).toBeLessThanOrEqual(5);
});
