import { ControlPlane } from './control-plane';
import { THREE_NODES } from './layouts';

/**
 * A test run that does nothing but hold a control plane until it is killed; `harness.test.ts` kills it.
 * Its argument is the folder in which the control plane's own folder is made.
 */
void ControlPlane.start({ layout: THREE_NODES, parentFolder: process.argv[2]! }).then(() => {
  process.stdout.write('ready\n');
  setInterval(() => undefined, 1000);
});
