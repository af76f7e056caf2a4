import contract from '../contract/caracal/alerts.json';
import { alertNamed } from './alert-fixture';
import { evaluate, firing, type Series, series, STEP } from './promql-evaluator';

/**
 * When alerts fire and when they end, on made-up series. The scenarios of the contract are found by their text, so a
 * new one cannot be overlooked. Where the vendor's expression gets a scenario wrong, it is run too: that shows that the
 * scenario can tell the two apart.
 */
const MINUTE = 60;
const HOUR = 60 * MINUTE;

const of = (component: string, pod = `caracal-${component}-0`): Record<string, string> => ({
  namespace: 'agents',
  job: `caracal-${component}`,
  pod,
});

const minutesOf = (times: readonly number[]): number[] => times.map((time) => time / MINUTE);
const firesIn = (alert: string, world: readonly Series[], until: number): number[] =>
  firing(alertNamed(alert), world, until);
const vendor = (expr: string, patience: string, world: readonly Series[], until: number): number[] =>
  firing({ expr, for: patience }, world, until);

/** A value that climbs or falls in steps between two times. */
const ramp =
  (from: number, to: number, start: number, end: number) =>
  (time: number): number => {
    const part = Math.min(1, Math.max(0, (time - start) / (end - start)));
    return Math.round((from + (to - from) * part) / 10) * 10;
  };

describe('the evaluator tells right from wrong, or nothing below would count', () => {
  const counter = series('c', { pod: 'a' }, (time) => (time < 300 ? 5 : time - 300));

  test.each([
    ['c', 300, 0],
    ['c > 100', 510, 210],
    ['increase(c[2m])', 360, 60], // restarted at 300: what came after counts
    ['delta(c[2m])', 360, 55],
    ['changes(c[2m])', 360, 3],
    ['changes(c[2m])', 240, 0],
    ['(c offset 5m)', 660, 60],
    ['sum by (pod) (c) - 1', 360, 59],
    ['c and c > 1000 or c / 2', 420, 60],
    ['time() - c', 420, 300],
    ['delta(max by (pod) (c)[2m:30s])', 360, 55],
  ])('%s at %d is %d', (expr, time, value) => {
    expect(evaluate(expr, [counter], time)).toEqual([
      { labels: expect.objectContaining({ pod: 'a' }) as unknown, value },
    ]);
  });

  test.each([
    ['c > 1000', 300],
    ['c{pod="b"}', 300],
    ['c{pod=~"a."}', 300],
    ['c unless c', 300],
    ['absent(c)', 300],
    ['increase(c[30s])', 300], // one sample
  ])('%s at %d is nothing', (expr, time) => {
    expect(evaluate(expr, [counter], time)).toEqual([]);
  });

  test('what it does not know it refuses instead of guessing', () => {
    expect(() => evaluate('topk(1, c)', [counter], 0)).toThrow();
    expect(() => evaluate('histogram_quantile(0.9, c)', [counter], 0)).toThrow('not supported');
    expect(() => evaluate('c{pod!="a"}', [counter], 0)).toThrow('not supported');
    expect(() => evaluate('c + on (pod) c', [counter], 0)).toThrow('not supported');
  });

  test('an alert waits for its patience and starts anew after a gap', () => {
    const flicker = series('f', {}, (time) => (time % 300 < 240 ? 1 : 0));
    expect(firing({ expr: 'f > 0', for: '5m' }, [flicker], HOUR)).toEqual([]);
    expect(firing({ expr: 'f > 0', for: '3m' }, [flicker], 400)).toEqual([180, 210]);
  });
});

