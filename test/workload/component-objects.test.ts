import { ApiObject, Testing } from 'cdk8s';
import { Component, Disruption, type ProfileName, Scaling } from '../../src';
import { testCluster, testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { find, refs, synth } from '../support/manifests';

const DENY = 'NetworkPolicy/ledger-default-deny';
const ALWAYS = ['NetworkPolicy/ledger-server', 'Service/ledger-server', 'ServiceAccount/ledger-server', DENY];

function objectsOf(profile: ProfileName): string[] {
  const stack = testStack({ profile });
  new Component(stack, 'server', testComponentSpec());
  return refs(stack);
}

describe('which objects a component has', () => {
  test.each(['production', 'rc'] as const)('%s: scaled, protected from drains and scraped', (profile) => {
    expect(objectsOf(profile)).toEqual(
      [
        ...ALWAYS,
        'Deployment/ledger-server',
        'HorizontalPodAutoscaler/ledger-server',
        'PodDisruptionBudget/ledger-server',
        'ServiceMonitor/ledger-server',
      ].sort(),
    );
  });

  test('dev: one replica, so nothing that scales it, keeps it from being drained or scrapes it; the policies stay', () => {
    expect(objectsOf('dev')).toEqual([...ALWAYS, 'Deployment/ledger-server'].sort());
  });

  test('a StatefulSet has a governing Service besides its own, a fixed number of replicas no autoscaler', () => {
    const stack = testStack();
    new Component(stack, 'store', testStatefulSpec());
    expect(refs(stack)).toEqual(
      [
        DENY,
        'NetworkPolicy/ledger-store',
        'PodDisruptionBudget/ledger-store',
        'Service/ledger-store',
        'Service/ledger-store-headless',
        'ServiceAccount/ledger-store',
        'ServiceMonitor/ledger-store',
        'StatefulSet/ledger-store',
      ].sort(),
    );
  });

  test('a component without metrics is not scraped', () => {
    const stack = testStack();
    const { metrics: _metrics, ...spec } = testComponentSpec();
    const component = new Component(stack, 'server', spec);
    expect(component.serviceMonitor).toBeUndefined();
    expect(component.connections.flows.map(({ reason }) => reason)).not.toContain('scrapes metrics');
  });

  test('a ServiceAccount of the user takes the place of the own one', () => {
    const stack = testStack();
    const component = new Component(stack, 'server', testComponentSpec(), { serviceAccount: { name: 'theirs' } });
    const objects = synth(stack);
    expect(component.serviceAccount).toBeUndefined();
    expect(objects.map(({ kind }) => kind)).not.toContain('ServiceAccount');
    expect(find(objects, 'Deployment', 'ledger-server').spec.template.spec.serviceAccountName).toBe('theirs');
  });

  test('the workload is the default child, so that patches find it', () => {
    const component = new Component(testStack(), 'server', testComponentSpec());
    expect(ApiObject.of(component)).toBe(component.workload);
  });
});

describe('replicas', () => {
  const deployment = (profile: ProfileName, scaling: Scaling) => {
    const stack = testStack({ profile });
    new Component(stack, 'server', testComponentSpec({ scaling }));
    return find(stack, 'Deployment', 'ledger-server').spec;
  };

  test('are left out under an autoscaler: each deployment would undo its work', () => {
    expect(deployment('production', Scaling.auto({ min: 2, max: 5, cpuPercent: 70 }))).not.toHaveProperty('replicas');
  });

  test('are written where their number is fixed', () => {
    expect(deployment('production', Scaling.fixed(3)).replicas).toBe(3);
    expect(deployment('dev', Scaling.auto({ min: 2, max: 5, cpuPercent: 70 })).replicas).toBe(1);
  });

  test('scaling of the user wins over the profile', () => {
    const stack = testStack({ profile: 'dev' });
    new Component(stack, 'server', testComponentSpec(), {
      scaling: Scaling.auto({ min: 3, max: 9, memoryPercent: 60 }),
    });
    const { spec } = find(stack, 'HorizontalPodAutoscaler', 'ledger-server');
    expect([spec.minReplicas, spec.maxReplicas]).toEqual([3, 9]);
    expect(find(stack, 'Deployment', 'ledger-server').spec).not.toHaveProperty('replicas');
  });
});

describe('the two Services of a StatefulSet', () => {
  const stack = testStack();
  new Component(stack, 'store', testStatefulSpec());
  const selectorOf = (name: string) => find(stack, 'Service', name).spec.selector ?? {};
  const { template, selector } = find(stack, 'StatefulSet', 'ledger-store').spec;
  const { matchLabels = {} } = selector;

  test('have different selectors: admission policies compare them as a whole', () => {
    expect(selectorOf('ledger-store-headless')).not.toEqual(selectorOf('ledger-store'));
  });

  test('both select the pods, and the one that clients use needs no new label of pods that run already', () => {
    expect(template.metadata.labels).toMatchObject(selectorOf('ledger-store-headless'));
    expect(selectorOf('ledger-store')).toEqual(matchLabels);
  });

  test('the pods of a Deployment do without the label', () => {
    new Component(stack, 'server', testComponentSpec());
    const { labels } = find(stack, 'Deployment', 'ledger-server').spec.template.metadata;
    expect(Object.keys(labels).filter((key) => key.includes('pod-names'))).toEqual([]);
  });
});

test('a claim template has what the server would add inside the list', () => {
  const stack = testStack();
  new Component(stack, 'store', testStatefulSpec());
  expect(find(stack, 'StatefulSet', 'ledger-store').spec.volumeClaimTemplates).toEqual([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        resources: { requests: { storage: '10Gi' } },
      },
    },
  ]);
});

