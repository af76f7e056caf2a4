import * as fc from 'fast-check';
import { Component, type ComponentSpec, ConfigurationError, Deferred, ImageRef, Port } from '../../src';
import { COMPONENT_SHAPE } from '../../src/workload/spec-shapes';
import { testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { synth } from '../support/manifests';

/** What a stack says about a component with this spec, as `path below the component: code: message`. */
function said(spec: unknown, options?: object, profile: 'production' | 'dev' = 'production'): string[] {
  const stack = testStack({ profile });
  const component = new Component(stack, 'server', spec as ComponentSpec, options);
  return stack
    .findings()
    .filter(({ level }) => level === 'error')
    .map(({ path, id, message }) => `${path.replace(component.node.path, '')}: ${id}: ${message}`);
}

const withSpec = (change: object): unknown => ({ ...testComponentSpec(), ...change });
const ofStore = (change: object): unknown => ({ ...testStatefulSpec(), ...change });
const tcp = (number: number, name: string) => ({ name, port: Port.tcp(number) });
const secret = (change: object) => ({ secretName: 'orders', key: 'token', path: 'token', ...change });
const probe = (change: object) => ({
  probes: { ...testComponentSpec().probes, liveness: { ask: { http: '/a' }, ...change } },
});
const files = (item: object) => ({ secretFiles: [{ volume: 'secrets', mountPath: '/run/secrets', items: [item] }] });
const scratch = (...spaces: object[]) => ({ scratch: spaces.map((space) => ({ size: '1Mi', ...space })) });

/** One mistake each, with the only thing that is said about it. */
const MISTAKES: readonly (readonly [string, unknown, RegExp])[] = [
  ['a name in capitals', withSpec({ component: 'Orders' }), /^\.component: workload\/invalid-name: .*lower-case/],
  ['an empty name', withSpec({ component: '' }), /^\.component: workload\/invalid-name/],
  ['a kind that is none', withSpec({ kind: 'CronJob' }), /^\.kind: core\/wrong-type: .*"Deployment", "StatefulSet"/],
  ['an image as text', withSpec({ image: 'nginx:1.27' }), /^\.image: core\/wrong-type: .*ImageRef/],
  ['a version that is no label', withSpec({ version: '1.0 beta' }), /^\.version: workload\/invalid-version/],
  ['a command as text', withSpec({ command: 'sleep 5' }), /^\.command: core\/wrong-type/],
  ['an argument as number', withSpec({ args: ['-p', 80] }), /^\.args\[1\]: core\/wrong-type/],
  ['an argument that YAML does not carry', withSpec({ args: ['a\u0000'] }), /^\.args\[0\]: workload\/invalid-command/],
  ['no port', withSpec({ ports: [], metrics: undefined }), /^\.ports: core\/wrong-type: .*one port at least/],
  [
    'a port as number',
    withSpec({ ports: [{ name: 'http', port: 80 }] }),
    /^\.ports\[0\]\.port: core\/wrong-type: .*Port/,
  ],
  [
    'a port name of 29 characters',
    withSpec({ ports: [tcp(80, 'a-name-of-a-port-that-is-long')], metrics: undefined }),
    /^\.ports\[0\]\.name: workload\/invalid-port: it has 29 characters, 15/,
  ],
  [
    'a port name in capitals',
    withSpec({ ports: [tcp(80, 'HTTP')], metrics: undefined }),
    /^\.ports\[0\]\.name: workload\/invalid-port: only lower-case/,
  ],
  [
    'a port name of digits',
    withSpec({ ports: [tcp(80, '80')], metrics: undefined }),
    /^\.ports\[0\]\.name: workload\/invalid-port: .*one letter/,
  ],
  [
    'a port name with two dashes',
    withSpec({ ports: [tcp(80, 'a--b')], metrics: undefined }),
    /^\.ports\[0\]\.name: workload\/invalid-port/,
  ],
  [
    'a port name twice',
    withSpec({ ports: [tcp(80, 'http'), tcp(81, 'http')], metrics: undefined }),
    /^\.ports\[1\]\.name: .*another port/,
  ],
  [
    'a port number twice',
    withSpec({ ports: [tcp(80, 'http'), tcp(80, 'web')], metrics: undefined }),
    /^\.ports\[1\]\.port: .*"http" is this port already/,
  ],
  [
    'a range of ports',
    withSpec({ ports: [{ name: 'http', port: Port.tcpRange(80, 90) }], metrics: undefined }),
    /^\.ports\[0\]\.port: workload\/invalid-port: .*single ports/,
  ],
  [
    'a UDP port that is probed over HTTP',
    withSpec({ ports: [{ name: 'dns', port: Port.udp(53) }], metrics: undefined }),
    /^\.ports\[0\]: workload\/invalid-probe: .*over TCP, and this is UDP/,
  ],
  [
    'metrics of a port that is not there',
    withSpec({ metrics: { path: '/metrics', port: 'prom' } }),
    /^\.metrics\.port: workload\/invalid-metrics: .*no port of this name/,
  ],
  [
    'metrics at a path without slash',
    withSpec({ metrics: { path: 'metrics', port: 'http' } }),
    /^\.metrics\.path: workload\/invalid-metrics/,
  ],
  ['metrics without a port', withSpec({ metrics: { path: '/metrics' } }), /^\.metrics\.port: core\/missing-property/],
  [
    'a bearer of half a name',
    withSpec({ metrics: { path: '/m', port: 'http', bearer: { secretName: 'a' } } }),
    /^\.metrics\.bearer\.key: core\/missing-property/,
  ],
  [
    'a bearer key with a slash',
    withSpec({ metrics: { path: '/m', port: 'http', bearer: { secretName: 'a', key: 'a/b' } } }),
    /^\.metrics\.bearer: workload\/invalid-metrics/,
  ],
  [
    'a timeout below zero',
    withSpec(probe({ timeoutSeconds: -1 })),
    /^\.probes\.liveness\.timeoutSeconds: workload\/invalid-probe: .*from 1/,
  ],
  [
    'a period of zero',
    withSpec(probe({ periodSeconds: 0 })),
    /^\.probes\.liveness\.periodSeconds: workload\/invalid-probe/,
  ],
  [
    'a threshold that is not whole',
    withSpec(probe({ failureThreshold: 1.5 })),
    /^\.probes\.liveness\.failureThreshold: workload\/invalid-probe/,
  ],
  [
    'a probe with a port of its own',
    withSpec(probe({ port: 'admin' })),
    /^\.probes\.liveness\.port: core\/unknown-property/,
  ],
  [
    'a probe that asks for nothing',
    withSpec({ probes: { liveness: { ask: {} } } }),
    /^\.probes\.liveness\.ask: workload\/invalid-probe: .*exactly one/,
  ],
  [
    'a probe that asks twice',
    withSpec({ probes: { liveness: { ask: { tcp: true, http: '/' } } } }),
    /^\.probes\.liveness\.ask: .*exactly one/,
  ],
  [
    'a probe of a path without slash',
    withSpec({ probes: { liveness: { ask: { http: 'health' } } } }),
    /^\.probes\.liveness\.ask: .*begins with "\/"/,
  ],
  [
    'a probe by a command that is none',
    withSpec({ probes: { liveness: { ask: { exec: [] } } } }),
    /^\.probes\.liveness\.ask: .*program/,
  ],
  [
    'a probe without a question',
    withSpec({ probes: { readiness: { periodSeconds: 5 } } }),
    /^\.probes\.readiness\.ask: core\/missing-property/,
  ],
  [
    'a pause below zero',
    withSpec({ shutdown: { preStopSeconds: -1 } }),
    /^\.shutdown\.preStopSeconds: workload\/invalid-shutdown/,
  ],
  [
    'a pause of zero, which clusters before 1.33 refuse',
    withSpec({ shutdown: { preStopSeconds: 0 } }),
    /^\.shutdown\.preStopSeconds: .*from 1/,
  ],
  [
    'no time to stop',
    withSpec({ shutdown: { budgetSeconds: 0 } }),
    /^\.shutdown\.budgetSeconds: workload\/invalid-shutdown/,
  ],
  [
    'a margin as text',
    withSpec({ shutdown: { marginSeconds: '5' } }),
    /^\.shutdown\.marginSeconds: workload\/invalid-shutdown/,
  ],
  ['root', withSpec({ user: { uid: 0, gid: 1, fsGroup: 1 } }), /^\.user\.uid: workload\/invalid-user: .*root/],
  [
    'a user below zero',
    withSpec({ user: { uid: -5, gid: 1, fsGroup: 1 } }),
    /^\.user\.uid: workload\/invalid-user: .*from 1/,
  ],
  [
    'a group above 32 bits',
    withSpec({ user: { uid: 1, gid: 2 ** 31, fsGroup: 1 } }),
    /^\.user\.gid: workload\/invalid-user/,
  ],
  ['no group of files', withSpec({ user: { uid: 1, gid: 1 } }), /^\.user\.fsGroup: core\/missing-property/],
  ['replicas as a number', withSpec({ scaling: 3 }), /^\.scaling: core\/wrong-type: .*Scaling/],
  [
    'storage on a Deployment',
    withSpec({ storage: [{ volume: 'data', mountPath: '/data', size: '1Gi' }] }),
    /^\.storage: workload\/storage-on-deployment/,
  ],
  [
    'storage without a size',
    ofStore({ storage: [{ volume: 'data', mountPath: '/data' }] }),
    /^\.storage\[0\]\.size: core\/missing-property/,
  ],
  [
    'storage of a decimal size',
    ofStore({ storage: [{ volume: 'data', mountPath: '/data', size: '1.5Gi' }] }),
    /^\.storage\[0\]\.size: core\/invalid-memory/,
  ],
  [
    'a storage class in capitals',
    ofStore({ storage: [{ volume: 'data', mountPath: '/data', size: '1Gi', storageClass: 'SSD' }] }),
    /^\.storage\[0\]\.storageClass: workload\/invalid-volume/,
  ],
  [
    'a scratch volume in capitals',
    withSpec(scratch({ volume: 'TMP', mountPath: '/tmp' })),
    /^\.scratch\[0\]\.volume: workload\/invalid-volume/,
  ],
  [
    'two scratch volumes of one name',
    withSpec(scratch({ volume: 'a', mountPath: '/a' }, { volume: 'a', mountPath: '/b' })),
    /^\.scratch\[1\]\.volume: workload\/volume-taken/,
  ],
  [
    'two scratch volumes at one path',
    withSpec(scratch({ volume: 'a', mountPath: '/a' }, { volume: 'b', mountPath: '/a/' })),
    /^\.scratch\[1\]\.mountPath: workload\/volume-taken/,
  ],
  [
    'scratch at a relative path',
    withSpec(scratch({ volume: 'a', mountPath: 'tmp' })),
    /^\.scratch\[0\]\.mountPath: workload\/invalid-volume: .*absolute/,
  ],
  [
    'scratch above its folder',
    withSpec(scratch({ volume: 'a', mountPath: '/a/../b' })),
    /^\.scratch\[0\]\.mountPath: workload\/invalid-volume: .*"\.\."/,
  ],
  [
    'scratch in the place of everything',
    withSpec(scratch({ volume: 'a', mountPath: '/' })),
    /^\.scratch\[0\]\.mountPath: workload\/invalid-volume/,
  ],
  [
    'scratch on another medium',
    withSpec(scratch({ volume: 'a', mountPath: '/a', medium: 'Memory' })),
    /^\.scratch\[0\]\.medium: core\/wrong-type/,
  ],
  [
    'scratch as a number',
    withSpec(scratch({ volume: 'a', mountPath: '/a', size: 5 })),
    /^\.scratch\[0\]\.size: core\/invalid-memory/,
  ],
  [
    'scratch inside of files that are read-only',
    withSpec({ ...files(secret({})), ...scratch({ volume: 'a', mountPath: '/run/secrets/cache' }) }),
    /^\.scratch\[0\]\.mountPath: .*read-only/,
  ],
  [
    'a secret file outside of its folder',
    withSpec(files(secret({ path: '../../etc' }))),
    /^\.secretFiles\[0\]\.items\[0\]\.path: workload\/invalid-file: .*"\.\."/,
  ],
  [
    'a secret file at an absolute path',
    withSpec(files(secret({ path: '/etc/token' }))),
    /^\.secretFiles\[0\]\.items\[0\]\.path: workload\/invalid-file/,
  ],
  [
    'a Secret in capitals',
    withSpec(files(secret({ secretName: 'Orders' }))),
    /^\.secretFiles\[0\]\.items\[0\]\.secretName: workload\/invalid-file/,
  ],
  [
    'a key with a space',
    withSpec(files(secret({ key: 'a b' }))),
    /^\.secretFiles\[0\]\.items\[0\]\.key: workload\/invalid-file/,
  ],
  [
    'two secret files in one place',
    withSpec({
      secretFiles: [{ volume: 's', mountPath: '/s', items: [secret({}), secret({ key: 'b', path: './token' })] }],
    }),
    /^\.secretFiles\[0\]\.items: workload\/invalid-file: two files/,
  ],
  [
    'a config file in a folder',
    withSpec({ configFiles: [{ volume: 'c', mountPath: '/c', files: { 'a/b': '' } }] }),
    /^\.configFiles\[0\]\.files\.a\/b: workload\/invalid-file/,
  ],
  [
    'one config file in two volumes',
    withSpec({
      configFiles: [
        { volume: 'c', mountPath: '/c', files: { a: '1' } },
        { volume: 'd', mountPath: '/d', files: { a: '2' } },
      ],
    }),
    /^\.configFiles\[1\]\.files\.a: .*one ConfigMap/,
  ],
  [
    'a config file as a number',
    withSpec({ configFiles: [{ volume: 'c', mountPath: '/c', files: { a: 1 } }] }),
    /^\.configFiles\[0\]\.files\.a: workload\/invalid-file: .*string/,
  ],
  [
    'config files above a mebibyte',
    withSpec({ configFiles: [{ volume: 'c', mountPath: '/c', files: { a: 'x'.repeat(2 ** 20) } }] }),
    /^\.configFiles: workload\/invalid-file: .*1048576/,
  ],
  [
    'a trust folder that is taken',
    withSpec({
      trust: { configMap: 'a', key: 'b', folder: '/c', file: '/c/b' },
      ...scratch({ volume: 'a', mountPath: '/c' }),
    }),
    /^\.scratch\[0\]\.mountPath: workload\/volume-taken/,
  ],
  [
    'certificates from nowhere',
    withSpec({ trust: { configMap: 'A', key: 'b', folder: '/c', file: '/c/b' } }),
    /^\.trust: workload\/invalid-trust/,
  ],
  [
    'resources without memory',
    withSpec({ resources: { cpu: '1', memory: '1Gi' } }),
    /^\.resources\.memoryLimit: core\/missing-property/,
  ],
  [
    'more memory than the limit',
    withSpec({ resources: { cpu: '1', memory: '2Gi', memoryLimit: '1Gi' } }),
    /^\.resources\.memory: workload\/request-above-limit/,
  ],
  [
    'memory without a unit',
    withSpec({ resources: { cpu: '1', memory: 512, memoryLimit: '1Gi' } }),
    /^\.resources\.memory: core\/invalid-memory/,
  ],
  [
    'helm-style resources',
    withSpec({ resources: { cpu: '1', memory: '1Gi', memoryLimit: '1Gi', requests: {} } }),
    /^\.resources\.requests: core\/unknown-property/,
  ],
  ['a variable with a dash', withSpec({ env: { 'A-B': 'c' } }), /^\.env\.A-B: workload\/invalid-env/],
  ['a variable as a number', withSpec({ env: { PORT: 80 } }), /^\.env\.PORT: workload\/invalid-env/],
  ['variables as a list', withSpec({ env: [{ name: 'A', value: 'b' }] }), /^\.env: core\/wrong-type/],
  ['connections below zero', withSpec({ connectionsPerPod: -1 }), /^\.connectionsPerPod: core\/wrong-type/],
  ['a revision as a number', withSpec({ secretsRevision: 5 }), /^\.secretsRevision: core\/wrong-type/],
  ['resolving names as text', withSpec({ resolvesNames: 'no' }), /^\.resolvesNames: core\/wrong-type/],
  ['a property that is none', withSpec({ replicas: 3 }), /^\.replicas: core\/unknown-property/],
  ['no spec', undefined, /^: core\/wrong-type/],
  ['a spec as text', 'orders', /^: core\/wrong-type/],
];

describe('the spec of a component', () => {
  test.each(MISTAKES)('%s is refused, with one finding at its place', (_name, spec, expected) => {
    const findings = said(spec);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(expected);
  });

  test('one without a mistake is not: the table above finds what it looks for', () => {
    expect(said(testComponentSpec())).toEqual([]);
    expect(said(testStatefulSpec())).toEqual([]);
  });

  test('an empty spec names what is missing, and no more', () => {
    expect(said({})).toEqual(
      [
        ': core/missing-property: "component" is required',
        ': core/missing-property: "image" is required',
        ': core/missing-property: "ports" is required',
      ].map((line, index) => `.${['component', 'image', 'ports'][index]}${line}`),
    );
  });

  test('every mistake of several components is in one report, with those of the options', () => {
    const stack = testStack();
    const bad = { component: 'A', ports: [tcp(80, 'HTTP')], user: { uid: 0, gid: 0, fsGroup: 0 }, kind: 'Pod' };
    new Component(stack, 'one', bad as unknown as ComponentSpec, { podLabels: { 'a b': 'c' } });
    new Component(stack, 'two', {} as ComponentSpec);
    const report = (): unknown => synth(stack);
    expect(report).toThrow(ConfigurationError);
    expect(report).toThrow(/9 problems/);
  });

  test('what only the deployment knows may stand in env, files and revision, and nowhere else', () => {
    const value = Deferred.create();
    const configFiles = [{ volume: 'c', mountPath: '/c', files: { a: value } }];
    expect(said(withSpec({ env: { A: value }, configFiles, secretsRevision: value }))).toEqual([]);
    expect(said(withSpec({ component: value, version: value })).map((each) => each.split(': ')[1])).toEqual([
      'core/value-not-allowed',
      'core/value-not-allowed',
    ]);
  });

  const hostile = [
    null,
    0,
    -1,
    NaN,
    '',
    'x',
    true,
    [],
    [null],
    [[]],
    {},
    { a: 1 },
    () => 1,
    Symbol('s'),
    Deferred.create(),
    new Date(0),
  ];
  const properties = Object.keys(COMPONENT_SHAPE.checks);

  test.each(properties)('%s: whatever stands there ends in findings of the stack, never in a TypeError', (property) => {
    for (const value of hostile) {
      const stack = testStack();
      new Component(stack, 'server', withSpec({ [property]: value }) as ComponentSpec);
      const open = stack.findings().filter(({ level }) => level === 'error');
      if (open.length > 0) {
        expect(() => synth(stack)).toThrow(ConfigurationError);
      } else {
        expect(synth(stack).length).toBeGreaterThan(3);
      }
    }
  });

  test('so does anything anywhere in a whole spec, in every profile', () => {
    const anything = fc.anything({
      maxDepth: 3,
      key: fc.constantFrom(...properties, 'name', 'port', 'ask', 'volume', 'mountPath', 'size', 'items'),
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...properties), anything),
        fc.constantFrom('production', 'dev'),
        (change, profile) => {
          const stack = testStack({ profile: profile as 'dev' });
          new Component(stack, 'server', withSpec(change) as ComponentSpec);
          const isRefused = stack.findings().some(({ level }) => level === 'error');
          try {
            synth(stack);
            return !isRefused;
          } catch (error) {
            return isRefused && error instanceof ConfigurationError;
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the shortest spec', () => {
  const image = ImageRef.parse(`registry.example.com/orders:1.0.0@sha256:${'a'.repeat(64)}`);
  const spec: ComponentSpec = { component: 'orders', image, ports: [{ name: 'http', port: Port.tcp(8080) }] };

  test('has no problem in production: every default is one that the profile accepts', () => {
    expect(said(spec)).toEqual([]);
    expect(said(spec, {}, 'dev')).toEqual([]);
  });
});
