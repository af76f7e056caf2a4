import { withDefaults } from '../core/defaults';
import { completeProbes, type CompleteProbes } from './probes';
import type { Resources } from './resources';
import { Scaling } from './scaling';
import { DEFAULT_USER } from './security';
import type { Sidecar } from './sidecars';
import type { ComponentSpec, JobContent, PodContent, Shutdown } from './spec';

/** What a pod runs, with every default. */
export type CompletePodContent = PodContent &
  Required<Pick<PodContent, 'user' | 'env' | 'resources'>> & {
    /** Containers that the user adds. */
    readonly sidecars?: readonly Sidecar[];
  };

/** A component's spec with every default: what its objects are drawn from. */
export type CompleteComponentSpec = Omit<ComponentSpec, 'probes' | 'shutdown'> &
  CompletePodContent &
  Required<Pick<ComponentSpec, 'kind' | 'scaling'>> & {
    /** Probes. */
    readonly probes: CompleteProbes;
    /** How it stops. */
    readonly shutdown: Required<Shutdown>;
  };

/** A Job's content with every default. */
export type CompleteJobContent = JobContent & Omit<CompletePodContent, 'configFiles'>;

/** Room for a small service: enough for any runtime to start, little enough to be noticed when it is not. */
const DEFAULT_RESOURCES: Resources = { cpu: '100m', memory: '256Mi', memoryLimit: '512Mi' };

/** Thirty seconds together, the grace period that Kubernetes gives by itself. */
const DEFAULT_SHUTDOWN: Required<Shutdown> = { preStopSeconds: 5, budgetSeconds: 20, marginSeconds: 5 };

/** A component's spec with its defaults. */
export function completeSpec(spec: ComponentSpec): CompleteComponentSpec {
  const { probes, shutdown, ...rest } = spec;
  return {
    ...withDefaults(
      {
        kind: 'Deployment' as const,
        user: DEFAULT_USER,
        env: {},
        resources: DEFAULT_RESOURCES,
        scaling: Scaling.fixed(2),
        ...rest,
      },
      rest as object,
    ),
    probes: completeProbes(probes),
    shutdown: withDefaults(DEFAULT_SHUTDOWN, shutdown as Partial<Required<Shutdown>>),
  };
}

/** A Job's content with its defaults. */
export function completeJob(content: JobContent): CompleteJobContent {
  return {
    ...content,
    user: content.user ?? DEFAULT_USER,
    env: content.env ?? {},
    resources: content.resources ?? DEFAULT_RESOURCES,
  };
}
