import { ApiObject, App, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import {
  baseRules,
  type Cluster,
  Component,
  Disruption,
  Dns,
  HelmEscape,
  ImageRef,
  OneShotJob,
  Peer,
  type PlatformStack,
  PodSecurity,
  Port,
  Scaling,
} from '../../src';
import { findingsWith } from '../support/findings';
import { raw, stackWith } from '../support/foreign';
import {
  testCluster,
  testComponentSpec,
  testJobContent,
  testStack,
  testStatefulSpec,
  WAITING,
} from '../support/ledger';
import { FOREIGN_CASES } from './foreign-cases';

/** A stack, and what is done with it. */
type Build = () => PlatformStack;

function withServer(
  options: ConstructorParameters<typeof Component>[3],
  change: Parameters<typeof testStack>[0] = {},
): PlatformStack {
  const stack = testStack(change);
  new Component(stack, 'server', testComponentSpec(), options);
  return stack;
}

/** A pod of the user's own that names its user. */
function withFixedUser(cluster: Cluster): PlatformStack {
  const stack = testStack({ cluster });
  raw(stack, 'Pod', 'v1', { spec: { securityContext: { runAsUser: 1000 }, containers: [{ name: 'tool' }] } });
  return stack;
}

const tagged = ImageRef.of({ repository: 'registry.example.com/ledger/server', tag: '1.0.0' });

/** A stack of which the server's workload is patched. */
function patched(...patches: JsonPatch[]): PlatformStack {
  const stack = testStack();
  new Component(stack, 'server', testComponentSpec()).workload.addJsonPatch(...patches);
  return stack;
}

/** Each rule with stacks that break it, and stacks that come close and do not. */
const CASES: Readonly<
  Record<string, { readonly bad: Readonly<Record<string, Build>>; readonly good: Readonly<Record<string, Build>> }>
> = {
  'images/no-digest': {
    bad: {
      'a component by tag, in production': () => {
        const stack = testStack();
        new Component(stack, 'server', testComponentSpec({ image: tagged }));
        return stack;
      },
      'a Job by tag, in rc': () => {
        const stack = testStack({ profile: 'rc' });
        new OneShotJob(stack, 'migrate', testJobContent({ image: tagged }));
        return stack;
      },
      'a container that waits, by tag': () => {
        const stack = testStack();
        new OneShotJob(stack, 'migrate', testJobContent({ initContainers: [{ ...WAITING, image: tagged }] }));
        return stack;
      },
    },
    good: {
      'a tag in dev': () => {
        const stack = testStack({ profile: 'dev' });
        new Component(stack, 'server', testComponentSpec({ image: tagged }));
        return stack;
      },
      'digests everywhere': () => withServer({}),
    },
  },
  'workload/replica-floor': {
    bad: {
      'one replica, in production': () => withServer({ scaling: Scaling.fixed(1) }),
      'an autoscaler that goes down to one': () =>
        withServer({ scaling: Scaling.auto({ min: 1, max: 9, cpuPercent: 50 }) }, { profile: 'rc' }),
      'a floor of one that somebody else keeps': () => withServer({ scaling: Scaling.external({ min: 1, max: 9 }) }),
      'a product that has one by itself': () => {
        const stack = testStack();
        new Component(stack, 'store', testStatefulSpec({ scaling: Scaling.fixed(1) }));
        return stack;
      },
    },
    good: {
      'two replicas': () => withServer({ scaling: Scaling.fixed(2) }),
      'one replica in dev': () => withServer({ scaling: Scaling.fixed(1) }, { profile: 'dev' }),
    },
  },
  'workload/drain-blocked': {
    bad: {
      'a budget that keeps all': () =>
        withServer({ scaling: Scaling.fixed(3), disruption: Disruption.minAvailable(3) }),
      "a budget that keeps more than the autoscaler's floor": () =>
        withServer({
          scaling: Scaling.auto({ min: 2, max: 9, cpuPercent: 50 }),
          disruption: Disruption.minAvailable(2),
        }),
      "a budget that keeps more than somebody else's floor": () =>
        withServer({ scaling: Scaling.external({ min: 2, max: 9 }), disruption: Disruption.minAvailable(2) }),
      'a budget for the one replica of dev': () =>
        withServer({ disruption: Disruption.minAvailable(1) }, { profile: 'dev' }),
    },
    good: {
      'a budget below the floor': () =>
        withServer({ scaling: Scaling.fixed(3), disruption: Disruption.minAvailable(2) }),
      'one at a time': () => withServer({ disruption: Disruption.maxUnavailable(1) }),
    },
  },
  'workload/drain-outage': {
    bad: {
      'a budget that lets all go': () =>
        withServer({ scaling: Scaling.fixed(2), disruption: Disruption.maxUnavailable(2) }),
      "a budget that lets the autoscaler's floor go": () =>
        withServer({
          scaling: Scaling.auto({ min: 2, max: 9, cpuPercent: 50 }),
          disruption: Disruption.maxUnavailable(5),
        }),
    },
    good: {
      'a budget that keeps one': () =>
        withServer({ scaling: Scaling.fixed(3), disruption: Disruption.maxUnavailable(2) }),
      'the one replica of dev, which a drain takes anyway': () =>
        withServer({ disruption: Disruption.maxUnavailable(1) }, { profile: 'dev' }),
    },
  },
  'platform/too-few-zones': {
    bad: { 'production on two zones': () => testStack({ cluster: testCluster({ zones: 2 }) }) },
    good: {
      'production on three zones': () => testStack(),
      'rc on one zone, which rehearses only': () => testStack({ profile: 'rc', cluster: testCluster({ zones: 1 }) }),
      'dev on one zone': () => testStack({ profile: 'dev', cluster: testCluster({ zones: 1 }) }),
    },
  },
  'workload/relaxed-security': {
    bad: { 'a writable root': () => withServer({ security: PodSecurity.relaxed({ reason: 'writes' }) }) },
    good: { 'the default said aloud': () => withServer({ security: PodSecurity.restricted() }) },
  },
  'workload/no-metrics-server': {
    bad: { 'an autoscaler without metrics': () => withServer({}, { cluster: testCluster({ metricsServer: false }) }) },
    good: {
      'a fixed number without metrics': () =>
        withServer({ scaling: Scaling.fixed(2) }, { cluster: testCluster({ metricsServer: false }) }),
      'an autoscaler with metrics': () => withServer({}),
      'somebody else who scales, without metrics': () =>
        withServer(
          { scaling: Scaling.external({ min: 2, max: 3 }) },
          { cluster: testCluster({ metricsServer: false }) },
        ),
    },
  },
  'network/not-enforced': {
    bad: {
      'a cluster that ignores policies': () => testStack({ cluster: testCluster({ enforcesNetworkPolicies: false }) }),
    },
    good: { 'a cluster that enforces them': () => testStack() },
  },
  'network/dns-unsaid': {
    bad: {
      'production on a cluster that does not say it': () => testStack({ cluster: testCluster({ dns: undefined }) }),
      'rc too': () => testStack({ profile: 'rc', cluster: testCluster({ dns: undefined }) }),
    },
    good: {
      'dev on such a cluster': () => testStack({ profile: 'dev', cluster: testCluster({ dns: undefined }) }),
      'kube-dns said aloud': () => testStack({ cluster: testCluster({ dns: Dns.kubeDns() }) }),
      'a cache on the node': () => testStack({ cluster: testCluster({ dns: Dns.nodeLocal() }) }),
    },
  },
  'network/other-family': {
    bad: {
      'an IPv6 network from a cluster without IPv6': () => {
        const stack = testStack();
        const server = new Component(stack, 'server', testComponentSpec());
        server.connections.allowTo(Peer.cidr('2001:db8::/32'), { port: Port.tcp(443), reason: 'calls it' });
        return stack;
      },
    },
    good: {
      'the same from a cluster with both': () => {
        const stack = testStack({ cluster: testCluster({ ipFamilies: ['IPv4', 'IPv6'] }) });
        const server = new Component(stack, 'server', testComponentSpec());
        server.connections.allowTo(Peer.cidr('2001:db8::/32'), { port: Port.tcp(443), reason: 'calls it' });
        return stack;
      },
    },
  },
  'network/unmatched-peer': {
    bad: {
      "the gateway of Cilium, on a cluster that does not name Cilium's policies": () => {
        const stack = testStack();
        const server = new Component(stack, 'server', testComponentSpec());
        server.connections.allowFrom(Peer.ciliumEntity('ingress'), { reason: 'public traffic' });
        return stack;
      },
    },
    good: {
      'the same where they can be written': () => {
        const stack = testStack({
          cluster: testCluster({ customResources: ['cilium.io/v2', 'monitoring.coreos.com/v1'] }),
        });
        const server = new Component(stack, 'server', testComponentSpec());
        server.connections.allowFrom(Peer.ciliumEntity('ingress'), { reason: 'public traffic' });
        return stack;
      },
    },
  },
  'network/unserved-family': {
    bad: {
      'an IPv4 program on IPv6': () => {
        const stack = testStack({ cluster: testCluster({ ipFamilies: ['IPv6'] }) });
        new Component(stack, 'server', testComponentSpec({ ipFamilies: ['IPv4'] }));
        return stack;
      },
    },
    good: {
      'a program that says nothing': () => {
        const stack = testStack({ cluster: testCluster({ ipFamilies: ['IPv6'] }) });
        new Component(stack, 'server', testComponentSpec());
        return stack;
      },
    },
  },
  'workload/fixed-user': {
    bad: {
      'a pod of the user': () => withFixedUser(testCluster({ assignsPodUsers: true })),
    },
    good: {
      'the same where users are fixed': () => withFixedUser(testCluster()),
    },
  },
  'network/no-port': {
    bad: {
      'a flow to a Job, which listens nowhere': () => {
        const stack = testStack();
        const job = new OneShotJob(stack, 'migrate', testJobContent());
        new Component(stack, 'server', testComponentSpec()).connections.allowTo(job, { reason: 'by mistake' });
        return stack;
      },
    },
    good: {
      'a flow from a Job to a component': () => {
        const stack = testStack();
        const job = new OneShotJob(stack, 'migrate', testJobContent());
        job.connections.allowTo(new Component(stack, 'server', testComponentSpec()), { reason: 'asks' });
        job.connections.allowTo(Peer.cidr('10.0.0.0/8'), { port: Port.tcp(5432), reason: 'migrates' });
        return stack;
      },
    },
  },
  'monitoring/missing': {
    bad: {
      'no operator': () => testStack({ cluster: testCluster({ customResources: [] }) }),
      'no Prometheus': () => testStack({ cluster: testCluster({ prometheus: undefined }) }),
      'asked for in dev': () =>
        testStack({ profile: 'dev', monitored: true, cluster: testCluster({ prometheus: undefined }) }),
    },
    good: {
      'both are there': () => testStack(),
      'switched off': () =>
        testStack({ monitored: false, cluster: testCluster({ customResources: [], prometheus: undefined }) }),
      dev: () => testStack({ profile: 'dev', cluster: testCluster({ customResources: [], prometheus: undefined }) }),
    },
  },
  'stack/duplicate-object': {
    bad: {
      'two components of one name': () => {
        const stack = testStack();
        ['one', 'two'].forEach((id) => new Component(stack, id, testComponentSpec()));
        return stack;
      },
    },
    good: {
      'two components': () => {
        const stack = testStack();
        ['one', 'two'].forEach((id) => new Component(stack, id, testComponentSpec({ component: id })));
        return stack;
      },
    },
  },
  'stack/file-per-resource': {
    bad: {
      'a file per resource': () => testStack({}, new App({ yamlOutputType: YamlOutputType.FILE_PER_RESOURCE })),
      'a folder per chart': () =>
        testStack({}, new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE })),
    },
    good: {
      'a file per chart': () => testStack({}, new App({ yamlOutputType: YamlOutputType.FILE_PER_CHART })),
      'a file per app': () => testStack({}, new App({ yamlOutputType: YamlOutputType.FILE_PER_APP })),
    },
  },
  'stack/helm-format': {
    bad: {
      'texts for Helm in a folder that no Helm reads': () => {
        const stack = testStack({ profile: 'dev' }, new App({ resolvers: [new HelmEscape()] }));
        const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } };
        new ApiObject(stack, 'own', { ...own, data: { text: '{{ .a }}' } });
        return stack;
      },
    },
    good: {
      'the same resolver, and no such text': () =>
        testStack({ profile: 'dev' }, new App({ resolvers: [new HelmEscape()] })),
    },
  },
  'stack/large-object': {
    bad: {
      'a ConfigMap of the user': () =>
        stackWith((stack) => raw(stack, 'ConfigMap', 'v1', { data: { 'ca.crt': 'x'.repeat(250_000) } })),
      'line breaks count twice, as the annotation holds them': () =>
        stackWith((stack) => raw(stack, 'ConfigMap', 'v1', { data: { lines: '\n'.repeat(125_000) } })),
      'files of a component': () => {
        const stack = testStack();
        const configFiles = [{ volume: 'files', mountPath: '/etc/files', files: { list: 'x'.repeat(250_000) } }];
        new Component(stack, 'server', testComponentSpec({ configFiles }));
        return stack;
      },
    },
    good: {
      'a ConfigMap that fits': () =>
        stackWith((stack) => raw(stack, 'ConfigMap', 'v1', { data: { 'ca.crt': 'x'.repeat(249_000) } })),
    },
  },
  'stack/patched-object': {
    bad: {
      'a patch': () => patched(JsonPatch.add('/spec/minReadySeconds', 5)),
    },
    good: { 'no patch': () => withServer({}) },
  },
  'stack/unfit-patch': {
    bad: {
      'a patch of something that is not there': () => patched(JsonPatch.replace('/spec/nope/deeper', 1)),
      'a misspelt field, which cdk8s would add in silence': () => patched(JsonPatch.replace('/spec/minReadySecond', 5)),
    },
    good: {
      'a patch that fits': () => patched(JsonPatch.remove('/spec/strategy')),
      'no patch': () => withServer({}),
    },
  },
  'stack/failing-object': {
    bad: {
      'a lazy value that throws': () =>
        stackWith((stack) =>
          raw(stack, 'ConfigMap', 'v1', {
            data: Lazy.any({
              produce: () => {
                throw new Error('not like this');
              },
            }),
          }),
        ),
      'an object of cdk8s-plus that is not complete': () => {
        const stack = testStack();
        new Deployment(stack, 'theirs');
        return stack;
      },
    },
    good: {
      'a patch that does not fit, which has a rule of its own': () =>
        patched(JsonPatch.replace('/spec/nope/deeper', 1)),
      'an object of cdk8s-plus that is complete': () => {
        const stack = testStack();
        new Deployment(stack, 'theirs', { containers: [{ image: 'x:1' }] });
        return stack;
      },
    },
  },
};

