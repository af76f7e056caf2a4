import type { Finding } from '../../src/core/errors';
import {
  type AlertTarget,
  caracalAlerts,
  type CaracalAlertThresholds,
  DEFAULT_ALERT_THRESHOLDS,
  thresholdProblems,
} from '../../src/caracal/alerts';
import contract from '../contract/caracal/alerts.json';
import { refusal } from '../support/findings';
import { alertNamed, TARGET } from './alert-fixture';
import { callsOf, metricsOf, named, parse, type Selector, selectorsOf, syntaxErrors } from './promql';
import { evaluate, seconds } from './promql-evaluator';

const RULES = caracalAlerts(TARGET);
const cases = RULES.map((rule) => [rule.alert, rule] as const);

type Parameter = keyof CaracalAlertThresholds;

/** What the contract says of an alert, as far as it is looked at here. */
interface Row {
  readonly alert: string;
  readonly component: string;
  readonly metrics: readonly string[];
  readonly severity: string;
  readonly action?: string;
  readonly presence?: string;
  readonly for?: string;
  readonly forMax?: string;
  readonly window?: string;
  readonly comparison?: string;
  readonly parameter: string | null;
  readonly default: number | null;
  readonly mustUse?: readonly string[];
  readonly mustUseOneOf?: readonly string[];
  readonly mustNotUse?: readonly string[];
  readonly replacedBy?: readonly string[];
}

const VENDOR: readonly Row[] = contract.alerts;
const ADDED: readonly Row[] = contract.added;
const KEPT = VENDOR.filter((row) => row.action !== 'dropped');
const DROPPED = VENDOR.filter((row) => row.action === 'dropped');

/** Metrics that an alert needs besides those of the contract, and why. */
const EXTRA_METRICS: Readonly<Record<string, readonly string[]>> = {
  // Tells a second revocation of the same age from silence, which the gauge alone cannot.
  CaracalGatewayRevocationPropagationLag: ['caracal_gateway_revocation_messages_total'],
};

/** Metrics whose value goes up and down, whatever their name ends in (caracal.md section 10, the services' own TYPE lines). */
const GAUGES = [
  'caracal_api_outbox_dead_total',
  'caracal_api_outbox_oldest_pending_age_seconds',
  'caracal_audit_consumer_lag',
  'caracal_audit_dlq_oldest_age_seconds',
  'caracal_audit_dlq_size',
  'caracal_audit_export_backlog_hours',
  'caracal_audit_is_export_leader',
  'caracal_audit_is_retention_leader',
  'caracal_audit_tamper_last_sweep_unix',
  'caracal_db_pool_in_use_ratio',
  'caracal_gateway_audit_replay_oldest_age_seconds',
  'caracal_gateway_revocation_propagation_seconds',
  'caracal_gateway_revocation_snapshot_fresh',
  'caracal_gateway_sts_circuit_open',
  'caracal_outbox_total',
  'caracal_sts_audit_replay_oldest_age_seconds',
  'caracal_sts_opa_max_policy_age_seconds',
  'kube_deployment_spec_replicas',
  'kube_deployment_status_replicas_available',
  'kube_job_failed',
  'kube_pod_container_status_ready',
  'kube_statefulset_replicas',
  'kube_statefulset_status_replicas_ready',
  'kubelet_volume_stats_available_bytes',
  'kubelet_volume_stats_capacity_bytes',
  'redis_memory_max_bytes',
  'redis_memory_used_bytes',
  'up',
];

const COUNTER_FUNCTIONS = ['increase', 'rate', 'irate'];

const functionsOf = (expr: string): string[] => callsOf(expr).map((call) => call.name);

const usesOneOf = (row: Row, expr: string): boolean =>
  row.mustUseOneOf === undefined || row.mustUseOneOf.some((each) => functionsOf(expr).includes(each));

const gaugesUnderCounters = (expr: string): string[] =>
  callsOf(expr)
    .filter((call) => COUNTER_FUNCTIONS.includes(call.name))
    .flatMap((call) => call.metrics.filter((metric) => GAUGES.includes(metric)));

const valueOf = (selector: Selector, label: string, operator: string): string | undefined =>
  selector.matchers.find((matcher) => matcher.label === label && matcher.operator === operator)?.value;

