/**
 * Runs one suite with jest and keeps its result in `.test-results/<suite>.json`, which `.ci/run` counts.
 *
 * Usage: node scripts/jest.mjs <unit | cluster | external-secrets | packaging | pulumi | scanners> [argument of jest]...
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fail, runTool } from './lib/project.mjs';

const CONFIGS = {
  unit: ['jest.config.json'],
  // These share one control plane, or one installation: their files run one after the other.
  cluster: ['jest.cluster.config.json', '--runInBand', '--verbose'],
  'external-secrets': ['jest.external-secrets.config.json', '--runInBand', '--verbose'],
  packaging: ['jest.packaging.config.json', '--runInBand', '--verbose'],
  pulumi: ['jest.pulumi-engine.config.json', '--runInBand', '--verbose'],
  scanners: ['jest.scanners.config.json', '--runInBand', '--verbose'],
};

const [suite, ...args] = process.argv.slice(2);
const config = CONFIGS[suite];
if (config === undefined) fail(`Unknown suite "${suite}"; there are: ${Object.keys(CONFIGS).join(', ')}`);

const results = join(ROOT, '.test-results');
const outputFile = join(results, `${suite}.json`);
mkdirSync(results, { recursive: true });
// The result of an earlier run must not be counted when this one ends before it writes its own.
rmSync(outputFile, { force: true });

// --ci: a snapshot that does not exist yet is a failure, not a new truth.
runTool('jest', 'jest', ['--ci', '--json', `--outputFile=${outputFile}`, '--config', ...config, ...args]);
