// One measurement in a process of its own, so that memory and just-in-time compilation of one case do not touch another.
// Usage: node scripts/bench-case.cjs <library|bare|import|import-cdk8s> <environments>
const { performance } = require('node:perf_hooks');

const [kind, count = '1'] = process.argv.slice(2);
const environments = Number(count);

function print(result) {
  process.stdout.write(JSON.stringify({ ...result, peakMiB: process.resourceUsage().maxRSS / 1024 }));
}

if (kind === 'import' || kind === 'import-cdk8s') {
  const start = performance.now();
  require('cdk8s');
  const cdk8s = performance.now();
  if (kind === 'import') {
    require('../lib');
  }
  print({ cdk8s: cdk8s - start, library: performance.now() - cdk8s });
} else {
  const { ApiObject, App, Chart, Yaml } = require('cdk8s');
  const { productionStack } = require('./lib/bench-stack.cjs');
  const library = (n) => {
    const start = performance.now();
    const app = new App();
    for (let index = 0; index < n; index++) {
      productionStack(app, index);
    }
    const constructed = performance.now();
    const yaml = app.synthYaml();
    return { construct: constructed - start, render: performance.now() - constructed, bytes: yaml.length };
  };
  // The same objects without this library: one chart per environment, one ApiObject per object, printed at once.
  // Chart.toJson() is left out, because cdk8s validates the whole app in each call, which grows with its square.
  const sample = productionStack(new App(), 0).toJson();
  const bare = (n) => {
    const start = performance.now();
    const app = new App();
    const charts = Array.from({ length: n }, (_, index) => {
      const chart = new Chart(app, `caracal-${index}`, { namespace: `caracal-${index}` });
      sample.forEach(
        (object, id) =>
          new ApiObject(chart, `object-${id}`, {
            ...object,
            metadata: { ...object.metadata, namespace: chart.namespace },
          }),
      );
      return chart;
    });
    const constructed = performance.now();
    const yaml = Yaml.stringify(...charts.flatMap((chart) => chart.apiObjects.map((object) => object.toJson())));
    return { construct: constructed - start, render: performance.now() - constructed, bytes: yaml.length };
  };
  const run = kind === 'bare' ? bare : library;
  run(3); // warms up
  global.gc?.();
  print({ ...run(environments), objects: sample.length });
}