/** Why a selector could answer for something else than the stack; undefined when it cannot. */
function looseness(selector: Selector, component: string, target: AlertTarget): string | undefined {
  const { metric } = selector;
  const namespace = metric.startsWith('redis_') ? target.redisExporter?.namespace : target.namespace;
  if (valueOf(selector, 'namespace', '=') !== namespace) return `${metric} has no namespace`;
  if (metric.startsWith('redis_')) {
    return valueOf(selector, 'job', '=') === target.redisExporter?.job ? undefined : `${metric} has no job`;
  }
  if (metric === 'up' || metric.startsWith('caracal_')) {
    return valueOf(selector, 'job', '=') === `${target.podPrefix}${component}` ? undefined : `${metric} has no job`;
  }
  const workload = valueOf(selector, 'deployment', '=') ?? valueOf(selector, 'statefulset', '=');
  if (workload !== undefined) {
    const wanted = target.workloads.find((each) => each.component === component)?.name;
    return workload === wanted ? undefined : `${metric} names no workload of ${component}`;
  }
  const pattern = ['pod', 'job_name', 'persistentvolumeclaim']
    .map((label) => valueOf(selector, label, '=~'))
    .find(Boolean);
  return pattern?.replace(/^replay-/, '').startsWith(target.podPrefix)
    ? undefined
    : `${metric} names no objects of the stack`;
}

const loosenesses = (expr: string, component: string, target = TARGET): string[] =>
  selectorsOf(expr).flatMap((selector) => looseness(selector, component, target) ?? []);

describe('every expression can be loaded and stays within its stack', () => {
  test('the helper sees what Prometheus would refuse, or the tests below prove nothing', () => {
    expect(syntaxErrors('up{job="a"} == 0')).toEqual([]);
    expect(syntaxErrors('up{job="a"')).not.toEqual([]);
    expect(syntaxErrors('sum by (a up')).not.toEqual([]);
    expect(syntaxErrors('increase(x[5 minutes]) > 0')).not.toEqual([]);
    expect(() => evaluate('increase(up{job="a"}) > 0', [], 0)).toThrow('a window is needed');
  });

  test.each(cases)('%s is PromQL, of the right types', (_, rule) => {
    expect(syntaxErrors(rule.expr)).toEqual([]);
    expect(evaluate(rule.expr, [], 3600)).toBeInstanceOf(Array);
  });

  test.each(cases)(
    '%s cannot fire for another stack: namespace and job, or names of the stack (caracal W51)',
    (_, rule) => {
      expect(selectorsOf(rule.expr)).not.toEqual([]);
      expect(loosenesses(rule.expr, rule.component)).toEqual([]);
    },
  );

  test('an expression of the vendor, without any selector, is seen as loose', () => {
    expect(loosenesses('caracal_audit_dlq_size > 0', 'audit')).toEqual(['caracal_audit_dlq_size has no namespace']);
    expect(loosenesses('up{namespace="agents"} == 0', 'sts')).toEqual(['up has no job']);
    expect(loosenesses('up{namespace="agents",job="caracal-api"} == 0', 'sts')).toEqual(['up has no job']);
    expect(loosenesses('kube_job_failed{namespace="agents"} > 0', 'migrate')).toEqual([
      'kube_job_failed names no objects of the stack',
    ]);
    const available = 'kube_deployment_status_replicas_available';
    expect(loosenesses(`${available}{namespace="agents"} == 0`, 'web')).toEqual([
      `${available} names no objects of the stack`,
    ]);
    expect(loosenesses(`${available}{namespace="agents",deployment="caracal-api"} == 0`, 'web')).toEqual([
      `${available} names no workload of web`,
    ]);
  });

  test.each(cases)('%s does not read a shrinking gauge as the restart of a counter (caracal W13)', (_, rule) => {
    expect(gaugesUnderCounters(rule.expr)).toEqual([]);
  });

  test("the vendor's increase() over the queue is seen", () => {
    expect(gaugesUnderCounters('increase(caracal_audit_dlq_size[10m]) > 0')).toEqual(['caracal_audit_dlq_size']);
    expect(gaugesUnderCounters('delta(max by (job) (caracal_audit_dlq_size)[10m:30s]) > 0')).toEqual([]);
  });

  test('names are unique, since a pager shows little more than the name', () => {
    const names = RULES.map((rule) => rule.alert);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^Caracal[A-Za-z]+$/.test(name))).toEqual([]);
  });

  test.each(cases)('%s tells what happened and what to do first', (_, rule) => {
    expect(['warning', 'critical']).toContain(rule.severity);
    expect(rule.summary.length).toBeLessThan(80);
    expect(rule.description).toMatch(/First \w+/);
    expect(rule.description.length).toBeGreaterThan(rule.summary.length);
    // Templates name labels; an aggregation keeps none but its own.
    const aggregated = named(parse(rule.expr), 'AggregateExpr').length > 0;
    expect(aggregated && rule.description.includes('$labels.pod')).toBe(false);
  });

  test('no expression asks web, whose /metrics answers with the console page', () => {
    const jobs = RULES.flatMap((rule) => selectorsOf(rule.expr)).map((selector) => valueOf(selector, 'job', '='));
    expect(jobs).not.toContain('caracal-web');
    expect(jobs).toContain('caracal-api');
  });
});

