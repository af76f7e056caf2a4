import * as pulumi from '@pulumi/pulumi';
import { Claims } from '../stack/claims';
import { Admission } from './admission';

const STATE = Symbol.for('cdk8s-selfhosted.Program');

/** What the components of one program share. */
interface ProgramState {
  readonly claims: Claims;
  admission: Admission | undefined;
}

/** Where there is no engine. */
const outside = {};

/** What the stacks of the running program claim. */
export function claimsOfProgram(): Claims {
  return stateOfProgram().claims;
}

/** The admission of the components that the program makes in this turn of the event loop. */
export function admissionOfProgram(): Admission {
  const state = stateOfProgram();
  const admission =
    state.admission ??
    new Admission(() => {
      // After a refusal another one may have begun.
      state.admission = state.admission === admission ? undefined : state.admission;
    });
  state.admission = admission;
  return admission;
}

/**
 * A process may run several programs (inline programs of the Automation API, tests); each has a connection to its engine
 * of its own.
 */
function stateOfProgram(): ProgramState {
  const program: { [STATE]?: ProgramState } = pulumi.runtime.getMonitor() ?? outside;
  if (program[STATE] === undefined) {
    Object.defineProperty(program, STATE, { value: { claims: new Claims(), admission: undefined } });
  }
  return program[STATE] ?? { claims: new Claims(), admission: undefined };
}
