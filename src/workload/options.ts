import { withInstead } from '../core/check';
import { type Advice, check, checkShape, type Checks } from '../core/checks';
import { code } from '../core/code';
import type { Finding } from '../core/errors';
import type { Toleration } from '../core/kubernetes';
import { INT32_MAX } from '../core/quantity';
import { usable } from '../core/usable';
import type { Disruption } from './disruption';
import { envProblems, type ExtraEnv } from './env';
import { extraVolumeProblems, extraVolumesCheck } from './extra-volumes';
import { OPTION_ADVICE, RESOURCE_ADVICE, SERVICE_ADVICE } from './habits';
import { referenceProblems, tolerationProblems } from './pod-defaults';
import { plannedMounts } from './mount-problems';
import {
  annotationProblems,
  nodeSelectorProblems,
  podAnnotationProblems,
  podLabelProblems,
  revisionProblems,
} from './pod-metadata';
import { RESOURCE_CHECKS, type Resources, resourceProblems, withResources } from './resources';
import type { Scaling } from './scaling';
import type { PodSecurity } from './security';
import { type Sidecar, sidecarProblems } from './sidecars';
import type { InitContainer } from './spec';
import type { CompletePodContent } from './spec-defaults';
import { specFinding, wholeNumberProblem } from './spec-finding';
import { shutdownProblems } from './spec-problems';
import type { SpreadConstraint } from './topology-spread';
import type { ExtraVolume, ReplicaStorage } from './volumes';

/** What a user may tune on every pod, of components and Jobs. */
export interface PodOptions {
  /**
   * CPU and memory; what is left out keeps its default.
   * @default - the figures of the product's contract
   */
  readonly resources?: Partial<Resources>;
  /**
   * More environment variables. A variable that the component sets itself is refused: use its property. A secret that
   * the program reads from no file is a `SecretRef`.
   * @default - none
   */
  readonly env?: ExtraEnv;
  /**
   * More volumes, mounted into the main container.
   * @default - none
   */
  readonly volumes?: readonly ExtraVolume[];
  /**
   * Containers that start before the pod's own ones and live as long as they do, such as the proxy of a database.
   * @default - none
   */
  readonly sidecars?: readonly Sidecar[];
  /**
   * Labels of the pods, besides those of the stack.
   * @default - none
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Annotations of the pods, besides those of the stack.
   * @default - none
   */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /**
   * Labels that a node must have, besides those of the stack.
   * @default - none
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Taints that the pods tolerate, besides those of the stack.
   * @default - none
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * PriorityClass of the pods.
   * @default - the stack's
   */
  readonly priorityClassName?: string;
  /**
   * Whether a service mesh may inject its proxy. Jobs default to `disabled`: a proxy that never ends keeps a Job from
   * ever finishing (caracal W47).
   * @default "mesh-default" for components, "disabled" for Jobs
   */
  readonly sidecarInjection?: 'mesh-default' | 'disabled';
  /**
   * How far the pod is locked in.
   * @default PodSecurity.restricted()
   */
  readonly security?: PodSecurity;
  /**
   * A ServiceAccount that exists already; an `IServiceAccount` of cdk8s-plus fits. Its token is not mounted either way.
   * @default - one of the component's own, without any permission
   */
  readonly serviceAccount?: { readonly name: string };
}

/** What a user may tune on every component that runs all the time. */
export interface ComponentOptions extends PodOptions {
  /**
   * Number of replicas.
   * @default - the contract's figures under the profile
   */
  readonly scaling?: Scaling;
  /**
   * How many pods a drain may take at once.
   * @default Disruption.maxUnavailable(1), and no budget for a single replica
   */
  readonly disruption?: Disruption;
  /**
   * Rules that spread the pods, in place of the profile's. A rule without a selector counts the component's own pods.
   * @default - over zones and nodes, as the profile says
   */
  readonly topologySpread?: readonly SpreadConstraint[];
  /**
   * How it stops. The grace period follows: it is the sleep, the service's own time and a margin.
   * @default - the figures of the product's contract
   */
  readonly shutdown?: ShutdownOptions;
  /**
   * Old ReplicaSets, or revisions of a StatefulSet, that are kept to go back to.
   * @default 5
   */
  readonly revisionHistoryLimit?: number;
  /**
   * What is tuned on the Service.
   * @default - nothing
   */
  readonly service?: ServiceOptions;
}

/** What a user may tune of how a component stops. */
export interface ShutdownOptions {
  /**
   * Seconds between "leave the endpoints" and SIGTERM, from 1. Load balancers outside of the cluster often need longer
   * than the proxies inside: as long as their own deregistration takes.
   * @default - the figure of the product's contract, 5 as a rule
   */
  readonly preStopSeconds?: number;
}

