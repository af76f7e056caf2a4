import type { k8s } from 'cdk8s-plus-28';

/**
 * The Kubernetes API types that this library emits, as plain JSON. They are mapped from the generated interfaces of
 * cdk8s-plus-28 (types only: its classes drop every field that is newer than 1.28 when they render). The generator
 * writes some field names in its own way (`clusterIp`); here they are as Kubernetes has them.
 */
export type Plain<T> = T extends unknown ? (IsUnionClass<T> extends true ? number | string : PlainObject<T>) : never;

type PlainObject<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [K in keyof T as ApiName<K>]: Plain<T[K]> }
      : T;

interface ApiNames {
  clientIp: 'clientIP';
  clusterIp: 'clusterIP';
  datasetUuid: 'datasetUUID';
  diskUri: 'diskURI';
  downwardApi: 'downwardAPI';
  hostIp: 'hostIP';
  hostIpc: 'hostIPC';
  hostPid: 'hostPID';
  loadBalancerIp: 'loadBalancerIP';
  pdId: 'pdID';
  scaleIo: 'scaleIO';
  setHostnameAsFqdn: 'setHostnameAsFQDN';
  storagePolicyId: 'storagePolicyID';
  targetWwNs: 'targetWWNs';
  volumeId: 'volumeID';
}

type ApiName<K> = K extends keyof ApiNames ? ApiNames[K] : K;

// IntOrString and Quantity have the same shape: one field `value`. Both directions are compared, so that an
// interface which merely has a field of that name (HTTPHeader) is left alone.
type IsUnionClass<T> = [T] extends [k8s.IntOrString] ? ([k8s.IntOrString] extends [T] ? true : false) : false;

/** `Lifecycle` with the native preStop sleep of Kubernetes 1.30, which the 1.28 types lack. */
export interface Lifecycle {
  /** Runs before the container is asked to stop. */
  readonly preStop?: { readonly sleep: { readonly seconds: number } };
}

/** A container of a pod. */
export type Container = Omit<Plain<k8s.Container>, 'lifecycle'> & {
  /** Hooks of the container's life. */
  readonly lifecycle?: Lifecycle;
};

/** A pod's spec. */
export type PodSpec = Omit<Plain<k8s.PodSpec>, 'containers' | 'initContainers'> & {
  /** The main containers. */
  readonly containers: Container[];
  /** Containers that must finish, one after the other, before the main ones start. */
  readonly initContainers?: Container[];
};

/** A pod template as workloads embed it. */
export interface PodTemplate {
  /** Labels and annotations of the pods. */
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
  /** The pods' spec. */
  readonly spec: PodSpec;
}

/** Spec of a Deployment. */
export type DeploymentSpec = Omit<Plain<k8s.DeploymentSpec>, 'template'> & { readonly template: PodTemplate };
/** Spec of a StatefulSet. */
export type StatefulSetSpec = Omit<Plain<k8s.StatefulSetSpec>, 'template'> & { readonly template: PodTemplate };
/** Spec of a Job. */
export type JobSpec = Omit<Plain<k8s.JobSpec>, 'template'> & { readonly template: PodTemplate };
/** Spec of a Service. */
export type ServiceSpec = Plain<k8s.ServiceSpec>;
/** Spec of a NetworkPolicy. */
export type NetworkPolicySpec = Plain<k8s.NetworkPolicySpec>;
/** One peer of a NetworkPolicy rule. */
export type NetworkPolicyPeer = Plain<k8s.NetworkPolicyPeer>;
/** One port of a NetworkPolicy rule. */
export type NetworkPolicyPort = Plain<k8s.NetworkPolicyPort>;
/** Spec of a PodDisruptionBudget, with the eviction policy for pods that are not ready (stable since 1.31, beta before). */
export type PodDisruptionBudgetSpec = Plain<k8s.PodDisruptionBudgetSpec>;
/** Spec of a HorizontalPodAutoscaler (autoscaling/v2). */
export type HorizontalPodAutoscalerSpec = Plain<k8s.HorizontalPodAutoscalerSpecV2>;
/** Spec of an Ingress. */
export type IngressSpec = Plain<k8s.IngressSpec>;
/** One volume of a pod. */
export type Volume = Plain<k8s.Volume>;
/** One mount of a volume in a container. */
export type VolumeMount = Plain<k8s.VolumeMount>;
/** One environment variable of a container. */
export type EnvVar = Plain<k8s.EnvVar>;
/** A toleration of a pod. */
export type Toleration = Plain<k8s.Toleration>;
/** A rule that spreads pods over a topology. */
export type TopologySpreadConstraint = Plain<k8s.TopologySpreadConstraint>;
/** A probe of a container. */
export type ProbeSpec = Plain<k8s.Probe>;
/** A selector by labels. */
export type LabelSelector = Plain<k8s.LabelSelector>;
/** A template of a claim for storage. */
export type PersistentVolumeClaim = Plain<k8s.KubePersistentVolumeClaimProps>;
