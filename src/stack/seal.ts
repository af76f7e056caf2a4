import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { isBranded } from '../core/brand';
import type { Connections } from '../network/connections';
import { markSealed, refuseWhenSealed } from '../workload/sealed';

/**
 * Closes a stack of which an engine has taken the objects: flows, variables, patches and new objects would stand in the
 * program and in no cluster.
 */
export function sealStack(stack: Construct, objects: readonly ApiObject[]): void {
  markSealed(stack);
  for (const construct of stack.node.findAll()) {
    if ('connections' in construct && isBranded<Connections>(construct.connections, 'Connections')) {
      construct.connections.seal();
    }
  }
  for (const object of objects) {
    // cdk8s applies patches when it renders, and it has rendered.
    Object.defineProperty(object, 'addJsonPatch', {
      value: () => refuseWhenSealed(object, `${object.node.path}.addJsonPatch`, 'patch it in the build function'),
    });
  }
  stack.node.lock();
}
