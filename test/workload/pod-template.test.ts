import {
  Component,
  type ComponentOptions,
  type ComponentSpec,
  OneShotJob,
  type PlatformStackProps,
  PodSecurity,
  RegistryMirror,
} from '../../src';
import {
  SERVER_IMAGE,
  testComponentSpec,
  testJobContent,
  testStack,
  testStatefulSpec,
  TOOLS_IMAGE,
} from '../support/ledger';
import { containers, find, mainContainer, podTemplates, synth, variables } from '../support/manifests';

/** A stack with one of everything that runs: Deployment, StatefulSet, and a Job with a waiting container. */
function everything(change: Partial<PlatformStackProps> = {}, options: ComponentOptions = {}) {
  const stack = testStack(change);
  new Component(stack, 'server', testComponentSpec(), options);
  new Component(stack, 'store', testStatefulSpec(), options);
  new OneShotJob(stack, 'migrate', testJobContent());
  return stack;
}

function pod(spec: Partial<ComponentSpec>, options: ComponentOptions = {}) {
  const stack = testStack();
  new Component(stack, 'server', testComponentSpec(spec), options);
  const { template } = find(stack, 'Deployment', 'ledger-server').spec;
  return { metadata: template.metadata, spec: template.spec, main: mainContainer(template) };
}

describe('every pod, of components and Jobs', () => {
  const stack = everything();
  const templates = podTemplates(stack);

  test('the test looks at three pods and four containers', () => {
    expect([templates.length, containers(stack).length]).toEqual([3, 4]);
  });

  test('is locked in as Pod Security "restricted" wants it, and has the user of its image', () => {
    expect(templates.map(({ spec }) => spec.securityContext)).toEqual(
      templates.map(() => ({
        runAsNonRoot: true,
        runAsUser: 1001,
        runAsGroup: 1002,
        fsGroup: 1003,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      })),
    );
    expect(containers(stack).map(({ securityContext }) => securityContext)).toEqual(
      containers(stack).map(() => ({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })),
    );
  });

  test("has no token of the API server, neither by its own setting nor by its account's, and no Service variables", () => {
    const accounts = synth(stack).filter(({ kind }) => kind === 'ServiceAccount');
    expect(accounts.map((account) => account.automountServiceAccountToken)).toEqual([false, false, false]);
    expect(templates.map(({ spec }) => [spec.automountServiceAccountToken, spec.enableServiceLinks])).toEqual(
      templates.map(() => [false, false]),
    );
  });

  test('runs under a ServiceAccount that the stack has', () => {
    const accounts = synth(stack)
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => metadata.name);
    expect(templates.map(({ spec }) => spec.serviceAccountName).sort()).toEqual(accounts.sort());
  });

  test('has requests and limits for memory and disk, and a limit of CPU only where the product asks', () => {
    for (const { resources } of containers(stack)) {
      expect(Object.keys(resources?.requests ?? {}).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
      expect(Object.keys(resources?.limits ?? {}).sort()).toEqual(['ephemeral-storage', 'memory']);
    }
    const { main } = pod({ resources: { cpu: '100m', cpuLimit: '1', memory: '128Mi', memoryLimit: '256Mi' } });
    expect(main.resources?.limits).toMatchObject({ cpu: '1' });
  });

  test('runs on Linux nodes', () => {
    expect(templates.map(({ spec }) => spec.nodeSelector)).toEqual(
      templates.map(() => ({ 'kubernetes.io/os': 'linux' })),
    );
  });
});

