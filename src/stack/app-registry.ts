import type { IConstruct } from 'constructs';
import { type Finding, isOpenError, refuse } from '../core/errors';
import { Claims, identityKey, sameInstallation } from './claims';
import type { PlatformStack } from './platform-stack';
import { constructProblems } from './stack-problems';

const REGISTRY = Symbol.for('cdk8s-selfhosted.AppRegistry');

/**
 * Every stack of an app: before anything is written, cdk8s asks the constructs of the app, the root first, and the
 * validator there checks every stack, and what only the whole app shows: two stacks may not be the same installation,
 * emit the same object into one cluster, or share what must not be shared.
 *
 * It throws one report in place of returning texts: cdk8s would print those one behind the other, each with the path of
 * the construct that was asked.
 */
export class AppRegistry {
  /** The registry of the app that a construct belongs to, made at first use. */
  public static of(construct: IConstruct): AppRegistry {
    const root = construct.node.root as IConstruct & { [REGISTRY]?: AppRegistry };
    const found = root[REGISTRY];
    if (found !== undefined) {
      return found;
    }
    const registry = new AppRegistry();
    Object.defineProperty(root, REGISTRY, { value: registry });
    root.node.addValidation({ validate: () => registry.validate(root) });
    return registry;
  }

  private readonly stacks: PlatformStack[] = [];
  private readonly byIdentity = new Map<string, PlatformStack>();

  private isAsked = false;

  private constructor() {}

  /** Adds a stack. */
  public add(stack: PlatformStack): void {
    this.stacks.push(stack);
    const key = identityKey(stack);
    if (!this.byIdentity.has(key)) {
      this.byIdentity.set(key, stack);
    }
  }

  /** The clash of a stack with one that was there before it; cheap enough to ask for each chart on its own. */
  public identityProblem(stack: PlatformStack): Finding | undefined {
    const first = this.byIdentity.get(identityKey(stack));
    return first === undefined || first === stack ? undefined : sameInstallation(stack, first.node.path);
  }

  /** @throws ConfigurationError with the problems of every stack, and of every construct beside and inside of them. */
  private validate(root: IConstruct): string[] {
    // Asked again by itself, when it asks the root what else is wrong.
    if (this.isAsked) {
      return [];
    }
    this.isAsked = true;
    try {
      const wrong = this.stacks.map((stack) => ({ stack, findings: stack.findings().filter(isOpenError) }));
      const shared = this.problems();
      if (shared.length === 0 && wrong.every(({ findings }) => findings.length === 0)) {
        return []; // what other constructs say, cdk8s prints
      }
      const paths = wrong.filter(({ findings }) => findings.length > 0).map(({ stack }) => stack.node.path);
      const [only] = paths;
      const subject = only !== undefined && paths.length === 1 && shared.length === 0 ? only : 'the app';
      return refuse(subject, [
        ...wrong.flatMap(({ findings }) => findings),
        ...shared,
        ...root.node.findAll().flatMap(constructProblems),
      ]);
    } finally {
      this.isAsked = false;
    }
  }

  private problems(): Finding[] {
    const claims = new Claims();
    // The stack itself reports that it is there twice, and every object of it would only repeat that.
    return this.stacks
      .filter((stack) => this.identityProblem(stack) === undefined)
      .flatMap((stack) => claims.add(stack));
  }
}
