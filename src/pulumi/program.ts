import * as pulumi from '@pulumi/pulumi';
import { Claims } from '../stack/claims';

const programs = new WeakMap<object, Claims>();
const outside = new Claims();

/**
 * What the stacks of the running program claim. A process may run several programs (inline programs of the Automation
 * API, tests); each has a connection to its engine of its own.
 */
export function claimsOfProgram(): Claims {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) {
    return outside;
  }
  const claims = programs.get(monitor) ?? new Claims();
  programs.set(monitor, claims);
  return claims;
}
