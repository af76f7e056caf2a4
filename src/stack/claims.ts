import type { Finding } from '../core/errors';
import type { PlatformStack } from './platform-stack';

/** What a stack claims for itself in its cluster. */
interface Claim {
  readonly key: string;
  /** The problem, where another stack has claimed the same. */
  readonly finding: (other: string) => Finding;
}

/**
 * What stacks claim for themselves: being one installation, their objects, and what must not be shared. First come,
 * first served; only the claims of the stack that is added are looked at, so that many stacks stay linear.
 */
export class Claims {
  private readonly taken = new Map<string, string>();

  /** Adds the claims of a stack, unless another stack has one of them: then nothing is added, and every clash is told. */
  public add(stack: PlatformStack): Finding[] {
    const { path } = stack.node;
    const installation = installationOf(stack);
    const claims = [installation, ...objectsOf(stack), ...exclusiveOf(stack)];
    // Two of one installation share every object, which would only repeat it.
    const asked = this.taken.has(installation.key) ? [installation] : claims;
    const findings = asked.flatMap(({ key, finding }) => {
      const other = this.taken.get(key);
      return other === undefined ? [] : [finding(other)];
    });
    if (findings.length === 0) {
      claims.forEach(({ key }) => this.taken.set(key, path));
    }
    return findings;
  }
}

/** What makes two stacks the same installation. */
export function identityKey({ cluster, namespaceName, identity }: PlatformStack): string {
  return JSON.stringify([cluster.name, namespaceName, identity.product, identity.instance]);
}

/** The problem of a stack that is the same installation as another one. */
export function sameInstallation({ node, identity, namespaceName, cluster }: PlatformStack, other: string): Finding {
  return {
    id: 'stack/duplicate-instance',
    level: 'error',
    path: node.path,
    message: `${other} is the same installation: ${identity.product} "${identity.instance}" in namespace "${namespaceName}" of cluster "${cluster.name}"`,
    fix: 'give one of the two another instance, namespace or cluster',
  };
}

function installationOf(stack: PlatformStack): Claim {
  return { key: identityKey(stack), finding: (other) => sameInstallation(stack, other) };
}

function objectsOf(stack: PlatformStack): Claim[] {
  return stack.stackObjects().map((object) => ({
    key: `${stack.cluster.name} ${object.apiGroup}/${object.kind} ${object.metadata.namespace ?? ''}/${object.name}`,
    finding: (other) => ({
      id: 'stack/duplicate-object',
      level: 'error',
      path: object.node.path,
      message: `${object.kind} "${object.name}" is emitted by ${other} too, into the same cluster`,
      fix: 'give one of the two stacks another instance or namespace, and other `names` where they are those of a Helm release',
    }),
  }));
}

function exclusiveOf(stack: PlatformStack): Claim[] {
  return stack.exclusiveResources().map(({ key, message, fix }) => ({
    key: `${stack.cluster.name} ${stack.identity.product} ${key}`,
    finding: (other) => ({
      id: 'stack/shared-resource',
      level: 'error',
      path: stack.node.path,
      message: `${message}; ${other} uses it already`,
      given: key,
      fix,
    }),
  }));
}
