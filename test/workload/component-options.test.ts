import * as fc from 'fast-check';
import { Component, type ComponentOptions, type ComponentSpec, OneShotJob, Scaling } from '../../src';
import { openErrorIds } from '../support/findings';
import { testComponentSpec, testJobContent, testStack, testStatefulSpec, WAITING } from '../support/ledger';
import { synth } from '../support/manifests';

/** Options as a JavaScript program may pass them. */
type Loose = Record<string, unknown>;

function problemsOf(options: Loose, spec: Partial<ComponentSpec> = {}) {
  const stack = testStack();
  new Component(stack, 'server', testComponentSpec(spec), options as ComponentOptions);
  return stack.findings().map(({ id, path, message, level }) => ({ id, path, message, level }));
}

function jobProblemsOf(options: Loose) {
  const stack = testStack();
  new OneShotJob(stack, 'migrate', testJobContent(), options);
  return stack.findings().map(({ id, path }) => ({ id, path }));
}

const REFUSED: readonly [what: string, options: Loose, id: string, path: string, message: RegExp][] = [
  [
    'a property that does not exist',
    { replica: 3 },
    'core/unknown-property',
    'replica',
    /there is no property "replica"/,
  ],
  [
    'a property of resources that does not exist',
    { resources: { memroy: '1Gi' } },
    'core/unknown-property',
    'resources.memroy',
    /memroy/,
  ],
  ['a plain object as security', { security: { reason: 'x' } }, 'core/wrong-type', 'security', /PodSecurity/],
  ['text as volumes', { volumes: 'data' }, 'core/wrong-type', 'volumes', /array/],
  [
    'a volume without its source',
    { volumes: [{ mountPath: '/x' }] },
    'core/wrong-type',
    'volumes[0]',
    /\{ volume, mountPath \}/,
  ],
  ['null as a volume', { volumes: [null] }, 'core/wrong-type', 'volumes[0]', /\{ volume, mountPath \}/],
  ['a record as tolerations', { tolerations: {} }, 'core/wrong-type', 'tolerations', /array/],
  ['null as a toleration', { tolerations: [null] }, 'core/wrong-type', 'tolerations[0]', /object/],
  ['a list as environment', { env: ['A=1'] }, 'core/wrong-type', 'env', /object/],
  [
    'an unknown switch',
    { sidecarInjection: 'off' },
    'core/wrong-type',
    'sidecarInjection',
    /"mesh-default", "disabled"/,
  ],
  ['a variable name with a dash', { env: { 'A-B': '1' } }, 'workload/invalid-env', 'env.A-B', /letters, digits/],
  ['a number as a variable', { env: { A: 1 } }, 'workload/invalid-env', 'env.A', /a variable is a string/],
  [
    'a label of the selector',
    { podLabels: { 'app.kubernetes.io/component': 'x' } },
    'workload/invalid-metadata',
    'podLabels',
    /belongs to the selector/,
  ],
  [
    'a label value with a space',
    { podLabels: { team: 'a b' } },
    'workload/invalid-metadata',
    'podLabels',
    /label value/,
  ],
  [
    'a label key with two slashes',
    { podLabels: { 'a/b/c': 'x' } },
    'workload/invalid-metadata',
    'podLabels',
    /at most one/,
  ],
  [
    'a number as an annotation',
    { podAnnotations: { a: 1 } },
    'workload/invalid-metadata',
    'podAnnotations',
    /annotation value is a string/,
  ],
  [
    'an annotation that YAML cannot carry',
    { podAnnotations: { a: 'x\u0000' } },
    'workload/invalid-metadata',
    'podAnnotations',
    /control character/,
  ],
  [
    'a node label that nothing can have',
    { nodeSelector: { pool: '-' } },
    'workload/invalid-metadata',
    'nodeSelector',
    /label value/,
  ],
  [
    'a priority class with a capital',
    { priorityClassName: 'High' },
    'workload/invalid-metadata',
    'priorityClassName',
    /PriorityClass/,
  ],
  [
    'seconds of a taint that evicts nobody',
    { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] },
    'workload/invalid-metadata',
    'tolerations[0]',
    /NoExecute/,
  ],
  [
    'seconds of a taint of any effect',
    { tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }] },
    'workload/invalid-metadata',
    'tolerations[0]',
    /NoExecute/,
  ],
  [
    'an account with a space',
    { serviceAccount: { name: 'a b' } },
    'workload/invalid-metadata',
    'serviceAccount',
    /ServiceAccount/,
  ],
  [
    'an account without a name',
    { serviceAccount: {} },
    'workload/invalid-metadata',
    'serviceAccount',
    /ServiceAccount/,
  ],
  [
    'more memory than the limit',
    { resources: { memory: '2Gi' } },
    'workload/request-above-limit',
    'resources.memory',
    /more memory is requested/,
  ],
  [
    'more CPU than the limit',
    { resources: { cpuLimit: '20m' } },
    'workload/request-above-limit',
    'resources.cpu',
    /more cpu is requested/,
  ],
  [
    'memory without a unit',
    { resources: { memory: '512' } },
    'core/invalid-memory',
    'resources.memory',
    /amount of memory/,
  ],
  ['CPU as a number', { resources: { cpu: 1 } }, 'core/invalid-cpu', 'resources.cpu', /amount of CPU/],
];

