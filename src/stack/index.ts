export type { Acknowledgement } from './acknowledgements';
export { HelmEscape } from './helm-escape';
export type { StackNamespace } from './namespace';
export { PlatformStack, type ExclusiveResource, type PlatformStackProps } from './platform-stack';
