/**
 * Prints profile and findings of an example as one line of JSON.
 *
 * Usage: tsx describe-example.mjs <main.ts>. The program exports `platform(app)`, which returns its stack.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const file = resolve(process.argv[2]);
// The same copy of cdk8s that the example uses.
const { App } = createRequire(file)('cdk8s');
const program = await import(pathToFileURL(file).href);
// A CommonJS module arrives with its exports under `default` where the loader cannot list their names.
const platform = program.platform ?? program.default?.platform;
if (typeof platform !== 'function') {
  throw new Error('main.ts must export the function platform(app), which returns the stack.');
}

const app = new App();
const stack = platform(app);
const findings = stack
  .findings()
  .map(({ id, level, path, message, acknowledged }) => ({ id, level, path, message, acknowledged }));
process.stdout.write(`\n${JSON.stringify({ profile: stack.profile, findings })}\n`);
