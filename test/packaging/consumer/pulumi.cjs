// A Pulumi program in JavaScript, under the mocks of the SDK: which types it registers, and where a value arrives.
const pulumi = require('@pulumi/pulumi');
const { SecretSource, Peer } = require('cdk8s-selfhosted');
const { CaracalStack, Telemetry } = require('cdk8s-selfhosted/caracal');
const { SelfHosted } = require('cdk8s-selfhosted/pulumi');

const registered = [];

async function main() {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    call: () => ({}),
  });
  new SelfHosted('caracal', ({ app, value }) => {
    const host = value(pulumi.output('collector.example.internal'));
    return new CaracalStack(app, 'caracal', {
      profile: 'dev',
      namespace: 'caracal',
      secrets: SecretSource.derivedForDev('a passphrase that is long enough'),
      telemetry: Telemetry.otlp({ host, peer: Peer.namespace('observability') }),
    });
  });
  await pulumi.runtime.disconnect();
  const variables = JSON.stringify(registered.filter(({ type }) => type.startsWith('kubernetes:apps/')));
  process.stdout.write(
    JSON.stringify({
      types: [...new Set(registered.map(({ type }) => type))],
      host: /collector[a-z.]+/.exec(variables)?.[0],
    }),
  );
}

void main();
