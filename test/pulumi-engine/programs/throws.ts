import { SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
import { SelfHosted } from 'cdk8s-selfhosted/pulumi';

new SelfHosted(
  'caracal',
  ({ app }) =>
    new CaracalStack(app, 'caracal', {
      profile: 'dev',
      // Two problems: both must be told.
      namespace: 'throws',
      origins: { console: 'no address', sts: 'https://sts.example.com/path' },
      secrets: SecretSource.derivedForDev('a passphrase of this test'),
    }),
);
