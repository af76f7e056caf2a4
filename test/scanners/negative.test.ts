import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubeObject } from '../cluster/harness/objects';
import { exportsPlatform, listRenderedExamples } from './examples';
import { findKubeScore, judge } from './kube-score';
import { EXCEPTIONS, OPTIONS } from './policy';
import { usesOf, verdict } from './verdict';

/**
 * Shows that the suite bites: each fault in the production example is reported, also where the same check is excepted
 * for another object or for another reason.
 */
let good: KubeObject[];

beforeAll(async () => {
  const example = listRenderedExamples().find(({ name }) => name === 'caracal-production');
  if (example === undefined) throw new Error('the example caracal-production is gone: name another one here');
  good = (await example.synthesize()).objects;
});

/** A fault sees objects as plain data, as wrong as it likes. */
interface Loose {
  [field: string]: Loose & Loose[] & string;
}

const isPart = (kind: string, component: string) => (object: KubeObject) =>
  object.kind === kind && object.metadata.labels?.['app.kubernetes.io/component'] === component;

/** What is reported after one object was changed. */
function problemsWith(kind: string, component: string, change: (object: Loose) => void): readonly string[] {
  const objects = structuredClone(good);
  const found = objects.filter(isPart(kind, component));
  // A fault that changes nothing would make its test say nothing.
  expect(found.length).toBeGreaterThan(0);
  found.forEach((object) => change(object as unknown as Loose));
  return problemsOf(objects);
}

/** What is reported after some objects were left out. */
function problemsWithout(isOut: (object: KubeObject) => boolean): readonly string[] {
  const objects = good.filter((object) => !isOut(object));
  expect(objects.length).toBeLessThan(good.length);
  return problemsOf(objects);
}

function problemsOf(objects: readonly KubeObject[]): readonly string[] {
  const text = objects.map((object) => stringify(object)).join('---\n');
  return verdict(judge(OPTIONS, text), objects, EXCEPTIONS).problems;
}

const podOf = (object: Loose): Loose => object.spec!.template!.spec!;
const containerOf = (object: Loose): Loose => podOf(object).containers![0]!;
const set = (target: Loose, value: object): void => {
  Object.assign(target, value);
};

const API = 'Deployment caracal-production/caracal-api';
const STS = 'StatefulSet caracal-production/caracal-sts';

test('the example without a fault passes', () => {
  expect(problemsOf(good)).toEqual([]);
});

describe('an exception covers its own reason only', () => {
  test('an image without a digest that is not always pulled', () => {
    expect(
      problemsWith('Deployment', 'api', (object) => {
        set(containerOf(object), { image: 'registry.example.com/api:v1' });
      }),
    ).toEqual([`CRITICAL container-image-pull-policy: ${API}, container api: ImagePullPolicy is not set to Always`]);
  });

  test('a digest of one container says nothing of another in the same pod', () => {
    const problems = problemsWith('Job', 'auth-migrate', (object) => {
      set(podOf(object).initContainers![0]!, { image: 'registry.example.com/postgres:18' });
    });
    expect(problems).toEqual([
      expect.stringMatching(/^CRITICAL container-image-pull-policy: Job .*, container wait-for-role: /),
    ]);
  });

  test.each([
    ['no constraint', { topologySpreadConstraints: [] }],
    ['zones only', { topologySpreadConstraints: [constraint('topology.kubernetes.io/zone', 'api')] }],
    ['the pods of another component', { topologySpreadConstraints: [constraint('kubernetes.io/hostname', 'web')] }],
  ])('pods that may all stand on one node: %s', (_title, spread) => {
    // The wish of production to keep pods in different zones satisfies the check by itself, whatever the nodes.
    const without = { affinity: {}, ...spread };
    expect(problemsWith('Deployment', 'api', (object) => set(podOf(object), without))).toEqual([
      `WARNING deployment-has-host-podantiaffinity: ${API}: Deployment does not have a host podAntiAffinity set`,
    ]);
  });

  test('the same of a StatefulSet', () => {
    expect(
      problemsWith('StatefulSet', 'sts', (object) =>
        set(podOf(object), { affinity: {}, topologySpreadConstraints: [] }),
      ),
    ).toEqual([
      `WARNING statefulset-has-host-podantiaffinity: ${STS}: StatefulSet does not have a host podAntiAffinity set`,
    ]);
  });

  test('a low user of another object, also of another Job', () => {
    const low = (object: Loose): void => set(podOf(object).securityContext!, { runAsUser: 70, runAsGroup: 70 });
    expect(problemsWith('Deployment', 'api', low)).toEqual([
      `CRITICAL container-security-context-user-group-id: ${API}, container api: The container is running with a low user ID`,
      `CRITICAL container-security-context-user-group-id: ${API}, container api: The container running with a low group ID`,
    ]);
    expect(problemsWith('Job', 'auth-migrate', low)).toHaveLength(4);
  });

  test('another low user of the migration, root above all', () => {
    for (const runAsUser of [0, 71]) {
      const problems = problemsWith('Job', 'migrate', (object) => set(podOf(object).securityContext!, { runAsUser }));
      expect(problems.join('\n')).toMatch(/container-security-context-user-group-id: Job .*low user ID/);
    }
  });
});

