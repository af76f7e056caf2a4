import { App } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Finding } from '../core/errors';
import { isInside } from '../core/usable';
import type { PlatformStack } from './platform-stack';

/** A stack of the parts of properties that have no problem, with stand-ins for the others. */
export interface Trial {
  /** Path of the stack that is refused. */
  readonly path: string;
  /** Makes the stack of the usable parts, without checking the properties again. */
  readonly build: (scope: Construct, id: string) => PlatformStack;
  /** The property that a construct of the stack is made of, by the construct's id: `migration` for `migrate`. */
  readonly propertyOf: Readonly<Record<string, string>>;
}

/**
 * What synthesis would have said of a stack whose properties are refused: tried in an app of its own, so that the
 * user's tree stays empty and one report holds everything. What has a problem already is not repeated.
 */
export function trialProblems({ path, build, propertyOf }: Trial, problems: readonly Finding[]): Finding[] {
  const id = path.split('/').at(-1) ?? path;
  return findingsOf(() => build(new App(), id))
    .map((finding) => ({ ...finding, path: propertyPath(path, finding.path.slice(id.length), propertyOf) }))
    .filter((finding) => !problems.some((each) => isInside(finding.path, each.path)));
}

function findingsOf(build: () => PlatformStack): Finding[] {
  try {
    return build().propertyFindings();
  } catch {
    // What keeps the stack from being made is among the problems that are reported; the rest waits for them.
    return [];
  }
}

/** `/sts.env.TZ` below a stack is its property `sts.env.TZ`. */
function propertyPath(stack: string, below: string, propertyOf: Trial['propertyOf']): string {
  const [, construct, rest] = /^\/([^./]+)(.*)$/s.exec(below) ?? [];
  return construct === undefined ? `${stack}${below}` : `${stack}.${propertyOf[construct] ?? construct}${rest ?? ''}`;
}
