import { Names, Scaling } from '../../src';
import { ReplayPersistence } from '../../src/caracal';
import { type AlertTarget, caracalAlerts, type WatchedWorkload } from '../../src/caracal/alerts';
import { alertNamed, TARGET } from './alert-fixture';
import { caracal, clusterWith, emit, propsOf, publishedProps } from './fixture';
import { selectorsOf, syntaxErrors } from './promql';
import { firing, type Series, series } from './promql-evaluator';

/** Alerts about ready pods: when they fire, when they keep quiet, and for which objects a stack writes them. */
const MINUTE = 60;
const HOUR = 60 * MINUTE;

const SERVICES = ['STS', 'Gateway', 'Audit', 'API', 'Coordinator', 'Web'] as const;

const ready = ({ kind, name }: WatchedWorkload, at: Series['at'], namespace = 'agents'): Series =>
  kind === 'Deployment'
    ? series('kube_deployment_status_replicas_available', { namespace, deployment: name }, at)
    : series('kube_statefulset_status_replicas_ready', { namespace, statefulset: name }, at);

const workloadOf = (component: string, target: AlertTarget = TARGET): WatchedWorkload => {
  const found = target.workloads.find((each) => each.component === component);
  if (found === undefined) throw new Error(`there is no workload of ${component}`);
  return found;
};

const minutes = (alert: string, world: readonly Series[], until = HOUR, target = TARGET): number[] =>
  firing(alertNamed(alert, undefined, target), world, until).map((time) => time / MINUTE);

describe('a service without a ready pod pages somebody, whatever Prometheus scrapes', () => {
  test.each(SERVICES)('%s: pods run and none is ready, fires after 5 minutes and ends when one is', (name) => {
    const workload = workloadOf(name.toLowerCase());
    const outage = ready(workload, (time) => (time >= 10 * MINUTE && time < 30 * MINUTE ? 0 : 2));
    const times = minutes(`Caracal${name}NoReadyPod`, [outage]);
    expect([times[0], times.at(-1)]).toEqual([15, 29.5]);
    expect(alertNamed(`Caracal${name}NoReadyPod`).severity).toBe('critical');
  });

  test.each(['STS', 'API'])(
    '%s: pods that are not ready answer Prometheus, so the alert on targets is silent',
    (name) => {
      const component = name.toLowerCase();
      const up = series('up', { namespace: 'agents', job: `caracal-${component}`, pod: 'a' }, () => 1);
      const world = [up, ready(workloadOf(component), () => 0)];
      expect(minutes(`Caracal${name}TargetMissing`, world)).toEqual([]);
      expect(minutes(`Caracal${name}NoReadyPod`, world)).not.toEqual([]);
    },
  );

  test('a restart that is over within minutes is no outage', () => {
    const restart = ready(workloadOf('sts'), (time) => (time > HOUR / 2 && time < HOUR / 2 + 4 * MINUTE ? 0 : 1));
    expect(minutes('CaracalSTSNoReadyPod', [restart])).toEqual([]);
  });

  test('another service, another namespace and a name that begins alike do not stand in for it', () => {
    const web = workloadOf('web');
    const world = [
      ready(web, () => 0),
      ready(web, () => 2, 'other'),
      ready({ ...web, name: 'caracal-web-api' }, () => 2),
      ready(workloadOf('api'), () => 2),
    ];
    expect(minutes('CaracalWebNoReadyPod', world)[0]).toBe(5);
    const healthy = [
      ready(web, () => 2),
      ready(web, () => 0, 'other'),
      ready({ ...web, name: 'my-caracal-web' }, () => 0),
    ];
    expect(minutes('CaracalWebNoReadyPod', healthy)).toEqual([]);
  });

  test('of two kube-state-metrics one is replaced: neither does the wait start anew nor is there a gap', () => {
    const { labels, at } = ready(workloadOf('web'), () => 0);
    const seenBy = (pod: string, from: number, to: number): Series => ({
      labels: { ...labels, pod },
      at: (time) => (time >= from && time < to ? at(time) : undefined),
    });
    const world = [seenBy('old', 0, 4 * MINUTE), seenBy('new', 3 * MINUTE, HOUR)];
    expect(minutes('CaracalWebNoReadyPod', world)[0]).toBe(5);
  });
});

describe('a series that is missing is not read as all being well', () => {
  test('web is deleted, or nobody watches workloads: fires, for web has no targets that could be missed', () => {
    expect(minutes('CaracalWebNoReadyPod', [])[0]).toBe(5);
  });

  test('a scraped component that is deleted is missed once, by its targets', () => {
    expect(minutes('CaracalSTSTargetMissing', [])[0]).toBe(5);
    expect(minutes('CaracalSTSNoReadyPod', [])).toEqual([]);
  });

  test('a component that nobody scrapes is missed by its workload instead', () => {
    const target = { ...TARGET, components: TARGET.components.filter((each) => each !== 'sts') };
    expect(minutes('CaracalSTSNoReadyPod', [], HOUR, target)[0]).toBe(5);
  });
});

