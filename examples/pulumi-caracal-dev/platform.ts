import type { App } from 'cdk8s';
import { SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack, SignIn } from 'cdk8s-selfhosted/caracal';

/** All of Caracal on a laptop cluster: one replica each, Postgres and Redis inside, secrets from a passphrase. */
export function platform(app: App, passphrase: string): CaracalStack {
  return new CaracalStack(app, 'caracal', {
    profile: 'dev',
    namespace: { name: 'pulumi-caracal-dev', create: true },
    secrets: SecretSource.derivedForDev(passphrase),
    // Accounts with a password, without a mail server: for dev only.
    signIn: [SignIn.password()],
    operators: ['you@example.com'],
  });
}