describe('options that are refused, in the report of the stack', () => {
  test.each(REFUSED)('%s', (_what, options, id, path, message) => {
    expect(problemsOf(options)).toEqual([
      { id, path: `ledger/server.${path}`, level: 'error', message: expect.stringMatching(message) as string },
    ]);
    expect(jobProblemsOf(options)).toEqual([{ id, path: `ledger/migrate.${path}` }]);
  });

  test('scaling and a budget made of literals', () => {
    const found = problemsOf({
      scaling: { min: 1, max: 2 },
      disruption: { maxUnavailable: 1 },
      topologySpread: ['zone'],
    });
    expect(found.map(({ id, path }) => [id, path])).toEqual([
      ['core/wrong-type', 'ledger/server.scaling'],
      ['core/wrong-type', 'ledger/server.disruption'],
      ['core/wrong-type', 'ledger/server.topologySpread[0]'],
    ]);
  });

  test('options that are no object at all', () => {
    expect(problemsOf('fast' as unknown as Loose).map(({ id }) => id)).toEqual(['core/wrong-type']);
    expect(jobProblemsOf('fast' as unknown as Loose).map(({ id }) => id)).toEqual(['core/wrong-type']);
  });

  test('a variable that the component sets itself, even to the same value: its property decides', () => {
    expect(problemsOf({ env: { PORT: '8080' } })).toEqual([
      expect.objectContaining({ id: 'workload/env-taken', path: 'ledger/server.env.PORT' }),
    ]);
  });

  test('all problems come in one report, and nothing is emitted', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec(), {
      nope: 1,
      env: { 'A-B': '1' },
      scaling: Scaling.fixed(1),
    } as ComponentOptions);
    const ids = ['core/unknown-property', 'workload/invalid-env', 'workload/replica-floor'];
    expect(openErrorIds(stack)).toEqual(ids);
    expect(() => synth(stack)).toThrow(/^3 problems in ledger:\n(?: {2}\[\S+\] \S+\n(?: {4}.*\n?)+){3}$/);
  });

  test('sound options are not refused', () => {
    const sound: ComponentOptions = {
      env: { EXTRA: '1' },
      podLabels: { team: 'books', 'example.com/team': '' },
      podAnnotations: { 'example.com/note': 'a: "b"\n# c' },
      nodeSelector: { pool: 'books' },
      priorityClassName: 'high.and.mighty',
      tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }],
      serviceAccount: { name: 'theirs' },
      resources: { cpu: '1', cpuLimit: '2', memory: '1Gi', memoryLimit: '1Gi' },
      volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath: '/extra' }],
      scaling: Scaling.fixed(2),
    };
    expect(problemsOf({ ...sound })).toEqual([]);
    const { scaling: _scaling, ...forJobs } = sound;
    expect(jobProblemsOf(forJobs)).toEqual([]);
  });
});

