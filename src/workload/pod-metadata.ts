import { code } from '../core/code';
import type { Finding } from '../core/errors';
import { freeTextProblem, labelKeyProblem, labelValueProblem } from '../core/text';
import { known } from '../core/value';
import { metadataFinding } from './metadata-finding';
import type { PodContent } from './spec';

/** Labels that controllers of Kubernetes set on pods: a template with other values is refused, or overwritten. */
const CONTROLLER_LABELS: readonly string[] = [
  ...['controller-uid', 'job-name', 'pod-template-hash', 'controller-revision-hash', 'pod-template-generation'],
  ...['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'batch.kubernetes.io/job-completion-index'],
  ...['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'],
];

/** Annotations of pods that stand for fields, from before there were fields: the API server compares the two, or warns. */
const FIELD_ANNOTATIONS =
  /^(?:container\.apparmor\.security\.beta|(?:container\.)?seccomp\.security\.alpha|s(?:cheduler|ecurity)\.alpha)\.kubernetes\.io\/|^kubernetes\.io\/config\.mirror$/;

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * Longest annotations, in bytes of keys and values. Kubernetes takes 256 KiB for a pod, which carries those of the stack,
 * those of the component and some of its own.
 */
const ANNOTATIONS_MAX = 125_000;

/** Longest revision, in bytes; a hash, a date or a number is meant. */
const REVISION_MAX = 4000;

/** Labels that Kubernetes would refuse, or that are taken. */
export function labelProblems(
  path: string,
  labels: Readonly<Record<string, unknown>> = {},
  reserved: readonly string[] = [],
): Finding[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const wrong =
      labelKeyProblem(key) ?? (typeof value === 'string' ? labelValueProblem(value) : 'a label value is a string');
    const taken = reserved.includes(key) ? 'this label belongs to the selector, which must not change' : undefined;
    return metadataFinding(path, { [key]: value }, wrong ?? taken, textFix(key, value));
  });
}

/** Labels and annotations are texts; YAML of charts often has numbers and booleans there. */
function textFix(key: string, value: unknown): string | undefined {
  return ['number', 'boolean'].includes(typeof value) ? `write ${code({ [key]: String(value) })}` : undefined;
}

/** Labels of nodes that have new names; the API server warns of the old ones. */
const OLD_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
};

/** What is wrong with the label of a node that pods are placed by, or undefined. */
export function nodeLabelProblem(key: string): string | undefined {
  const name = Object.hasOwn(OLD_NODE_LABELS, key) ? OLD_NODE_LABELS[key] : undefined;
  return name === undefined ? labelKeyProblem(key) : `this label is called "${name}" now`;
}

/** Labels of nodes that Kubernetes would refuse, or warn of. */
export function nodeSelectorProblems(path: string, labels: Readonly<Record<string, unknown>> = {}): Finding[] {
  const old = Object.keys(labels).filter((key) => Object.hasOwn(OLD_NODE_LABELS, key));
  return [
    ...labelProblems(path, labels),
    ...old.flatMap((key) => metadataFinding(path, { [key]: labels[key] }, nodeLabelProblem(key))),
  ];
}

/** Labels of pods that Kubernetes would refuse, that are taken, or that its controllers set. */
export function podLabelProblems(
  path: string,
  labels: Readonly<Record<string, unknown>> = {},
  reserved: readonly string[] = [],
): Finding[] {
  const controlled = Object.keys(labels).filter((key) => CONTROLLER_LABELS.includes(key));
  return [
    ...labelProblems(path, labels, reserved),
    ...controlled.flatMap((key) =>
      metadataFinding(path, { [key]: labels[key] }, 'Kubernetes sets this label itself, and refuses another value'),
    ),
  ];
}

/** Annotations that Kubernetes would refuse, or that would not arrive intact. */
export function annotationProblems(path: string, annotations: Readonly<Record<string, unknown>> = {}): Finding[] {
  const size = Object.entries(annotations)
    .flat()
    .reduce((sum: number, text) => sum + Buffer.byteLength(String(text)), 0);
  return [
    ...Object.entries(annotations).flatMap(([key, value]) => {
      const wrong = typeof value === 'string' ? freeTextProblem(value) : 'an annotation value is a string';
      return metadataFinding(path, { [key]: value }, labelKeyProblem(key) ?? wrong, textFix(key, value));
    }),
    ...metadataFinding(
      path,
      `${size} bytes`,
      size > ANNOTATIONS_MAX ? `keys and values have at most ${ANNOTATIONS_MAX} bytes together` : undefined,
    ),
  ];
}

/** Annotations of pods that Kubernetes would refuse, or that stand for a field which the library sets. */
export function podAnnotationProblems(path: string, annotations: Readonly<Record<string, unknown>> = {}): Finding[] {
  const cost = annotations[DELETION_COST];
  const isCost = typeof cost === 'string' && /^(?:0|-?[1-9]\d*)$/.test(cost) && Math.abs(Number(cost)) < 2 ** 31;
  return [
    ...annotationProblems(path, annotations),
    ...Object.keys(annotations)
      .filter((key) => FIELD_ANNOTATIONS.test(key))
      .flatMap((key) =>
        metadataFinding(
          path,
          { [key]: annotations[key] },
          'this annotation stands for a field of the pod, which Kubernetes compares with it; the library sets the field',
        ),
      ),
    ...metadataFinding(
      path,
      { [DELETION_COST]: cost },
      cost === undefined || isCost ? undefined : 'the cost of a deletion is a whole number of 32 bits',
    ),
  ];
}

/** Revisions of secrets and certificates that are too long: they become annotations of every pod. */
export function revisionProblems(path: string, content: Pick<PodContent, 'secretsRevision' | 'trust'>): Finding[] {
  const revisions = { secrets: content.secretsRevision, trust: content.trust?.revision };
  return Object.entries(revisions).flatMap(([name, revision]) => {
    // One that only the deployment knows is made by the engine, not by a user.
    const size = Buffer.byteLength(revision === undefined ? '' : (known(revision) ?? ''));
    return metadataFinding(
      path,
      `${size} bytes`,
      size > REVISION_MAX ? `the revision of ${name} has at most ${REVISION_MAX} bytes` : undefined,
    );
  });
}
