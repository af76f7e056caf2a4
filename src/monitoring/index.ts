export {
  AlertRules,
  type AlertRule,
  type AlertRuleGroup,
  type AlertRulesProps,
  type AlertSeverity,
  type PrometheusDuration,
  type PrometheusUnit,
} from './alert-rules';
export { availabilityAlerts } from './availability-alerts';
export { replicasMissing, type ReplicasMissing, type WatchedObject } from './workload-alerts';
