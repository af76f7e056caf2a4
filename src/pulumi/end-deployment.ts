import * as pulumi from '@pulumi/pulumi';
import { settledOutput } from './output';

/** A function that no provider has; engines print its name, so it says what it is for. */
const STOP = 'pulumi:cdk8s-selfhosted:stop-after-the-error-above';

/** Which programs have been ended, by their connection to the engine. */
const ended = new WeakMap<object, Promise<void>>();

/**
 * Ends the deployment of an inline program (Automation API) that has failed. The SDK would tell the engine that the
 * program is complete, and a complete program that did not register an object is an order to delete it; or it would wait
 * for ever. A call that fails makes the engine stop. Programs of the command line need none: their process ends.
 */
export async function endDeployment(): Promise<void> {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined || !isInline(monitor)) {
    return;
  }
  const stop = ended.get(monitor) ?? stopEngine();
  ended.set(monitor, stop);
  await stop;
}

async function stopEngine(): Promise<void> {
  // The SDK reports the error when this turn has ended; what is logged after it arrives after it.
  await new Promise((resolve) => setImmediate(resolve));
  await pulumi.log.debug('cdk8s-selfhosted stops the deployment');
  await settledOutput(pulumi.runtime.call(STOP, {}));
}

/** The command line tells its programs the address of the engine in a variable; mocks have no connection. */
function isInline(monitor: object): boolean {
  return process.env.PULUMI_NODEJS_MONITOR === undefined && 'getChannel' in monitor;
}
