import { whenKnown } from '../core/deferred-checks';
import { type Finding, show } from '../core/errors';
import type { EnvVar } from '../core/kubernetes';
import { envNameProblem, freeTextProblem } from '../core/text';
import { Deferred, derive, printable, type Value } from '../core/value';
import { misuseOf } from '../core/value-misuse';
import { check } from '../core/check';
import { assignment } from '../core/code';
import { isSecretName } from '../core/redaction';
import { SecretRef } from '../secrets/secret-ref';

/** Environment variables by name. Secrets do not belong here: they are mounted as files. */
export type Env = Readonly<Record<string, Value<string>>>;

/**
 * Environment variables that a user adds, by name. A secret that a program reads from no file is a `SecretRef`; every
 * other secret is mounted as a file.
 */
export type ExtraEnv = Readonly<Record<string, Value<string> | SecretRef>>;

/** What Kubernetes or a process would refuse of these variables. */
export function envProblems(path: string, env: ExtraEnv): Finding[] {
  return Object.entries(env).flatMap(([name, value]): Finding[] => {
    const misuse = misuseOf(`${path}.${name}`, value);
    if (misuse !== undefined) {
      return [misuse];
    }
    if (Deferred.isDeferred(value)) {
      whenKnown(value as Value<string>, (text) => envProblems(path, { [name]: text }));
    }
    const message = envNameProblem(name) ?? valueProblem(value);
    return message === undefined
      ? []
      : [
          {
            id: 'workload/invalid-env',
            level: 'error',
            path: `${path}.${name}`,
            message,
            given: show(value),
            fix: variableFix(name, value),
          },
        ];
  });
}

function variableFix(name: string, value: unknown): string {
  const line = SECRET_REFERENCE.instead?.(value);
  if (typeof value === 'object' && value !== null && line !== undefined) {
    return `write ${assignment(name, line)}`;
  }
  return envNameProblem(name) === undefined && !isSecretName(name) && ['number', 'boolean'].includes(typeof value)
    ? `write ${assignment(name, JSON.stringify(String(value)))}`
    : 'use a name of letters, digits and "_" and a printable value, or SecretRef.key({ secret, key }) for a secret';
}

const SECRET_REFERENCE = check.instance('SecretRef');

/** Variables as a container lists them, sorted by name. */
export function renderEnv(env: ExtraEnv): EnvVar[] {
  return Object.keys(env)
    .sort()
    .map((name) => renderVariable(name, env[name] ?? ''));
}

/** One variable as a container lists it. */
export function renderVariable(name: string, value: Value<string> | SecretRef): EnvVar {
  return SecretRef.isSecretRef(value)
    ? { name, valueFrom: { secretKeyRef: { name: value.secretName, key: value.key } } }
    : { name, value: escapeReferences(value) };
}

function valueProblem(value: unknown): string | undefined {
  if (Deferred.isDeferred(value)) {
    return undefined; // known at deployment only
  }
  if (SecretRef.isSecretRef(value)) {
    return freeTextProblem(value.key);
  }
  return typeof value === 'string' ? freeTextProblem(value) : 'a variable is a string';
}

// Kubernetes puts another variable in the place of `$(NAME)` and one `$` in the place of `$$`. A value is meant as it
// stands, so each `$` of a value with such a text is doubled.
function escapeReferences(value: Value<string>): string {
  return printable(derive('variable', value, (text) => (/\$[$(]/.test(text) ? text.replace(/\$/g, '$$$$') : text)));
}
