import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { whenKnown } from '../core/deferred-checks';
import type { Finding, FindingLevel } from '../core/errors';
import type { Value } from '../core/value';
import type { IConnectable } from '../network/connections';
import type { Component } from '../workload/component';
import type { StackContext } from '../workload/context';
import type { PodJob } from '../workload/pod-job';
import type { UnwritableObject, WrittenObject } from './written-object';

/** A workload that the library did not draw, with flows of its own: `stack.connectionsFor(object)`. */
export interface ConnectedWorkload extends IConnectable, IConstruct {
  /** Labels that select its pods. */
  readonly selector: Readonly<Record<string, string>>;
}

/** A finished stack, as rules see it: specs and flows of what the library draws, and every other object as it is written. */
export interface StackModel {
  /** Construct path of the stack. */
  readonly path: string;
  /** Profile, cluster, namespace and names. */
  readonly context: StackContext;
  /** Components, in the order in which they were made. */
  readonly components: readonly Component[];
  /** One-shot Jobs. */
  readonly jobs: readonly PodJob[];
  /** Every object of the stack, also those of the user's own. */
  readonly objects: readonly ApiObject[];
  /**
   * Objects that the library did not draw, also in charts inside of the stack, and those of its own that a patch changes:
   * as they are written.
   */
  readonly written: readonly WrittenObject[];
  /** Those of them that cannot be rendered; `stack/failing-object` says so. */
  readonly unwritable: readonly UnwritableObject[];
  /** Workloads with flows that `connectionsFor` gave them. */
  readonly connected: readonly ConnectedWorkload[];
  /** The root of the tree. */
  readonly root: IConstruct;
}

/** What a rule found, at one place. */
export type Violation = Pick<Finding, 'path' | 'message'> &
  Partial<Pick<Finding, 'given' | 'allowed' | 'why' | 'fix' | 'patch'>>;

/** One rule: what must hold for every stack, why, and what to do. */
export interface Rule {
  /** Stable identifier, `<capability>/<problem>`. */
  readonly id: string;
  /** Whether a violation fails synthesis. */
  readonly level: FindingLevel;
  /** Whether a user may accept a violation with a reason. */
  readonly acknowledgeable: boolean;
  /** Why it matters, one sentence. */
  readonly why: string;
  /** How to fix it, where the violation does not say so itself. */
  readonly fix: string;
  /**
   * When it can be judged: `construction` where the properties of the stack decide it. A constructor that refuses
   * something else then reports it too, so that one report holds everything; otherwise synthesis does.
   * @default "synthesis"
   */
  readonly judged?: 'construction' | 'synthesis';
  /** Finds the violations. Pure. */
  check(model: StackModel): readonly Violation[];
}

/**
 * Violations that depend on values: found now when all of them are known, otherwise reported when the engine knows them,
 * with all that the rule says. For rules of level `error` that nobody may acknowledge.
 */
export function violationsOf(
  { id, level, why, fix }: Rule,
  values: Value<string> | readonly Value<string>[],
  check: (...texts: readonly string[]) => readonly Violation[],
): Violation[] {
  return whenKnown(values, (...texts) => check(...texts).map((violation) => ({ id, level, why, fix, ...violation })));
}

/** Runs rules over a stack. A rule that throws counts as violated: an unknown answer is not a safe one. */
export function runRules(rules: readonly Rule[], model: StackModel): Finding[] {
  return rules.flatMap((rule): Finding[] => {
    const finding = (violation: Violation): Finding => {
      // A violation that gives nothing for a part of it leaves that part to the rule.
      const said = Object.fromEntries(Object.entries(violation).filter(([, text]) => text !== undefined));
      return {
        id: rule.id,
        level: rule.level,
        path: model.path,
        message: 'the rule is violated, and does not say how',
        why: rule.why,
        fix: rule.fix,
        ...said,
      };
    };
    try {
      return rule.check(model).map(finding);
    } catch (error) {
      const message = `the rule itself failed: ${error instanceof Error ? error.message : String(error)}`;
      return [{ ...finding({ path: model.path, message }), level: 'error' }];
    }
  });
}
