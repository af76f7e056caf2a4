export {
  Cluster,
  type ClusterApiServer,
  type ClusterPrometheus,
  type ClusterProps,
  type KindClusterProps,
  type KubernetesVersion,
} from './cluster';
export { type ClusterDns, Dns, type NodeLocalDnsProps } from './dns';
export { type IstioAmbientProps, type IstioSidecarProps, type LinkerdProps, Mesh } from './mesh';
export {
  PROFILE_NAMES,
  PROFILE_TABLE,
  profileSettings,
  type ProfileName,
  type ProfileRow,
  type ProfileSetting,
  type ProfileSettings,
} from './profile';
