import * as fc from 'fast-check';
import {
  Component,
  Deferred,
  ImageRef,
  type InitContainer,
  type JobContent,
  type JobOptions,
  OneShotJob,
  Peer,
  type PlatformStackProps,
  Port,
  RegistryMirror,
  type Value,
} from '../../src';
import { compose, derive, nameValue } from '../../src/core/value';
import { Deployment } from '../core/deployment';
import { findingsWith } from '../support/findings';
import { testCluster, testComponentSpec, testJobContent, testStack, WAITING } from '../support/ledger';
import { find, refs, synth } from '../support/manifests';

interface Case {
  readonly content?: Partial<JobContent>;
  readonly options?: JobOptions;
  readonly stack?: Partial<PlatformStackProps>;
}

function jobName({ content = {}, options = {}, stack = {} }: Case = {}): string {
  return new OneShotJob(testStack(stack), 'migrate', testJobContent(content), options).job.name;
}

describe('objects of a Job', () => {
  const stack = testStack();
  const job = new OneShotJob(stack, 'migrate', testJobContent());

  test('are the Job, its policy and its account, nothing else', () => {
    expect(refs(stack)).toEqual(
      [
        `Job/${job.job.name}`,
        'NetworkPolicy/ledger-default-deny',
        'NetworkPolicy/ledger-migrate',
        'ServiceAccount/ledger-migrate',
      ].sort(),
    );
  });

  test('the Job runs to its end once: no TTL, which would let it run again, and no restart, which would lose logs', () => {
    const { spec } = find(stack, 'Job', job.job.name);
    expect(spec).not.toHaveProperty('ttlSecondsAfterFinished');
    expect(spec).toMatchObject({
      backoffLimit: 3,
      activeDeadlineSeconds: 600,
      template: { spec: { restartPolicy: 'Never' } },
    });
  });

  test("the policy is there before the Job, under a name that stays when the Job's changes", () => {
    const order = synth(stack).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(order.indexOf('NetworkPolicy/ledger-migrate')).toBeLessThan(order.indexOf(`Job/${job.job.name}`));
    expect(find(stack, 'NetworkPolicy', 'ledger-migrate').spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  test('the Job may resolve names, unless it needs none', () => {
    const reasons = (content: Partial<JobContent>) =>
      new OneShotJob(testStack(), 'migrate', testJobContent(content)).connections.flows.map(({ reason }) => reason);
    expect(reasons({})).toEqual(['resolves names']);
    expect(reasons({ resolvesNames: false })).toEqual([]);
  });

  test('a flow to a Job has no port and is refused', () => {
    const server = new Component(stack, 'server', testComponentSpec());
    server.connections.allowTo(job, { reason: 'by mistake' });
    expect(findingsWith(stack, 'network/no-port').map(({ message }) => message)).toContain(
      'the flow from ledger-server to ledger-migrate has no port',
    );
  });
});

test('a Job asks Pulumi to replace it while it has not completed, its pods do not', () => {
  const stack = testStack();
  const { metadata, spec } = find(stack, 'Job', new OneShotJob(stack, 'migrate', testJobContent()).job.name);
  expect(metadata.annotations).toEqual({ 'pulumi.com/replaceUnready': 'true' });
  expect(JSON.stringify(spec)).not.toContain('pulumi.com');
});

describe('limits of a Job', () => {
  const specOf = (options: JobOptions) => {
    const stack = testStack();
    return find(stack, 'Job', new OneShotJob(stack, 'migrate', testJobContent(), options).job.name).spec;
  };

  test('come from the content, and the user may set each of them', () => {
    expect(specOf({})).toMatchObject({ backoffLimit: 3, activeDeadlineSeconds: 600 });
    expect(specOf({ backoffLimit: 0 })).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 600 });
    expect(specOf({ deadlineSeconds: 3600 })).toMatchObject({ backoffLimit: 3, activeDeadlineSeconds: 3600 });
  });

  test('are part of the spec that rules read', () => {
    const { spec } = new OneShotJob(testStack(), 'migrate', testJobContent(), { backoffLimit: 1, deadlineSeconds: 60 });
    expect(spec).toMatchObject({ backoffLimit: 1, deadlineSeconds: 60 });
  });

  test('a pod that was disrupted counts for nothing, one that failed by itself does', () => {
    expect(specOf({}).podFailurePolicy).toEqual({
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    });
    // Kubernetes takes a failure policy only where failed pods are not restarted in place.
    expect(specOf({}).template.spec.restartPolicy).toBe('Never');
  });

  test.each<[string, unknown]>([
    ['backoffLimit', -1],
    ['backoffLimit', 1.5],
    ['backoffLimit', '3'],
    ['backoffLimit', 2 ** 31],
    ['deadlineSeconds', 0],
    ['deadlineSeconds', NaN],
    ['deadlineSeconds', '15m'],
    ['deadlineSeconds', 2 ** 31],
  ])('%s %s is refused at its path', (property, given) => {
    const stack = testStack();
    new OneShotJob(stack, 'migrate', testJobContent(), { [property]: given });
    expect(stack.findings().map(({ id, path }) => [id, path])).toEqual([
      ['workload/invalid-limit', `ledger/migrate.${property}`],
    ]);
  });
});

test("a waiting container has the resources that the user gives the Job, not the product's", () => {
  const stack = testStack();
  const resources = { memory: '96Mi', memoryLimit: '1Gi', cpuLimit: '1' } as const;
  const { job } = new OneShotJob(stack, 'migrate', testJobContent(), { resources });
  const { containers, initContainers = [] } = find(stack, 'Job', job.name).spec.template.spec;
  expect(initContainers.map((each) => each.resources)).toEqual([containers[0]?.resources]);
  expect(initContainers[0]?.resources).toMatchObject({
    requests: { cpu: '50m', memory: '96Mi' },
    limits: { cpu: '1', memory: '1Gi' },
  });
});

describe('the name of a Job', () => {
  const plain = jobName();

  test('ends in eight hexadecimal digits, always the same for the same content', () => {
    expect(plain).toMatch(/^ledger-migrate-[0-9a-f]{8}$/);
    expect(jobName()).toBe(plain);
  });

  const changes: readonly [what: string, change: Case][] = [
    [
      'the image',
      {
        content: {
          image: ImageRef.of({ repository: 'registry.example.com/ledger/server', digest: `sha256:${'c'.repeat(64)}` }),
        },
      },
    ],
    ['the command', { content: { command: ['migrate', '--all'] } }],
    ['arguments', { content: { args: ['x'] } }],
    ['a variable', { content: { env: { TARGET: 'other' } } }],
    ['the user', { content: { user: { uid: 1, gid: 1002, fsGroup: 1003 } } }],
    [
      'a secret file',
      {
        content: { secretFiles: [{ volume: 's', mountPath: '/s', items: [{ secretName: 'a', key: 'b', path: 'c' }] }] },
      },
    ],
    ['resources', { options: { resources: { memoryLimit: '1Gi' } } }],
    ['the deadline', { content: { deadlineSeconds: 601 } }],
    ['the number of attempts', { content: { backoffLimit: 4 } }],
    ['a deadline of the user', { options: { deadlineSeconds: 602 } }],
    ['a number of attempts of the user', { options: { backoffLimit: 5 } }],
    ['the waiting container', { content: { initContainers: [{ ...WAITING, command: ['wait'] }] } }],
    ['no waiting container', { content: { initContainers: [] } }],
    ['an extra variable', { options: { env: { EXTRA: '1' } } }],
    ['an extra volume', { options: { volumes: [{ volume: { name: 'x', emptyDir: {} }, mountPath: '/x' }] } }],
    ['the mirror', { stack: { mirror: RegistryMirror.prefix('mirror.example.net') } }],
    ['settings of all pods', { stack: { pods: { labels: { team: 'x' } } } }],
    ['a rerun', { options: { rerun: '1' } }],
    ['another rerun', { options: { rerun: '2' } }],
    ['a revision of the secrets', { content: { secretsRevision: '1' } }],
    ['another revision of the secrets', { content: { secretsRevision: '2' } }],
  ];

  test.each(changes)('changes with %s, since Kubernetes lets no Job change', (_what, change) => {
    expect(jobName(change)).not.toBe(plain);
  });

  test('tells all of these changes apart', () => {
    expect(new Set(changes.map(([, change]) => jobName(change))).size).toBe(changes.length);
  });

  test.each<[string, Case]>([
    ['the cluster', { stack: { cluster: testCluster({ name: 'us-1', zones: 1 }) } }],
    ['monitoring', { stack: { monitored: false } }],
    ['the namespace', { stack: { namespace: { name: 'books', create: true } } }],
    ['options that are undefined', { options: { rerun: undefined, env: undefined, resources: undefined } }],
    ['an empty rerun', { options: { rerun: '' } }],
  ])('does not change with %s', (_what, change) => {
    expect(jobName(change)).toBe(plain);
  });

  test('does not change with flows, other components, the construct id or a patch', () => {
    const stack = testStack({}, undefined, 'another-id');
    new Component(stack, 'server', testComponentSpec());
    const job = new OneShotJob(stack, 'another', testJobContent());
    job.connections.allowTo(Peer.cidr('10.0.0.0/24'), { port: Port.tcp(5432), reason: 'migrates the database' });
    stack.acknowledge('workload/relaxed-security', { reason: 'not relevant here' });
    expect(job.job.name).toBe(plain);
    expect(find(stack, 'Job', plain).metadata.name).toBe(plain);
  });

  test('does not depend on the order in which variables are declared', () => {
    const dictionary = fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.string(), { minKeys: 2, maxKeys: 6 });
    fc.assert(
      fc.property(dictionary, (env) => {
        const reversed = Object.fromEntries(Object.entries(env).reverse());
        expect(jobName({ content: { env: reversed } })).toBe(jobName({ content: { env } }));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a value that is known only at deployment', () => {
  const deferred = (token: string, source: string) => new Deferred<string>(token, source);
  const places: readonly [where: string, put: (value: Deferred<string>) => Case][] = [
    ["the Job's own environment", (value) => ({ content: { env: { TARGET: value } } })],
    ['an option', (value) => ({ options: { env: { EXTRA: value } } })],
    [
      'the waiting container',
      (value) => ({ content: { initContainers: [{ ...WAITING, env: { TIMEOUT: value } } as InitContainer] } }),
    ],
    ['the settings of all pods', (value) => ({ stack: { pods: { env: { HTTPS_PROXY: value } } } })],
  ];

  test.each(places)(
    'in %s counts by the property that it was given for: tokens may differ from run to run',
    (_where, put) => {
      const [one, sameAgain, other] = [
        deferred('<1>', 'props.host'),
        deferred('<2>', 'props.host'),
        deferred('<1>', 'props.other'),
      ];
      expect(jobName(put(sameAgain))).toBe(jobName(put(one)));
      expect(jobName(put(other))).not.toBe(jobName(put(one)));
    },
  );

  test('counts with the text around it', () => {
    const url = (token: string, path: string) => compose`https://${deferred(token, 'props.host')}/${path}`;
    const named = (value: Value<string>) => jobName({ content: { env: { TARGET: value } } });
    expect(named(url('<2>', 'books'))).toBe(named(url('<1>', 'books')));
    expect(named(url('<1>', 'shelves'))).not.toBe(named(url('<1>', 'books')));
  });

  test.each(places)(
    'in %s counts by the property also with a token of the engine, which is another in each run',
    (_where, put) => {
      const named = (property: string) => {
        const value = Deferred.create();
        nameValue(value, property);
        return jobName(put(value));
      };
      expect(named('props.host')).toBe(named('props.host'));
      expect(named('props.other')).not.toBe(named('props.host'));
    },
  );

  test('counts with what is made of it: a revision of the secrets', () => {
    const revision = (property: string, text: string) => {
      const value = Deferred.create();
      nameValue(value, property);
      const secretsRevision = derive('hash', [value, text], (...texts) => texts.join(''));
      return jobName({ content: { secretsRevision } });
    };
    expect(revision('props.host', 'a')).toBe(revision('props.host', 'a'));
    expect(revision('props.other', 'a')).not.toBe(revision('props.host', 'a'));
    expect(revision('props.host', 'b')).not.toBe(revision('props.host', 'a'));
  });

  test('does not count by its text, which nobody knows when the Job is named', () => {
    const named = (text: string) => {
      const value = new Deployment().value(text);
      nameValue(value, 'props.host');
      return jobName({ content: { env: { TARGET: value } } });
    };
    expect(named('a')).toBe(named('b'));
    expect(jobName({ content: { env: { TARGET: 'b' } } })).not.toBe(jobName({ content: { env: { TARGET: 'a' } } }));
  });

  test('arrives in the Job as its text, and nothing but the name differs from the Job of the text', () => {
    const objectOf = (deployment: Deployment, value: Value<string>) => {
      const stack = testStack({ pods: { env: { ALL: value } } });
      const content = testJobContent({
        env: { TARGET: compose`x$(A)${value}` },
        initContainers: [{ ...WAITING, env: { TIMEOUT: value } }],
      });
      const { job } = new OneShotJob(stack, 'migrate', content, { env: { EXTRA: value } });
      const object = find(stack, 'Job', job.name);
      return deployment.deploy({ ...object, metadata: { ...object.metadata, name: 'migrate' } });
    };
    const deployment = new Deployment();
    const later = objectOf(deployment, deployment.value('$$(B)'));
    expect(later).toEqual(objectOf(deployment, '$$(B)'));
    expect(later.spec.template.spec.containers[0]?.env).toContainEqual({ name: 'TARGET', value: 'x$$(A)$$$$(B)' });
  });
});

test('a waiting container may have another user than the Job', () => {
  const stack = testStack();
  const { job } = new OneShotJob(
    stack,
    'migrate',
    testJobContent({ initContainers: [{ ...WAITING, user: { uid: 70, gid: 71 } }] }),
  );
  expect(find(stack, 'Job', job.name).spec.template.spec.initContainers?.[0]?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    runAsUser: 70,
    runAsGroup: 71,
  });
});
