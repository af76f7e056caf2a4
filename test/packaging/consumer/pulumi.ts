/** What a Pulumi user's program looks like. The packaging test compiles it against the installed tarball. */
import * as pulumi from '@pulumi/pulumi';
import { SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
import { SelfHosted, type ServiceEndpoint } from 'cdk8s-selfhosted/pulumi';

const domain = new pulumi.Config().requireSecret('domain');
const secrets = SecretSource.derivedForDev('a passphrase that is long enough');

const caracal = new SelfHosted('caracal', ({ app, value }) => {
  const origins = {
    console: value(pulumi.interpolate`https://console.${domain}`),
    sts: value(pulumi.interpolate`https://sts.${domain}`),
  };
  // @ts-expect-error -- types must arrive with the package: a namespace is an identity, and no value may stand there
  void (() => new CaracalStack(app, 'other', { profile: 'dev', namespace: value(domain), secrets }));
  return new CaracalStack(app, 'caracal', { profile: 'dev', namespace: 'caracal', secrets, origins });
});

export const gateway: pulumi.Output<ServiceEndpoint> | undefined = caracal.services.gateway;
export const images: readonly string[] = caracal.stack.images();
