export { type AddressFamily } from './address-family';
export { Cidr, IpAddress, type IpFamily } from './cidr';
export type { CiliumEntity, CiliumPolicySpec, CiliumRule } from './cilium';
export {
  Connections,
  type ConnectionSubject,
  type Flow,
  type FlowOptions,
  type IConnectable,
  type PeerLike,
} from './connections';
export { explainConnectivity, PolicyEvaluator, type PolicyEvaluatorProps } from './evaluator';
export type * from './evaluator-model';
export {
  Exposure,
  type ExposedHost,
  type ExposedPath,
  type ExposureKind,
  type IngressExposureProps,
  type PrefixPathType,
  type PublicRoute,
} from './exposure';
export type { ForeignPeer } from './foreign-peer';
export type { IngressControllerName } from './ingress-controller';
export { Peer, type ApiServerFacts, type CidrPeerOptions, type PodPeerProps } from './peer';
export { Port, type Protocol } from './port';
export { Tls } from './tls';
