export { ConfigurationError, InternalError, type Finding, type FindingLevel, type ReportedFinding } from './errors';
export { Names, type Identity } from './identity';
export type { GroupKind } from './scope';
export type { Cpu, Memory } from './quantity';
export { PHASES, type Phase } from './phase';
export { Deferred, type Value } from './value';
