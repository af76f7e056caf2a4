import { App } from 'cdk8s';
import {
  Component,
  ImageRef,
  Names,
  OneShotJob,
  PodSecurity,
  Port,
  RegistryMirror,
  type ReportedFinding,
  type Rule,
  Disruption,
  Scaling,
} from '../../src';
import { assertEveryPropertyHasEffect, type Sample } from '../support/effect';
import { otherSidecar, podOptionSample } from '../support/option-samples';
import {
  SERVER_IMAGE,
  testCluster,
  testComponentSpec,
  testJobContent,
  testStack,
  TOOLS_IMAGE,
  WAITING,
} from '../support/ledger';

jest.setTimeout(120_000);

const podOptions = (): Sample => ({
  ...podOptionSample(),
  resources: { cpu: '150m', cpuLimit: '2', memory: '300Mi', memoryLimit: '400Mi' },
  security: PodSecurity.relaxed({ reason: 'a tool writes beside itself' }),
});

const content = (): Sample => ({
  version: '7.0.0',
  args: ['--verbose'],
  user: { uid: 2001, gid: 2002, fsGroup: 2003 },
  secretFiles: [{ volume: 'keys', mountPath: '/run/keys', items: [{ secretName: 'keys', key: 'a', path: 'a' }] }],
  scratch: [{ volume: 'scratch', mountPath: '/scratch', size: '1Gi', medium: 'memory' }],
  trust: { configMap: 'trust', key: 'ca.pem', folder: '/trust', file: '/trust/ca.pem', revision: '3' },
  connectionsPerPod: 7,
  secretsRevision: '4',
  resolvesNames: false,
});

const shown: Rule = {
  id: 'own/rule',
  level: 'warning',
  acknowledgeable: true,
  why: 'it shows that the rule runs',
  fix: 'nothing needs to be done',
  check: ({ path }) => [{ path, message: 'found' }],
};

const observed = ({ stack, spec, options, job, jobOptions }: Record<string, object>): unknown => {
  const platform = testStack(stack, new App());
  const component = new Component(platform, 'server', spec as never, options);
  const once = new OneShotJob(platform, 'once', job as never, jobOptions);
  return {
    objects: platform.stackObjects().map((object) => object.toJson() as unknown),
    findings: platform.findings(),
    flows: platform.flows(),
    connections: [component.spec.connectionsPerPod, once.spec.connectionsPerPod],
  };
};

