import { AlertRules, type AlertRule } from '../../src';
import { caracalAlerts } from '../../src/caracal/alerts';
import { alertRulesProblems } from '../../src/monitoring/alert-checks';
import { TARGET } from '../caracal/alert-fixture';
import { testCluster, testStack } from '../support/ledger';

/** What Prometheus or the API server would refuse of an alert, and what could never be an alert. */
const RULE: AlertRule = {
  alert: 'LedgerDown',
  expr: 'absent(up{namespace="books"})',
  for: '5m',
  severity: 'critical',
  component: 'server',
  summary: 'No pod answers',
  description: 'First look at {{ $labels.pod }}: {{ $value | humanizePercentage }}.',
};

/** Paths, without the path of the construct, and messages. */
const problemsOf = (...changes: readonly object[]): string[] =>
  alertRulesProblems('a', { name: 'ledger', rules: changes.map((change) => ({ ...RULE, ...change })) }).map(
    ({ id, path, fix }) => `${id} ${path} ${fix}`,
  );

const of = (change: object): string[] => problemsOf(change).map((text) => text.split(' ').slice(0, 2).join(' '));

describe('expressions', () => {
  test.each([
    'up{job="a"} == 0',
    'sum by (namespace, job) (rate(http_requests_total{code=~"5.."}[5m])) > 0.1',
    'max_over_time(up[1h:5m]) == 0 or absent(up{job="a"})',
    '{__name__="up",job="a"} == 0',
    '{job="a"}',
    '{job=~".+"}',
    'time() - max(last_sweep) > 3600',
    'quantile_over_time(0.9, latency[10m]) > 1',
    'up offset 5m unless on (pod) kube_pod_info',
    'vector(1)',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 2',
    'predict_linear(free_bytes[1h], 4 * 3600) < 0',
  ])('%s is one', (expr) => {
    expect(of({ expr })).toEqual([]);
  });

  test.each([
    ['unclosed', 'up{job="a"'],
    ['empty', ''],
    ['white space', ' \n '],
    ['a number as text', '5'],
    ['arithmetic without a metric', '(1 + 2) * time()'],
    ['a text', '"up"'],
    ['a range', 'up[5m]'],
    ['a rate without a range', 'rate(requests_total) > 1'],
    ['a range where none belongs', 'abs(up[5m]) > 1'],
    ['a duration in words', 'rate(requests_total[5 minutes]) > 1'],
    ['a function that does not exist', 'incrase(requests_total[5m]) > 1'],
    ['every metric', '{} == 0'],
    ['every metric, in another way', '{job=~".*"} == 0'],
    ['a template', 'up{job="{{ job }}"'],
  ])('%s is refused', (_, expr) => {
    expect(of({ expr })).toEqual(['monitoring/invalid-alert a.rules[0].expr']);
  });

  test('a number instead of a text is refused, though the API server would take it', () => {
    expect(of({ expr: 5 })).toEqual(['core/wrong-type a.rules[0].expr']);
  });
});

describe('durations are those of Prometheus', () => {
  test.each(['0m', '30s', '5m', '1h30m', '1d', '500ms', '0'])('%s is one', (text) => {
    expect(of({ for: text })).toEqual([]);
  });

  test.each(['', '2 minutes', '5', '1.5h', '-1m', '30m1h', 'PT5M', '5m '])('%j is none', (text) => {
    expect(of({ for: text })).toEqual(['monitoring/invalid-alert a.rules[0].for']);
  });

  test.each([
    ['2 minutes', '2m'],
    ['1.5h', '90m'],
    ['0.5 s', '1s'],
    ['2 milliseconds', '5m'],
  ])('the fix of %j is the line that was meant: %s', (given, meant) => {
    expect(problemsOf({ for: given })).toEqual([`monitoring/invalid-alert a.rules[0].for write "${meant}"`]);
  });

  test('a number gets its unit, not its quotes alone, which would be refused next', () => {
    expect(problemsOf({ for: 10 })).toEqual(['core/wrong-type a.rules[0].for write for: "10m"']);
  });

  test('the interval of the group is judged alike', () => {
    const ids = alertRulesProblems('a', { name: 'ledger', rules: [RULE], interval: '1 minute' as '1m' });
    expect(ids.map(({ path }) => path)).toEqual(['a.interval']);
  });
});

