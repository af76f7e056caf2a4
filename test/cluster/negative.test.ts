import { applyProblems, diffProblems, reapplyProblems, reversed } from './harness/apply';
import { permissionProblems } from './harness/accounts';
import { ControlPlane } from './harness/control-plane';
import { createCrds } from './harness/crds';
import { THREE_NODES } from './harness/layouts';
import { createNamespace } from './harness/namespaces';
import type { KubeObject, Pod } from './harness/objects';
import { leftovers, removeByLabel, retainedOf } from './harness/removal';
import { settle } from './harness/rest';
import { scrapeProblems } from './harness/scrapes';
import { selectorProblems } from './harness/selectors';
import { spreadProblems } from './harness/spread';
import { createVolumes } from './harness/volumes';
import { change, handmadePlatform, labelsOf, object } from './handmade';

/**
 * Shows that the suite bites: a platform written by hand passes every check, and each fault in it fails the check that
 * is meant to find it. A check that lets its fault pass would also let it pass in an example.
 */
let plane: ControlPlane;

beforeAll(async () => {
  plane = await ControlPlane.start({ layout: THREE_NODES });
  await createCrds(plane.client);
  await createVolumes(plane.client);
}, 120_000);

afterAll(async () => plane?.stop());

/** Creates a namespace and applies a platform to it; what the server says is for the caller to judge. */
async function install(namespace: string, objects: readonly KubeObject[]): Promise<string[]> {
  await createNamespace(plane.client, namespace);
  return applyProblems(plane, objects);
}

const GOOD = 'good';
const good = handmadePlatform(GOOD);

/** What its accounts are declared to do. */
const NO_PERMISSIONS = { web: [], store: [], migrate: [] };

describe('the handmade platform without a fault passes', () => {
  test('strict apply, a second apply and a diff', async () => {
    expect(await install(GOOD, good)).toEqual([]);
    expect(await settle(plane.client, GOOD)).toEqual({ problems: [], waitingForZone: [] });
    expect(await reapplyProblems(plane, good, good)).toEqual([]);
    expect(await diffProblems(plane, good)).toEqual([]);
  });

  test('pods with init containers, readiness gates and volumes run, and the Job completes', async () => {
    const { items } = await plane.client.list<Pod>(`/api/v1/namespaces/${GOOD}/pods`);
    const phases = items.map(({ metadata, status }) => `${metadata.name.split('-')[1]} ${status?.phase}`).sort();
    expect(phases).toEqual([
      'migrate Succeeded',
      ...['store Running', 'store Running', 'web Running', 'web Running', 'web Running'],
    ]);
  });

  test('spread, selectors, scrapes and permissions', async () => {
    expect(await spreadProblems(plane.client, GOOD, true)).toEqual([]);
    expect(await selectorProblems(plane.client, GOOD)).toEqual([]);
    expect(await scrapeProblems(plane.client, GOOD)).toEqual([]);
    expect(await permissionProblems(plane, GOOD, NO_PERMISSIONS)).toEqual([]);
  });

  test('reverse order into a fresh namespace, and removal by label that leaves only the volumes', async () => {
    const namespace = 'reverse';
    const objects = handmadePlatform(namespace);
    expect(await install(namespace, reversed(objects))).toEqual([]);
    expect((await settle(plane.client, namespace)).problems).toEqual([]);
    await removeByLabel(plane.client, namespace, { 'app.kubernetes.io/instance': 'shop' });
    expect(await leftovers(plane.client, namespace)).toEqual([]);
    const claims = [0, 1].map((index) => `PersistentVolumeClaim ${namespace}/data-shop-store-${index}`);
    const kept = { names: [`Namespace ${namespace}`, ...claims], problems: [] };
    expect(await retainedOf(plane.client, namespace, objects)).toEqual(kept);
  });
});

describe('a strict apply refuses', () => {
  const namespace = 'refused';
  const platform = handmadePlatform(namespace);
  const inContainer = (component: string): string => `spec/template/spec/containers/0${component}`;

  beforeAll(async () => createNamespace(plane.client, namespace));

  test('a privileged pod', async () => {
    const template = platform.find(({ kind }) => kind === 'Deployment')!.spec as { template: { spec: object } };
    const pod = object(namespace, 'v1', 'Pod', 'web', { spec: template.template.spec });
    const account = platform.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'shop-web');
    expect(await applyProblems(plane, account)).toEqual([]);
    const privileged = change([pod], 'Pod/web', 'spec/containers/0/securityContext', { privileged: true });
    expect(await applyProblems(plane, privileged)).toEqual([
      expect.stringContaining('violates PodSecurity "restricted'),
    ]);
  });

  test('a workload whose pods would not be admitted: the server only warns, and a warning counts', async () => {
    const objects = change(platform, 'Deployment/web', inContainer('/securityContext/privileged'), true);
    const problems = await applyProblems(plane, objects);
    expect(problems.join()).toMatch(/Warning: would violate PodSecurity|cannot set.*privileged/);
  });

  test('any other warning', async () => {
    const twice = [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'LOG_LEVEL', value: 'debug' },
    ];
    const job = platform.filter(({ kind }) => kind === 'Job');
    const problems = await applyProblems(plane, change(job, 'Job/migrate', inContainer('/env'), twice));
    expect(problems).not.toEqual([]);
    const renamed = { ...job[0]!, metadata: { ...job[0]!.metadata, name: 'shop-123456' } };
    const finalizers = { ...renamed, metadata: { ...renamed.metadata, finalizers: ['unqualified'] } };
    expect((await applyProblems(plane, [finalizers])).join()).toMatch(/finalizer/);
  });

  test('an unknown field', async () => {
    const objects = change(platform, 'Deployment/web', inContainer('/imagePulPolicy'), 'Always');
    expect((await applyProblems(plane, objects)).join()).toMatch(/imagePulPolicy: field not declared in schema/);
  });

  test('an object that is emitted before its namespace', async () => {
    const late = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'late' } };
    const config = object('late', 'v1', 'ConfigMap', 'web', { data: {} });
    expect((await applyProblems(plane, [config, late])).join()).toMatch(/namespaces "late" not found/);
    expect(reversed([late, config])).toEqual([late, config]);
  });
});

