import * as pulumi from '@pulumi/pulumi';
import { LocalWorkspace } from '@pulumi/pulumi/automation';
import { Peer, Postgres, SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
import { SelfHosted, type SelfHostedOptions } from 'cdk8s-selfhosted/pulumi';

/** What is wrong with the program: nothing, the text of a value, or a transform. */
type Mistake = 'none' | 'value' | 'transform';

const THROWS: SelfHostedOptions['transforms'] = [
  ({ type }) => {
    if (type === 'kubernetes:core/v1:ServiceAccount') {
      throw new Error('this transform is broken');
    }
    return undefined;
  },
];

/** The program, as code that deploys for others has it: no file, no process of its own. */
function platform(mistake: Mistake): () => Promise<void> {
  return async () => {
    const host = pulumi.output(mistake === 'value' ? 'no host' : 'pg.databases.example');
    new SelfHosted(
      'caracal',
      ({ app, value }) =>
        new CaracalStack(app, 'caracal', {
          profile: 'dev',
          namespace: { name: 'inline', create: true },
          secrets: SecretSource.derivedForDev('a passphrase of this test'),
          postgres: Postgres.external({
            host: value(host),
            peer: Peer.cidr('10.20.0.0/24'),
            maxConnections: 300,
            tls: 'disable',
          }),
        }),
      mistake === 'transform' ? { transforms: THROWS } : {},
    );
    // Nothing is returned: a program without outputs is the one of which an engine may believe that it is complete.
  };
}

/** Runs it and tells, in one line of JSON, how it ended. */
async function run(mistake: Mistake, command: 'up' | 'preview'): Promise<void> {
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: 'test', projectName: 'inline', program: platform(mistake) },
    { workDir: __dirname },
  );
  let changes: object = {};
  let error = '';
  try {
    changes =
      command === 'up' ? ((await stack.up()).summary.resourceChanges ?? {}) : (await stack.preview()).changeSummary;
  } catch (failure) {
    error = String(failure);
  }
  console.log(JSON.stringify({ mistake, command, changes, error }));
}

async function main(): Promise<void> {
  const steps = process.argv.slice(2).map((step) => step.split(':') as ['up' | 'preview', Mistake]);
  for (const [command, mistake] of steps) {
    await run(mistake, command);
  }
}

void main();
