import { FORMAT_DESCRIPTIONS, type SecretFormat } from '../secrets/format';
import type { SecretLocation } from '../secrets/secret-location';
import { SecretRef } from '../secrets/secret-ref';
import type { Component } from '../workload/component';
import type { IssuedKey } from './secrets';

/** One entry of the checklist of secrets. */
export interface SecretChecklistEntry {
  /** Key in the Secret that pods mount. */
  readonly key: string;
  /** Form of the value. */
  readonly format: string;
  /** What it is for; for connections, the exact text with a place for the password. */
  readonly description: string;
  /** Components that mount it. */
  readonly consumers: readonly string[];
  /** Where the value goes: an entry of the store (External Secrets), or a key of a Secret in the stack's namespace. */
  readonly location: SecretLocation;
}

/** Credentials that others issue and that have a Secret of their own. */
export function issuedEntries(issued: readonly IssuedKey[]): SecretChecklistEntry[] {
  return issued.flatMap(({ secret, format, description, consumers }) =>
    secret === undefined ? [] : [entry(secret.name, secret.key, description, consumers, format)],
  );
}

/** Keys of Secrets that variables refer to, those of the user and those of the components, each once. */
export function referenceEntries(components: readonly Component[]): SecretChecklistEntry[] {
  const entries = new Map<string, SecretChecklistEntry>();
  for (const { extraEnv, spec } of components) {
    for (const [name, value] of Object.entries({ ...spec.env, ...extraEnv })) {
      if (SecretRef.isSecretRef(value)) {
        const { secretName, key } = value;
        const readers = [...(entries.get(String(value))?.consumers ?? []), spec.component];
        entries.set(String(value), entry(secretName, key, `value of the variable ${name}`, [...new Set(readers)]));
      }
    }
  }
  return [...entries.values()];
}

function entry(
  secretName: string,
  key: string,
  description: string,
  consumers: readonly string[],
  format: SecretFormat = 'text',
): SecretChecklistEntry {
  return {
    key,
    format: FORMAT_DESCRIPTIONS[format],
    description,
    consumers,
    location: { kind: 'secret', secretName, key },
  };
}