/** Everything that stacks, components and Jobs of any product take. */
const samples: Record<string, Sample> = {
  deployment: {
    stack: {
      profile: 'production',
      namespace: 'books',
      cluster: testCluster(),
      product: 'ledger',
      version: '9.9.9',
      rules: [shown],
      instance: 'second',
      names: Names.helmRelease('release', 'chart'),
      labels: { 'cost-centre': '4711' },
      annotations: { owner: 'platform' },
      pods: {
        pullSecrets: ['registry'],
        priorityClassName: 'low',
        tolerations: [{ key: 'c', operator: 'Equal', value: 'd', effect: 'NoExecute', tolerationSeconds: 61 }],
        nodeSelector: { zone: 'a' },
        labels: { owner: 'us' },
        annotations: { more: 'text' },
        env: { LANG: 'C' },
      },
      mirror: RegistryMirror.prefix('mirror.example.internal/team'),
    },
    spec: {
      ...testComponentSpec(),
      ...content(),
      command: ['serve'],
      probes: {
        startup: { ask: { http: '/started' }, periodSeconds: 7, timeoutSeconds: 6, failureThreshold: 31 },
        readiness: { ask: { exec: ['ready'] }, periodSeconds: 11, timeoutSeconds: 7, failureThreshold: 7 },
        liveness: { ask: { tcp: true }, periodSeconds: 16, timeoutSeconds: 6, failureThreshold: 6 },
      },
      shutdown: { preStopSeconds: 6, budgetSeconds: 21, marginSeconds: 8 },
      metrics: { path: '/metrics', port: 'metrics', bearer: { secretName: 'keys', key: 'metrics' } },
      configFiles: [{ volume: 'config', mountPath: '/config', files: { 'a.txt': 'a' } }],
    },
    options: {},
    job: {
      ...testJobContent(),
      ...content(),
      command: ['once'],
      initContainers: [
        {
          ...WAITING,
          user: { uid: 3001, gid: 3002 },
          mounts: [{ name: 'scratch', mountPath: '/wait' }],
          secretFiles: [
            { volume: 'wait', mountPath: '/run/wait', items: [{ secretName: 'keys', key: 'b', path: 'b' }] },
          ],
        },
      ],
    },
    jobOptions: {},
  },
  options: {
    stack: {
      profile: 'production',
      namespace: { name: 'books', create: true },
      cluster: testCluster({ ipFamilies: ['IPv4', 'IPv6'] }),
      product: 'ledger',
    },
    spec: {
      component: 'store',
      kind: 'StatefulSet',
      image: ImageRef.of({
        repository: 'registry.example.com/store',
        tag: '2.0.0',
        digest: `sha256:${'c'.repeat(64)}`,
      }),
      ports: [{ name: 'db', port: Port.tcp(5000) }],
      scaling: Scaling.fixed(3),
      ipFamilies: ['IPv4'],
      storage: [{ volume: 'data', mountPath: '/data', size: '7Gi', storageClass: 'slow' }],
    },
    options: {
      ...podOptions(),
      scaling: Scaling.fixed(4),
      disruption: Disruption.minAvailable(2),
      topologySpread: [
        {
          topologyKey: 'topology.kubernetes.io/region',
          maxSkew: 2,
          whenUnsatisfiable: 'DoNotSchedule',
          minDomains: 2,
          nodeAffinityPolicy: 'Ignore',
          nodeTaintsPolicy: 'Honor',
          matchLabelKeys: ['pool'],
          labelSelector: { matchLabels: { 'app.kubernetes.io/component': 'store' } },
        },
      ],
      sidecarInjection: 'disabled',
      shutdown: { preStopSeconds: 33 },
      revisionHistoryLimit: 9,
      service: { annotations: { note: 'text' } },
    },
    job: { ...testJobContent() },
    jobOptions: {
      ...podOptions(),
      sidecarInjection: 'mesh-default',
      rerun: '2',
      backoffLimit: 9,
      deadlineSeconds: 1234,
    },
  },
  unmonitored: {
    stack: { profile: 'production', namespace: 'books', cluster: testCluster(), product: 'ledger', monitored: false },
    spec: testComponentSpec() as unknown as Sample,
    options: {},
    job: testJobContent() as unknown as Sample,
    jobOptions: {},
  },
};

describe('stacks, components and Jobs of any product', () => {
  it.each(Object.keys(samples))(
    'the sample "%s" is accepted, so that each difference is one of its property',
    (name) => {
      const { findings } = observed(samples[name] as never) as { findings: readonly ReportedFinding[] };
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );

  it('every property changes objects, findings, flows or connections', () => {
    assertEveryPropertyHasEffect({
      samples,
      observe: observed,
      others: {
        deployment: {
          'stack.profile': 'rc',
          'stack.pods.tolerations.0.key': 'other',
          'stack.namespace': 'other',
          'stack.cluster': testCluster({ name: 'eu-2', storageClass: 'other', metricsServer: false }),
          'stack.product': 'other',
          'spec.component': 'other',
          'spec.image': TOOLS_IMAGE,
          'job.component': 'other',
          'job.image': TOOLS_IMAGE,
          'job.backoffLimit': 8,
          'job.deadlineSeconds': 601,
        },
        options: {
          'stack.namespace.name': 'other',
          'spec.image': SERVER_IMAGE,
          'stack.profile': 'rc',
          ...otherSidecar('options'),
          ...otherSidecar('jobOptions'),
        },
      },
      exceptions: {
        'stack.namespace.create': 'it is always true',
        'stack.pods.tolerations.0.effect': 'seconds need NoExecute: test/workload/placement.test.ts',
        'ledger.version': 'outputs of the Pulumi engine tell it: test/pulumi/component.test.ts',
        'stack.version': 'outputs of the Pulumi engine tell it: test/pulumi/component.test.ts',
        'stack.rules.0': 'a rule is judged as a whole',
        'ledger/server.topologySpread[].labelSelector': 'matchExpressions: test/workload/placement.test.ts',
      },
      isPlaceOfUser: (place) => /^ledger/.test(place) && !/\.ask$|\.rules\[\]$/.test(place),
    });
  });
});
