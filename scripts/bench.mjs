// npm run bench: what rendering costs, as ratios taken in one run. Options:
//   --quick               fewer environments and repetitions
//   --helm CHART VALUES   also times `helm template CHART -f VALUES`, where helm is installed
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const quick = process.argv.includes('--quick');
const repetitions = quick ? 3 : 5;

if (!existsSync(path.join(root, 'lib', 'caracal', 'index.js'))) {
  execFileSync('npm', ['run', 'compile'], { cwd: root, stdio: 'inherit' });
}

const runCase = (file, kind, size) =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', path.join(root, 'scripts', file), kind, String(size)], {
      encoding: 'utf8',
    }),
  );
const measure = (kind, environments) => runCase('bench-case.cjs', kind, environments);
const measurePulumi = (kind, stacks) => runCase('bench-pulumi-case.cjs', kind, stacks);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const total = ({ construct, render }) => construct + render;
const round = (value, digits = 1) => value.toFixed(digits);

console.log(
  `machine: ${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${os.platform()}`,
);
console.log(`command: npm run bench${quick ? ' -- --quick' : ''}\n`);

console.log(
  '| environments | objects | construct ms | render ms | ms per environment | of that at 10 | bare cdk8s ms | rendering to bare | all to bare | peak MiB |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
let smallest;
for (const environments of quick ? [1, 10, 100] : [1, 10, 100, 1000]) {
  // Alternating, so that a slow moment of the machine falls on both.
  const pairs = Array.from({ length: environments >= 1000 ? 1 : repetitions }, () => [
    measure('library', environments),
    measure('bare', environments),
  ]);
  const ours = pairs.map(([each]) => each);
  const perEnvironment = median(ours.map(total)) / environments;
  smallest ??= environments >= 10 ? perEnvironment : undefined;
  console.log(
    `| ${[
      environments,
      ours[0].objects * environments,
      round(median(ours.map(({ construct }) => construct))),
      round(median(ours.map(({ render }) => render))),
      round(perEnvironment, 2),
      smallest === undefined ? '-' : round(perEnvironment / smallest, 2),
      round(median(pairs.map(([, bare]) => total(bare)))),
      round(median(pairs.map(([library, bare]) => library.render / bare.render)), 2),
      round(median(pairs.map(([library, bare]) => total(library) / total(bare))), 2),
      round(median(ours.map(({ peakMiB }) => peakMiB)), 0),
    ].join(' | ')} |`,
  );
}

const imports = Array.from({ length: repetitions }, () => measure('import', 1));
console.log(
  `\nimport: cdk8s ${round(median(imports.map(({ cdk8s }) => cdk8s)))} ms, this library on top ${round(median(imports.map(({ library }) => library)))} ms (target: at most 40)`,
);

console.log('\nThe Pulumi engine, registered under mocks:\n');
console.log(
  '| stacks | resources | until registered ms | ms per stack | of that at 10 | bare resources ms | to bare |',
);
console.log('|---|---|---|---|---|---|---|');
const registrations = [1, 10, 50].map((stacks) => {
  const pairs = Array.from({ length: quick ? 1 : 3 }, () => [
    measurePulumi('library', stacks),
    measurePulumi('bare', stacks),
  ]);
  return {
    stacks,
    resources: pairs[0][0].resources * stacks,
    ours: median(pairs.map(([library]) => library.register)),
    bare: median(pairs.map(([, bare]) => bare.register)),
    ratio: median(pairs.map(([library, bare]) => library.register / bare.register)),
  };
});
const atTen = registrations.find(({ stacks }) => stacks === 10);
for (const { stacks, resources, ours, bare, ratio } of registrations) {
  const cells = [stacks, resources, round(ours), round(ours / stacks, 2), round(ours / stacks / (atTen.ours / 10), 2)];
  console.log(`| ${[...cells, round(bare), round(ratio, 2)].join(' | ')} |`);
}

const pulumiImports = Array.from({ length: repetitions }, () => measurePulumi('import', 1));
console.log(
  `\nimport of the Pulumi entry: both SDK packages ${round(median(pulumiImports.map(({ sdk }) => sdk)))} ms, this library on top ${round(median(pulumiImports.map(({ library }) => library)))} ms`,
);

const helmAt = process.argv.indexOf('--helm');
if (helmAt > 0) {
  const [chart, values] = process.argv.slice(helmAt + 1);
  const times = Array.from({ length: repetitions }, () => {
    const start = performance.now();
    const { status, error } = spawnSync('helm', ['template', chart, ...(values ? ['-f', values] : [])], {
      stdio: 'ignore',
    });
    if (error || status !== 0) {
      console.error(`helm template ${chart} failed: ${error?.message ?? `exit ${status}`}`);
      process.exit(1);
    }
    return performance.now() - start;
  });
  console.log(`helm template: ${round(median(times))} ms per environment`);
}