const ALL = { ...CASES, ...FOREIGN_CASES };

describe.each(Object.entries(ALL))('%s', (id, { bad, good }) => {
  test.each(Object.entries(bad))('is broken by %s', (_what, build) => {
    expect(findingsWith(build(), id).length).toBeGreaterThan(0);
  });

  test.each(Object.entries(good))('is not broken by %s', (_what, build) => {
    expect(findingsWith(build(), id)).toEqual([]);
  });
});

test('every rule has such cases', () => {
  expect(Object.keys(ALL).sort()).toEqual(
    baseRules()
      .map(({ id }) => id)
      .sort(),
  );
});

describe('what the findings say', () => {
  test('a finding about a component has its path and the numbers', () => {
    expect(findingsWith(withServer({ scaling: Scaling.fixed(1) }), 'workload/replica-floor')).toEqual([
      expect.objectContaining({
        path: 'ledger/server',
        message: 'the production profile keeps at least 2 replicas',
        given: '1',
        allowed: 'at least 2',
      }),
    ]);
  });

  test('a patch is listed with the object that it changes; the patched object is emitted', () => {
    const stack = testStack();
    const { workload } = new Component(stack, 'server', testComponentSpec());
    workload.addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5));
    expect(findingsWith(stack, 'stack/patched-object')).toEqual([
      expect.objectContaining({
        level: 'warning',
        path: 'ledger/server/Resource',
        message: 'Deployment "ledger-server" is changed by a JSON patch: add /spec/minReadySeconds',
        patch: 'add /spec/minReadySeconds',
      }),
    ]);
    expect(Testing.synth(stack)).toContainEqual(
      expect.objectContaining({ kind: 'Deployment', spec: expect.objectContaining({ minReadySeconds: 5 }) as object }),
    );
  });

  test('a field that is newer than the types survives a patch', () => {
    const stack = testStack();
    const { workload } = new Component(stack, 'server', testComponentSpec());
    workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostnameOverride', 'books'));
    const rendered = ApiObject.of(workload).toJson() as { spec: { template: { spec: Record<string, unknown> } } };
    expect(rendered.spec.template.spec.hostnameOverride).toBe('books');
  });

  test('an image is shown as it was given', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec({ image: tagged }));
    expect(findingsWith(stack, 'images/no-digest').map(({ given }) => given)).toEqual([tagged.toString()]);
  });
});
