export { ConfigurationError, InternalError, type Finding, type FindingLevel, type ReportedFinding } from './errors';
export { Names } from './identity';
export type { Cpu, Memory } from './quantity';
export type { Phase } from './phase';
export { Deferred, type Value } from './value';