describe('the alerts of the vendor, as the contract repairs them', () => {
  test('the contract has all 21, and each is kept, repaired or dropped for a reason', () => {
    expect(VENDOR).toHaveLength(21);
    expect([KEPT.length, DROPPED.length]).toEqual([19, 2]);
  });

  test.each(KEPT.map((row) => [row.alert, row] as const))(
    '%s has the component, severity and patience of the contract',
    (name, row) => {
      const rule = alertNamed(name);
      expect({ component: rule.component, severity: rule.severity, for: rule.for }).toEqual({
        component: row.component,
        severity: row.severity,
        for: row.for,
      });
      expect(rule.runbookUrl).toBe(`https://docs.caracal.run/operations/alerts/#${name.toLowerCase()}`);
    },
  );

  test.each(KEPT.map((row) => [row.alert, row] as const))('%s measures what the contract says', (name, row) => {
    const { expr } = alertNamed(name);
    expect(metricsOf(expr)).toEqual([...row.metrics, ...(EXTRA_METRICS[name] ?? [])].sort());
    expect(functionsOf(expr)).toEqual(expect.arrayContaining([...(row.mustUse ?? [])]));
    expect((row.mustNotUse ?? []).filter((each) => functionsOf(expr).includes(each))).toEqual([]);
    expect(usesOneOf(row, expr)).toBe(true);
    expect(expr).toContain(` ${row.comparison} ${row.default}`);
    expect(expr).toContain(row.window === undefined ? '' : `[${row.window}`);
  });

  test.each(DROPPED.map((row) => [row.alert, row] as const))(
    '%s is gone, with its metric, and others stand in (caracal W12)',
    (name, row) => {
      expect(RULES.map((rule) => rule.alert)).not.toContain(name);
      expect(RULES.flatMap((rule) => metricsOf(rule.expr)).filter((metric) => row.metrics.includes(metric))).toEqual(
        [],
      );
      expect(RULES.map((rule) => rule.alert)).toEqual(expect.arrayContaining([...(row.replacedBy ?? [])]));
    },
  );

  test('only alerts of the vendor point to its runbook, for it explains no others', () => {
    const linked = RULES.filter((rule) => rule.runbookUrl !== undefined).map((rule) => rule.alert);
    expect(linked.sort()).toEqual(KEPT.map((row) => row.alert).sort());
  });
});

