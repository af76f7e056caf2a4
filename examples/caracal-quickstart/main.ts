import { App } from 'cdk8s';
import { SecretSource } from 'cdk8s-selfhosted';
import { type CaracalDevProps, CaracalStack, SignIn } from 'cdk8s-selfhosted/caracal';

/** All of Caracal on a laptop cluster: one replica each, Postgres and Redis inside, secrets from a passphrase. */
export function platform(app: App, change: Partial<CaracalDevProps> = {}): CaracalStack {
  return new CaracalStack(app, 'caracal', {
    profile: 'dev',
    namespace: 'caracal-quickstart',
    secrets: SecretSource.derivedForDev('an example passphrase'),
    // Accounts with a password, without a mail server: for dev only.
    signIn: [SignIn.password()],
    operators: ['you@example.com'],
    ...change,
  });
}

// Without `require` this is an ES module, which nobody else imports.
if (typeof require === 'undefined' || require.main === module) {
  const app = new App();
  platform(app);
  app.synth();
}
