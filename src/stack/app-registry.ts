import type { IConstruct } from 'constructs';
import { describeFinding, type Finding } from '../core/errors';
import { Claims, identityKey, sameInstallation } from './claims';
import type { PlatformStack } from './platform-stack';

const REGISTRY = Symbol.for('cdk8s-selfhosted.AppRegistry');

/**
 * Every stack of an app: what only the whole app shows is checked here, once, by a validator on the root. Two stacks
 * may not be the same installation, emit the same object into one cluster, or share what must not be shared.
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
    root.node.addValidation({ validate: () => registry.problems().map((finding) => describeFinding(finding)) });
    return registry;
  }

  private readonly stacks: PlatformStack[] = [];
  private readonly byIdentity = new Map<string, PlatformStack>();

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

  private problems(): Finding[] {
    const claims = new Claims();
    // The stack itself reports that it is there twice, and every object of it would only repeat that.
    return this.stacks
      .filter((stack) => this.identityProblem(stack) === undefined)
      .flatMap((stack) => claims.add(stack));
  }
}
