import { withInstead } from '../core/check';
import { type Advice, check, checkShape, type Checks } from '../core/checks';
import { code } from '../core/code';
import type { Finding } from '../core/errors';
import type { Toleration } from '../core/kubernetes';
import { usable } from '../core/usable';
import type { Disruption } from './disruption';
import { envProblems, type ExtraEnv } from './env';
import { extraVolumeProblems, extraVolumesCheck } from './extra-volumes';
import { OPTION_ADVICE, RESOURCE_ADVICE } from './habits';
import { referenceProblems, tolerationProblems } from './pod-defaults';
import { nodeSelectorProblems, podAnnotationProblems, podLabelProblems, revisionProblems } from './pod-metadata';
import { RESOURCE_CHECKS, type Resources, resourceProblems, withResources } from './resources';
import type { Scaling } from './scaling';
import type { PodSecurity } from './security';
import type { CompletePodContent } from './spec-defaults';
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
}

/** Checks of `PodOptions`. */
export const POD_OPTION_CHECKS: Checks<PodOptions> = {
  resources: check.record,
  env: check.record,
  volumes: extraVolumesCheck,
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
};

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

/** What Kubernetes would refuse of a user's options, or what would take something over that the component owns. */
export function podOptionProblems(
  path: string,
  options: PodOptions,
  content: CompletePodContent & { readonly storage?: readonly ReplicaStorage[] },
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