describe('a further apply', () => {
  const next = (target: string, path: string, value: unknown): Promise<string[]> =>
    applyProblems(plane, change(good, target, path, value));

  test('is refused with a changed selector', async () => {
    const labels = { ...labelsOf('web'), 'app.kubernetes.io/version': '2' };
    const objects = change(good, 'Deployment/web', 'spec/selector/matchLabels', labels);
    const both = change(objects, 'Deployment/web', 'spec/template/metadata/labels', labels);
    expect((await applyProblems(plane, both)).join()).toMatch(/spec\.selector: Invalid value.*field is immutable/);
  });

  test('is refused with a version label in a claim template', async () => {
    const labels = { ...labelsOf('store'), 'app.kubernetes.io/version': '2' };
    const problems = await next('StatefulSet/store', 'spec/volumeClaimTemplates/0/metadata/labels', labels);
    expect(problems.join()).toMatch(/updates to statefulset spec for fields other than .* are forbidden/);
  });

  test('is refused with another pod template under the same Job name', async () => {
    const problems = await next('Job/migrate', 'spec/template/spec/containers/0/image', 'registry.example/shop:2.0.0');
    expect(problems.join()).toMatch(/spec\.template: Invalid value.*field is immutable/);
  });

  test('that changes something is seen by the second apply and by the diff', async () => {
    const changed = change(good, 'ConfigMap/web', 'data/greeting', 'good evening');
    expect(await diffProblems(plane, changed)).toEqual([expect.stringContaining('+  greeting: good evening')]);
    expect(await reapplyProblems(plane, changed, changed)).toEqual([
      'ConfigMap good/shop-web changed by a second apply',
    ]);
    expect(await applyProblems(plane, good)).toEqual([]);
  });

  test('of an empty list is a new generation each time, since the server drops it from what it stores', async () => {
    const empty = change(good, 'NetworkPolicy/web', 'spec/egress', []);
    expect(await applyProblems(plane, empty)).toEqual([]);
    expect(await diffProblems(plane, empty)).toEqual([expect.stringMatching(/-  generation: 2\n\+  generation: 3/)]);
    expect(await reapplyProblems(plane, empty, empty)).toEqual([
      'NetworkPolicy good/shop-web changed by a second apply',
    ]);
    expect(await applyProblems(plane, good)).toEqual([]);
  });
});

describe('a platform does not come to rest', () => {
  test('with a StatefulSet name of 57 characters: it is accepted and creates no pod', async () => {
    const namespace = 'long-name';
    const platform = change(handmadePlatform(namespace), 'StatefulSet/store', 'metadata/name', 'x'.repeat(57));
    expect(await install(namespace, platform)).toEqual([]);
    const { problems } = await settle(plane.client, namespace, 4);
    expect(problems.join()).toMatch(
      /StatefulSet\/x{57} has 0 available pods, its floor is 2.*must be no more than 63/s,
    );
  });

  test('with pods that Pod Security refuses', async () => {
    const namespace = 'not-admitted';
    const path = 'spec/template/spec/securityContext/runAsNonRoot';
    await install(namespace, change(handmadePlatform(namespace), 'Deployment/web', path, false));
    const { problems } = await settle(plane.client, namespace, 4);
    expect(problems.join()).toMatch(/Deployment\/shop-web has 0 available pods.*violates PodSecurity/s);
  });
});