/** What a user may tune of a component's Service. */
export interface ServiceOptions {
  /**
   * Annotations of the Service, for load balancers and meshes.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Checks of `PodOptions`. */
export const POD_OPTION_CHECKS: Checks<PodOptions> = {
  resources: check.record,
  env: check.record,
  volumes: extraVolumesCheck,
  sidecars: check.each(check.record),
  podLabels: check.record,
  podAnnotations: check.record,
  nodeSelector: check.record,
  tolerations: check.each(check.record),
  priorityClassName: check.text,
  sidecarInjection: check.oneOf('mesh-default', 'disabled'),
  security: check.instance('PodSecurity'),
  serviceAccount: withInstead(check.record, (given) => (typeof given === 'string' ? code({ name: given }) : undefined)),
};

/** Checks of `ComponentOptions`. */
export const COMPONENT_OPTION_CHECKS: Checks<ComponentOptions> = {
  ...POD_OPTION_CHECKS,
  scaling: check.instance('Scaling'),
  disruption: check.instance('Disruption'),
  topologySpread: check.each(check.record),
  shutdown: check.record,
  // Judged with what it may be, below.
  revisionHistoryLimit: check.any,
  service: check.record,
};

const SHUTDOWN_CHECKS: Checks<ShutdownOptions> = { preStopSeconds: check.any };
const SERVICE_CHECKS: Checks<ServiceOptions> = { annotations: check.record };

/** What Kubernetes would refuse of the options that only a component has, besides those of placement. */
export function componentOptionProblems(path: string, options: ComponentOptions): Finding[] {
  const { shutdown, revisionHistoryLimit, service } = options;
  const serviceShape =
    service === undefined ? [] : checkShape(`${path}.service`, service, SERVICE_CHECKS, SERVICE_ADVICE);
  return [
    ...(shutdown === undefined
      ? []
      : [
          ...checkShape(`${path}.shutdown`, shutdown, SHUTDOWN_CHECKS),
          ...shutdownProblems(`${path}.shutdown`, shutdown),
        ]),
    ...specFinding({
      id: 'workload/invalid-history',
      path: `${path}.revisionHistoryLimit`,
      message:
        revisionHistoryLimit === undefined
          ? undefined
          : wholeNumberProblem('revisionHistoryLimit', revisionHistoryLimit, 0, INT32_MAX),
      given: revisionHistoryLimit,
      fix: 'write the number of old revisions to keep, such as 10, or leave it out for 5',
    }),
    ...serviceShape,
    ...(serviceShape.length > 0 ? [] : annotationProblems(`${path}.service.annotations`, service?.annotations)),
  ];
}

/**
 * Options without the parts that have a wrong type, which are reported. The others are still checked and drawn, so that
 * one report holds every problem.
 */
export function usableOptions<Options extends object>(
  path: string,
  options: Options,
  checks: Checks<Options>,
  advice: Advice = OPTION_ADVICE,
): { readonly options: Options; readonly findings: readonly Finding[] } {
  const findings = checkShape(path, options, checks, advice);
  return { options: usable(path, options, findings).parts as Options, findings };
}

/** What a pod has already, beside which options must fit. */
type OptionContent = CompletePodContent & {
  readonly storage?: readonly ReplicaStorage[];
  readonly initContainers?: readonly InitContainer[];
};

/** What Kubernetes would refuse of a user's options, or what would take something over that the component owns. */
export function podOptionProblems(
  path: string,
  options: PodOptions,
  content: OptionContent,
  selectorKeys: readonly string[],
): Finding[] {
  const taken = Object.keys(options.env ?? {}).filter((name) => Object.hasOwn(content.env, name));
  return [
    ...envProblems(`${path}.env`, { ...content.env, ...options.env }),
    ...taken.map((name): Finding => ({
      id: 'workload/env-taken',
      level: 'error',
      path: `${path}.env.${name}`,
      message: `${name} is set by the component itself`,
      fix: 'use the property that it comes from; a JSON patch on the workload is the way around the library',
    })),
    ...podLabelProblems(`${path}.podLabels`, options.podLabels, selectorKeys),
    ...podAnnotationProblems(`${path}.podAnnotations`, options.podAnnotations),
    ...revisionProblems(path, content),
    ...nodeSelectorProblems(`${path}.nodeSelector`, options.nodeSelector),
    ...tolerationProblems(`${path}.tolerations`, options.tolerations),
    ...checkShape(`${path}.resources`, options.resources ?? {}, RESOURCE_CHECKS, RESOURCE_ADVICE),
    ...resourceProblems(`${path}.resources`, withResources(content.resources, options.resources)),
    ...extraVolumeProblems(`${path}.volumes`, options.volumes ?? [], content),
    ...sidecarProblems(
      `${path}.sidecars`,
      options.sidecars ?? [],
      containerNames(content),
      volumeNames(options, content),
    ),
    ...referenceProblems(`${path}.priorityClassName`, options.priorityClassName, 'PriorityClass'),
    ...(options.serviceAccount === undefined
      ? []
      : [
          // An `IServiceAccount` of cdk8s-plus has properties of its own; in a plain object an unknown one is a mistake.
          ...(Object.getPrototypeOf(options.serviceAccount) === Object.prototype
            ? checkShape(`${path}.serviceAccount`, options.serviceAccount, { name: check.any })
            : []),
          ...referenceProblems(`${path}.serviceAccount`, options.serviceAccount.name ?? null, 'ServiceAccount'),
        ]),
  ];
}

function containerNames({ component, initContainers = [] }: OptionContent): string[] {
  return [component, ...initContainers.map(({ name }) => name)];
}

// Broken entries are holes here; the checks of volumes report them.
function volumeNames({ volumes = [] }: PodOptions, content: OptionContent): string[] {
  const own = plannedMounts('', content).map(({ volume }) => volume);
  return [...own, ...volumes.flatMap((each) => (each?.volume?.name === undefined ? [] : [each.volume.name]))];
}
