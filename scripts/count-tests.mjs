/**
 * The last line of `.ci/run`: `N passed, N failed` over all suites. A step that failed without a failed test (it did
 * not compile, a gate refused) counts as one failure, so that nothing that went wrong looks like success.
 *
 * Usage: node scripts/count-tests.mjs <folder with jest's JSON results> [title of a failed step]...
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const suites = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));

const sum = (count) => suites.reduce((total, suite) => total + count(suite), 0);
const passed = sum((suite) => suite.numPassedTests);
// A test file that could not be run has no tests of its own to fail.
const failedTests = sum((suite) => suite.numFailedTests + (suite.numRuntimeErrorTestSuites ?? 0));
const failed = Math.max(failedTests, failedSteps.length);
const skipped = sum((suite) => suite.numPendingTests + suite.numTodoTests);

if (failedSteps.length > 0) process.stdout.write(`Failed steps: ${failedSteps.join('; ')}\n`);
if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
