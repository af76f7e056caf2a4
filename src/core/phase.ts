/**
 * The order in which objects are emitted and, where the engine can wait, applied. Order in a file is not waiting:
 * what must wait for a result does so itself.
 */
export const PHASES = [
  'namespace',
  'configuration',
  'data',
  'migration',
  'workloads',
  'exposure',
  'observation',
] as const;

/** One step of the order. */
export type Phase = (typeof PHASES)[number];

const BY_KIND: Readonly<Record<string, Phase>> = {
  Namespace: 'namespace',
  CustomResourceDefinition: 'namespace',
  ServiceAccount: 'configuration',
  Role: 'configuration',
  RoleBinding: 'configuration',
  ClusterRole: 'configuration',
  ClusterRoleBinding: 'configuration',
  NetworkPolicy: 'configuration',
  CiliumNetworkPolicy: 'configuration',
  ConfigMap: 'configuration',
  Secret: 'configuration',
  ExternalSecret: 'configuration',
  ResourceQuota: 'configuration',
  LimitRange: 'configuration',
  SecretStore: 'configuration',
  ClusterSecretStore: 'configuration',
  Issuer: 'configuration',
  ClusterIssuer: 'configuration',
  PriorityClass: 'configuration',
  StorageClass: 'configuration',
  PersistentVolume: 'configuration',
  PersistentVolumeClaim: 'data',
  Cluster: 'data',
  Job: 'migration',
  Ingress: 'exposure',
  Gateway: 'exposure',
  HTTPRoute: 'exposure',
  Certificate: 'exposure',
  ServiceMonitor: 'observation',
  PodMonitor: 'observation',
  PrometheusRule: 'observation',
};

/** The phase of an object that declares none: by its kind, `workloads` for every other kind. */
export function phaseOfKind(kind: string): Phase {
  return (Object.hasOwn(BY_KIND, kind) ? BY_KIND[kind] : undefined) ?? 'workloads';
}
