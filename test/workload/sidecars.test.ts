import {
  Component,
  type ComponentOptions,
  ImageRef,
  OneShotJob,
  PodSecurity,
  Port,
  SecretRef,
  type Sidecar,
} from '../../src';
import type { PodTemplate } from '../../src/core/kubernetes';
import { findingsWith, openErrorIds } from '../support/findings';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { find, synth } from '../support/manifests';

const DIGEST = `sha256:${'c'.repeat(64)}`;
const PROXY: Sidecar = {
  name: 'database-proxy',
  image: ImageRef.parse(`registry.example.com/proxy@${DIGEST}`),
  args: ['--port=5432'],
  env: { TOKEN: SecretRef.key({ secret: 'proxy', key: 'token' }) },
  user: { uid: 1000, gid: 1000 },
  ready: { port: Port.tcp(5432) },
  mounts: [{ volume: 'tmp', mountPath: '/tmp', readOnly: false }],
};
const TMP = [{ volume: 'tmp', mountPath: '/tmp', size: '8Mi' }] as const;

function podOf(options: ComponentOptions, build = testStack()): PodTemplate['spec'] {
  new Component(build, 'server', testComponentSpec({ scratch: TMP }), options);
  return find(build, 'Deployment', 'ledger-server').spec.template.spec;
}

function problemsOf(sidecars: unknown): { readonly id: string; readonly path: string; readonly message: string }[] {
  const stack = testStack();
  new Component(stack, 'server', testComponentSpec({ scratch: TMP }), { sidecars } as ComponentOptions);
  return stack
    .findings()
    .filter(({ level }) => level === 'error')
    .map(({ id, path, message }) => ({ id, path: path.replace('ledger/server.', ''), message }));
}

