import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError, type Finding, type ReportedFinding } from '../core/errors';
import type { Rule } from '../validation/rule';
import { patchedObject } from '../validation/rules/patched-object';

/** Why a finding is accepted, and where. */
export interface Acknowledgement {
  /** Why the finding is accepted. It is shown beside the finding. */
  readonly reason: string;
  /**
   * Construct path; findings at it and below it are accepted.
   * @default - every finding of the rule in the stack
   */
  readonly path?: string;
  /**
   * The operation that is accepted, for `stack/patched-object`, which needs it: `replace /spec/minReadySeconds`, as the
   * finding says it (`finding.patch`). A patch that comes later is a finding of its own.
   * @default - the finding is about no patch
   */
  readonly patch?: string;
}

// A misspelt `path` would accept the finding everywhere.
const CHECKS: Checks<Acknowledgement> = { reason: check.any, path: check.text, patch: check.text };

/** An acknowledgement and the rule that it is of. */
type Accepted = Acknowledgement & { readonly id: string };

/** The findings that a user accepted, each with a reason. */
export class Acknowledgements {
  private readonly accepted: Accepted[] = [];

  /**
   * Accepts the findings of a rule.
   *
   * @throws ConfigurationError `stack/unknown-rule`, `stack/not-acknowledgeable`, `stack/no-reason`, `stack/no-patch`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public add(stack: string, rules: readonly Rule[], id: string, acknowledgement: Acknowledgement): void {
    const rule = rules.find((each) => each.id === id);
    const refuse = (code: string, message: string, fix: string): never => {
      throw new ConfigurationError(`${stack}.acknowledge`, [
        { id: code, level: 'error', path: stack, message, given: id, fix },
      ]);
    };
    if (rule === undefined) {
      const possible = rules.filter((each) => each.acknowledgeable).map((each) => each.id);
      return refuse('stack/unknown-rule', 'there is no such rule', `use one of ${possible.join(', ')}`);
    }
    if (!rule.acknowledgeable) {
      return refuse('stack/not-acknowledgeable', `this rule cannot be waived: ${rule.why}`, rule.fix);
    }
    if (typeof acknowledgement?.reason !== 'string' || acknowledgement.reason.trim() === '') {
      return refuse(
        'stack/no-reason',
        'an acknowledgement needs a reason',
        'say why the finding is acceptable: { reason: "..." }',
      );
    }
    const shape = checkShape(`${stack}.acknowledge`, acknowledgement, CHECKS);
    if (shape.length > 0) {
      throw new ConfigurationError(`${stack}.acknowledge`, shape);
    }
    if (id === patchedObject.id && acknowledgement.patch === undefined) {
      return refuse(
        'stack/no-patch',
        'an acknowledgement of a patch names it, since it would accept every later one as well',
        `take it from the finding: acknowledge("${id}", { reason: "...", path: finding.path, patch: finding.patch })`,
      );
    }
    this.accepted.push({ ...acknowledgement, id });
  }

  /** Findings with the reasons of those that are accepted. */
  public apply(findings: readonly Finding[]): ReportedFinding[] {
    return findings.map((finding) => {
      const match = this.accepted.find((each) => accepts(each, finding));
      return match === undefined ? finding : { ...finding, acknowledged: match.reason };
    });
  }

  /**
   * A warning for each acknowledgement that accepts nothing: its path is misspelt, or what it was about is gone, and it
   * would silently accept the next finding there.
   */
  public unused(stack: string, findings: readonly Finding[]): Finding[] {
    return this.accepted
      .filter((each) => !findings.some((finding) => accepts(each, finding)))
      .map(({ id, path, patch }) => ({
        id: 'stack/unused-acknowledgement',
        level: 'warning',
        path: path ?? stack,
        message: `${id} has no finding ${path === undefined ? 'in the stack' : 'at this path or below it'}`,
        given: patch === undefined ? id : `${id}: ${patch}`,
        fix: `correct the ${patch === undefined ? 'path' : 'path or the patch'}, or remove the acknowledgement`,
      }));
  }
}

function accepts({ id, path, patch }: Accepted, finding: Finding): boolean {
  return (
    id === finding.id &&
    patch === finding.patch &&
    (path === undefined ||
      finding.path === path ||
      finding.path.startsWith(`${path}/`) ||
      finding.path.startsWith(`${path}.`))
  );
}