describe('the scenarios of the contract', () => {
  const queue = (at: (time: number) => number): Series[] =>
    ['a', 'b'].map((pod) => series('caracal_audit_dlq_size', of('audit', pod), at));

  const revocations = (arrivals: readonly number[], age = 45): Series[] => {
    const before = (time: number): number => arrivals.filter((arrival) => arrival <= time).length;
    return [
      series('caracal_gateway_revocation_propagation_seconds', of('gateway'), (time) => (before(time) > 0 ? age : 0)),
      series('caracal_gateway_revocation_messages_total', of('gateway'), before),
    ];
  };

  const growth = 'CaracalAuditDLQGrowth';
  const lag = 'CaracalGatewayRevocationPropagationLag';
  const shrinking = queue(ramp(100, 0, 20 * MINUTE, 40 * MINUTE));
  const once = revocations([10 * MINUTE]);
  // All of the same age: the gauge stands still, and only the counter moves.
  const everyMinute = revocations(Array.from({ length: 10 }, (_, index) => (10 + index) * MINUTE));

  /** What happens, and the minutes in which the alert may begin and must have ended; undefined is silence. */
  interface Scenario {
    readonly world: readonly Series[];
    readonly fires?: { readonly from: number; readonly before: number; readonly endedBy: number };
  }

  const scenarios: Readonly<Record<string, Scenario>> = {
    'queue 100 to 0 in steps: silent': { world: shrinking },
    'queue 0 to 100 in steps: fires': {
      world: queue(ramp(0, 100, 20 * MINUTE, 40 * MINUTE)),
      fires: { from: 20, before: 30, endedBy: 51 }, // a window after the last growth
    },
    'queue constant at 100: silent': { world: queue(() => 100) },
    'one slow message, then silence for 30m: resolves within 10m': {
      world: once,
      fires: { from: 10, before: 13, endedBy: 20 },
    },
    'a slow message every minute for 10m: fires': {
      world: everyMinute,
      fires: { from: 10, before: 13, endedBy: 25 },
    },
    'no message at all: silent': { world: revocations([]) },
  };

  const cases = contract.alerts.flatMap((row) =>
    'cases' in row ? (row.cases ?? []).map((text) => [row.alert, text] as const) : [],
  );

  test('all are known', () => {
    expect(cases.map(([, text]) => text).sort()).toEqual(Object.keys(scenarios).sort());
  });

  test.each(cases)('%s: %s', (alert, text) => {
    const { world = [], fires } = scenarios[text] ?? {};
    const times = minutesOf(firesIn(alert, world, 2 * HOUR));
    const within = fires ?? { from: 0, before: 0, endedBy: 0 };
    expect(world).not.toEqual([]);
    expect(times.length > 0).toBe(fires !== undefined);
    expect(times.filter((time) => time < within.from || time >= within.endedBy)).toEqual([]);
    expect(times.slice(0, 1).filter((time) => time >= within.before)).toEqual([]);
  });

  test('a slow revocation each minute keeps the alert, without a gap', () => {
    expect(minutesOf(firesIn(lag, everyMinute, HOUR))).toEqual(expect.arrayContaining([13, 14, 15, 16, 17, 18, 19]));
  });

  test("the vendor's expressions get these scenarios wrong, so the scenarios can tell", () => {
    expect(vendor('increase(caracal_audit_dlq_size[10m]) > 0', '5m', shrinking, HOUR)).not.toEqual([]);
    const sticky = vendor('caracal_gateway_revocation_propagation_seconds > 30', '2m', once, 2 * HOUR);
    expect(minutesOf(sticky).at(-1)).toBe(120);
  });

  test('a rollout of audit while the queue holds something is no growth, although new pods report 0 at first', () => {
    const old = series('caracal_audit_dlq_size', of('audit', 'old'), (time) => (time < 21 * MINUTE ? 100 : undefined));
    const young = series('caracal_audit_dlq_size', of('audit', 'new'), (time) =>
      time < 20 * MINUTE ? undefined : time < 20 * MINUTE + STEP ? 0 : 100,
    );
    expect(firesIn(growth, [old, young], HOUR)).toEqual([]);
    expect(vendor('delta(caracal_audit_dlq_size[10m]) > 0', '5m', [old, young], HOUR)).not.toEqual([]);
  });

  test('slow revocations fire without the counter too, so that a release without it is not silent', () => {
    const age = series(
      'caracal_gateway_revocation_propagation_seconds',
      of('gateway'),
      (time) => 40 + ((time / MINUTE) % 7),
    );
    expect(firesIn(lag, [age], 20 * MINUTE)).not.toEqual([]);
  });
});

