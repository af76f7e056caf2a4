import { ApiObject, Chart, Testing } from 'cdk8s';
import { AlertRules, type AlertRule, Peer } from '../../src';
import { refusedIds } from '../support/findings';
import { frozen } from '../support/frozen';
import { testCluster, testStack } from '../support/ledger';
import { synth, type Manifest } from '../support/manifests';

const RULE: AlertRule = {
  alert: 'LedgerDown',
  expr: 'absent(up{namespace="books",job="ledger-server"})',
  for: '5m',
  severity: 'critical',
  component: 'server',
  summary: 'No pod answers',
  description: 'First look at the pods of {{ $labels.job }}.',
  runbookUrl: 'https://docs.example.com/#ledgerdown',
};
const { runbookUrl, ...WITHOUT_RUNBOOK } = RULE;

interface PrometheusRuleSpec {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Record<string, unknown>[] }[];
}

const drawn = (rules: readonly AlertRule[], stack = testStack()): Manifest<PrometheusRuleSpec> => {
  new AlertRules(stack, 'Alerts', { name: 'ledger', rules });
  const [rule] = synth(stack).filter((each) => each.kind === 'PrometheusRule');
  if (rule === undefined) throw new Error('there is no PrometheusRule');
  return rule as Manifest<PrometheusRuleSpec>;
};

describe('AlertRules draws what the Prometheus operator loads', () => {
  test('an alert keeps every part, with severity and component as labels that Alertmanager routes by', () => {
    const { apiVersion, metadata, spec } = drawn([RULE]);
    expect({ apiVersion, name: metadata.name, namespace: metadata.namespace }).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      name: 'ledger',
      namespace: 'books',
    });
    expect(spec).toEqual({
      groups: [
        {
          name: 'ledger',
          rules: [
            {
              alert: 'LedgerDown',
              expr: 'absent(up{namespace="books",job="ledger-server"})',
              for: '5m',
              labels: { severity: 'critical', component: 'server' },
              annotations: {
                summary: 'No pod answers',
                description: 'First look at the pods of {{ $labels.job }}.',
                runbook_url: runbookUrl,
              },
            },
          ],
        },
      ],
    });
  });

  test('an alert without a runbook has no annotation for it, for an empty link misleads at night', () => {
    const [rule] = drawn([WITHOUT_RUNBOOK]).spec.groups[0]?.rules ?? [];
    expect(rule?.annotations).toEqual({ summary: RULE.summary, description: RULE.description });
  });

  test('alerts keep their order, so that the output is stable', () => {
    const names = ['LedgerC', 'LedgerA', 'LedgerB'];
    const rules = drawn(names.map((alert) => ({ ...RULE, alert }))).spec.groups[0]?.rules;
    expect(rules?.map((rule) => rule.alert)).toEqual(names);
  });

  test('quotes, newlines and templates arrive as they are', () => {
    const expr = 'up{namespace="a\\"b"} == 0\n  or absent(up{pod=~"x-[0-9]+"})';
    const description = 'First: "look" at {{ $value | humanize }}\nthen – wait';
    const [rule] = drawn([{ ...RULE, expr, description }]).spec.groups[0]?.rules ?? [];
    expect(rule).toMatchObject({ expr, annotations: { description } });
  });
});

describe('Prometheus finds the rules by the labels that its selector wants (caracal W52)', () => {
  const labelsWith = (selectorLabels: Record<string, string>): Readonly<Record<string, string>> | undefined => {
    const prometheus = { peer: Peer.namespace('monitoring'), selectorLabels };
    return drawn([RULE], testStack({ cluster: testCluster({ prometheus }) })).metadata.labels;
  };

  test('all of them are on the object, beside the labels of the stack', () => {
    expect(labelsWith({ release: 'kube-prometheus-stack', team: 'sre' })).toMatchObject({
      release: 'kube-prometheus-stack',
      team: 'sre',
      'app.kubernetes.io/instance': 'ledger',
    });
  });

  test('a Prometheus that takes every rule adds none', () => {
    const labels = labelsWith({});
    expect(labels).not.toHaveProperty('release');
    expect(labels).toMatchObject({ 'app.kubernetes.io/name': 'ledger' });
  });
});

describe('AlertRules is a construct like the others', () => {
  test('two syntheses are equal, and what was given is not touched', () => {
    const stack = testStack();
    new AlertRules(stack, 'Alerts', frozen({ name: 'ledger', rules: [{ ...RULE }] }));
    expect(synth(stack)).toEqual(synth(stack));
  });

  test('a list that changes later does not change the rules', () => {
    const rules = [RULE];
    const alerts = new AlertRules(testStack(), 'Alerts', { name: 'ledger', rules });
    rules.push({ ...RULE, alert: 'LedgerLate' });
    expect(alerts.rules.map((rule) => rule.alert)).toEqual(['LedgerDown']);
    const spec = (alerts.prometheusRule?.toJson() as Manifest<PrometheusRuleSpec>).spec;
    expect(spec.groups[0]?.rules.map((rule) => rule.alert)).toEqual(['LedgerDown']);
  });

  test('ApiObject.of finds the object, for JSON patches', () => {
    const alerts = new AlertRules(testStack(), 'Alerts', { name: 'ledger', rules: [RULE] });
    expect(ApiObject.of(alerts)).toBe(alerts.prometheusRule);
  });

  test('outside of a stack, where nobody knows the labels of Prometheus, it is refused', () => {
    const chart = new Chart(Testing.app(), 'chart');
    expect(refusedIds(() => new AlertRules(chart, 'Alerts', { name: 'ledger', rules: [RULE] }))).toEqual([
      'stack/missing',
    ]);
  });
});
