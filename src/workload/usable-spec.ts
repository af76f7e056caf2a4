import type { Finding } from '../core/errors';
import { type Shape, shapeProblems } from '../core/shape';
import { dnsLabelProblem } from '../core/text';
import { isInside, usable } from '../core/usable';
import { ImageRef } from '../images/image-ref';
import { Port } from '../network/port';
import { completeJob, type CompleteJobContent, completeSpec, type CompleteComponentSpec } from './spec-defaults';
import { type IsWhole, jobProblems, specProblems } from './spec-problems';
import { COMPONENT_SHAPE, JOB_SHAPE } from './spec-shapes';

/** A spec that objects can be made of, and every problem of the one that was given. */
export interface CheckedSpec<Spec> {
  /** The spec. What was wrong in it is replaced; nothing of it is ever emitted, since the problems are errors. */
  readonly spec: Spec;
  /** The problems. */
  readonly findings: readonly Finding[];
}

/**
 * What stands in for what is missing. A constructor must not stop at the first component with a problem: the report is
 * one, of all of them.
 */
const PLACEHOLDER = {
  image: ImageRef.of({ repository: 'placeholder', digest: `sha256:${'0'.repeat(64)}` }),
  ports: [{ name: 'placeholder', port: Port.tcp(1) }],
} as const;

/** A component's spec with its defaults, and without what is wrong in it. */
export function usableSpec(path: string, id: string, spec: unknown): CheckedSpec<CompleteComponentSpec> {
  const { parts, findings } = usableParts(path, spec, COMPONENT_SHAPE, specProblems);
  return { spec: completeSpec({ component: nameFrom(id), ...PLACEHOLDER, ...parts }), findings };
}

/** A Job's content with its defaults, and without what is wrong in it. */
export function usableJob(path: string, id: string, content: unknown): CheckedSpec<CompleteJobContent> {
  const { parts, findings } = usableParts(path, content, JOB_SHAPE, jobProblems);
  const required = { component: nameFrom(id), image: PLACEHOLDER.image, backoffLimit: 0, deadlineSeconds: 1 };
  return { spec: completeJob({ ...required, ...parts }), findings };
}

function usableParts<Spec extends object>(
  path: string,
  spec: unknown,
  shape: Shape<Spec>,
  problemsOf: (path: string, parts: Partial<Spec>, isWhole: IsWhole<Spec>) => readonly Finding[],
): { readonly parts: Partial<Spec>; readonly findings: readonly Finding[] } {
  const inShape = shapeProblems(path, spec, shape);
  const isObject = typeof spec === 'object' && spec !== null && inShape.every((finding) => finding.path !== path);
  const given = { ...(isObject ? spec : {}) } as Partial<Spec>;
  const { judged, placeOf } = judgedParts(path, given, inShape);
  // What holds a part without its shape, or stands in its place, was never meant as it is.
  const isWhole: IsWhole<Spec> = (key) => !inShape.some((finding) => isInside(finding.path, `${path}.${key}`));
  const inContent = problemsOf(path, judged, isWhole)
    .map((finding) => ({ ...finding, path: placeOf(finding.path) }))
    .filter(
      (finding) => !inShape.some((each) => isInside(finding.path, each.path) || isInside(each.path, finding.path)),
    );
  const findings = [...inShape, ...inContent];
  return { parts: without(path, given, findings), findings };
}

/**
 * What can be judged beside parts without their shape: the properties of an object that have theirs, and the entries of
 * a list that are whole. They move up to the places of those that are not; `placeOf` tells where the user has them.
 */
function judgedParts<Spec extends object>(
  path: string,
  given: Partial<Spec>,
  findings: readonly Finding[],
): { readonly judged: Partial<Spec>; readonly placeOf: (path: string) => string } {
  const places = new Map<string, string>();
  const judged = Object.entries(usable(path, given, findings).parts).map(([key, value]): [string, unknown] => {
    const where = `${path}.${key}`;
    if (!Array.isArray(value)) {
      return [key, value];
    }
    const entries = (value as unknown[]).map((entry, index) => ({ entry, where: `${where}[${index}]` }));
    const whole = entries.filter((entry) => !findings.some((finding) => isInside(finding.path, entry.where)));
    whole.forEach((entry, index) => places.set(`${where}[${index}]`, entry.where));
    return [key, whole.map(({ entry }) => entry)];
  });
  const placeOf = (each: string): string => {
    const [moved] = [...places].filter(([place]) => isInside(each, place));
    return moved === undefined ? each : `${moved[1]}${each.slice(moved[0].length)}`;
  };
  return { judged: Object.fromEntries(judged) as Partial<Spec>, placeOf };
}

/** The properties that no finding is about. */
function without<Spec extends object>(path: string, given: Partial<Spec>, findings: readonly Finding[]): Partial<Spec> {
  const kept = Object.entries(given).filter(
    ([key, value]) => value !== undefined && !findings.some((finding) => isInside(finding.path, `${path}.${key}`)),
  );
  return Object.fromEntries(kept) as Partial<Spec>;
}

/** A name for a component that has none, so that two of them are not taken for one. */
function nameFrom(id: string): string {
  const name = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return dnsLabelProblem(name) === undefined ? name : 'component';
}
