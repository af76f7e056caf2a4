import type { Construct } from 'constructs';
import { whenKnown } from '../core/deferred-checks';
import { ConfigurationError, type Finding } from '../core/errors';
import { Deferred, nameValue, type Value } from '../core/value';
import { composedSecret } from './composed-secret';
import { secretValueProblem } from './format';
import { type SecretKey, unknownKey } from './secret-key';
import type { SecretRequest } from './secret-source';

/** Values by the keys of `stack.secretChecklist()`. */
export type SecretValues = Readonly<Record<string, Deferred<string>>>;

const PATH = 'SecretSource.fromValues';

/** Refuses at once what would put a text into the manifest. */
export function requireDeferred(values: SecretValues): void {
  const entries = Object.entries(values ?? {});
  const findings = entries
    .filter(([, value]) => !Deferred.isDeferred(value))
    .map(([key]): Finding => ({
      id: 'secrets/known-value',
      level: 'error',
      path: `${PATH}.${key}`,
      message: 'this is a text, which would stand in the manifest',
      fix: 'give a value of the Pulumi engine: value(password.result), value(config.requireSecret("..."))',
    }));
  if (findings.length > 0) {
    throw new ConfigurationError(PATH, findings);
  }
  entries.forEach(([key, value]) => nameValue(value, `${PATH}.${key}`));
}

/** Keys that are missing or unknown, and forms that do not fit; forms are checked when the values are known. */
export function valueProblems(path: string, keys: readonly SecretKey[], values: SecretValues): Finding[] {
  const stored = keys.filter(({ composed }) => composed === undefined);
  const names = stored.map(({ key }) => key);
  const finding = (id: string, key: string, message: string, fix: string): Finding => ({
    id,
    level: 'error',
    path: `${path}.${key}`,
    message,
    fix,
  });
  return [
    ...stored
      .filter(({ key }) => !Object.hasOwn(values, key))
      .map(({ key, description }) =>
        finding('secrets/missing-value', key, `a value is missing (${description})`, `give ${key}: value(...)`),
      ),
    ...Object.keys(values)
      .filter((key) => !names.includes(key))
      .map((key) => unknownKey(`${path}.${key}`, key, names)),
    ...stored.flatMap(({ key, format }) =>
      whenKnown(values[key] ?? [], (text) => {
        const problem = text === undefined ? undefined : secretValueProblem(format, text);
        return problem === undefined
          ? []
          : [finding('secrets/invalid-value', key, problem, 'give a value of that form')];
      }),
    ),
  ];
}

/** Emits a Secret of the values. Returns their revision. */
export function valueSecret(scope: Construct, request: SecretRequest, values: SecretValues): Value<string> {
  return composedSecret(scope, request, new Map(Object.entries(values)));
}