describe("settings of the stack reach every pod, the Job's and its waiting container too", () => {
  test('the mirror: every image, tag and digest as they were', () => {
    const images = containers(everything({ mirror: RegistryMirror.prefix('mirror.example.net/all') })).map(
      ({ image }) => image,
    );
    const mirrored = (image: typeof SERVER_IMAGE) =>
      image.toString().replace('registry.example.com', 'mirror.example.net/all');
    expect(images.sort()).toEqual([SERVER_IMAGE, SERVER_IMAGE, SERVER_IMAGE, TOOLS_IMAGE].map(mirrored).sort());
  });

  test('pull secrets, priority, tolerations, node selector, labels and annotations', () => {
    const toleration = { key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' };
    const templates = podTemplates(
      everything({
        pods: {
          pullSecrets: ['registry'],
          priorityClassName: 'important',
          tolerations: [toleration],
          nodeSelector: { pool: 'books' },
          labels: { team: 'books' },
          annotations: { 'example.com/owner': 'books' },
        },
      }),
    );
    expect(templates).toHaveLength(3);
    for (const { metadata, spec } of templates) {
      expect(spec).toMatchObject({
        imagePullSecrets: [{ name: 'registry' }],
        priorityClassName: 'important',
        tolerations: [toleration],
        nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'books' },
      });
      expect(metadata.labels).toMatchObject({ team: 'books' });
      expect(metadata.annotations).toMatchObject({ 'example.com/owner': 'books' });
    }
  });

  test('proxy variables, in every container; what a component sets itself wins', () => {
    const stack = everything({ pods: { env: { HTTPS_PROXY: 'http://proxy:3128', PORT: '1' } } });
    const all = containers(stack).map(variables);
    expect(all).toHaveLength(4);
    expect(all.every(({ HTTPS_PROXY }) => HTTPS_PROXY === 'http://proxy:3128')).toBe(true);
    expect(all.map(({ PORT }) => PORT).sort()).toEqual(['1', '1', '8080', '8080']);
  });

  test('extra labels stay out of every selector', () => {
    const objects = synth(everything({ pods: { labels: { team: 'books' } } }));
    const selectors = objects.flatMap(({ spec }) => {
      const { selector, podSelector } = (spec ?? {}) as { selector?: unknown; podSelector?: unknown };
      return [selector, podSelector].filter((each) => each !== undefined);
    });
    expect(selectors.length).toBeGreaterThan(8);
    expect(JSON.stringify(selectors)).not.toContain('team');
  });
});

describe('options of one component', () => {
  test('add to the settings of the stack, and win where they meet', () => {
    const stack = testStack({
      pods: {
        tolerations: [{ key: 'a' }],
        nodeSelector: { pool: 'all', disk: 'any' },
        priorityClassName: 'low',
        labels: { x: '1', y: '1' },
      },
    });
    new Component(stack, 'server', testComponentSpec(), {
      tolerations: [{ key: 'b' }],
      nodeSelector: { disk: 'fast' },
      priorityClassName: 'high',
      podLabels: { y: '2' },
      podAnnotations: { note: 'here' },
      env: { EXTRA: '1' },
    });
    const { metadata, spec } = find(stack, 'Deployment', 'ledger-server').spec.template;
    expect(spec).toMatchObject({
      tolerations: [{ key: 'a' }, { key: 'b' }],
      nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'all', disk: 'fast' },
      priorityClassName: 'high',
    });
    expect(metadata.labels).toMatchObject({ x: '1', y: '2' });
    expect(metadata.annotations).toMatchObject({ note: 'here' });
    expect(variables(mainContainer({ metadata, spec }))).toEqual({ PORT: '8080', EXTRA: '1' });
  });

  test("resources: what is left out, or undefined, keeps the product's figure", () => {
    const { main } = pod({}, { resources: { memoryLimit: '1Gi', cpu: undefined } });
    expect(main.resources).toMatchObject({ requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } });
  });

  test('volumes are mounted read-only unless said otherwise', () => {
    const { spec, main } = pod(
      {},
      {
        volumes: [
          { volume: { name: 'plugins', configMap: { name: 'plugins' } }, mountPath: '/plugins' },
          { volume: { name: 'cache', emptyDir: {} }, mountPath: '/cache', readOnly: false },
        ],
      },
    );
    expect(spec.volumes).toEqual([
      { name: 'plugins', configMap: { name: 'plugins' } },
      { name: 'cache', emptyDir: {} },
    ]);
    expect(main.volumeMounts).toEqual([
      { name: 'plugins', mountPath: '/plugins', readOnly: true },
      { name: 'cache', mountPath: '/cache', readOnly: false },
    ]);
  });

  test('a relaxation opens the root file system and nothing else', () => {
    const { spec, main } = pod({}, { security: PodSecurity.relaxed({ reason: 'a plugin writes beside itself' }) });
    expect(main.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  });

  test('options that are undefined count as absent', () => {
    const absent = (options: ComponentOptions) => JSON.stringify(pod({}, options));
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
      'scaling',
      'disruption',
      'topologySpread',
    ];
    expect(absent(Object.fromEntries(names.map((name) => [name, undefined])))).toBe(absent({}));
  });
});

