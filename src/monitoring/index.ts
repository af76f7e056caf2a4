export { AlertRules, type AlertRule, type AlertRulesProps, type AlertSeverity } from './alert-rules';
