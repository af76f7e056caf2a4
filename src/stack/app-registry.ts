import type { IConstruct } from 'constructs';
import { describeFinding, type Finding } from '../core/errors';
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
    if (first === undefined || first === stack) {
      return undefined;
    }
    const { identity, namespaceName, cluster } = stack;
    return {
      id: 'stack/duplicate-instance',
      level: 'error',
      path: stack.node.path,
      message: `${first.node.path} is the same installation: ${identity.product} "${identity.instance}" in namespace "${namespaceName}" of cluster "${cluster.name}"`,
      fix: 'give one of the two another instance, namespace or cluster',
    };
  }

  private problems(): Finding[] {
    const taken = new Map<string, PlatformStack>();
    const claim = (stack: PlatformStack, key: string, finding: (other: string) => Finding): Finding[] => {
      const other = taken.get(key);
      if (other === undefined) {
        taken.set(key, stack);
      }
      return other === undefined || other === stack ? [] : [finding(other.node.path)];
    };
    return this.stacks.flatMap((stack): Finding[] => {
      if (this.identityProblem(stack) !== undefined) {
        return []; // the stack itself reports it, and every object of it would only repeat that
      }
      const cluster = stack.cluster.name;
      const objects = stack.stackObjects().flatMap((object) =>
        claim(
          stack,
          `${cluster} ${object.apiGroup}/${object.kind} ${object.metadata.namespace ?? ''}/${object.name}`,
          (other) => ({
            id: 'stack/duplicate-object',
            level: 'error',
            path: object.node.path,
            message: `${object.kind} "${object.name}" is emitted by ${other} too, into the same cluster`,
            fix: 'give one of the two stacks another instance or namespace, and other `names` where they are those of a Helm release',
          }),
        ),
      );
      const shared = stack.exclusiveResources().flatMap(({ key, message, fix }) =>
        claim(stack, `${cluster} ${stack.identity.product} ${key}`, (other) => ({
          id: 'stack/shared-resource',
          level: 'error',
          path: stack.node.path,
          message: `${message}; ${other} uses it already`,
          given: key,
          fix,
        })),
      );
      return [...objects, ...shared];
    });
  }
}

function identityKey({ cluster, namespaceName, identity }: PlatformStack): string {
  return JSON.stringify([cluster.name, namespaceName, identity.product, identity.instance]);
}
