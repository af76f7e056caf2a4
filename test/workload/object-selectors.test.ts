import { App } from 'cdk8s';
import { Component, type PlatformStack } from '../../src';
import { EXAMPLE_NAMES, loadExample } from '../pulumi/examples';
import { testStack, testStatefulSpec, testComponentSpec } from '../support/ledger';
import { type Manifest, synth } from '../support/manifests';

/**
 * Selectors over objects that are no pods. Delivery tools own `app.kubernetes.io/instance` on every object's metadata:
 * Argo CD with label tracking writes the name of its Application there, kustomize `labels` whatever a team chose. Pods
 * keep theirs, since those tools leave templates alone.
 */
type Labels = Readonly<Record<string, string>>;

const matches = (selector: Labels, labels: Labels = {}): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** What a delivery tool makes of an object: its own value of a label that it owns. */
const delivered =
  (owned: readonly string[]) =>
  (object: Manifest): Manifest => {
    const own = Object.fromEntries(owned.map((key) => [key, 'whatever-argo-says']));
    return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...own } } };
  };

/** Labels that delivery tools are known to write on objects. */
const OWNED = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/name',
  'app.kubernetes.io/version',
];

interface MonitorSpec {
  readonly selector: { readonly matchLabels: Labels };
}

/** Per ServiceMonitor, the Services of its namespace that it selects. */
function scraped(
  objects: readonly Manifest[],
  selectorOf = ({ selector }: MonitorSpec): Labels => selector.matchLabels,
) {
  const services = objects.filter(({ kind }) => kind === 'Service');
  return objects
    .filter(({ kind }) => kind === 'ServiceMonitor')
    .map(({ metadata, spec }) => ({
      monitor: metadata.name,
      services: services
        .filter((each) => each.metadata.namespace === metadata.namespace)
        .filter((each) => matches(selectorOf(spec as MonitorSpec), each.metadata.labels))
        .map((each) => each.metadata.name),
    }));
}

/** Each monitor has the name of the one Service that it is about. */
const expectEachItsOwn = (objects: readonly Manifest[]): void => {
  for (const { monitor, services } of scraped(objects)) {
    expect(services).toEqual([monitor]);
  }
};

/** One component with a headless Service, and names that begin alike. */
function ledger(): PlatformStack {
  const stack = testStack();
  new Component(stack, 'store', testStatefulSpec());
  new Component(stack, 'server', testComponentSpec());
  new Component(stack, 'server-two', testComponentSpec({ component: 'server-two' }));
  return stack;
}

/** Every selector of an object's spec with its path; those of policies, workloads, Services and budgets are over pods. */
function selectorsIn(value: unknown, path: string): [path: string, labels: Labels][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]): [string, Labels][] =>
    key === 'matchLabels' ? [[path, each as Labels]] : selectorsIn(each, `${path}.${key}`),
  );
}

/** Paths of selectors over pods, whose labels come from templates. */
const OVER_PODS = [
  /^(Deployment|StatefulSet)\.spec\.selector$/,
  /^(Deployment|StatefulSet)\.spec\.template\.spec\.topologySpreadConstraints\.\d+\.labelSelector$/,
  /^(Deployment|StatefulSet)\.spec\.template\.spec\.affinity\.podAntiAffinity\..*\.podAffinityTerm\.labelSelector$/,
  /^PodDisruptionBudget\.spec\.selector$/,
  /^NetworkPolicy\.spec\.podSelector$/,
  /^NetworkPolicy\.spec\.(ingress|egress)\.\d+\.(from|to)\.\d+\.podSelector$/,
];

/** Examples of the profile dev, which is not scraped. */
const DEV = ['caracal-quickstart', 'pulumi-caracal-dev'];

const LEDGER = 'a stack of own components';
const built = async (name: string): Promise<Manifest[]> =>
  synth(name === LEDGER ? ledger() : (await loadExample(name))(new App(), (text) => text));

describe.each([...EXAMPLE_NAMES, LEDGER])('a delivery tool rewrites its labels on the objects of %s', (name) => {
  let objects: Manifest[];
  let touched: Manifest[];
  beforeAll(async () => {
    objects = await built(name);
    touched = objects.map(delivered(OWNED));
  });

  test('every ServiceMonitor still selects the one Service of its component', () => {
    expectEachItsOwn(objects);
    expectEachItsOwn(touched);
    // Dev is not scraped; whatever is, is looked at.
    expect(scraped(objects).length > 0).toBe(!DEV.includes(name));
  });

  test('the selector of before, by the labels of pods, would find nothing', () => {
    const before = ({ selector }: MonitorSpec): Labels => ({
      ...selector.matchLabels,
      'app.kubernetes.io/instance': objects[0]?.metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    });
    expect(scraped(objects, before)).toEqual(scraped(objects));
    expect(scraped(touched, before).flatMap(({ services }) => services)).toEqual([]);
  });

  test('whoever lists or removes the stack by its own label still finds every object', () => {
    const lost = touched.filter(({ metadata }) => metadata.labels?.['cdk8s-selfhosted/instance'] === undefined);
    expect(lost.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
  });

  test('no other selector over objects uses a label that such a tool owns', () => {
    const selectors = objects
      .flatMap(({ kind, spec }) => selectorsIn(spec, `${kind}.spec`))
      .filter(([path]) => !OVER_PODS.some((pattern) => pattern.test(path)));
    expect(selectors).not.toEqual([]);
    expect(selectors.filter(([, labels]) => OWNED.some((key) => key in labels))).toEqual([]);
  });
});
