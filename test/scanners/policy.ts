/**
 * How the examples are judged: data that the tests obey and that `docs/scanners.md` shows. It needs no scanner to be
 * read, so the page is compared with it wherever the tests run.
 */

/** The release of Kubernetes whose rules apply: that of the control-plane suite. */
export const KUBERNETES_VERSION = 'v1.36';

/** A check that kube-score runs only when it is asked to. */
export interface OptionalCheck {
  readonly id: string;
  readonly used: boolean;
  /** What it adds, or why it does not fit. */
  readonly reason: string;
}

const BURSTABLE =
  'a request is what a pod needs, a limit is where it must stop; equal values would reserve the peak of every pod all day';

/** Every optional check of kube-score 1.20.0. */
export const OPTIONAL_CHECKS: readonly OptionalCheck[] = [
  { id: 'container-seccomp-profile', used: true, reason: 'every pod has the profile `RuntimeDefault`' },
  { id: 'container-ports-check', used: true, reason: 'names of ports are unique and short enough' },
  { id: 'container-resource-requests-equal-limits', used: false, reason: BURSTABLE },
  { id: 'container-cpu-requests-equal-limits', used: false, reason: 'as above' },
  { id: 'container-memory-requests-equal-limits', used: false, reason: 'as above' },
  { id: 'container-ephemeral-storage-request-equals-limit', used: false, reason: 'as above, for disk of the node' },
];

/** Options of `kube-score score` for every run. */
export const OPTIONS: readonly string[] = [
  '--kubernetes-version',
  KUBERNETES_VERSION,
  ...OPTIONAL_CHECKS.filter(({ used }) => used).flatMap(({ id }) => ['--enable-optional-test', id]),
];

/** The parts of a pod template that the conditions below read. */
export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
    readonly securityContext?: {
      readonly runAsNonRoot?: boolean;
      readonly runAsUser?: number;
      readonly runAsGroup?: number;
    };
    readonly topologySpreadConstraints?: readonly {
      readonly topologyKey: string;
      readonly labelSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    }[];
  };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly securityContext?: { readonly runAsUser?: number; readonly runAsGroup?: number };
}

/** A finding that is right as it is. */
export interface Exception {
  /** Id of the check. */
  readonly check: string;
  /** What kube-score says then; any other text of the same check is a finding. */
  readonly says: readonly string[];
  /** Kinds of objects. Each must occur in some example, or the exception is too wide. */
  readonly kinds: readonly string[];
  /**
   * The only component that may have it.
   * @default - any component
   */
  readonly component?: string;
  /** Why it is right. */
  readonly reason: string;
  /** What must be true of the pod for the reason to hold, in words and as a test of the container that is meant. */
  readonly condition: string;
  readonly holds: (pod: PodTemplate, container: string) => boolean;
}

const containersOf = ({ spec }: PodTemplate): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

const PULL_POLICY: Exception = {
  check: 'container-image-pull-policy',
  says: ['ImagePullPolicy is not set to Always'],
  kinds: ['Deployment', 'StatefulSet', 'Job'],
  reason:
    'a digest always means the same image, so there is nothing newer to pull; with `IfNotPresent` a pod starts on a node that has the image while the registry is down',
  condition: 'the image has a digest',
  holds: (pod, container) =>
    containersOf(pod).some(
      ({ name, image, imagePullPolicy }) =>
        name === container && /@sha256:[0-9a-f]{64}$/.test(image) && imagePullPolicy === 'IfNotPresent',
    ),
};

function hostAntiAffinity(kind: 'Deployment' | 'StatefulSet'): Exception {
  return {
    check: `${kind.toLowerCase()}-has-host-podantiaffinity`,
    says: [`${kind} does not have a host podAntiAffinity set`],
    kinds: [kind],
    reason:
      '`topologySpreadConstraints` spread the pods over nodes and zones; kube-score does not read them ([zegl/kube-score#613](https://github.com/zegl/kube-score/issues/613)), and a second rule for the same would say nothing new',
    condition: 'a constraint on `kubernetes.io/hostname` selects the pods themselves',
    holds: ({ metadata, spec }) =>
      (spec.topologySpreadConstraints ?? []).some(({ topologyKey, labelSelector }) => {
        const selected = Object.entries(labelSelector?.matchLabels ?? {});
        return (
          topologyKey === 'kubernetes.io/hostname' &&
          selected.length > 0 &&
          selected.every(([label, value]) => metadata?.labels?.[label] === value)
        );
      }),
  };
}

const POSTGRES_USER = 70;

const LOW_USER: Exception = {
  check: 'container-security-context-user-group-id',
  says: ['The container is running with a low user ID', 'The container running with a low group ID'],
  kinds: ['Job'],
  component: 'migrate',
  reason:
    'the migration runs in the Postgres image as its user `postgres`, which is 70; the pod is not root, has no capabilities and no volume of the node',
  condition: 'user and group are 70, `runAsNonRoot` is set',
  holds: ({ spec }, container) => {
    const own = containersOf({ spec }).find(({ name }) => name === container);
    const { runAsNonRoot, runAsUser, runAsGroup } = { ...spec.securityContext, ...own?.securityContext };
    return own !== undefined && runAsNonRoot === true && runAsUser === POSTGRES_USER && runAsGroup === POSTGRES_USER;
  },
};

/** Everything that kube-score reports and that is deliberate. */
export const EXCEPTIONS: readonly Exception[] = [
  PULL_POLICY,
  hostAntiAffinity('Deployment'),
  hostAntiAffinity('StatefulSet'),
  LOW_USER,
];
