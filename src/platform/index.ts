export {
  Cluster,
  type ClusterApiServer,
  type ClusterDns,
  type ClusterPrometheus,
  type ClusterProps,
  type KindClusterProps,
  type KubernetesVersion,
} from './cluster';
export {
  PROFILE_NAMES,
  PROFILE_TABLE,
  profileSettings,
  type ProfileName,
  type ProfileRow,
  type ProfileSetting,
  type ProfileSettings,
} from './profile';