describe('fewer ready pods than the minimum warn, before the next failure is an outage', () => {
  test.each(SERVICES)('%s: one of two is ready for long, fires after 20 minutes', (name) => {
    const workload = workloadOf(name.toLowerCase());
    const alert = `Caracal${name}BelowMinimum`;
    expect(minutes(alert, [ready(workload, (time) => (time < 10 * MINUTE ? 2 : 1))])[0]).toBe(30);
    expect(minutes(alert, [ready(workload, () => 2)])).toEqual([]);
    expect(alertNamed(alert).severity).toBe('warning');
  });

  test('a pod that replays audit events for 15 minutes before it is ready is no reason to warn', () => {
    const replay = ready(workloadOf('sts'), (time) => (time > 10 * MINUTE && time < 27 * MINUTE ? 1 : 2));
    expect(minutes('CaracalSTSBelowMinimum', [replay])).toEqual([]);
  });

  test('none at all is told once, by the critical alert', () => {
    expect(minutes('CaracalAuditBelowMinimum', [ready(workloadOf('audit'), () => 0)])).toEqual([]);
  });

  test('the minimum is that of the component, and one replica has nothing below it but none', () => {
    const watching = (minimum: number): AlertTarget => ({
      ...TARGET,
      workloads: [{ ...workloadOf('gateway'), minimum }],
    });
    const names = (target: AlertTarget): string[] =>
      caracalAlerts(target)
        .map(({ alert }) => alert)
        .filter((name) => name.endsWith('BelowMinimum'));
    const three = [ready(workloadOf('gateway'), () => 3)];
    expect(minutes('CaracalGatewayBelowMinimum', three, HOUR, watching(4))).not.toEqual([]);
    expect(minutes('CaracalGatewayBelowMinimum', three, HOUR, watching(3))).toEqual([]);
    expect([names(watching(2)), names(watching(1))]).toEqual([['CaracalGatewayBelowMinimum'], []]);
  });
});

describe('more pods are wanted than are ready, although the minimum is met', () => {
  const desired = ({ kind, name }: WatchedWorkload, at: Series['at']): Series =>
    kind === 'Deployment'
      ? series('kube_deployment_spec_replicas', { namespace: 'agents', deployment: name }, at)
      : series('kube_statefulset_replicas', { namespace: 'agents', statefulset: name }, at);
  const alertOf = (name: string): string => `Caracal${name}ReplicasMissing`;

  test.each(SERVICES)(
    '%s: six are wanted, two run and four wait for a zone that is full: warns after 30 minutes',
    (name) => {
      const workload = workloadOf(name.toLowerCase());
      const world = [desired(workload, (time) => (time < 10 * MINUTE ? 2 : 6)), ready(workload, () => 2)];
      expect(minutes(alertOf(name), world)[0]).toBe(40);
      expect(alertNamed(alertOf(name)).severity).toBe('warning');
      // What was there before says nothing: the floor of two is met.
      expect(minutes(`Caracal${name}BelowMinimum`, world)).toEqual([]);
      expect(minutes(`Caracal${name}NoReadyPod`, world)).toEqual([]);
    },
  );

  test('a scale-up or a rollout that ends within half an hour is none', () => {
    const api = workloadOf('api');
    const arriving = ready(api, (time) => Math.min(6, 2 + Math.floor(time / (6 * MINUTE))));
    expect(minutes(alertOf('API'), [desired(api, () => 6), arriving])).toEqual([]);
    expect(minutes(alertOf('API'), [desired(api, () => 6), ready(api, () => 6)])).toEqual([]);
  });

  test('below the minimum the other alert speaks: one problem is one alert', () => {
    const sts = workloadOf('sts');
    const world = [desired(sts, () => 6), ready(sts, () => 1)];
    expect(minutes(alertOf('STS'), world)).toEqual([]);
    expect(minutes('CaracalSTSBelowMinimum', world)).not.toEqual([]);
  });

  test('of two kube-state-metrics one is replaced: the wait goes on', () => {
    const api = workloadOf('api');
    const both = [desired(api, () => 6), ready(api, () => 2)];
    const seenBy = (pod: string, from: number, to: number): Series[] =>
      both.map(({ labels, at }) => ({
        labels: { ...labels, pod },
        at: (time) => (time >= from && time < to ? at(time) : undefined),
      }));
    const world = [...seenBy('old', 0, 20 * MINUTE), ...seenBy('new', 19 * MINUTE, HOUR)];
    expect(minutes(alertOf('API'), world)[0]).toBe(30);
  });

  test('as many as the user tolerates are none', () => {
    const api = workloadOf('api');
    const world = [desired(api, () => 4), ready(api, () => 3)];
    const tolerant = alertNamed(alertOf('API'), { replicasMissing: 1 });
    expect(firing(tolerant, world, HOUR)).toEqual([]);
    expect(minutes(alertOf('API'), world)).not.toEqual([]);
  });

  test('a service that never has more than one replica has no such alert', () => {
    const one = caracalAlerts({ ...TARGET, workloads: [{ ...workloadOf('web'), minimum: 1, maximum: 1 }] });
    expect(one.map(({ alert }) => alert).filter((name) => name.endsWith('ReplicasMissing'))).toEqual([]);
  });
});

