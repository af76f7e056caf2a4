import type { Finding } from '../core/errors';
import { isWithin, type Shape, shapeProblems } from '../core/shape';
import { dnsLabelProblem } from '../core/text';
import { ImageRef } from '../images/image-ref';
import { Port } from '../network/port';
import { completeJob, type CompleteJobContent, completeSpec, type CompleteComponentSpec } from './spec-defaults';
import { jobProblems, specProblems } from './spec-problems';
import { COMPONENT_SHAPE, JOB_SHAPE } from './spec-shapes';

/** A spec that can be drawn, and every problem of the one that was given. */
export interface Usable<Spec> {
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
export function usableSpec(path: string, id: string, spec: unknown): Usable<CompleteComponentSpec> {
  const { usable, findings } = usableParts(path, spec, COMPONENT_SHAPE, specProblems);
  return { spec: completeSpec({ component: nameFrom(id), ...PLACEHOLDER, ...usable }), findings };
}

/** A Job's content with its defaults, and without what is wrong in it. */
export function usableJob(path: string, id: string, content: unknown): Usable<CompleteJobContent> {
  const { usable, findings } = usableParts(path, content, JOB_SHAPE, jobProblems);
  const required = { component: nameFrom(id), image: PLACEHOLDER.image, backoffLimit: 0, deadlineSeconds: 1 };
  return { spec: completeJob({ ...required, ...usable }), findings };
}

function usableParts<Spec extends object>(
  path: string,
  spec: unknown,
  shape: Shape<Spec>,
  problemsOf: (path: string, usable: Partial<Spec>) => readonly Finding[],
): { readonly usable: Partial<Spec>; readonly findings: readonly Finding[] } {
  const inShape = shapeProblems(path, spec, shape);
  const isWhole = typeof spec === 'object' && spec !== null && inShape.every((finding) => finding.path !== path);
  const shaped = without(path, (isWhole ? spec : {}) as Partial<Spec>, inShape);
  const inContent = problemsOf(path, shaped);
  return { usable: without(path, shaped, inContent), findings: [...inShape, ...inContent] };
}

/** The properties that no finding is about. */
function without<Spec extends object>(path: string, given: Partial<Spec>, findings: readonly Finding[]): Partial<Spec> {
  const kept = Object.entries(given).filter(
    ([key, value]) => value !== undefined && !findings.some((finding) => isWithin(finding, `${path}.${key}`)),
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
