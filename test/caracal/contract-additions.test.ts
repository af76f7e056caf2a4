import { ASPECTS } from './support-aspects';
import type { KubeObject } from './support-objects';
import { build, changed, switchable, worldOf } from './support-world';

/** Controls of the contract tests: objects that go missing and things that come on top must be noticed. */
const everything = build(
  worldOf(
    'production',
    switchable('production').filter((id) => id !== 'aiProviders'),
  ),
);
const plain = build(worldOf('production'));

const differences = (built = everything): string[] => ASPECTS.flatMap(([, compare]) => compare(built));

const workload = (objects: KubeObject[], component: string): KubeObject => {
  const found = objects.find(
    ({ kind, metadata }) =>
      ['Deployment', 'StatefulSet', 'Job'].includes(kind) &&
      metadata.labels?.['app.kubernetes.io/component'] === component,
  );
  if (found === undefined) {
    throw new RangeError(`no workload of ${component}`);
  }
  return found;
};
const pod = (objects: KubeObject[], component: string) => workload(objects, component).spec.template.spec;
const main = (objects: KubeObject[], component: string) => pod(objects, component).containers[0];
const copyOf = (objects: KubeObject[], kind: string, component: string): KubeObject => {
  const found = objects.find(
    (each) => each.kind === kind && each.metadata.labels?.['app.kubernetes.io/component'] === component,
  );
  return structuredClone(found) as KubeObject;
};

// Policies are judged by the reachability tests, alerts by their own.
const JUDGED = everything.emitted.objects.filter(({ kind }) => !['NetworkPolicy', 'PrometheusRule'].includes(kind));

test('nothing differs while nothing is changed', () => {
  expect(differences()).toEqual([]);
  expect(JUDGED.length).toBeGreaterThan(40);
});

test('each object that goes missing is noticed', () => {
  const silent = JUDGED.filter(({ kind, metadata }) => {
    const without = changed(everything, (objects) =>
      objects.filter((each) => each.kind !== kind || each.metadata.name !== metadata.name),
    );
    return differences(without).length === 0;
  });
  expect(silent.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
});

test('each variable that a program needs and that goes missing is noticed', () => {
  const optional = [
    'LOG_LEVEL',
    'SESSION_RETENTION_DAYS',
    'AUDIT_REPLAY_DIR',
    'TMPDIR',
    'IDEMPOTENCY_RETENTION_SECONDS',
    'GENERATED_IDEMPOTENCY_RETENTION_SECONDS',
    'IDEMPOTENCY_MAX_RECEIPTS_PER_SCOPE',
    'COORDINATOR_BODY_LIMIT_BYTES',
    'MIGRATION_CONNECT_RETRIES',
    'MIGRATION_CONNECT_SLEEP_SECONDS',
    'TRUST_PROXY',
    'CARACAL_PASSWORD_SIGNUP',
  ];
  const silent = everything.emitted.pods.flatMap(({ component, main: container }) =>
    (container.env ?? [])
      .map(({ name }) => name)
      .filter((name) => !optional.includes(name))
      .filter((name) => {
        const without = changed(everything, (objects) => {
          const target = main(objects, component);
          target.env = target.env.filter((each: { name: string }) => each.name !== name);
        });
        return differences(without).length === 0;
      })
      .map((name) => `${component} ${name}`),
  );
  expect(silent).toEqual([]);
});

test.each<[string, RegExp, (objects: KubeObject[]) => void]>([
  [
    'a secret as a plain variable',
    /web: CARACAL_ADMIN_TOKEN/,
    (all) => main(all, 'web').env.push({ name: 'CARACAL_ADMIN_TOKEN', value: 'x' }),
  ],
  [
    'a variable from a secret reference',
    /api: DATABASE_URL must not be there/,
    (all) => main(all, 'api').env.push({ name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
  ],
  [
    'a variable that the program does not read',
    /audit: STS_URL/,
    (all) => main(all, 'audit').env.push({ name: 'STS_URL', value: 'http://caracal-sts:8080' }),
  ],
  [
    'variables that nobody can see',
    /envFrom/,
    (all) => Object.assign(main(all, 'sts'), { envFrom: [{ secretRef: { name: 's' } }] }),
  ],
  [
    'a key of somebody else',
    /audit: mounts secretStoreKek/,
    (all) => pod(all, 'audit').volumes[0].projected.sources[0].secret.items.push({ key: 'secretStoreKek', path: 'k' }),
  ],
  [
    'the administration token on the gateway',
    /gateway: must never mount caracalAdminToken/,
    (all) =>
      pod(all, 'gateway').volumes[0].projected.sources[0].secret.items.push({ key: 'caracalAdminToken', path: 'k' }),
  ],
  [
    'a folder that the program may write to',
    /api: nobody expects a mount at \/tmp/,
    (all) => {
      pod(all, 'api').volumes.push({ name: 'tmp', emptyDir: {} });
      main(all, 'api').volumeMounts.push({ name: 'tmp', mountPath: '/tmp' });
    },
  ],
  [
    'a second container',
    /web: runs a second container/,
    (all) => pod(all, 'web').containers.push(structuredClone(main(all, 'web'))),
  ],
  [
    'a token of the API server',
    /sts: noToken/,
    (all) => Object.assign(pod(all, 'sts'), { automountServiceAccountToken: true }),
  ],
  [
    'a shared account',
    /web: ownAccount/,
    (all) => Object.assign(pod(all, 'web'), { serviceAccountName: 'caracal-sts' }),
  ],
  [
    'replicas beside an autoscaler',
    /gateway: replicas/,
    (all) => Object.assign(workload(all, 'gateway').spec, { replicas: 2 }),
  ],
  [
    'a label of the release in a claim',
    /sts: claimLabels/,
    (all) => {
      workload(all, 'sts').spec.volumeClaimTemplates[0].metadata.labels = { 'app.kubernetes.io/version': '1.0.0' };
    },
  ],
  ['a second budget', /a budget that nobody expects/, (all) => all.push(copyOf(all, 'PodDisruptionBudget', 'web'))],
  [
    'a Job that is removed when it ends',
    /migrate: is removed/,
    (all) => Object.assign(workload(all, 'migrate').spec, { ttlSecondsAfterFinished: 60 }),
  ],
  [
    'a way in beside the Ingress',
    /a way in/,
    (all) => Object.assign(all.find(({ kind }) => kind === 'Service')?.spec, { type: 'LoadBalancer' }),
  ],
])('%s is noticed', (_what, expected, change) => {
  const withIt = changed(plain, (objects) => {
    change(objects);
  });
  expect(differences(plain)).toEqual([]);
  expect(differences(withIt).join('\n')).toMatch(expected);
});

test.each(['audit', 'coordinator'])('an Ingress of %s is noticed, since the vendor rules it out', (component) => {
  const withIt = changed(everything, (objects) => {
    const ingress = copyOf(objects, 'Ingress', 'web');
    Object.assign(ingress.metadata, { name: component, labels: { 'app.kubernetes.io/component': component } });
    objects.push(ingress);
  });
  expect(differences(withIt)).toContain(`${component}: nobody expects it`);
});

test('a monitor of web is noticed, since web has no metrics', () => {
  const withIt = changed(everything, (objects) => {
    const monitor = copyOf(objects, 'ServiceMonitor', 'sts');
    Object.assign(monitor.metadata, { name: 'web', labels: { 'app.kubernetes.io/component': 'web' } });
    objects.push(monitor);
  });
  expect(differences(withIt)).toContain('web: nobody expects it');
});
