import { check, checkShape, type Checks } from '../core/checks';
import { assignment } from '../core/code';
import { ConfigurationError, type Finding, show } from '../core/errors';
import { dnsNameProblem, freeTextProblem } from '../core/text';
import { SECRET_REF_MAKING } from './makings';
import { type SecretKey, unknownKey, withoutGiven } from './secret-key';
import type { SecretEntry } from './secret-location';
import { secretEntryOf, SecretRef, type SecretRefProps, secretRefProblems } from './secret-ref';

/** A Secret that exists in the namespace already; an `ISecret` of cdk8s-plus fits. */
export interface ExistingSecret {
  /** Name of the Secret, in the namespace of the stack. */
  readonly name: string;
  /**
   * Keys of the list that stand in other Secrets, or under other names: what an operator makes has names of its own. By
   * the keys of `stack.secretChecklist()`: `{ postgresPassword: { secret: 'pg-superuser', key: 'password' } }`.
   * @default - every key stands in the Secret, under its own name
   */
  readonly keys?: Readonly<Record<string, SecretRefProps | SecretRef>>;
  /**
   * Any text that you change whenever you change the values: it replaces the pods and runs the migration again, which
   * is the only time that database roles get their new passwords (caracal W39). Never use a text again, also not when
   * you go back to earlier values: the migration of the first time has finished, so it would not run, and the roles
   * would keep the passwords of the time between.
   * @default - pods keep running with the values that they started with
   */
  readonly revision?: string;
}

const CHECKS: Checks<ExistingSecret> = { name: check.text, keys: check.record, revision: check.text };

const PATH = 'SecretSource.existing';

/** A checked source: the name, the revision, and where the keys stand that are not in it under their own names. */
export interface CheckedExistingSecret {
  /** Name of the Secret. */
  readonly name: string;
  /** Revision, where one is given. */
  readonly revision: string | undefined;
  /** Keys that stand elsewhere. */
  readonly elsewhere: Readonly<Record<string, SecretEntry>>;
}

/**
 * Checks the description of a Secret that exists.
 *
 * @throws ConfigurationError with every problem; without what was given where that may be a secret itself.
 */
export function existingSecret(secret: ExistingSecret): CheckedExistingSecret {
  // An `ISecret` of cdk8s-plus has properties of its own; in a plain object an unknown one is a mistake.
  const isPlain = typeof secret !== 'object' || secret === null || Object.getPrototypeOf(secret) === Object.prototype;
  const shape = isPlain ? checkShape(PATH, secret, CHECKS).map(withoutGiven) : [];
  const problems = shape.length > 0 ? shape : contentProblems(secret);
  if (problems.length > 0) {
    throw new ConfigurationError(PATH, problems);
  }
  const keys = isPlain ? (secret.keys ?? {}) : {};
  return {
    name: secret.name,
    revision: typeof secret.revision === 'string' ? secret.revision : undefined,
    elsewhere: Object.fromEntries(Object.entries(keys).map(([key, place]) => [key, secretEntryOf(place)])),
  };
}

/** Keys that are placed elsewhere and that the stack does not know; `path` is where the source was given. */
export function placedKeyProblems(
  path: string,
  keys: readonly SecretKey[],
  elsewhere: Readonly<Record<string, unknown>>,
): Finding[] {
  const names = keys.map(({ key }) => key);
  return Object.keys(elsewhere)
    .filter((key) => !names.includes(key))
    .map((key) => unknownKey(`${path}.keys.${key}`, key, names));
}

function contentProblems({ name, keys, revision }: ExistingSecret): Finding[] {
  const problem = (path: string, message: string, given: unknown, allowed: string, fix: string): Finding => ({
    id: 'secrets/invalid-source',
    level: 'error',
    path,
    message,
    given: show(given),
    allowed,
    fix,
  });
  return [
    ...(typeof name !== 'string' || dnsNameProblem(name) !== undefined
      ? [
          problem(
            PATH,
            'this is not the name of a Secret',
            name,
            '{ name: "a-dns-name" }',
            'name the Secret in the namespace of the stack',
          ),
        ]
      : []),
    ...(typeof revision === 'string' && freeTextProblem(revision) !== undefined
      ? [
          problem(
            `${PATH}.revision`,
            'an annotation cannot carry this text',
            revision,
            'printable text',
            'use a number that you count up, or a date',
          ),
        ]
      : []),
    ...Object.entries(keys ?? {}).flatMap(([key, place]) =>
      SecretRef.isSecretRef(place)
        ? []
        : secretRefProblems(`${PATH}.keys.${key}`, place).map((each) => ({
            ...each,
            fix: `write ${assignment(key, SECRET_REF_MAKING.from?.(place) ?? '{ secret: "...", key: "..." }')}`,
          })),
    ),
  ];
}
