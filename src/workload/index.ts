export { Component, type IService } from './component';
export type { StackContext } from './context';
export { Disruption } from './disruption';
export type { Env, ExtraEnv } from './env';
export type { JobLimits } from './job-limits';
export { OneShotJob, type JobOptions } from './one-shot-job';
export type { PodJob, PodJobOptions } from './pod-job';
export { ScheduledJob, type ScheduledJobOptions } from './scheduled-job';
export type { ComponentOptions, PodOptions, ServiceOptions, ShutdownOptions } from './options';
export { setPhase } from './phase';
export type { PodDefaults } from './pod-defaults';
export type { CompleteProbes, ProbeAction, Probes, ProbeSettings } from './probes';
export type { Resources } from './resources';
export { Scaling, type AutoscaleProps, type ScalingBounds } from './scaling';
export { PodSecurity, type PodUser, type RelaxedSecurity } from './security';
export type { Sidecar, SidecarMount, SidecarReady } from './sidecars';
export type {
  ComponentPort,
  ComponentSpec,
  InitContainer,
  JobContent,
  MetricsEndpoint,
  PodContent,
  Shutdown,
} from './spec';
export type { CompleteComponentSpec, CompleteJobContent, CompletePodContent } from './spec-defaults';
export type { SpreadConstraint, SpreadSelector } from './topology-spread';
export { TrustBundle, type MountedTrust, type TrustBundleProps } from './trust';
export type { ConfigFiles, ExtraVolume, ReplicaStorage, ScratchSpace, SecretFiles } from './volumes';
