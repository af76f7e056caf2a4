// One measurement of the Pulumi engine under mocks, in a process of its own.
// Usage: node scripts/bench-pulumi-case.cjs <library|bare|import> <stacks>
const { performance } = require('node:perf_hooks');

const [kind, count = '1'] = process.argv.slice(2);

main(Number(count)).then((result) => process.stdout.write(JSON.stringify(result)));

async function main(stacks) {
  const start = performance.now();
  const pulumi = require('@pulumi/pulumi');
  require('@pulumi/kubernetes');
  const sdk = performance.now();
  const { SelfHosted } = require('../lib/pulumi');
  if (kind === 'import') return { sdk: sdk - start, library: performance.now() - sdk };

  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  });
  pulumi.runtime.setAllConfig({ 'kubernetes:enableConfigMapMutable': 'true' });
  const { App } = require('cdk8s');
  const { productionStack } = require('./lib/bench-stack.cjs');
  const { resourceClass } = require('../lib/pulumi/resource-class');

  const library = (index) => {
    const component = new SelfHosted(`caracal-${index}`, ({ app, value }) =>
      productionStack(app, index, (host) => value(pulumi.output(host))),
    );
    return component.stack.stackObjects().map((object) => component.resourceOf(object));
  };
  // The same resources without this library: one component, its objects as literals, no order among them.
  const sample = productionStack(new App(), 0).toJson();
  const bare = (index) => {
    const parent = new pulumi.ComponentResource('bench:index:Bare', `bare-${index}`);
    return sample.map((object) => {
      const metadata = { ...object.metadata, namespace: `bare-${index}` };
      const name = `bare-${index}:${metadata.namespace}/${metadata.name}`;
      return new (resourceClass(object))(name, { ...object, metadata }, { parent });
    });
  };
  const register = kind === 'bare' ? bare : library;
  const run = async (first, n) => {
    const begin = performance.now();
    const resources = Array.from({ length: n }, (_, index) => register(first + index)).flat();
    const planned = performance.now();
    await new Promise((resolve) => pulumi.all(resources.map(({ urn }) => urn)).apply(resolve));
    return { plan: planned - begin, register: performance.now() - begin, resources: resources.length / n };
  };
  await run(1000, 1); // warms up
  return run(0, stacks);
}
