export type { Acknowledgement } from './acknowledgements';
export { HelmEscape } from './helm-escape';
export type { StackNamespace } from './namespace';
export type { WorkloadConnectionsOptions } from './workload-connections';
export { PlatformStack, type ExclusiveResource, type PlatformStackProps } from './platform-stack';