test('an exception that does not occur is not counted as used', () => {
  const check = 'container-security-context-user-group-id';
  const low = EXCEPTIONS.filter((exception) => exception.check === check).flatMap(usesOf);
  const usedIn = (objects: readonly KubeObject[]): string[] => {
    const text = objects.map((object) => stringify(object)).join('---\n');
    return [...verdict(judge(OPTIONS, text), objects, EXCEPTIONS).used];
  };
  expect(usedIn(good)).toEqual(expect.arrayContaining(low));
  expect(usedIn(good.filter((object) => !isPart('Job', 'migrate')(object)))).not.toEqual(expect.arrayContaining(low));
});

function constraint(topologyKey: string, component: string): object {
  const matchLabels = { 'app.kubernetes.io/component': component };
  return { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels } };
}

describe('faults that no exception covers', () => {
  test.each<[string, string, (object: Loose) => void]>([
    [
      'container-security-context-privileged',
      'a privileged container',
      (object) => set(containerOf(object).securityContext!, { privileged: true }),
    ],
    [
      'container-security-context-readonlyrootfilesystem',
      'a root file system that can be written',
      (object) => set(containerOf(object).securityContext!, { readOnlyRootFilesystem: false }),
    ],
    ['container-resources', 'no limits', (object) => set(containerOf(object).resources!, { limits: {} })],
    ['container-image-tag', 'the tag latest', (object) => set(containerOf(object), { image: 'api:latest' })],
    ['pod-probes', 'no readiness probe', (object) => set(containerOf(object), { readinessProbe: undefined })],
    [
      'pod-probes-identical',
      'a liveness probe that asks for readiness',
      (object) => set(containerOf(object), { livenessProbe: containerOf(object).readinessProbe }),
    ],
    [
      'environment-variable-key-duplication',
      'a variable that is given twice',
      (object) => containerOf(object).env!.push(containerOf(object).env![0]!),
    ],
    [
      'container-seccomp-profile',
      'no seccomp profile, an optional check',
      (object) => set(podOf(object).securityContext!, { seccompProfile: undefined }),
    ],
    [
      'container-ports-check',
      'a name of a port that is too long, an optional check',
      (object) => set(containerOf(object).ports![0]!, { name: 'longer-than-fifteen' }),
    ],
    [
      'deployment-targeted-by-hpa-does-not-have-replicas-configured',
      'replicas that an autoscaler owns',
      (object) => set(object.spec!, { replicas: 2 }),
    ],
  ])('%s: %s', (check, _title, fault) => {
    expect(problemsWith('Deployment', 'api', fault).join('\n')).toMatch(
      new RegExp(`^(CRITICAL|WARNING) ${check}: ${API}`, 'm'),
    );
  });

  test.each<[string, string, (object: KubeObject) => boolean]>([
    // Each pod has a policy of its own and the default deny.
    [`CRITICAL pod-networkpolicy: ${API}`, 'no NetworkPolicy', ({ kind }) => kind === 'NetworkPolicy'],
    [
      `CRITICAL networkpolicy-targets-pod: NetworkPolicy caracal-production/caracal-api`,
      'no pod',
      isPart('Deployment', 'api'),
    ],
    [`CRITICAL deployment-has-poddisruptionbudget: ${API}`, 'no budget', isPart('PodDisruptionBudget', 'api')],
    [`CRITICAL statefulset-has-servicename: ${STS}`, 'no headless Service', isPart('Service', 'sts')],
    [
      'CRITICAL ingress-targets-service: Ingress caracal-production/caracal-sts',
      'no Service',
      isPart('Service', 'sts'),
    ],
  ])('%s: %s', (problem, _title, isOut) => {
    expect(problemsWithout(isOut).join('\n')).toMatch(new RegExp(`^${problem}`, 'm'));
  });

  test('service-targets-pod: a Service that selects nothing', () => {
    const problems = problemsWith('Service', 'api', (object) => set(object.spec!, { selector: { app: 'nobody' } }));
    expect(problems.join('\n')).toMatch(/^CRITICAL service-targets-pod: Service caracal-production\/caracal-api/m);
  });

  test('an annotation that switches a check off hides nothing from this suite', () => {
    const check = 'container-security-context-privileged';
    const problems = problemsWith('Deployment', 'api', (object) => {
      set(object.metadata!, { annotations: { 'kube-score/ignore': check } });
      set(containerOf(object).securityContext!, { privileged: true });
    });
    expect(problems).toEqual([`CRITICAL ${check}: ${API}, container api: The container is privileged`]);
  });
});

