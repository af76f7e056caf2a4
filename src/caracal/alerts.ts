import { type AlertRule, proven } from '../monitoring/alert-rules';
import { auditAlerts } from './alert-audit';
import { apiAlerts, coordinatorAlerts } from './alert-control';
import { gatewayAlerts } from './alert-gateway';
import { platformAlerts, targetMissing } from './alert-platform';
import { readinessAlerts } from './alert-readiness';
import { stsAlerts } from './alert-sts';
import { type AlertTarget, type CaracalScraped, MetricSelectors } from './alert-target';
import { type CaracalAlertLimits, type CaracalAlertThresholds, resolveThresholds } from './alert-thresholds';

export type { AlertTarget, CaracalScraped, RedisExporterTarget, WatchedWorkload } from './alert-target';
export {
  type CaracalAlertLimits,
  type CaracalAlertThresholds,
  DEFAULT_ALERT_THRESHOLDS,
  thresholdProblems,
} from './alert-thresholds';

const BY_COMPONENT: Readonly<
  Record<CaracalScraped, (select: MetricSelectors, limits: CaracalAlertLimits) => AlertRule[]>
> = { sts: stsAlerts, gateway: gatewayAlerts, audit: auditAlerts, api: apiAlerts, coordinator: coordinatorAlerts };

/**
 * Alerts of a Caracal stack: the vendor's in repaired form (caracal.md section 10, W12, W13, W48 to W51), and those
 * that the vendor lacks: components that nobody hears of, services without ready pods or with fewer than they want, an
 * audit backlog near its limit, streams that Redis lost, events given up by the coordinator, secret backends, export,
 * restarts, failed migrations, full volumes.
 *
 * Alerts about pods, Jobs and claims need kube-state-metrics and the kubelet's metrics; without them they are silent,
 * but for the ready pods of a service that is not scraped: nothing else would miss it, so its alert fires then.
 *
 * @throws ConfigurationError `caracal/invalid-threshold` for a threshold that its metric can never have,
 *   `core/unknown-property` for a threshold that does not exist.
 */
export function caracalAlerts(target: AlertTarget, thresholds?: CaracalAlertThresholds): readonly AlertRule[] {
  const limits = resolveThresholds(thresholds);
  const select = new MetricSelectors(target);
  return proven([
    ...target.components.flatMap((component) => [
      targetMissing(select, component),
      ...BY_COMPONENT[component](select, limits),
    ]),
    ...readinessAlerts(select, limits, target),
    ...platformAlerts(select, limits, target),
  ]);
}