const claim = (change: object) => ({
  ephemeral: {
    volumeClaimTemplate: {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...change },
    },
  },
});
const pathOf = (path: string) => ({ path, fieldRef: { fieldPath: 'metadata.name' } });
const resourceOf = (change: object) => ({
  path: 'a',
  resourceFieldRef: { containerName: 'store', resource: 'limits.memory', ...change },
});

describe('volumes that are refused', () => {
  const own: Partial<ComponentSpec> = {
    scratch: [{ volume: 'tmp', mountPath: '/tmp', size: '1Mi' }],
    secretFiles: [{ volume: 'secrets', mountPath: '/run/secrets', items: [] }],
    configFiles: [{ volume: 'files', mountPath: '/etc/files', files: {} }],
    storage: [{ volume: 'data', mountPath: '/data', size: '1Gi' }],
    trust: { configMap: 'ca', key: 'ca.crt', folder: '/etc/trust', file: '/etc/trust/ca.crt' },
  };
  const volumeProblems = (...volumes: unknown[]) => {
    const stack = testStack();
    new Component(stack, 'store', testStatefulSpec(own), { volumes } as ComponentOptions);
    return stack.findings().map(({ id, path }) => [id, path]);
  };
  const at = (index: number) => `ledger/store.volumes[${index}]`;

  test.each([
    ["the node's own disk", { name: 'x', hostPath: { path: '/' } }],
    ['a file server, around every claim', { name: 'x', nfs: { server: 's', path: '/' } }],
    ["the node's disk behind a harmless kind", { name: 'x', emptyDir: {}, hostPath: { path: '/' } }],
    ['no kind at all', { name: 'x' }],
  ])('%s', (_what, volume) => {
    expect(volumeProblems({ volume, mountPath: '/x' })).toEqual([['workload/forbidden-volume', at(0)]]);
  });

  test.each([
    ['no Secret', { secret: {} }],
    ['an empty name', { persistentVolumeClaim: { claimName: '' } }],
    ['the field of another kind', { secret: { name: 'x' } }],
    ['a name that no ConfigMap has', { configMap: { name: 'A b' } }],
    ['no driver', { csi: {} }],
    ['no template', { ephemeral: {} }],
    ['a file outside of the volume', { secret: { secretName: 'x', items: [{ key: 'a', path: '../a' }] } }],
    ['an item without a key', { configMap: { name: 'x', items: [{ path: 'a' }] } }],
    ['items that are no list', { configMap: { name: 'x', items: { key: 'a', path: 'a' } } }],
    ['a projected source of no kind', { projected: { sources: [{}] } }],
    [
      'a projected source of two kinds',
      { projected: { sources: [{ secret: { name: 'a' }, configMap: { name: 'a' } }] } },
    ],
    ['a projected Secret without a name', { projected: { sources: [{ secret: {} }] } }],
    ['a token without a file', { projected: { sources: [{ serviceAccountToken: {} }] } }],
    ['sources that are no list', { projected: { sources: {} } }],
    ['a template without modes', { ephemeral: { volumeClaimTemplate: { spec: {} } } }],
    ['a mode of access that does not exist', claim({ accessModes: ['Sometimes'] })],
    ['one pod alone and others', claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] })],
    ['a claim of nothing', claim({ resources: { requests: { storage: '0' } } })],
    ['a claim of less than nothing', claim({ resources: { requests: { storage: '-1' } } })],
    ['a claim without an amount', claim({ resources: {} })],
    ['a disk without files', claim({ volumeMode: 'Block' })],
    ['a class that YAML takes for a number', claim({ storageClassName: '0o17' })],
    ['more permissions than there are', { secret: { secretName: 'x', defaultMode: 0o1000 } }],
    ['permissions below zero', { configMap: { name: 'x', items: [{ key: 'a', path: 'a', mode: -1 }] } }],
    ['a key that YAML takes for a number', { configMap: { name: 'x', items: [{ key: '0o17', path: 'a' }] } }],
    ['two keys in one file', { secret: { secretName: 'x', items: ['a', 'b'].map((key) => ({ key, path: 'f' })) } }],
    ['a file in the place of a folder', { downwardAPI: { items: [pathOf('a'), pathOf('a/b')] } }],
    [
      'two sources with one file',
      {
        projected: {
          sources: ['x', 'y'].map((path) => ({ secret: { name: path, items: [{ key: 'k', path: 'f' }] } })),
        },
      },
    ],
    [
      'a field that pods do not have',
      { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.foo' } }] } },
    ],
    [
      'a field that volumes do not show',
      { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } },
    ],
    ['neither a field nor a resource', { downwardAPI: { items: [{ path: 'a' }] } }],
    ['a resource in parts that it does not have', { downwardAPI: { items: [resourceOf({ divisor: '2' })] } }],
    ['a resource without its container', { downwardAPI: { items: [resourceOf({ containerName: undefined })] } }],
    [
      'a token that ends too soon',
      { projected: { sources: [{ serviceAccountToken: { path: 'a', expirationSeconds: 599 } }] } },
    ],
    ['less than no space', { emptyDir: { sizeLimit: '-1' } }],
    ['a medium that does not exist', { emptyDir: { medium: 'Disk' } }],
    ['a field that does not exist', { emptyDir: { size: '1Gi' } }],
    ['a driver with a name that is too long', { csi: { driver: 'x'.repeat(64) } }],
  ])('%s, which the API server refuses or no pod could mount', (_what, source) => {
    expect(volumeProblems({ volume: { name: 'x', ...source }, mountPath: '/x' })).toEqual([
      ['workload/invalid-volume', at(0)],
    ]);
  });

  test('sources that the API server takes are taken', () => {
    const sources = [
      { secret: { secretName: 'a.b', items: [{ key: 'k', path: 'a/..b' }] } },
      { configMap: { name: 'a', optional: true } },
      { persistentVolumeClaim: { claimName: 'a' } },
      { csi: { driver: 'Secrets-store.csi.k8s.io' } },
      { emptyDir: {} },
      { downwardAPI: {} },
      { projected: {} },
      { projected: { sources: [{ serviceAccountToken: { path: 'token' } }, { secret: { name: 'a' } }] } },
      {
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { a: 'b' } },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
          },
        },
      },
      { emptyDir: { sizeLimit: '1.5Gi', medium: 'Memory' } },
      { secret: { secretName: 'a', defaultMode: 0o440, items: [{ key: 'k', path: 'a', mode: 0o400 }] } },
      {
        downwardAPI: {
          items: [
            { path: 'labels', fieldRef: { fieldPath: "metadata.labels['app.example/a']", apiVersion: 'v1' } },
            { path: 'memory', resourceFieldRef: { containerName: 'store', resource: 'limits.memory', divisor: '1Mi' } },
          ],
        },
      },
      { projected: { sources: [{ serviceAccountToken: { path: 'a', audience: 'vault', expirationSeconds: 600 } }] } },
      {
        csi: {
          driver: 'a',
          readOnly: true,
          fsType: 'ext4',
          volumeAttributes: { a: 'b' },
          nodePublishSecretRef: { name: 'a' },
        },
      },
    ];
    const volumes = sources.map((source, index) => ({
      volume: { name: `v${index}`, ...source },
      mountPath: `/v${index}`,
    }));
    expect(volumeProblems(...volumes)).toEqual([]);
  });

  test.each(['tmp', 'secrets', 'files', 'data', 'trust'])('the name "%s", which the component uses', (name) => {
    expect(volumeProblems({ volume: { name, emptyDir: {} }, mountPath: '/x' })).toEqual([
      ['workload/volume-taken', at(0)],
    ]);
  });

  test.each(['/tmp', '/run/secrets', '/etc/files', '/data', '/etc/trust'])(
    'the folder "%s", which the component uses',
    (mountPath) => {
      expect(volumeProblems({ volume: { name: 'x', emptyDir: {} }, mountPath })).toEqual([
        ['workload/volume-taken', at(0)],
      ]);
    },
  );

  test('the name of a volume that only a waiting container of a Job mounts', () => {
    const stack = testStack();
    const secretFiles = [{ volume: 'admin', mountPath: '/run/admin', items: [] }];
    new OneShotJob(stack, 'migrate', testJobContent({ initContainers: [{ ...WAITING, secretFiles }] }), {
      volumes: [{ volume: { name: 'admin', emptyDir: {} }, mountPath: '/x' }],
    });
    expect(stack.findings().map(({ id }) => id)).toEqual(['workload/volume-taken']);
  });

  test('two volumes of one name, and two at one folder', () => {
    const volume = (name: string, mountPath: string) => ({ volume: { name, emptyDir: {} }, mountPath });
    expect(volumeProblems(volume('x', '/x'), volume('x', '/y'))).toEqual([['workload/volume-taken', at(1)]]);
    expect(volumeProblems(volume('x', '/x'), volume('y', '/x'))).toEqual([['workload/volume-taken', at(1)]]);
    expect(volumeProblems(volume('x', '/x'), volume('y', '/y'))).toEqual([]);
  });

  test.each(['Data', 'a_b', '', 'x'.repeat(64), 7])('%j as the name', (name) => {
    expect(volumeProblems({ volume: { name, emptyDir: {} }, mountPath: '/x' })).toEqual([
      ['workload/invalid-volume', at(0)],
    ]);
  });

  test.each(['relative', '', '/', '/a:b', undefined])('%j as the folder', (mountPath) => {
    expect(volumeProblems({ volume: { name: 'x', emptyDir: {} }, mountPath })).toEqual([
      ['workload/invalid-volume', at(0)],
    ]);
  });
});

