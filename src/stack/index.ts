export type { Acknowledgement } from './acknowledgements';
export type { StackNamespace } from './namespace';
export { PlatformStack, type ExclusiveResource, type PlatformStackProps } from './platform-stack';