describe('names, labels, texts', () => {
  test('a misspelt property is named with the one that was meant, and the missing one too', () => {
    const { severity: _, ...rest } = RULE;
    const rules = [{ ...rest, severty: 'critical' } as unknown as AlertRule];
    const found = alertRulesProblems('a', { name: 'ledger', rules });
    expect(found.map(({ id, path }) => `${id} ${path}`).sort()).toEqual([
      'core/missing-property a.rules[0].severity',
      'core/unknown-property a.rules[0].severty',
    ]);
    expect(found.map(({ fix }) => fix).join()).toContain('severity');
  });

  test.each([
    ['an urgency that nobody routes', { severity: 'page' }, 'core/wrong-type a.rules[0].severity'],
    ['an empty name', { alert: '' }, 'monitoring/invalid-alert a.rules[0].alert'],
    ['an empty component', { component: ' ' }, 'monitoring/invalid-alert a.rules[0].component'],
    ['a template that does not end', { summary: 'of {{ $labels.pod' }, 'monitoring/invalid-alert a.rules[0].summary'],
    ['an empty template', { description: '{{ }}' }, 'monitoring/invalid-alert a.rules[0].description'],
    ['a misspelt variable', { summary: '{{ $lables.pod }}' }, 'monitoring/invalid-alert a.rules[0].summary'],
    ['a misspelt function', { summary: '{{ $value | humanise }}' }, 'monitoring/invalid-alert a.rules[0].summary'],
    ['no address', { runbookUrl: 'the wiki' }, 'monitoring/invalid-alert a.rules[0].runbookUrl'],
    ['a label with a dash', { labels: { 'my-team': 'a' } }, 'monitoring/invalid-alert a.rules[0].labels.my-team'],
    [
      'a label that has a property',
      { labels: { severity: 'a' } },
      'monitoring/invalid-alert a.rules[0].labels.severity',
    ],
    ['a label that is a number', { labels: { team: 5 } }, 'monitoring/invalid-alert a.rules[0].labels.team'],
    ['a wrong annotation', { annotations: { '1st': 'a' } }, 'monitoring/invalid-alert a.rules[0].annotations.1st'],
  ])('%s is refused', (_, change, expected) => {
    expect(of(change)).toEqual([expected]);
  });

  test.each([
    '{{ with query "up" }}{{ . | first | value }}{{ end }}',
    '{{ $labels.pod }} of {{ $value | humanizeDuration }}',
    '{{ range $i, $each := query "up" }}{{ $each }}{{ end }}',
    '{{- if gt $value 5.0 -}} much {{- else -}} little {{- end -}}',
    '{{/* a note */}} plain } text {',
  ])('the template %s is one', (summary) => {
    expect(of({ summary })).toEqual([]);
  });

  test.each(['', 'Our Alerts', 'a/b'])('the group cannot be named %j', (name) => {
    expect(alertRulesProblems('a', { name, rules: [RULE] }).map(({ path }) => path)).toEqual(['a.name']);
  });

  test('a list without alerts watches nothing', () => {
    expect(alertRulesProblems('a', { name: 'ledger', rules: [] }).map(({ path }) => path)).toEqual(['a.rules']);
  });

  test('two alerts of one name hide each other, unless a label tells them apart', () => {
    expect(problemsOf({}, { expr: 'up == 0' })).toEqual([
      'monitoring/invalid-alert a.rules[1].alert rename one of them',
    ]);
    expect(problemsOf({}, { severity: 'warning' }, { labels: { team: 'b' } })).toEqual([]);
  });

  test.each([undefined, null, 5, 'rules', [], { name: 'a' }, { name: 'a', rules: [null, 5, {}] }])(
    'properties that are %j are a report and never a TypeError',
    (props) => expect(alertRulesProblems('a', props as never)).not.toEqual([]),
  );
});

describe('the construct', () => {
  const stackWith = (rules: readonly AlertRule[], change: object = {}) => {
    const stack = testStack(change);
    const alerts = new AlertRules(stack, 'alerts', { name: 'ledger', rules });
    return { stack, alerts, found: stack.findings().filter(({ path }) => path.startsWith('ledger/alerts')) };
  };

  test('everything is reported at once, with the stack, and nothing is drawn', () => {
    const { stack, found } = stackWith([
      { ...RULE, expr: 'up{', for: '2 minutes' as '2m' },
      { ...RULE, summary: '' },
    ]);
    expect(found.map(({ path }) => path)).toEqual([
      'ledger/alerts.rules[0].expr',
      'ledger/alerts.rules[0].for',
      'ledger/alerts.rules[1].summary',
      'ledger/alerts.rules[1].alert',
    ]);
    expect(() => stack.toJson()).toThrow('monitoring/invalid-alert');
  });

  test('labels, annotations and the interval arrive', () => {
    const stack = testStack();
    const alerts = new AlertRules(stack, 'alerts', {
      name: 'ledger',
      interval: '1m',
      rules: [{ ...RULE, labels: { team: 'books' }, annotations: { dashboard: 'https://grafana.example.com' } }],
    });
    expect(alerts.ruleGroups).toMatchObject([
      {
        interval: '1m',
        rules: [
          {
            labels: { severity: 'critical', component: 'server', team: 'books' },
            annotations: { summary: 'No pod answers', dashboard: 'https://grafana.example.com' },
          },
        ],
      },
    ]);
  });

  test('without the operator there is no object that the cluster refuses, and the rules remain as data', () => {
    const cluster = testCluster({ customResources: [] });
    const monitored = stackWith([RULE], { cluster });
    expect(monitored.alerts.prometheusRule).toBeUndefined();
    expect(monitored.alerts.ruleGroups.map(({ rules }) => rules.map(({ alert }) => alert))).toEqual([['LedgerDown']]);
    // A monitored stack says so itself; one that is not hears it from the construct, and may accept it.
    expect(monitored.found).toEqual([]);
    const { stack, found } = stackWith([RULE], { cluster, monitored: false });
    expect(found.map(({ id }) => id)).toEqual(['monitoring/missing']);
    stack.acknowledge('monitoring/missing', { reason: 'loaded by hand' });
    expect(() => stack.toJson()).not.toThrow();
  });
});

test("the library's own alerts, which are not parsed again for each stack, have no problem", () => {
  const rules = caracalAlerts(TARGET, { gatewayStsExchangeErrors: 5 });
  expect(rules.length).toBeGreaterThan(40);
  expect(alertRulesProblems('a', { name: 'caracal-alerts', rules })).toEqual([]);
});