describe('replicas that somebody else decides on', () => {
  const stack = testStack({ cluster: testCluster({ metricsServer: false }) });
  const scaling = Scaling.external({ min: 2, max: 5 });
  const component = new Component(stack, 'server', testComponentSpec(), { scaling });

  test('are left out, and no autoscaler of ours stands against the other one', () => {
    expect(find(stack, 'Deployment', 'ledger-server').spec).not.toHaveProperty('replicas');
    expect(refs(stack).filter((ref) => ref.startsWith('HorizontalPodAutoscaler/'))).toEqual([]);
    expect(component.autoscaler).toBeUndefined();
  });

  test('need no metrics of ours', () => {
    expect(stack.findings()).toEqual([]);
  });

  test('have a floor that drains keep', () => {
    expect(find(stack, 'PodDisruptionBudget', 'ledger-server').spec).toMatchObject({ maxUnavailable: 1 });
  });
});

test("an autoscaler looks at the component's own container: one that a mesh injects would stop it", () => {
  const stack = testStack();
  const scaling = Scaling.auto({ min: 2, max: 5, cpuPercent: 70, memoryPercent: 80 });
  new Component(stack, 'server', testComponentSpec({ scaling }));
  const { metrics } = find(stack, 'HorizontalPodAutoscaler', 'ledger-server').spec;
  const [container] = find(stack, 'Deployment', 'ledger-server').spec.template.spec.containers;
  expect(metrics).toEqual(
    [
      ['cpu', 70],
      ['memory', 80],
    ].map(([name, averageUtilization]) => ({
      type: 'ContainerResource',
      containerResource: { container: container?.name, name, target: { type: 'Utilization', averageUtilization } },
    })),
  );
});

describe('disruption budget', () => {
  const budgetUnder = (scaling: Scaling, disruption?: Disruption) => {
    const component = new Component(testStack({ profile: 'dev' }), 'server', testComponentSpec(), {
      scaling,
      ...(disruption === undefined ? {} : { disruption }),
    });
    return component.disruptionBudget;
  };

  test('a single replica has none, since it would block every drain', () => {
    expect(budgetUnder(Scaling.fixed(1))).toBeUndefined();
    // What counts is the floor, not what an autoscaler may reach.
    expect(budgetUnder(Scaling.auto({ min: 1, max: 8, cpuPercent: 50 }))).toBeUndefined();
  });

  test('from two replicas on, one pod at a time may go, and pods that are not ready always may', () => {
    expect(budgetUnder(Scaling.fixed(2))?.toJson()).toMatchObject({
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: { 'app.kubernetes.io/component': 'server' } },
      },
    });
  });

  test('the budget of the user is taken', () => {
    expect(budgetUnder(Scaling.fixed(4), Disruption.minAvailable(2))?.toJson()).toMatchObject({
      spec: { minAvailable: 2 },
    });
  });
});