describe('a component that nobody hears of pages somebody (caracal W50)', () => {
  const up = (component: string, at: Series['at'], pod?: string): Series => series('up', of(component, pod), at);
  const alert = 'CaracalAuditTargetMissing';

  test('all pods of audit are gone: fires, while the lag that audit itself reports falls silent', () => {
    const gone = (value: number) => (time: number) => (time < 10 * MINUTE ? value : undefined);
    const world = [up('audit', gone(1)), series('caracal_audit_consumer_lag', of('audit'), gone(90_000))];
    expect(minutesOf(firesIn(alert, world, 30 * MINUTE))[0]).toBe(15);
    expect(minutesOf(firesIn('CaracalAuditBacklogNearLimit', world, 30 * MINUTE)).at(-1)).toBeLessThan(10);
  });

  test('all pods are there and none answers, with a wrong credential for instance: fires', () => {
    const world = ['a', 'b'].map((pod) => up('audit', () => 0, pod));
    expect(minutesOf(firesIn(alert, world, 30 * MINUTE))[0]).toBe(5);
  });

  test('one of two pods is down: silent, for the other still reports', () => {
    expect(firesIn(alert, [up('audit', () => 0, 'a'), up('audit', () => 1, 'b')], HOUR)).toEqual([]);
  });

  test('another component, or audit of another namespace, does not stand in for it', () => {
    const elsewhere = series('up', { ...of('audit'), namespace: 'other' }, () => 1);
    expect(firesIn(alert, [up('sts', () => 1), elsewhere], 30 * MINUTE)).not.toEqual([]);
  });
});

describe('counters that rise before the first scrape are not missed', () => {
  const tamper = 'CaracalAuditTamperDetected';
  const mismatches = (at: Series['at'], pod = 'new'): Series =>
    series('caracal_audit_tamper_mismatch_total', of('audit', pod), at);

  test('the sweep at the start finds damage before Prometheus sees the pod: fires at once, and ends', () => {
    const born = [mismatches((time) => (time < 10 * MINUTE ? undefined : 3))];
    const times = minutesOf(firesIn(tamper, born, HOUR));
    expect([times[0], times.at(-1)]).toEqual([10, 14.5]);
    expect(vendor('increase(caracal_audit_tamper_mismatch_total[5m]) > 0', '0m', born, HOUR)).toEqual([]);
  });

  test('damage found later fires, on any one of the three counters', () => {
    for (const name of ['mismatch_total', 'chain_breaks_total', 'hmac_failures_total']) {
      const found = [series(`caracal_audit_tamper_${name}`, of('audit'), (time) => (time < 20 * MINUTE ? 0 : 1))];
      expect(minutesOf(firesIn(tamper, found, HOUR))[0]).toBe(20);
    }
  });

  test('no damage, and old damage of a pod that runs on: silent', () => {
    expect(firesIn(tamper, [mismatches(() => 0)], HOUR)).toEqual([]);
    expect(firesIn(tamper, [mismatches(() => 3)], HOUR)).toEqual([]);
  });

  test('a policy that does not compile at the start of STS fires', () => {
    const errors = series('caracal_sts_opa_compile_errors_total', of('sts'), (time) =>
      time < 10 * MINUTE ? undefined : 1,
    );
    expect(minutesOf(firesIn('CaracalSTSOPACompileErrors', [errors], HOUR))[0]).toBe(12);
  });
});

