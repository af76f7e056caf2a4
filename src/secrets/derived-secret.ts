import { createHash, hkdfSync } from 'node:crypto';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConfigurationError, type Finding } from '../core/errors';
import { OWN_PREFIX } from '../core/identity';
import { printable } from '../core/value';
import { secretValueProblem } from './format';
import type { SecretKey } from './secret-key';
import type { SecretRequest } from './secret-source';

/** Options of secrets derived for dev. */
export interface DerivedSecretOptions {
  /**
   * Values for some keys, in place of derived ones, for instance the keys of an environment that you copied.
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
): string {
  const given = { ...options.values };
  const problems = givenProblems(request, given);
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
  const data = Object.fromEntries(
    request.keys.map((key) => [key.key, Buffer.from(valueOf(key, stored), 'utf8').toString('base64')]),
  );
  new ApiObject(scope, 'Secret', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: request.name,
      labels: { ...request.labels },
      annotations: { [`${OWN_PREFIX}/derived-for-dev`]: 'true' },
    },
    type: 'Opaque',
    data,
  });
  // The revision follows the values, so a new passphrase replaces the pods and runs the migration again.
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 12);
}

function valueOf(key: SecretKey, stored: ReadonlyMap<string, string>): string {
  if (key.composed === undefined) {
    return stored.get(key.key) ?? '';
  }
  return key.composed
    .map((part) =>
      typeof part === 'object' && 'secret' in part
        ? encodeURIComponent(stored.get(part.secret) ?? '')
        : printable(part),
    )
    .join('');
}

function givenProblems(request: SecretRequest, given: Readonly<Record<string, string>>): Finding[] {
  return Object.entries(given).flatMap(([name, value]): Finding[] => {
    const key = request.keys.find((each) => each.key === name);
    const path = `SecretSource.derivedForDev.values.${name}`;
    if (key === undefined || key.composed !== undefined) {
      return [
        {
          id: 'secrets/unknown-key',
          level: 'error',
          path,
          message: `"${name}" is not a key that this stack stores`,
          allowed: request.keys
            .filter((each) => each.composed === undefined)
            .map((each) => each.key)
            .join(', '),
          fix: 'use one of these keys',
        },
      ];
    }
    const problem = typeof value === 'string' ? secretValueProblem(key.format, value) : 'it must be a string';
    return problem === undefined
      ? []
      : [
          {
            id: 'secrets/invalid-value',
            level: 'error',
            path,
            message: problem,
            fix: 'give a value of that form, or leave it out to derive one',
          },
        ];
  });
}
