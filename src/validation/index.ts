export { BASE_RULES } from './base-rules';
export { runRules, type Rule, type StackModel, type Violation } from './rule';
