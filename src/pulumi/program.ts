import * as pulumi from '@pulumi/pulumi';
import { Claims } from '../stack/claims';

const CLAIMS = Symbol.for('cdk8s-selfhosted.Claims');

/** Where there is no engine. */
const outside = {};

/**
 * What the stacks of the running program claim. A process may run several programs (inline programs of the Automation
 * API, tests); each has a connection to its engine of its own.
 */
export function claimsOfProgram(): Claims {
  const program: { [CLAIMS]?: Claims } = pulumi.runtime.getMonitor() ?? outside;
  if (program[CLAIMS] === undefined) {
    Object.defineProperty(program, CLAIMS, { value: new Claims() });
  }
  return program[CLAIMS] ?? new Claims();
}