describe('service meshes', () => {
  const LINKERD = 'linkerd.io/inject';
  const ISTIO = 'sidecar.istio.io/inject';

  test('never inject into a Job, where a proxy that does not end keeps the Job from finishing', () => {
    const stack = testStack();
    new OneShotJob(stack, 'migrate', testJobContent());
    const [template] = podTemplates(stack);
    expect(template?.metadata.labels[ISTIO]).toBe('false');
    expect(template?.metadata.annotations?.[LINKERD]).toBe('disabled');
  });

  test('decide for themselves about components, until the user says no', () => {
    const said = pod({}, { sidecarInjection: 'disabled' }).metadata;
    const unsaid = pod({}).metadata;
    expect([said.labels[ISTIO], said.annotations?.[LINKERD]]).toEqual(['false', 'disabled']);
    expect([unsaid.labels[ISTIO], unsaid.annotations?.[LINKERD]]).toEqual([undefined, undefined]);
  });

  test('may be let into a Job by the user', () => {
    const stack = testStack();
    new OneShotJob(stack, 'migrate', testJobContent(), { sidecarInjection: 'mesh-default' });
    expect(podTemplates(stack)[0]?.metadata.labels).not.toHaveProperty([ISTIO]);
  });
});

describe('what the spec says of the main container', () => {
  test('command and arguments are those of the image unless given', () => {
    expect(pod({}).main).not.toHaveProperty('command');
    expect(pod({}).main).not.toHaveProperty('args');
    expect(pod({ command: ['run'], args: ['--fast'] }).main).toMatchObject({ command: ['run'], args: ['--fast'] });
  });

  test('each probe asks what it is told, on the first port', () => {
    expect(pod({}).main).toMatchObject({
      startupProbe: {
        httpGet: { path: '/started', port: 'http' },
        periodSeconds: 5,
        timeoutSeconds: 4,
        failureThreshold: 30,
      },
      readinessProbe: {
        httpGet: { path: '/ready', port: 'http' },
        periodSeconds: 10,
        timeoutSeconds: 6,
        failureThreshold: 3,
      },
      livenessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
    });
  });

  test('a command may be a probe', () => {
    const ask = { exec: ['check', '--now'] };
    const probe = { ask, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 };
    expect(pod({ probes: { startup: probe, readiness: probe, liveness: probe } }).main.livenessProbe).toMatchObject({
      exec: { command: ['check', '--now'] },
    });
  });

  test("the kubelet waits longer than the preStop sleep and the service's own budget together", () => {
    const { spec, main } = pod({ shutdown: { preStopSeconds: 5, budgetSeconds: 20, marginSeconds: 7 } });
    expect(main.lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
    expect(spec.terminationGracePeriodSeconds).toBe(32);
  });

  test('a new revision of the secrets replaces the pods, and without a revision there is no trace of one', () => {
    const annotation = 'cdk8s-selfhosted/secrets-revision';
    expect(pod({ secretsRevision: '7' }).metadata.annotations).toEqual({ [annotation]: '7' });
    expect(pod({}).metadata).not.toHaveProperty('annotations');
  });

  test('a rollout never takes a pod away before the new one is ready', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec());
    expect(find(stack, 'Deployment', 'ledger-server').spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
  });

  test('replicas of a StatefulSet do not wait for each other, and their claims outlive it', () => {
    const stack = testStack();
    new Component(stack, 'store', testStatefulSpec());
    expect(find(stack, 'StatefulSet', 'ledger-store').spec).toMatchObject({
      serviceName: 'ledger-store-headless',
      podManagementPolicy: 'Parallel',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    expect(find(stack, 'Service', 'ledger-store-headless').spec).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
    });
  });
});
