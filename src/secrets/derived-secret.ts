import { hkdfSync } from 'node:crypto';
import type { Construct } from 'constructs';
import { ConfigurationError, type Finding } from '../core/errors';
import { OWN_PREFIX } from '../core/identity';
import type { Value } from '../core/value';
import { composedSecret } from './composed-secret';
import { secretValueProblem } from './format';
import { type SecretKey, unknownKey } from './secret-key';
import type { SecretRequest } from './secret-source';

/** Options of secrets derived for dev. */
export interface DerivedSecretOptions {
  /**
   * Values for some keys, in place of derived ones, for instance the keys of an environment that you copied, or what
   * somebody else issues: `{ githubClientId, githubClientSecret }`. They stand in the manifest.
   * @default - every value is derived
   */
  readonly values?: Readonly<Record<string, string>>;
}

/** Emits a Secret whose values are derived from a passphrase, and marks it. Returns the revision of the values. */
export function derivedSecret(
  scope: Construct,
  request: SecretRequest,
  passphrase: string,
  options: DerivedSecretOptions,
): Value<string> {
  const given = { ...options.values };
  const problems = givenProblems('SecretSource.derivedForDev', request.keys, given);
  if (problems.length > 0) {
    throw new ConfigurationError('SecretSource.derivedForDev', problems);
  }
  const stored = new Map<string, string>();
  for (const key of request.keys.filter((each) => each.composed === undefined)) {
    const info = `${request.namespace}/${request.name}/${key.key}`;
    stored.set(
      key.key,
      given[key.key] ?? Buffer.from(hkdfSync('sha256', passphrase, 'cdk8s-selfhosted dev', info, 32)).toString('hex'),
    );
  }
  return composedSecret(scope, request, stored, { [`${OWN_PREFIX}/derived-for-dev`]: 'true' });
}

/** What is wrong with values that the user gives, with paths below `path`. The values are never repeated. */
export function givenProblems(
  path: string,
  keys: readonly SecretKey[],
  given: Readonly<Record<string, string>>,
): Finding[] {
  return Object.entries(given).flatMap(([name, value]): Finding[] => {
    const key = keys.find((each) => each.key === name);
    const where = `${path}.values.${name}`;
    if (key === undefined || key.composed !== undefined) {
      return [
        unknownKey(
          where,
          name,
          keys.filter((each) => each.composed === undefined).map((each) => each.key),
        ),
      ];
    }
    const problem = typeof value === 'string' ? secretValueProblem(key.format, value) : 'it must be a string';
    return problem === undefined
      ? []
      : [
          {
            id: 'secrets/invalid-value',
            level: 'error',
            path: where,
            message: problem,
            fix: 'give a value of that form, or leave it out to derive one',
          },
        ];
  });
}
