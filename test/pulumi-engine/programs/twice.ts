import { SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
import { SelfHosted } from 'cdk8s-selfhosted/pulumi';

for (const name of ['one', 'other']) {
  new SelfHosted(
    name,
    ({ app }) =>
      new CaracalStack(app, name, {
        profile: 'dev',
        namespace: { name: 'twice', create: true },
        secrets: SecretSource.derivedForDev('a passphrase of this test'),
      }),
  );
}
