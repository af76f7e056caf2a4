import { refusal } from '../support/findings';
import { caracal, emit, propsOf, publishedProps } from './fixture';
import { selectorsOf, syntaxErrors } from './promql';

/** Settings of monitoring that would give a rule which Prometheus refuses, or which watches nothing. */
const GOOD = { namespace: 'databases', job: 'redis-exporter' };

const found = (monitoring: object): string[] =>
  refusal(() => caracal(publishedProps({ monitoring }))).map(({ id, path }) => `${path} ${id}`);

const AT = 'caracal.monitoring.redisExporter';

describe('the Redis exporter is named in full and as metrics can be labelled', () => {
  test.each([
    [
      'a mistyped key, and the one that is missing then',
      { namspace: 'databases', job: 'a' },
      [`${AT}.namspace core/unknown-property`, `${AT}.namespace core/missing-property`],
    ],
    ['nothing at all', {}, [`${AT}.namespace core/missing-property`, `${AT}.job core/missing-property`]],
    ['no job, which would match every exporter', { namespace: 'databases' }, [`${AT}.job core/missing-property`]],
    ['an undefined namespace', { ...GOOD, namespace: undefined }, [`${AT}.namespace core/missing-property`]],
    ['a job that is no text', { ...GOOD, job: ['a'] }, [`${AT}.job core/wrong-type`]],
    ['no namespace of Kubernetes', { ...GOOD, namespace: 'Databases' }, [`${AT}.namespace caracal/invalid-exporter`]],
    [
      'an empty job, which stands for metrics without one',
      { ...GOOD, job: '' },
      [`${AT}.job caracal/invalid-exporter`],
    ],
    ['a selector as a job', { ...GOOD, job: 'job="redis"' }, [`${AT}.job caracal/invalid-exporter`]],
    ['white space at an end', { ...GOOD, job: 'redis ' }, [`${AT}.job caracal/invalid-exporter`]],
    ['two lines', { ...GOOD, job: 'redis\nexporter' }, [`${AT}.job caracal/invalid-exporter`]],
    [
      'both wrong',
      { namespace: 'a/b', job: '{}' },
      [`${AT}.namespace caracal/invalid-exporter`, `${AT}.job caracal/invalid-exporter`],
    ],
  ])('%s', (_, redisExporter, expected) => {
    expect(found({ redisExporter })).toEqual(expected);
  });

  test('a slip in a key names the key that was meant', () => {
    const [finding] = refusal(() => caracal(publishedProps({ monitoring: { redisExporter: { ...GOOD, jbo: 'a' } } })));
    expect(finding?.fix).toBe('did you mean "job"?');
  });

  test.each(['redis-exporter', 'databases/redis', 'Redis Exporter', 'redis:9121', 'r', 'größe_1'])(
    'job %j is one that Prometheus can have, and arrives as it is',
    (job) => {
      const rules = emit(publishedProps({ monitoring: { redisExporter: { ...GOOD, job } } })).alerts?.rules ?? [];
      const { expr } = rules.find(({ alert }) => alert === 'CaracalRedisMemoryHigh') ?? { expr: '' };
      expect(syntaxErrors(expr)).toEqual([]);
      const jobs = selectorsOf(expr).flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'job'));
      expect(jobs.map(({ value }) => value)).toEqual([job, job]);
    },
  );

  test('dev without monitoring is told too, before somebody copies it into production', () => {
    const monitoring = { redisExporter: { ...GOOD, job: '' } };
    expect(refusal(() => caracal(propsOf('dev', { monitoring }))).map(({ id }) => id)).toEqual([
      'caracal/invalid-exporter',
    ]);
  });
});

describe('thresholds and exporter are in the one report of the stack, each at its own place', () => {
  test('together with a mistake elsewhere', () => {
    const monitoring = { thresholds: { auditDlqSize: -1, dbPoolInUseRatio: 2 }, redisExporter: { ...GOOD, job: '' } };
    const findings = refusal(() => caracal(publishedProps({ monitoring, signIn: [] })));
    expect(findings.map(({ path }) => path).sort()).toEqual([
      'caracal.monitoring.redisExporter.job',
      'caracal.monitoring.thresholds.auditDlqSize',
      'caracal.monitoring.thresholds.dbPoolInUseRatio',
      'caracal.signIn',
    ]);
  });

  test('a threshold that does not exist has the path of the stack', () => {
    expect(found({ thresholds: { auditDlqSiez: 1 } })).toEqual([
      'caracal.monitoring.thresholds.auditDlqSiez core/unknown-property',
    ]);
  });
});
