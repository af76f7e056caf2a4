/** What a user's program looks like. The packaging test compiles it against the installed tarball. */
import { App, type Chart } from 'cdk8s';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
import { ConfigurationError, SecretSource } from 'cdk8s-selfhosted';

const app = new App();
const secrets = SecretSource.derivedForDev('a passphrase that is long enough');

export const caracal: Chart = new CaracalStack(app, 'caracal', { profile: 'dev', namespace: 'caracal', secrets });

// @ts-expect-error -- types must arrive with the package: a namespace is required
export const withoutNamespace = (): Chart => new CaracalStack(app, 'other', { profile: 'dev', secrets });

export function report(error: unknown): readonly string[] {
  return error instanceof ConfigurationError ? error.findings.map(({ id }) => id) : [];
}
