import type { Finding } from '../core/errors';
import type { Value } from '../core/value';
import type { SecretFormat } from './format';

/** A part of a composed secret: literal text, or another key's value, escaped for its place in a URL. */
export type SecretPart = Value<string> | { readonly secret: string };

/** One key of a product's registry of secrets. */
export interface SecretKey {
  /** Key in the Secret, and the name of the file that it becomes. */
  readonly key: string;
  /** What it is for, one sentence. */
  readonly description: string;
  /** Form of the value. */
  readonly format: SecretFormat;
  /** Who reads it, for the checklist. */
  readonly consumers: readonly string[];
  /**
   * Name in a secret store, in kebab case, behind the prefix.
   * @default - the key in kebab case
   */
  readonly remote?: string;
  /**
   * The value is put together from literals and other keys, so that nobody stores it twice (connection URLs).
   * @default - the value is stored on its own
   */
  readonly composed?: readonly SecretPart[];
  /**
   * The value comes from somebody else (an OAuth application), so that it cannot be derived for dev.
   * @default false
   */
  readonly issuedElsewhere?: boolean;
}

/** `secretStoreKek` as `secret-store-kek`. */
export function remoteName(key: SecretKey): string {
  return key.remote ?? key.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/[._]/g, '-');
}

/** A key that somebody names and the stack does not have. */
export function unknownKey(path: string, key: string, known: readonly string[]): Finding {
  return {
    id: 'secrets/unknown-key',
    level: 'error',
    path,
    message: `"${key}" is not a key that this stack stores`,
    allowed: known.join(', '),
    fix: 'use one of these keys',
  };
}

/** A finding without what was given: who confuses properties where secrets are named may have given a secret. */
export function withoutGiven({ given: _secret, ...finding }: Finding): Finding {
  return finding;
}
