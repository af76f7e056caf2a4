import { check, checkShape, type Checks } from '../core/checks';
import type { Finding } from '../core/errors';
import type { Toleration } from '../core/kubernetes';
import { usable } from '../core/usable';
import { dnsNameProblem, labelKeyProblem, labelValueProblem } from '../core/text';
import { type Env, envProblems } from './env';
import { metadataFinding } from './metadata-finding';
import { nodeSelectorProblems, podAnnotationProblems, podLabelProblems } from './pod-metadata';

/** Settings of every pod of a stack, one-shot Jobs included. */
export interface PodDefaults {
  /**
   * Names of the Secrets with which images are pulled.
   * @default - none
   */
  readonly pullSecrets?: readonly string[];
  /**
   * PriorityClass of the pods.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;
  /**
   * Taints that the pods tolerate.
   * @default - none
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * Labels that a node must have, besides `kubernetes.io/os: linux`.
   * @default - none
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Labels of every pod. They stay out of selectors and volume claims.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations of every pod.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Environment variables of every container, for instance of a proxy. A component's own variables win.
   * @default - none
   */
  readonly env?: Env;
}

/** Checks of `PodDefaults`. */
export const POD_DEFAULTS_CHECKS: Checks<PodDefaults> = {
  pullSecrets: check.each(check.text),
  priorityClassName: check.text,
  tolerations: check.each(check.record),
  nodeSelector: check.record,
  labels: check.record,
  annotations: check.record,
  env: check.record,
};

const TOLERATION_CHECKS: Checks<Toleration> = {
  key: check.text,
  operator: check.oneOf('Exists', 'Equal'),
  value: check.text,
  effect: check.oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: check.count,
};

/** Tolerations that Kubernetes would refuse. */
export function tolerationProblems(path: string, tolerations: readonly Toleration[] = []): Finding[] {
  return tolerations.flatMap((toleration, index) => {
    const where = `${path}[${index}]`;
    const shape = checkShape(where, toleration, TOLERATION_CHECKS);
    const { parts, isWhole } = usable(where, toleration, shape);
    const { key, operator = 'Equal', value, effect, tolerationSeconds } = parts;
    const wrong =
      (key === undefined ? undefined : labelKeyProblem(key)) ??
      (value === undefined ? undefined : labelValueProblem(value));
    const isJudged = (['key', 'operator', 'value', 'effect', 'tolerationSeconds'] as const).every(isWhole);
    const contradiction = !isJudged
      ? undefined
      : operator === 'Exists' && value !== undefined
        ? 'with "Exists" there is no value'
        : operator === 'Equal' && key === undefined
          ? 'a key is needed; { operator: "Exists" } alone tolerates every taint'
          : tolerationSeconds !== undefined && effect !== 'NoExecute'
            ? 'tolerationSeconds goes with effect "NoExecute" only: the other effects evict no running pod'
            : tolerationSeconds !== undefined && !Number.isSafeInteger(tolerationSeconds)
              ? 'tolerationSeconds is too large to be written exactly'
              : undefined;
    return [
      ...shape,
      ...metadataFinding(where, toleration, wrong),
      ...metadataFinding(where, toleration, contradiction),
    ];
  });
}

/** A name of another object that Kubernetes would refuse. */
export function referenceProblems(path: string, name: unknown, kind: string): Finding[] {
  const valid = name === undefined || (typeof name === 'string' && dnsNameProblem(name) === undefined);
  return metadataFinding(path, name, valid ? undefined : `this is not the name of a ${kind}`);
}

/** What Kubernetes would refuse of the settings for all pods. */
export function podDefaultsProblems(path: string, pods: PodDefaults, reserved: readonly string[]): Finding[] {
  return [
    ...podLabelProblems(`${path}.labels`, pods.labels, reserved),
    ...podAnnotationProblems(`${path}.annotations`, pods.annotations),
    ...nodeSelectorProblems(`${path}.nodeSelector`, pods.nodeSelector),
    ...tolerationProblems(`${path}.tolerations`, pods.tolerations),
    ...envProblems(`${path}.env`, pods.env ?? {}),
    ...referenceProblems(`${path}.priorityClassName`, pods.priorityClassName, 'PriorityClass'),
    ...(pods.pullSecrets ?? []).flatMap((name, index) =>
      referenceProblems(`${path}.pullSecrets[${index}]`, name, 'Secret'),
    ),
    ...metadataFinding(
      `${path}.pullSecrets`,
      pods.pullSecrets,
      pods.pullSecrets?.some((name, index, all) => all.indexOf(name) < index) === true
        ? 'a Secret is named twice'
        : undefined,
    ),
  ];
}
