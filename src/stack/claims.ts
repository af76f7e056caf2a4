import { whenKnown } from '../core/deferred-checks';
import type { Finding } from '../core/errors';
import { objectKey } from '../validation/manifest';
import { compose, Deferred, printable, type Value } from '../core/value';
import type { PlatformStack } from './platform-stack';

/** What a stack claims for itself in its cluster. */
interface Claim {
  readonly key: Value<string>;
  /** The problem, where another stack has claimed the same. */
  readonly finding: (other: string) => Finding;
}

/**
 * What stacks claim for themselves: being one installation, their objects, and what must not be shared. First come,
 * first served; only the claims of the stack that is added are looked at, so that many stacks stay linear.
 */
export class Claims {
  private readonly taken = new Map<string, PlatformStack>();

  /**
   * Adds the claims of a stack, unless another stack has one of them: then nothing is added, and every clash is told.
   * A claim that only the deployment knows is compared with the others when its text is known.
   */
  public add(stack: PlatformStack): Finding[] {
    const installation = installationOf(stack);
    const claims = [installation, ...objectsOf(stack), ...exclusiveOf(stack)];
    // Two of one installation share every object, which would only repeat it.
    const isTaken = this.clashes(stack, installation, printable(installation.key)).length > 0;
    const asked = (isTaken ? [installation] : claims).filter(({ key }) => !Deferred.isDeferred(key));
    const findings = asked.flatMap((claim) => this.clashes(stack, claim, printable(claim.key)));
    if (findings.length === 0) {
      claims.forEach((claim) => whenKnown(claim.key, (key) => this.claim(stack, claim, key ?? '')));
    }
    return findings;
  }

  private claim(stack: PlatformStack, claim: Claim, key: string): Finding[] {
    const findings = this.clashes(stack, claim, key);
    if (findings.length === 0) {
      this.taken.set(key, stack);
    }
    return findings;
  }

  private clashes(stack: PlatformStack, { finding }: Claim, key: string): Finding[] {
    const other = this.taken.get(key);
    return other === undefined || other === stack ? [] : [finding(other.node.path)];
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
    key: `${stack.cluster.name} ${objectKey(object, stack.cluster)}`,
    finding: (other) => ({
      id: 'stack/duplicate-object',
      level: 'error',
      path: object.node.path,
      message: `${object.kind} "${object.name}" is emitted by ${other} too, into the same cluster`,
      fix: stack.cluster.isClusterScoped(object)
        ? 'it lives outside of namespaces: give one of the two another name, or make it once, in a chart of its own'
        : 'give one of the two stacks another instance or namespace, and other `names` where they are those of a Helm release',
    }),
  }));
}

function exclusiveOf(stack: PlatformStack): Claim[] {
  return stack.exclusiveResources().map(({ key, message, fix }) => ({
    key: compose`${stack.cluster.name} ${stack.identity.product} ${key}`,
    finding: (other) => ({
      id: 'stack/shared-resource',
      level: 'error',
      path: stack.node.path,
      message: `${message}; ${other} uses it already`,
      given: Deferred.isDeferred(key) ? key.source : key,
      fix,
    }),
  }));
}
