import type { IConstruct } from 'constructs';
import { refuse } from '../core/errors';

const SEALED = Symbol.for('cdk8s-selfhosted.Sealed');

/** Marks a construct, and everything below it, as taken by an engine. */
export function markSealed(construct: IConstruct): void {
  Object.defineProperty(construct, SEALED, { value: true, configurable: true });
}

/**
 * Refuses a change that would reach nobody.
 *
 * @throws ConfigurationError `stack/already-deployed` where an engine has taken the objects of the construct.
 */
export function refuseWhenSealed(construct: IConstruct, path: string, fix: string): void {
  if (construct.node.scopes.some((scope) => SEALED in scope)) {
    refuse(path, [
      {
        id: 'stack/already-deployed',
        level: 'error',
        path,
        message: 'the stack is registered already, and the change would reach no object',
        fix,
      },
    ]);
  }
}