describe('scraping', () => {
  function monitored(change: Parameters<typeof testStack>[0] = {}) {
    const stack = testStack(change);
    const component = new Component(
      stack,
      'store',
      testStatefulSpec({
        metrics: { path: '/stats', port: 'metrics', bearer: { secretName: 'ledger', key: 'token' } },
      }),
    );
    return { stack, component };
  }

  test('only the one Service is scraped: the headless one would count every pod twice', () => {
    const { stack } = monitored();
    // Scraped too, by a monitor of its own.
    new Component(stack, 'server', testComponentSpec());
    const objects = synth(stack);
    const { spec } = find(objects, 'ServiceMonitor', 'ledger-store');
    const selected = objects.filter(
      ({ kind, metadata }) =>
        kind === 'Service' &&
        Object.entries(spec.selector.matchLabels).every(([key, value]) => metadata.labels?.[key] === value),
    );
    expect(selected.map(({ metadata }) => metadata.name)).toEqual(['ledger-store']);
  });

  test('it carries the credential, the labels that Prometheus selects by, and a port that the Service has', () => {
    const objects = synth(monitored().stack);
    const { metadata, spec } = find(objects, 'ServiceMonitor', 'ledger-store');
    const ports = find(objects, 'Service', 'ledger-store').spec.ports ?? [];
    expect(metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(spec.endpoints).toHaveLength(1);
    expect(spec.endpoints[0]).toMatchObject({
      path: '/stats',
      authorization: { type: 'Bearer', credentials: { name: 'ledger', key: 'token' } },
    });
    expect(ports.map(({ name }) => name)).toContain(spec.endpoints[0]?.port);
  });

  test('an open endpoint gets no credential', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec());
    expect(find(stack, 'ServiceMonitor', 'ledger-server').spec.endpoints[0]).not.toHaveProperty('authorization');
  });

  test('Prometheus may reach the metrics port, and no other port', () => {
    const { component } = monitored();
    const scrapes = component.connections.flows.filter(({ reason }) => reason === 'scrapes metrics');
    expect(scrapes.map(({ from, ports }) => [from, ports.map(String)])).toEqual([
      ['namespace monitoring', ['TCP/9090']],
    ]);
  });

  test('a Prometheus without the operator is let in too: the flow follows the peer, not the ServiceMonitor', () => {
    const scrapes = (change: object): unknown[] => {
      const { component } = monitored({ profile: 'dev', monitored: true, ...change });
      const flows = component.connections.flows.filter(({ reason }) => reason === 'scrapes metrics');
      return flows.map(({ from, ports }) => [from, ports.map(String)]);
    };
    const withoutOperator = testCluster({ customResources: [] });
    expect(scrapes({ cluster: withoutOperator })).toEqual([['namespace monitoring', ['TCP/9090']]]);
    expect(scrapes({ cluster: withoutOperator })).toEqual(scrapes({}));
    // Without a peer there is nobody to let in, and a stack that is not monitored stays closed.
    expect(scrapes({ cluster: testCluster({ prometheus: undefined }) })).toEqual([]);
    expect(scrapes({ monitored: false })).toEqual([]);
  });

  test('a stack that is not monitored, by wish or because the cluster cannot, has no object that the cluster would refuse', () => {
    const clusters = [
      { monitored: false },
      { cluster: testCluster({ customResources: [] }) },
      { cluster: testCluster({ prometheus: undefined }) },
    ];
    const monitors = clusters.map(
      (change) => monitored({ profile: 'dev', monitored: true, ...change }).component.serviceMonitor,
    );
    expect(monitors).toEqual([undefined, undefined, undefined]);
    expect(monitored({ profile: 'dev', monitored: true }).component.serviceMonitor).toBeDefined();
  });
});

describe('what never changes', () => {
  test('rendering twice gives the same bytes, and rendering between two changes does no harm', () => {
    const build = (renderBetween: boolean) => {
      const stack = testStack();
      const component = new Component(stack, 'store', testStatefulSpec());
      if (renderBetween) {
        Testing.synth(stack);
      }
      component.addEnv('LATER', 'yes');
      return [JSON.stringify(Testing.synth(stack)), JSON.stringify(Testing.synth(stack))];
    };
    const [first, second] = build(false);
    expect(second).toBe(first);
    expect(build(true)).toEqual([first, first]);
  });

  test('names and selectors follow product, instance and component, never the construct ids', () => {
    const stack = testStack({ instance: 'west' }, undefined, 'anything');
    const component = new Component(stack, 'whatever', testStatefulSpec());
    const selector = {
      'app.kubernetes.io/name': 'ledger',
      'app.kubernetes.io/instance': 'west',
      'app.kubernetes.io/component': 'store',
    };
    const objects = synth(stack);
    expect(component.selector).toEqual(selector);
    expect(find(objects, 'StatefulSet', 'west-store').spec.selector).toEqual({ matchLabels: selector });
    expect(find(objects, 'Service', 'west-store').spec.selector).toEqual(selector);
    expect(find(objects, 'Service', 'west-store-headless').spec.selector).toEqual({
      ...selector,
      'cdk8s-selfhosted/pod-names': 'true',
    });
    expect(find(objects, 'NetworkPolicy', 'west-store').spec.podSelector).toEqual({ matchLabels: selector });
    expect(find(objects, 'PodDisruptionBudget', 'west-store').spec.selector).toEqual({ matchLabels: selector });
  });

  test('a release changes labels of pods and nothing that Kubernetes forbids to change', () => {
    const of = (version: string) => {
      const stack = testStack();
      new Component(stack, 'store', testStatefulSpec({ version }));
      const { spec } = find(stack, 'StatefulSet', 'ledger-store');
      return {
        label: spec.template.metadata.labels['app.kubernetes.io/version'],
        fixed: [spec.selector, spec.serviceName, spec.podManagementPolicy, spec.volumeClaimTemplates],
      };
    };
    const [before, after] = [of('1.0.0'), of('1.0.1')];
    expect([before.label, after.label]).toEqual(['1.0.0', '1.0.1']);
    expect(after.fixed).toEqual(before.fixed);
  });

  test('claim templates carry no labels: Kubernetes refuses each later change of one', () => {
    const stack = testStack({ pods: { labels: { team: 'books' } } });
    new Component(stack, 'store', testStatefulSpec({ version: '1.0.0' }));
    const claims = find(stack, 'StatefulSet', 'ledger-store').spec.volumeClaimTemplates ?? [];
    expect(claims.map(({ metadata }) => metadata)).toEqual([{ name: 'data' }]);
  });
});
