export { baseRules } from './base-rules';
export type { Manifest } from './manifest';
export type { UnwritableObject, WrittenObject } from './written-object';
export { runRules, type Rule, type ConnectedWorkload, type StackModel, type Violation } from './rule';