describe('alerts that would cry wolf, or sleep, with a plainer expression', () => {
  const restarts = (at: Series['at']): Series =>
    series(
      'kube_pod_container_status_restarts_total',
      { namespace: 'agents', pod: 'caracal-audit-7d9c6bf5f4-x2x9z', container: 'audit' },
      at,
    );

  test('a settled crash loop, one start in 5 minutes, keeps firing; a shorter window would lose it', () => {
    const loop = restarts((time) => Math.floor(time / (5 * MINUTE)));
    expect(minutesOf(firesIn('CaracalContainerRestarting', [loop], 3 * HOUR)).filter((time) => time > 60)).toHaveLength(
      240,
    );
    const short = 'increase(kube_pod_container_status_restarts_total[15m]) > 3';
    expect(vendor(short, '5m', [loop], 3 * HOUR)).toEqual([]);
  });

  test('three restarts in a day are no crash loop', () => {
    expect(
      firesIn('CaracalContainerRestarting', [restarts((time) => Math.floor(time / (8 * HOUR)))], 25 * HOUR),
    ).toEqual([]);
  });

  describe('Redis has lost its data, and only the restarts of audit tell (D3)', () => {
    const alert = 'CaracalAuditAllRestarted';
    const audit = (pod: string, at: Series['at'], container = 'audit'): Series =>
      series(
        'kube_pod_container_status_restarts_total',
        { namespace: 'agents', pod: `caracal-audit-7d9c6bf5f4-${pod}`, container },
        at,
      );
    const at = (minute: number) => (time: number) => (time >= minute * MINUTE ? 1 : 0);

    test('every pod is restarted at about the same time: fires at once, and ends', () => {
      const times = minutesOf(firesIn(alert, [audit('aaaaa', at(20)), audit('bbbbb', at(23))], 2 * HOUR));
      expect([times[0], times.at(-1)]).toEqual([23, 34]);
    });

    test('one pod that crashed, and a container that was injected and stays, are no sign of it', () => {
      expect(firesIn(alert, [audit('aaaaa', at(20)), audit('bbbbb', () => 0)], 2 * HOUR)).toEqual([]);
      const injected = audit('aaaaa', () => 0, 'istio-proxy');
      expect(firesIn(alert, [audit('aaaaa', at(20)), injected], HOUR)).not.toEqual([]);
    });

    test('restarts of other services are none of audit', () => {
      const sts = series(
        'kube_pod_container_status_restarts_total',
        { namespace: 'agents', pod: 'caracal-sts-0', container: 'sts' },
        at(20),
      );
      expect(firesIn(alert, [sts], HOUR)).toEqual([]);
    });

    test('alert and runbook name the group, and the services that lost theirs without a sign', () => {
      for (const name of [alert, 'CaracalAuditNoReadyPod']) {
        const { description } = alertNamed(name);
        expect(description).toContain('XGROUP CREATE caracal.audit.events audit-ingestor 0 MKSTREAM');
        expect(description).toMatch(/sts.*gateway.*coordinator/);
        expect(description).toContain('NOGROUP');
      }
    });
  });

  const uploads = (failures: readonly number[]): Series =>
    series(
      'caracal_audit_export_errors_total',
      of('audit'),
      (time) => failures.filter((hour) => hour * HOUR <= time).length,
    );

  test('one failed upload is made up for an hour later and pages nobody; two in a row do', () => {
    expect(firesIn('CaracalAuditExportErrors', [uploads([1])], 8 * HOUR)).toEqual([]);
    expect(firesIn('CaracalAuditExportErrors', [uploads([1, 2, 3])], 8 * HOUR)).not.toEqual([]);
  });

  const sweep = (pod: string, at: Series['at']): Series =>
    series('caracal_audit_tamper_last_sweep_unix', of('audit', pod), at);

  test('the first sweep of new pods may fail; one replica that sweeps is enough; nobody sweeping fires', () => {
    const alert = 'CaracalAuditTamperSweepStale';
    // Times since 1970, as the gauge has them: the scenario begins long after.
    const epoch = 1000 * HOUR;
    const shifted = (at: (time: number) => number) => (time: number) => at(time + epoch) - epoch;
    const starting = shifted((time) => (time < epoch + HOUR - STEP ? 0 : time));
    // D9: the first sweep of a first installation fails, the next begins an hour later and takes half of one.
    const second = shifted((time) => (time < epoch + 1.5 * HOUR ? 0 : time));
    const hourly = shifted((time) => Math.floor(time / HOUR) * HOUR);
    const never = shifted(() => 0);
    expect(firesIn(alert, [sweep('a', starting)], 4 * HOUR)).toEqual([]);
    expect(firesIn(alert, [sweep('a', second)], 4 * HOUR)).toEqual([]);
    expect(firesIn(alert, [sweep('a', hourly), sweep('b', never)], 12 * HOUR)).toEqual([]);
    expect(minutesOf(firesIn(alert, [sweep('a', never)], 4 * HOUR))[0]).toBe(120);
  });

  test('a Redis without a limit is not full; one at 90 percent of its limit is', () => {
    const labels = { namespace: 'data', job: 'redis-exporter' };
    const redis = (limit: number): Series[] => [
      series('redis_memory_used_bytes', labels, () => 900),
      series('redis_memory_max_bytes', labels, () => limit),
    ];
    expect(firesIn('CaracalRedisMemoryHigh', redis(0), HOUR)).toEqual([]);
    expect(firesIn('CaracalRedisMemoryHigh', redis(2000), HOUR)).toEqual([]);
    expect(firesIn('CaracalRedisMemoryHigh', redis(1000), HOUR)).not.toEqual([]);
  });

  test('a volume fires when it is nearly full, and only a replay volume of this stack', () => {
    const volume = (persistentvolumeclaim: string, free: number): Series[] => [
      series('kubelet_volume_stats_available_bytes', { namespace: 'agents', persistentvolumeclaim }, () => free),
      series('kubelet_volume_stats_capacity_bytes', { namespace: 'agents', persistentvolumeclaim }, () => 100),
    ];
    const alert = 'CaracalReplayVolumeFilling';
    expect(firesIn(alert, volume('replay-caracal-sts-0', 50), HOUR)).toEqual([]);
    expect(firesIn(alert, volume('data-postgres-0', 1), HOUR)).toEqual([]);
    expect(
      firesIn(alert, [...volume('replay-caracal-sts-0', 50), ...volume('replay-caracal-sts-1', 10)], HOUR),
    ).not.toEqual([]);
  });

  test('a dead event of the coordinator fires; events of another status do not', () => {
    const rows = (status: string): Series => series('caracal_outbox_total', { ...of('coordinator'), status }, () => 3);
    expect(firesIn('CaracalCoordinatorOutboxDead', [rows('pending')], HOUR)).toEqual([]);
    expect(minutesOf(firesIn('CaracalCoordinatorOutboxDead', [rows('dead')], HOUR))[0]).toBe(2);
  });

  test('a single hiccup of the secret backend is silent, lasting errors are not', () => {
    const errors = (at: Series['at']): Series => series('caracal_secret_backend_errors_total', of('api'), at);
    expect(firesIn('CaracalAPISecretBackendErrors', [errors((time) => (time < HOUR ? 0 : 1))], 2 * HOUR)).toEqual([]);
    expect(firesIn('CaracalAPISecretBackendErrors', [errors((time) => time / 60)], HOUR)).not.toEqual([]);
  });

  test('lost evidence keeps firing until the pod is replaced', () => {
    const lost = series('caracal_sts_audit_dropped_total', of('sts'), (time) =>
      time < HOUR ? 0 : time < 5 * HOUR ? 1 : 0,
    );
    const times = minutesOf(firesIn('CaracalSTSAuditEvidenceLost', [lost], 8 * HOUR));
    expect([times[0], times.at(-1)]).toEqual([60, 299.5]);
  });
});
