import { type AlertRule, AlertRules, availabilityAlerts, Component, type ComponentSpec, Scaling } from '../../src';
import { syntaxErrors } from '../caracal/promql';
import { firing, type Series, series } from '../caracal/promql-evaluator';
import { testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { type Manifest, synth } from '../support/manifests';

function alertsOf(spec: ComponentSpec) {
  return availabilityAlerts(new Component(testStack({ instance: 'west' }), 'server', spec));
}

describe('alerts about the pods of any component', () => {
  test('ask for this workload by its kind, name and namespace', () => {
    for (const { expr, component } of alertsOf(testComponentSpec())) {
      expect(expr).toContain('{namespace="books",deployment="west-server"}');
      expect(component).toBe('server');
    }
    for (const { expr } of alertsOf(testStatefulSpec())) {
      expect(expr).toContain('{namespace="books",statefulset="west-store"}');
    }
  });

  test('of a single replica say that there is none, and nothing of a minimum', () => {
    const names = (scaling: Scaling) => alertsOf(testComponentSpec({ scaling })).map(({ alert }) => alert);
    expect(names(Scaling.fixed(1))).toEqual(['ServerNoReadyPod']);
    expect(names(Scaling.fixed(2))).toEqual(['ServerNoReadyPod', 'ServerBelowMinimum', 'ServerReplicasMissing']);
    expect(names(Scaling.auto({ min: 1, max: 3, cpuPercent: 50 }))).toEqual([
      'ServerNoReadyPod',
      'ServerReplicasMissing',
    ]);
  });

  test('fire when they should, and only then', () => {
    const [none, few] = alertsOf(testComponentSpec());
    const labels = { namespace: 'books', deployment: 'west-server' };
    const ready = (pods: number) => [series('kube_deployment_status_replicas_available', labels, () => pods)];
    const fires = (rule: AlertRule | undefined, world: Series[]): boolean =>
      firing(rule as AlertRule, world, 30 * 60).length > 0;
    expect([0, 1, 2].map((pods) => fires(none, ready(pods)))).toEqual([true, false, false]);
    expect([0, 1, 2].map((pods) => fires(few, ready(pods)))).toEqual([false, true, false]);
    expect(fires(none, [])).toBe(true);
    const other = series('kube_deployment_status_replicas_available', { ...labels, namespace: 'other' }, () => 0);
    expect(fires(none, [...ready(2), other])).toBe(false);
  });

  test('page for an outage, and wait for the morning with the rest', () => {
    expect(alertsOf(testComponentSpec()).map(({ severity }) => severity)).toEqual(['critical', 'warning', 'warning']);
  });

  test('are PromQL, and are named after the component', () => {
    const alerts = alertsOf(testComponentSpec({ component: 'order-intake-2' }));
    expect(alerts.flatMap(({ expr }) => syntaxErrors(expr))).toEqual([]);
    expect(alerts[0]?.alert).toBe('OrderIntake2NoReadyPod');
  });
});

test('rules ask for alerts of components that are made after them', () => {
  const stack = testStack();
  const rules = new AlertRules(stack, 'alerts', {
    name: 'ledger-alerts',
    rules: [],
    more: () => stack.components().flatMap(availabilityAlerts),
  });
  expect(rules.rules).toEqual([]);
  new Component(stack, 'server', testComponentSpec());
  const emitted = synth(stack).find(({ kind }) => kind === 'PrometheusRule') as
    Manifest<{ groups: { rules: { alert: string }[] }[] }> | undefined;
  expect(emitted?.spec.groups[0]?.rules.map(({ alert }) => alert)).toEqual(rules.rules.map(({ alert }) => alert));
  expect(rules.rules).toHaveLength(3);
});