describe('a sidecar of a component', () => {
  test('is an init container that goes on running, so that it is there before the component and ends after it', () => {
    const [sidecar, ...more] = podOf({ sidecars: [PROXY] })?.initContainers ?? [];
    expect(more).toEqual([]);
    expect(sidecar).toMatchObject({
      name: 'database-proxy',
      image: `registry.example.com/proxy@${DIGEST}`,
      restartPolicy: 'Always',
      args: ['--port=5432'],
      startupProbe: { tcpSocket: { port: 5432 } },
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp', readOnly: false }],
    });
  });

  test('is locked in like every other container, with limits, as its own user', () => {
    const [sidecar] = podOf({ sidecars: [PROXY] })?.initContainers ?? [];
    expect(sidecar?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      runAsUser: 1000,
      runAsGroup: 1000,
    });
    expect(Object.keys(sidecar?.resources?.limits ?? {})).toContain('memory');
    const relaxed = podOf({ sidecars: [PROXY], security: PodSecurity.relaxed({ reason: 'it writes' }) });
    expect(relaxed?.initContainers?.[0]?.securityContext?.readOnlyRootFilesystem).toBe(false);
  });

  test('has the environment of every container, its own going before, and reads secrets by reference', () => {
    const stack = testStack({ pods: { env: { HTTPS_PROXY: 'http://proxy:3128', TZ: 'UTC' } } });
    const [sidecar] =
      podOf({ sidecars: [{ ...PROXY, env: { ...PROXY.env, TZ: 'CET' } }] }, stack)?.initContainers ?? [];
    expect(sidecar?.env).toEqual(
      expect.arrayContaining([
        { name: 'HTTPS_PROXY', value: 'http://proxy:3128' },
        { name: 'TZ', value: 'CET' },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'proxy', key: 'token' } } },
      ]),
    );
  });

  test('counts in the list of images, and its image is by digest in production', () => {
    const stack = testStack();
    podOf({ sidecars: [PROXY] }, stack);
    expect(stack.images()).toContain(`registry.example.com/proxy@${DIGEST}`);
    const tagged = testStack();
    podOfUnchecked(tagged, [{ ...PROXY, image: ImageRef.parse('registry.example.com/proxy:1.2') }]);
    expect(findingsWith(tagged, 'images/no-digest')).toHaveLength(1);
  });

  function podOfUnchecked(stack: ReturnType<typeof testStack>, sidecars: readonly Sidecar[]): void {
    new Component(stack, 'server', testComponentSpec({ scratch: TMP }), { sidecars });
  }

  test('of another kind of readiness is asked as it says', () => {
    const ready = (ask: Sidecar['ready']) =>
      podOf({ sidecars: [{ ...PROXY, ready: ask }] })?.initContainers?.[0]?.startupProbe;
    expect(ready({ port: Port.tcp(9090), http: '/ready' })).toMatchObject({ httpGet: { path: '/ready', port: 9090 } });
    expect(ready({ exec: ['true'] })).toMatchObject({ exec: { command: ['true'] } });
    expect(ready(undefined)).toBeUndefined();
  });

  test.each<[string, unknown, string, string]>([
    ['no image', [{ name: 'a' }], 'core/missing-property', 'sidecars[0].image'],
    ['text as the image', [{ name: 'a', image: 'proxy:1' }], 'core/wrong-type', 'sidecars[0].image'],
    [
      'an unknown property',
      [{ ...PROXY, restartPolicy: 'Always' }],
      'core/unknown-property',
      'sidecars[0].restartPolicy',
    ],
    ['a name in capitals', [{ ...PROXY, name: 'Proxy' }], 'workload/invalid-name', 'sidecars[0].name'],
    ["the component's name", [{ ...PROXY, name: 'server' }], 'workload/invalid-name', 'sidecars[0].name'],
    ['one name twice', [PROXY, PROXY], 'workload/invalid-name', 'sidecars[1].name'],
    ['root', [{ ...PROXY, user: { uid: 0, gid: 0 } }], 'workload/invalid-user', 'sidecars[0].user.uid'],
    [
      'two questions',
      [{ ...PROXY, ready: { port: Port.tcp(1), exec: ['a'] } }],
      'workload/invalid-probe',
      'sidecars[0].ready',
    ],
    ['a UDP port', [{ ...PROXY, ready: { port: Port.udp(53) } }], 'workload/invalid-probe', 'sidecars[0].ready'],
    [
      'no volume',
      [{ ...PROXY, mounts: [{ volume: 'x', mountPath: '/x' }] }],
      'workload/invalid-volume',
      'sidecars[0].mounts[0]',
    ],
    ['a word that is no text', [{ ...PROXY, args: ['\u0000'] }], 'workload/invalid-command', 'sidecars[0].args[0]'],
    [
      'more requested than the limit allows',
      [{ ...PROXY, resources: { cpu: '1', memory: '2Gi', memoryLimit: '1Gi' } }],
      'workload/request-above-limit',
      'sidecars[0].resources.memory',
    ],
  ])('%s is an error, once, and no TypeError', (_what, sidecars, id, path) => {
    expect(problemsOf(sidecars)).toEqual([expect.objectContaining({ id, path })]);
  });
});

describe('a sidecar of a Job', () => {
  const jobOf = (sidecars?: readonly Sidecar[]) => {
    const stack = testStack();
    const job = new OneShotJob(
      stack,
      'migrate',
      testJobContent({ scratch: TMP }),
      sidecars === undefined ? {} : { sidecars },
    );
    expect(openErrorIds(stack)).toEqual([]);
    return {
      name: job.job.name,
      pod: (synth(stack).find(({ kind }) => kind === 'Job')?.spec as { template: PodTemplate }).template.spec,
    };
  };

  test('starts before the containers that wait: they may need the proxy of the database as well', () => {
    expect(jobOf([PROXY]).pod?.initContainers?.map(({ name }) => name)).toEqual(['database-proxy', 'wait-for-store']);
  });

  test('counts in the name of the Job, since a Job cannot be changed', () => {
    const names = [jobOf(), jobOf([PROXY]), jobOf([{ ...PROXY, args: ['--port=6432'] }])].map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
  });

  test('that is wrong ends in a report of the stack, not in a TypeError of the constructor', () => {
    const stack = testStack();
    new OneShotJob(stack, 'migrate', testJobContent(), { sidecars: [null, { name: 'a', image: 1 }] } as never);
    expect(stack.findings().map(({ path }) => path)).toEqual(
      expect.arrayContaining(['ledger/migrate.sidecars[0]', 'ledger/migrate.sidecars[1].image']),
    );
  });
});