describe('the alerts that the vendor lacks', () => {
  // Their names are ours, so what counts is the component and what is measured.
  const measuring = (row: Row): typeof RULES =>
    RULES.filter(
      (rule) =>
        rule.component === row.component &&
        JSON.stringify(metricsOf(rule.expr)) === JSON.stringify([...row.metrics].sort()),
    )
      .filter((rule) => row.parameter === null || rule.expr.includes(` ${row.default}`))
      // Where two alerts measure the same, the comparison tells them apart.
      .filter((rule) => row.comparison === undefined || rule.expr.includes(` ${row.comparison} `));

  const wanted = ADDED.filter((row) => row.presence === 'required' || measuring(row).length > 0);

  test('required rows are among those that are looked at', () => {
    expect(wanted.map((row) => row.component)).toEqual(
      expect.arrayContaining(['api', 'sts', 'gateway', 'audit', 'coordinator']),
    );
  });

  test.each(wanted.map((row) => [`${row.alert} of ${row.component}`, row] as const))(
    '%s exists once, soon and urgent enough',
    (_, row) => {
      const found = measuring(row);
      expect(found).toHaveLength(1);
      const [rule] = found;
      expect(rule?.severity).toBe(row.severity);
      expect(seconds(rule?.for ?? '')).toBeLessThanOrEqual(seconds(row.forMax ?? ''));
      const functions = functionsOf(rule?.expr ?? '');
      expect(functions).toEqual(expect.arrayContaining([...(row.mustUse ?? [])]));
      expect((row.mustNotUse ?? []).filter((each) => functions.includes(each))).toEqual([]);
      expect(usesOneOf(row, rule?.expr ?? '')).toBe(true);
    },
  );

  test('a failed migration counts as failed when the Job is, not when one of its attempts was', () => {
    const { expr } = alertNamed('CaracalMigrationFailed');
    expect(metricsOf(expr)).toEqual(['kube_job_failed']);
    expect(selectorsOf(expr).map((selector) => valueOf(selector, 'condition', '='))).toEqual(['true']);
  });

  test('each alert is about something: a component that neither is scraped nor has a workload has none', () => {
    const workloads = TARGET.workloads.filter(({ component }) => component === 'api');
    const apiOnly = caracalAlerts({ ...TARGET, components: ['api'], workloads });
    expect(new Set(apiOnly.map((rule) => rule.component))).toEqual(new Set(['api', 'platform', 'migrate', 'redis']));
  });

  test('volumes are watched only where there are some, and Redis only where an exporter is named', () => {
    const { redisExporter, ...bare } = TARGET;
    const names = (target: AlertTarget): string[] => caracalAlerts(target).map((rule) => rule.alert);
    expect(redisExporter).toBeDefined();
    const [all, fewer] = [names(TARGET), names({ ...bare, replayPersistence: false })];
    expect(all.filter((name) => !fewer.includes(name))).toEqual([
      'CaracalReplayVolumeFilling',
      'CaracalRedisMemoryHigh',
    ]);
  });
});

describe('every threshold is a parameter of its own alerts', () => {
  const PARAMETERS = Object.keys(DEFAULT_ALERT_THRESHOLDS) as Exclude<Parameter, 'gatewayStsExchangeErrors'>[];

  /** The alerts that a parameter belongs to, besides those of the contract. */
  const OURS: Readonly<Partial<Record<Parameter, readonly string[]>>> = {
    auditTamperSweepAgeSeconds: ['CaracalAuditTamperSweepStale'],
    auditExportErrors: ['CaracalAuditExportErrors'],
    secretBackendErrors: ['CaracalSTSSecretBackendErrors', 'CaracalAPISecretBackendErrors'],
    gatewayRevocationRejected: ['CaracalGatewayRevocationRejected'],
    replicasMissing: ['STS', 'Gateway', 'Audit', 'API', 'Coordinator', 'Web'].map(
      (name) => `Caracal${name}ReplicasMissing`,
    ),
  };

  const ownersOf = (parameter: Parameter): readonly string[] =>
    OURS[parameter] ?? [...KEPT, ...ADDED].filter((row) => row.parameter === parameter).map((row) => row.alert);

  test.each(PARAMETERS)('%s changes its own alerts and no other', (parameter) => {
    const changed = DEFAULT_ALERT_THRESHOLDS[parameter] / 2 + 0.25; // possible for ratios and flags too
    const rules = caracalAlerts(TARGET, { [parameter]: changed });
    const different = rules.filter((rule, index) => rule.expr !== RULES[index]?.expr);
    expect(different.map((rule) => rule.alert).sort()).toEqual([...ownersOf(parameter)].sort());
    expect(different.filter((rule) => !rule.expr.includes(` ${changed}`))).toEqual([]);
    expect(rules.map(({ expr: _, ...rest }) => rest)).toEqual(RULES.map(({ expr: _, ...rest }) => rest));
  });

  test('the contract and the defaults agree', () => {
    const rows = [...KEPT, ...ADDED].filter((row) => row.parameter !== null);
    expect(rows.length).toBeGreaterThan(20);
    expect(DEFAULT_ALERT_THRESHOLDS).toMatchObject(Object.fromEntries(rows.map((row) => [row.parameter, row.default])));
  });

  test('failed exchanges, which ordinary denials count among, alert only those who say how many are many (D8)', () => {
    const mine = caracalAlerts(TARGET, { gatewayStsExchangeErrors: 50 });
    const added = mine.filter(({ alert }) => !RULES.some((rule) => rule.alert === alert));
    expect(added.map(({ alert, expr }) => [alert, metricsOf(expr), expr.endsWith(' > 50')])).toEqual([
      ['CaracalGatewaySTSExchangeErrors', ['caracal_gateway_sts_exchange_errors_total'], true],
    ]);
    expect(mine.filter((rule) => !added.includes(rule))).toEqual(RULES);
  });

  test('a threshold that is undefined means its default', () => {
    expect(caracalAlerts(TARGET, { auditDlqSize: undefined })).toEqual(RULES);
    expect(caracalAlerts(TARGET, {})).toEqual(RULES);
  });
});