describe('a report that cannot be trusted is an error, never a pass', () => {
  test('manifests that are no YAML', () => {
    expect(() => judge(OPTIONS, 'kind: Deployment\n  apiVersion: [')).toThrow(/^kube-score made no report: ./);
  });

  test('an option that this kube-score does not know', () => {
    expect(() => judge(['--no-such-option'], stringify(good[0]))).toThrow(/made no report: .*no-such-option/s);
  });

  test('nothing that it could judge', () => {
    expect(() => judge(OPTIONS, stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }))).toThrow(
      'kube-score judged nothing',
    );
  });
});

describe('a missing program is told in one line that says how to get it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scanner-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('SCANNER_ASSETS is not set', () => {
    expect(() => findKubeScore('')).toThrow(
      /^SCANNER_ASSETS is not set\. .*go install .*kube-score@v1\.20\.0.*releases$/,
    );
  });

  test('the folder has no such file, or one that cannot be run', () => {
    expect(() => findKubeScore(folder)).toThrow(`${folder} has no program kube-score. SCANNER_ASSETS names`);
    writeFileSync(join(folder, 'kube-score'), '');
    expect(() => findKubeScore(folder)).toThrow(`${folder} has no program kube-score. SCANNER_ASSETS names`);
    chmodSync(join(folder, 'kube-score'), 0o755);
    expect(findKubeScore(folder)).toBe(join(folder, 'kube-score'));
  });
});

describe('which examples are rendered', () => {
  test.each([
    ['export function platform(app: App, change = {}): CaracalStack {', true],
    ['export const platform = (app: App) => new CaracalStack(app);', true],
    ['export async function platform(app: App) {', true],
    ['function platform(app: App) {', false],
    ['export function platforms() {', false],
    ["import * as pulumi from '@pulumi/pulumi';\nexport const url = stack.url;", false],
  ])('%s: %s', (program, expected) => {
    expect(exportsPlatform(`import x from 'x';\n\n${program}\n`)).toBe(expected);
  });
});