describe('a stack watches the workloads that it emits, by kind and name', () => {
  interface Workload {
    readonly kind: string;
    readonly metadata: { readonly name: string };
  }

  /** Kinds and names that the alerts ask for, and those of the emitted services. */
  const compared = (props: Parameters<typeof emit>[0]) => {
    const stack = emit(props);
    const rules = (stack.alerts?.rules ?? []).filter(({ alert }) =>
      /NoReadyPod|BelowMinimum|ReplicasMissing/.test(alert),
    );
    const asked = rules.flatMap(({ expr }) =>
      selectorsOf(expr).flatMap(({ metric, matchers }) =>
        matchers
          .filter(({ label }) => label !== 'namespace')
          .map(({ label, value }) => `${metric.split('_')[1]} ${label} ${value}`),
      ),
    );
    const emitted = (stack.toJson() as Workload[])
      .filter(({ kind }) => /^(Deployment|StatefulSet)$/.test(kind))
      .map(({ kind, metadata }) => `${kind.toLowerCase()} ${kind.toLowerCase()} ${metadata.name}`);
    return { rules, asked: [...new Set(asked)].sort(), emitted: emitted.sort() };
  };

  const dev = (change: object = {}) =>
    propsOf('dev', { cluster: clusterWith(), monitoring: { enabled: true }, ...change });
  const ephemeral = { replayPersistence: ReplayPersistence.ephemeral() };

  test.each([
    ['production', publishedProps(), 6],
    ['names of a Helm release', publishedProps({ names: Names.helmRelease('prod', 'caracal') }), 6],
    // The databases in the cluster are components like all others.
    ['dev with replay volumes', dev(), 8],
    ['dev without them', dev(ephemeral), 8],
  ])('%s', (_, props, workloads) => {
    const { rules, asked, emitted } = compared(props);
    expect(emitted).toHaveLength(workloads);
    expect(asked).toEqual(emitted);
    expect(rules.flatMap(({ expr }) => syntaxErrors(expr))).toEqual([]);
  });

  test('replay files that end with their pod make Deployments of STS and gateway, in the alerts too', () => {
    const { asked } = compared(dev(ephemeral));
    expect(asked.filter((each) => each.startsWith('statefulset'))).toEqual([
      'statefulset statefulset caracal-postgres',
      'statefulset statefulset caracal-redis',
    ]);
    expect(compared(publishedProps()).asked.filter((each) => each.startsWith('statefulset'))).toHaveLength(2);
  });

  test('without the operator the alerts remain as data for a rule file, and no object that the cluster refuses is emitted', () => {
    const stack = caracal(
      publishedProps({ cluster: clusterWith({ customResources: ['external-secrets.io/v1', 'cert-manager.io/v1'] }) }),
    );
    stack.acknowledge('monitoring/missing', { reason: 'another Prometheus' });
    const kinds = (stack.toJson() as Workload[]).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^(PrometheusRule|ServiceMonitor)$/.test(kind))).toEqual([]);
    const [group] = stack.alerts?.ruleGroups ?? [];
    expect(group?.rules.map(({ alert }) => alert)).toEqual(
      emit(publishedProps()).alerts?.rules.map(({ alert }) => alert),
    );
    // And it is let in.
    expect(stack.sts.connections.flows.map(({ reason }) => reason)).toContain('scrapes metrics');
  });

  test('the minimum is what the user chose, and dev with its one replica has none to fall below', () => {
    const { rules } = compared(publishedProps({ web: { scaling: Scaling.fixed(3) } }));
    const floor = (name: string): string | undefined => rules.find(({ alert }) => alert === name)?.expr.split(' < ')[1];
    expect([floor('CaracalWebBelowMinimum'), floor('CaracalSTSBelowMinimum')]).toEqual(['3', '2']);
    expect(compared(dev()).rules.map(({ alert }) => alert)).toEqual([
      ...SERVICES.map((name) => `Caracal${name}NoReadyPod`),
      // The databases in the cluster are watched like every component of one's own.
      'PostgresNoReadyPod',
      'RedisNoReadyPod',
    ]);
  });
});
