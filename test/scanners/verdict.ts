import type { KubeObject } from '../cluster/harness/objects';
import { describeFinding, type Finding, type Report } from './kube-score';
import type { Exception, PodTemplate } from './policy';

/** What is left of a report after the exceptions. */
export interface Verdict {
  /** Findings that no exception covers, as one line each. */
  readonly problems: readonly string[];
  /** The uses of exceptions that occurred, as `usesOf` names them. */
  readonly used: ReadonlySet<string>;
}

/** Takes the deliberate findings away. An exception covers a finding only while its reason holds for that very pod. */
export function verdict(
  { findings }: Report,
  objects: readonly KubeObject[],
  exceptions: readonly Exception[],
): Verdict {
  const problems: string[] = [];
  const used = new Set<string>();
  for (const finding of findings) {
    const exception = exceptions.find((one) => covers(one, finding, podOf(finding, objects)));
    if (exception === undefined) problems.push(describeFinding(finding));
    else used.add(useOf(exception, finding.kind));
  }
  return { problems: problems.sort(), used };
}

/** Every way in which an exception may be used: one for each kind that it names. */
export function usesOf(exception: Exception): string[] {
  return exception.kinds.map((kind) => useOf(exception, kind));
}

function useOf({ check, component = 'any component' }: Exception, kind: string): string {
  return `${check}: ${kind}, ${component}`;
}

function covers(exception: Exception, finding: Finding, pod: PodTemplate | undefined): boolean {
  return (
    exception.check === finding.check &&
    exception.says.includes(finding.says) &&
    exception.kinds.includes(finding.kind) &&
    (exception.component === undefined || exception.component === finding.component) &&
    pod !== undefined &&
    exception.holds(pod, finding.container)
  );
}

/** The pod template of the object that a finding is about. */
function podOf({ kind, namespace, name }: Finding, objects: readonly KubeObject[]): PodTemplate | undefined {
  const object = objects.find(
    (one) => one.kind === kind && one.metadata.name === name && (one.metadata.namespace ?? '') === namespace,
  );
  return (object?.spec as { readonly template?: PodTemplate } | undefined)?.template;
}