describe('thresholds that no metric can have are refused, for their alert would never end or never fire', () => {
  const refused = (thresholds: unknown): Finding | undefined =>
    refusal(() => caracalAlerts(TARGET, thresholds as CaracalAlertThresholds))[0];

  test.each([
    ['negative', { auditDlqSize: -1 }, 'auditDlqSize', '-1'],
    ['not a number', { auditConsumerLag: Number.NaN }, 'auditConsumerLag', 'NaN'],
    ['infinite', { auditBacklog: Number.POSITIVE_INFINITY }, 'auditBacklog', 'Infinity'],
    ['text', { containerRestarts: '3) or vector(1' }, 'containerRestarts', '"3) or vector(1"'],
    ['null', { apiOutboxDead: null }, 'apiOutboxDead', 'null'],
    ['a ratio in percent', { dbPoolInUseRatio: 90 }, 'dbPoolInUseRatio', '90'],
    ['a ratio in percent', { replayVolumeFreeRatio: 20 }, 'replayVolumeFreeRatio', '20'],
    ['a ratio in percent', { redisMemoryRatio: 80 }, 'redisMemoryRatio', '80'],
    ['a flag at its top', { gatewayStsCircuitOpen: 1 }, 'gatewayStsCircuitOpen', '1'],
    ['a flag at its top', { gatewayRevocationSnapshotFresh: 1 }, 'gatewayRevocationSnapshotFresh', '1'],
  ])('%s: %j', (_, thresholds, name, given) => {
    expect(refused(thresholds)).toMatchObject({
      id: 'caracal/invalid-threshold',
      path: `monitoring.thresholds.${name}`,
      given,
    });
  });

  test('all of them are reported together, for the report of the stack', () => {
    const findings = thresholdProblems({
      auditDlqSize: -1,
      dbPoolInUseRatio: 2,
      auditDlqGrowth: 3,
      auditTamper: undefined,
    });
    expect(findings.map((finding) => finding.path)).toEqual([
      'monitoring.thresholds.auditDlqSize',
      'monitoring.thresholds.dbPoolInUseRatio',
    ]);
    expect(thresholdProblems()).toEqual([]);
    expect(thresholdProblems(DEFAULT_ALERT_THRESHOLDS)).toEqual([]);
  });

  test('a threshold that does not exist, the dropped one for instance, is no silent wish', () => {
    expect(refused({ stsMaxPolicyAgeSeconds: 300 })).toMatchObject({
      id: 'core/unknown-property',
      path: 'monitoring.thresholds.stsMaxPolicyAgeSeconds',
    });
    expect(refused([])).toMatchObject({ id: 'core/wrong-type', path: 'monitoring.thresholds' });
  });

  test.each([0, 0.5, 1e21, 1e-7])('%p is a threshold that PromQL can read', (value) => {
    expect(syntaxErrors(alertNamed('CaracalAuditDLQNonEmpty', { auditDlqSize: value }).expr)).toEqual([]);
  });
});

