import type { AlertRule } from '../../src/monitoring/alert-rules';
import { type AlertTarget, caracalAlerts, type CaracalAlertThresholds } from '../../src/caracal/alerts';

/** A stack with everything that alerts can watch. The exporter stands elsewhere, as an external Redis does. */
export const TARGET: AlertTarget = {
  namespace: 'agents',
  job: (component) => `caracal-${component}`,
  podPrefix: 'caracal-',
  components: ['sts', 'gateway', 'audit', 'api', 'coordinator'],
  workloads: [
    { component: 'sts', kind: 'StatefulSet', name: 'caracal-sts', minimum: 2, maximum: 8 },
    { component: 'gateway', kind: 'StatefulSet', name: 'caracal-gateway', minimum: 2, maximum: 8 },
    { component: 'audit', kind: 'Deployment', name: 'caracal-audit', minimum: 2, maximum: 8 },
    { component: 'api', kind: 'Deployment', name: 'caracal-api', minimum: 2, maximum: 8 },
    { component: 'coordinator', kind: 'Deployment', name: 'caracal-coordinator', minimum: 2, maximum: 8 },
    { component: 'web', kind: 'Deployment', name: 'caracal-web', minimum: 2, maximum: 8 },
  ],
  replayPersistence: true,
  redisExporter: { namespace: 'data', job: 'redis-exporter' },
};

/** The alert of a name. */
export function alertNamed(name: string, thresholds?: CaracalAlertThresholds, target = TARGET): AlertRule {
  const [rule] = caracalAlerts(target, thresholds).filter((each) => each.alert === name);
  if (rule === undefined) throw new Error(`there is no alert ${name}`);
  return rule;
}
