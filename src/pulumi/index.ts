// First: it tells which packages are missing before the others fail to load them.
export { SUPPORTED_PEERS, type PeerRange } from './peers';
export type { BuildContext, BuildStack, ValueOf } from './build';
export type { ServiceEndpoint } from './deployment-plan';
export { SelfHosted, type SelfHostedData, type SelfHostedOptions } from './self-hosted';
