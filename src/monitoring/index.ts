export { AlertRules, type AlertRule, type AlertRulesProps, type AlertSeverity } from './alert-rules';
export { availabilityAlerts } from './availability-alerts';
export { replicasMissing, type ReplicasMissing, type WatchedObject } from './workload-alerts';