describe('names that come from the user cannot change the meaning of an expression', () => {
  const hostile = ['a"} or up{x="', 'a\\', 'a\nb', 'ü}', '.*', 'a|b', "'", '`', '#'];

  test.each(hostile)('%j arrives as it is, and is still PromQL', (text) => {
    const rules = caracalAlerts({ ...TARGET, namespace: text, job: (component) => `${text}${component}` });
    expect(rules.flatMap((rule) => syntaxErrors(rule.expr))).toEqual([]);
    expect(rules.map((rule) => metricsOf(rule.expr))).toEqual(RULES.map((rule) => metricsOf(rule.expr)));
    const selectors = rules
      .flatMap((rule) => selectorsOf(rule.expr))
      .filter(({ metric }) => !metric.startsWith('redis_'));
    expect(new Set(selectors.map((selector) => valueOf(selector, 'namespace', '=')))).toEqual(new Set([text]));
    const jobs = selectors.map((selector) => valueOf(selector, 'job', '=')).filter((job) => job !== undefined);
    expect(jobs.filter((job) => !job.startsWith(text))).toEqual([]);
  });

  test.each(hostile)('the prefix %j stands for itself in a pattern', (text) => {
    const { expr } = alertNamed('CaracalReadinessFlapping', undefined, { ...TARGET, podPrefix: text });
    const [selector] = selectorsOf(expr);
    const pattern = new RegExp(`^(?:${selector === undefined ? '' : valueOf(selector, 'pod', '=~')})$`, 'u');
    expect(pattern.test(`${text}sts-0`)).toBe(true);
    expect(pattern.test('other-sts-0')).toBe(false);
  });
});

describe('patterns of object names take the objects of the stack and no others', () => {
  const patternOf = (alert: string, label: string): RegExp => {
    const [selector] = selectorsOf(alertNamed(alert).expr);
    return new RegExp(`^(?:${selector === undefined ? '' : valueOf(selector, label, '=~')})$`);
  };

  test.each([
    ['a pod of a StatefulSet', 'caracal-sts-0', true],
    ['the hundredth one', 'caracal-gateway-99', true],
    ['a pod of a Deployment', 'caracal-audit-7d9c6bf5f4-x2x9z', true],
    ['web, which is not scraped, but has pods', 'caracal-web-5b8f5d9c7-q8kzp', true],
    ['a pod whose long name lost its dash', 'caracal-api-7d9c6x2x9z', true],
    ['another stack', 'other-sts-0', false],
    ['a stack whose name ends in ours', 'my-caracal-sts-0', false],
    ['a stack named caracal-web', 'caracal-web-sts-0', false],
    ['a Deployment of a stack named caracal-web', 'caracal-web-audit-7d9c6bf5f4-x2x9z', false],
    ['a Job, which restarts nothing', 'caracal-migrate-0a1b2c3d-x2x9z', false],
  ])('pods: %s (%s)', (_, pod, matches) => {
    expect(patternOf('CaracalReadinessFlapping', 'pod').test(pod)).toBe(matches);
    expect(patternOf('CaracalContainerRestarting', 'pod').test(pod)).toBe(matches);
  });

  test.each([
    ['caracal-migrate-0a1b2c3d', true],
    ['caracal-auth-migrate-0a1b2c3d', true],
    ['caracal-backup-0a1b2c3d', false],
    ['my-caracal-migrate-0a1b2c3d', false],
  ])('Jobs: %s', (job, matches) => {
    expect(patternOf('CaracalMigrationFailed', 'job_name').test(job)).toBe(matches);
  });

  test.each([
    ['replay-caracal-sts-0', true],
    ['replay-caracal-gateway-11', true],
    ['data-caracal-postgres-0', false],
    ['replay-my-caracal-sts-0', false],
  ])('claims: %s', (claim, matches) => {
    expect(patternOf('CaracalReplayVolumeFilling', 'persistentvolumeclaim').test(claim)).toBe(matches);
  });
});

test('the rules of the contract are all looked at, so that a new one is not overlooked', () => {
  // Each of them is a test above; "labels" is in test/monitoring/alert-rules.test.ts.
  expect(contract.rules.map((rule) => rule.id).sort()).toEqual(
    [
      'job',
      'labels',
      'namespace',
      'nothingFromWeb',
      'parameters',
      'parses',
      'pods',
      'runbook',
      'severity',
      'workloads',
    ].sort(),
  );
});

test('the same target gives the same alerts, and neither target nor thresholds are touched', () => {
  const target = Object.freeze({ ...TARGET, components: Object.freeze([...TARGET.components]) });
  const thresholds = Object.freeze({ auditDlqSize: 5 });
  expect(caracalAlerts(target, thresholds)).toEqual(caracalAlerts(target, thresholds));
});