describe('wrong selectors are found', () => {
  const namespace = 'selectors';

  test('each by its own message', async () => {
    const nobody = { ...labelsOf('web'), 'app.kubernetes.io/component': 'nobody' };
    const everybody = { 'app.kubernetes.io/instance': 'shop' };
    const spread = 'spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels';
    let objects = handmadePlatform(namespace);
    objects = change(objects, 'Service/store', 'spec/selector', nobody);
    objects = change(objects, 'Service/web', 'spec/ports/0/targetPort', 'metrics');
    objects = change(objects, 'PodDisruptionBudget/web', 'spec/selector/matchLabels', everybody);
    objects = change(objects, 'NetworkPolicy/store', 'spec/ingress/0/from/0/podSelector/matchLabels', nobody);
    objects = change(objects, 'NetworkPolicy/migrate', 'spec/podSelector/matchLabels', nobody);
    objects = change(objects, 'StatefulSet/store', spread, nobody);
    expect(await install(namespace, objects)).toEqual([]);
    expect((await settle(plane.client, namespace)).problems).toEqual([]);

    const problems = (await selectorProblems(plane.client, namespace)).join('\n');
    expect(problems).toMatch(/Service selectors\/shop-store selects no pod/);
    expect(problems).toMatch(/Service selectors\/shop-store misses Pod selectors\/shop-store-0/);
    expect(problems).toMatch(/Service selectors\/shop-web: port http leads to no port of Pod selectors\/shop-web/);
    expect(problems).toMatch(/PodDisruptionBudget selectors\/shop-web also selects Pod selectors\/shop-store-0/);
    expect(problems).toMatch(/NetworkPolicy selectors\/shop-store: no pod is the peer .*nobody/);
    expect(problems).toMatch(/NetworkPolicy selectors\/shop-migrate misses Pod selectors\/shop-migrate/);
    expect(problems).toMatch(/Pod selectors\/shop-migrate-\w+ is under no NetworkPolicy of its component/);
    expect(problems).toMatch(/StatefulSet selectors\/shop-store: its spread over topology\S+ does not count Pod/);
  });

  test('a ServiceMonitor whose Service leads nowhere, and a pod that is scraped twice', async () => {
    const headless = object(namespace, 'v1', 'Service', 'web', {
      spec: { clusterIP: 'None', selector: labelsOf('web'), ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
    const second = { ...headless, metadata: { ...headless.metadata, name: 'shop-web-headless' } };
    const platform = handmadePlatform(namespace).filter(({ kind }) => kind === 'Service');
    const objects = change([...platform, second], 'Service/store', 'spec/selector', { nobody: 'here' });
    expect(await applyProblems(plane, objects)).toEqual([]);
    const problems = (await scrapeProblems(plane.client, namespace)).join('\n');
    expect(problems).toMatch(/Pod selectors\/shop-web-\S+ at 8080\/metrics is scraped 2 times/);
    expect(problems).toMatch(/ServiceMonitor selectors\/shop-store scrapes no pod/);
  });
});

describe('what an account may do and what stays behind are found', () => {
  const namespace = 'surplus';

  test('a role that no one declared', async () => {
    await createNamespace(plane.client, namespace);
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
    const rbac = 'rbac.authorization.k8s.io';
    const binding = {
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'shop-web' },
      subjects: [{ kind: 'ServiceAccount', name: 'shop-web', namespace }],
    };
    const objects = [
      object(namespace, 'v1', 'ServiceAccount', 'web', {}),
      object(namespace, `${rbac}/v1`, 'Role', 'web', { rules }),
      object(namespace, `${rbac}/v1`, 'RoleBinding', 'web', binding),
    ];
    expect(await applyProblems(plane, objects)).toEqual([]);
    const readsSecrets = 'secrets [] [] [get]';
    const surplus = await permissionProblems(plane, namespace, { web: [] });
    expect(surplus).toEqual([`ServiceAccount surplus/shop-web may ${readsSecrets}`]);
    expect(await permissionProblems(plane, namespace, { web: [readsSecrets] })).toEqual([]);
    const missing = await permissionProblems(plane, namespace, { web: ['fly', readsSecrets], store: [] });
    expect(missing).toEqual(['ServiceAccount surplus/shop-web lacks fly', 'store has no ServiceAccount']);
    const undeclared = await permissionProblems(plane, namespace, {});
    expect(undeclared).toEqual(['ServiceAccount surplus/shop-web: nobody declared what web may do']);
  });

  test('an object without the label of the stack', async () => {
    const config = object(namespace, 'v1', 'ConfigMap', 'web', { data: {} });
    const nameless = { ...config, metadata: { ...config.metadata, labels: {} } };
    expect(await applyProblems(plane, [nameless])).toEqual([]);
    await removeByLabel(plane.client, namespace, { 'app.kubernetes.io/instance': 'shop' });
    expect(await leftovers(plane.client, namespace, 5)).toEqual(['ConfigMap surplus/shop-web']);
  });

  test('a claim that is gone, one that nobody declared, and a namespace that went with the stack', async () => {
    const platform = handmadePlatform('kept');
    await createNamespace(plane.client, 'kept');
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const foreign = object('kept', 'v1', 'PersistentVolumeClaim', 'foreign', { spec });
    expect(await applyProblems(plane, [foreign])).toEqual([]);
    expect(await retainedOf(plane.client, 'kept', platform)).toEqual({
      names: ['Namespace kept', 'PersistentVolumeClaim kept/shop-foreign'],
      problems: ['no claim ^data-shop-store-\\d+$ is left', 'nobody declared claim shop-foreign'],
    });
    await plane.client.remove('/api/v1/namespaces/kept');
    expect((await retainedOf(plane.client, 'kept', [foreign])).problems).toContain('Namespace kept is gone');
  });
});