describe('names', () => {
  const nameProblems = (instance: string) => {
    const stack = testStack({ instance });
    new Component(stack, 'store', testStatefulSpec({ component: 'store' }));
    return stack.findings().filter(({ id }) => id === 'workload/invalid-name');
  };

  test('52 characters are possible: StatefulSets with longer ones are accepted and then never get a pod', () => {
    const longest = 'i'.repeat(52 - '-store'.length);
    expect(nameProblems(longest)).toEqual([]);
    expect(nameProblems(`${longest}i`)).toEqual([
      expect.objectContaining({
        path: 'ledger/store',
        message: expect.stringContaining('53 characters, 52 are possible') as string,
      }),
    ]);
  });

  test('the name of a Job counts with its hash', () => {
    const job = (instance: string) => {
      const stack = testStack({ instance });
      new OneShotJob(stack, 'migrate', testJobContent());
      return stack.findings().filter(({ id }) => id === 'workload/invalid-name').length;
    };
    const longest = 'i'.repeat(63 - '-migrate'.length - '-01234567'.length);
    expect([job(longest), job(`${longest}i`)]).toEqual([0, 1]);
  });
});

test('whatever JavaScript passes as options, the answer is a report or a pod, never a crash', () => {
  const junk = fc.oneof(
    fc.anything({ maxDepth: 3, maxKeys: 3 }),
    fc.array(fc.dictionary(fc.string(), fc.anything({ maxDepth: 1 }), { maxKeys: 3 })),
  );
  const names = [
    'resources',
    'env',
    'volumes',
    'podLabels',
    'podAnnotations',
    'nodeSelector',
    'tolerations',
    'priorityClassName',
    'sidecarInjection',
    'security',
    'serviceAccount',
    'rerun',
  ] as const;
  fc.assert(
    fc.property(fc.constantFrom(...names), junk, (name, value) => {
      const stack = testStack();
      expect(() => {
        new Component(stack, 'server', testComponentSpec(), { [name]: value } as ComponentOptions);
        new OneShotJob(stack, 'migrate', testJobContent(), { [name]: value });
        stack.findings();
      }).not.toThrow();
    }),
    { numRuns: 150 },
  );
});
