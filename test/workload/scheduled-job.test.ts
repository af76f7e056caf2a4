import { Component, ImageRef, Port, ScheduledJob, type ScheduledJobOptions } from '../../src';
import { scheduleProblem, timeZoneProblem } from '../../src/workload/schedule';
import { findingsWith } from '../support/findings';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { find, type Manifest, refs, synth } from '../support/manifests';

const NIGHTLY = { schedule: '30 3 * * *' } as const;

interface CronJobSpec {
  readonly schedule: string;
  readonly concurrencyPolicy: string;
  readonly jobTemplate: { readonly spec: Record<string, unknown> };
  readonly [field: string]: unknown;
}

function scheduled(options: ScheduledJobOptions = NIGHTLY, change: object = {}) {
  const stack = testStack();
  const job = new ScheduledJob(stack, 'report', testJobContent({ component: 'report', ...change }), options);
  const spec = (): CronJobSpec =>
    (synth(stack).find(({ kind }) => kind === 'CronJob') as Manifest<CronJobSpec> | undefined)?.spec as CronJobSpec;
  return { stack, job, spec };
}

describe('a scheduled Job', () => {
  test('is a CronJob with its policy and its account, under a name without a hash', () => {
    expect(refs(scheduled().stack)).toEqual([
      'CronJob/ledger-report',
      'NetworkPolicy/ledger-default-deny',
      'NetworkPolicy/ledger-report',
      'ServiceAccount/ledger-report',
    ]);
  });

  test('has the limits and the pods of a one-shot Job, and one run at a time', () => {
    const spec = scheduled().spec();
    expect(spec).toMatchObject({ schedule: '30 3 * * *', concurrencyPolicy: 'Forbid' });
    expect(spec.jobTemplate.spec).toMatchObject({
      backoffLimit: 3,
      activeDeadlineSeconds: 600,
      podFailurePolicy: { rules: [{ action: 'Ignore' }] },
      template: {
        metadata: { labels: { 'app.kubernetes.io/component': 'report' } },
        spec: { restartPolicy: 'Never', automountServiceAccountToken: false },
      },
    });
  });

  test('takes every option of a CronJob', () => {
    const options: ScheduledJobOptions = {
      schedule: '@daily',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Replace',
      startingDeadlineSeconds: 300,
      suspend: true,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 5,
    };
    expect(scheduled(options).spec()).toMatchObject(options);
  });

  test('talks to whom it names, resolves names, and stands in the lists of flows and images', () => {
    const { stack, job } = scheduled();
    job.connections.allowTo(new Component(stack, 'server', testComponentSpec()), {
      port: Port.tcp(8080),
      reason: 'asks for figures',
    });
    expect(stack.flows().map(({ from, reason }) => `${from} ${reason}`)).toEqual(
      expect.arrayContaining(['ledger-report asks for figures', 'ledger-report resolves names']),
    );
    expect(find(stack, 'NetworkPolicy', 'ledger-report').spec.egress).toHaveLength(2);
    expect(stack.images()).toContain(job.spec.image.toString());
  });

  test('is judged by the rules of Jobs: an image by tag is refused in production', () => {
    const image = ImageRef.of({ repository: 'registry.example.com/ledger/report', tag: '1' });
    expect(findingsWith(scheduled(NIGHTLY, { image }).stack, 'images/no-digest')).toHaveLength(1);
    expect(findingsWith(scheduled().stack, 'images/no-digest')).toEqual([]);
  });

  test('keeps its name when its content changes: the next run has the new one', () => {
    expect(scheduled(NIGHTLY, { command: ['other'] }).job.job.name).toBe(scheduled().job.job.name);
  });

  test('reports every problem at once, each with its place', () => {
    const { stack } = scheduled({
      ...{ schedule: '61 * * * *', timeZone: 'Berlin', startingDeadlineSeconds: 5 },
      ...{ failedJobsHistoryLimit: -1, concurrencyPolicy: 'Never' as never, backoffLimit: 1.5 },
    });
    expect(
      stack
        .findings()
        .map(({ id, path }) => `${id} ${path}`)
        .sort(),
    ).toEqual([
      'core/wrong-type ledger/report.concurrencyPolicy',
      'workload/invalid-limit ledger/report.backoffLimit',
      'workload/invalid-limit ledger/report.failedJobsHistoryLimit',
      'workload/invalid-limit ledger/report.startingDeadlineSeconds',
      'workload/invalid-schedule ledger/report.schedule',
      'workload/invalid-schedule ledger/report.timeZone',
    ]);
  });

  test.each([null, {}, { schedule: 5 }])('with %j as options is asked for its schedule', (options) => {
    expect(findingsWith(scheduled(options as never).stack, 'workload/invalid-schedule')).toEqual([
      expect.objectContaining({ path: 'ledger/report.schedule', message: 'a schedule is needed' }),
    ]);
  });

  test('has a name that the Jobs of a CronJob can be named after', () => {
    const { stack } = scheduled(NIGHTLY, { component: 'r'.repeat(46) });
    expect(findingsWith(stack, 'workload/invalid-name')).toHaveLength(1);
  });
});

describe('a schedule', () => {
  test.each(['* * * * *', '0 0 1 1 0', '*/15 9-17 * JAN-MAR mon-fri', '0,30 ? 31 12 6', '5/10 * * * *', '@hourly'])(
    '"%s" is one',
    (schedule) => {
      expect(scheduleProblem(schedule)).toBeUndefined();
    },
  );

  test.each([
    ['', /5 fields|1 fields/],
    ['* * * *', /4 fields/],
    ['0 * * * * *', /6 fields/],
    ['60 * * * *', /minute/],
    ['* 24 * * *', /hour/],
    ['* * 0 * *', /day of the month/],
    ['* * * 13 *', /month/],
    ['* * * * 7', /day of the week/],
    ['* * * * MO', /day of the week/],
    ['*/0 * * * *', /minute/],
    ['5-1 * * * *', /minute/],
    ['1,,2 * * * *', /minute/],
    ['@reboot', /no such word/],
    ['TZ=UTC * * * * *', /timeZone/],
  ])('"%s" is none', (schedule, message) => {
    expect(scheduleProblem(schedule)).toMatch(message);
  });

  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is a time zone', (zone) => {
    expect(timeZoneProblem(zone)).toBeUndefined();
  });

  test.each(['Local', 'Berlin', '+01:00', 'Europe/Atlantis', '', 'CET ', '../etc/passwd'])('"%s" is none', (zone) => {
    expect(timeZoneProblem(zone)).toBeDefined();
  });
});
