import { type Finding, show } from '../core/errors';
import type { EnvVar } from '../core/kubernetes';
import { envNameProblem, freeTextProblem } from '../core/text';
import { Deferred, printable, type Value } from '../core/value';

/** Environment variables by name. Secrets do not belong here: they are mounted as files. */
export type Env = Readonly<Record<string, Value<string>>>;

/** What Kubernetes or a process would refuse of these variables. */
export function envProblems(path: string, env: Env): Finding[] {
  return Object.entries(env).flatMap(([name, value]): Finding[] => {
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
            fix: 'use a name of letters, digits and "_" and a printable value',
          },
        ];
  });
}

/** Variables as a container lists them, sorted by name. */
export function renderEnv(env: Env): EnvVar[] {
  return Object.keys(env)
    .sort()
    .map((name) => ({ name, value: escapeReferences(printable(env[name] ?? '')) }));
}

function valueProblem(value: unknown): string | undefined {
  if (Deferred.isDeferred(value)) {
    return undefined; // known at deployment only
  }
  return typeof value === 'string' ? freeTextProblem(value) : 'a variable is a string';
}

// Kubernetes puts another variable in the place of `$(NAME)` and one `$` in the place of `$$`. A value is meant as it
// stands, so each `$` of a value with such a text is doubled.
function escapeReferences(value: string): string {
  return /\$[$(]/.test(value) ? value.replace(/\$/g, '$$$$') : value;
}
