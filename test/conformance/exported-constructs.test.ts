import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../src';
import {
  AlertRules,
  type AlertRulesProps,
  Component,
  type ComponentOptions,
  OneShotJob,
  type JobOptions,
  PlatformStack,
  type PlatformStackProps,
  ScheduledJob,
  type ScheduledJobOptions,
} from '../../src';
import { JOB_OPTION_CHECKS } from '../../src/workload/one-shot-job';
import { SCHEDULED_JOB_OPTION_CHECKS } from '../../src/workload/scheduled-job';
import { COMPONENT_OPTION_CHECKS } from '../../src/workload/options';
import { PLATFORM_STACK_CHECKS } from '../../src/stack/platform-stack';
import { frozen } from '../support/frozen';
import { testCluster, testComponentSpec, testJobContent, testStack, testStackProps } from '../support/ledger';
import { constructClasses, describeConformance, type Fixture } from './conformance';

/** Options with something of each kind that is not a value object. */
const podOptions = () => ({
  resources: { memoryLimit: '512Mi' },
  env: { EXTRA: '1' },
  volumes: [
    { volume: { name: 'extra', configMap: { name: 'theirs', items: [{ key: 'a', path: 'a' }] } }, mountPath: '/extra' },
  ],
  podLabels: { team: 'books' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
});

const without = (names: readonly string[], used: object): string[] =>
  names.filter((name) => !Object.hasOwn(used, name));

const fixtures: Readonly<Record<string, Fixture>> = {
  PlatformStack: {
    props: () => ({
      ...testStackProps({ cluster: CLUSTER }),
      pods: { labels: { team: 'books' }, env: { NO_PROXY: 'db' } },
    }),
    optional: without(Object.keys(PLATFORM_STACK_CHECKS), { ...testStackProps(), pods: {} }),
    make: (app, props) => new PlatformStack(app, 'ledger', props as unknown as PlatformStackProps),
  },
  Component: {
    props: podOptions,
    optional: without(Object.keys(COMPONENT_OPTION_CHECKS), podOptions()),
    make: (app, props) => {
      const stack = testStack({}, app);
      new Component(stack, 'server', SPEC, props as ComponentOptions);
      return stack;
    },
  },
  OneShotJob: {
    props: podOptions,
    optional: without(Object.keys(JOB_OPTION_CHECKS), podOptions()),
    make: (app, props) => {
      const stack = testStack({}, app);
      new OneShotJob(stack, 'migrate', JOB, props as JobOptions);
      return stack;
    },
  },
  ScheduledJob: {
    props: () => ({ ...podOptions(), schedule: '@daily' }),
    optional: without(Object.keys(SCHEDULED_JOB_OPTION_CHECKS), { ...podOptions(), schedule: '@daily' }),
    make: (app, props) => {
      const stack = testStack({}, app);
      new ScheduledJob(stack, 'report', JOB, props as unknown as ScheduledJobOptions);
      return stack;
    },
  },
  AlertRules: {
    props: () => ({
      name: 'ledger-alerts',
      rules: [
        {
          alert: 'LedgerDown',
          expr: 'up == 0',
          for: '5m',
          severity: 'critical',
          component: 'server',
          summary: 'It is down.',
          description: 'Look at it.',
        },
      ],
    }),
    optional: [],
    make: (app, props) => {
      const stack = testStack({}, app);
      new AlertRules(stack, 'alerts', props as unknown as AlertRulesProps);
      return stack;
    },
  },
};

const CLUSTER = testCluster();
const SPEC = frozen(testComponentSpec());
const JOB = frozen(testJobContent());

describeConformance(library, fixtures);

test('the search for construct classes finds them however deep they derive, and nothing else', () => {
  class Deep extends Component {}
  const exports = {
    Deep,
    Chart,
    Construct,
    Peer: library.Peer,
    runRules: library.runRules,
    names: library.PROFILE_NAMES,
    nothing: undefined,
  };
  expect(constructClasses(exports)).toEqual(['Chart', 'Deep']);
});
