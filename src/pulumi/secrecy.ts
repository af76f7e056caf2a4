import type { Finding } from '../core/errors';

/** Parts that are in many texts and tell nothing. */
const COMMON = new Set(['http', 'https']);

/**
 * A finding of a check that saw secret values, without them. Checks repeat what they were given, also in part and in
 * another form (the host of a URL, in lower case), so a text that holds any longer part of a secret is left out as a whole.
 */
export function withoutSecrets({ given, ...finding }: Finding, secrets: readonly string[]): Finding {
  const parts = secrets.flatMap(partsOf);
  const isSafe = (text: string): boolean => !parts.some((part) => text.toLowerCase().includes(part));
  const { allowed, why, ...rest } = finding;
  return {
    ...rest,
    message: isSafe(rest.message) ? rest.message : 'the value does not fit',
    ...(given === undefined ? {} : { given: 'a secret value' }),
    ...(allowed !== undefined && isSafe(allowed) ? { allowed } : {}),
    ...(why !== undefined && isSafe(why) ? { why } : {}),
    fix: isSafe(rest.fix) ? rest.fix : 'correct the secret value; it is not shown here',
  };
}

/** The whole, and every run of three letters or digits and more. */
function partsOf(secret: string): string[] {
  const text = secret.toLowerCase();
  const runs = [...(text.match(/[a-z0-9]{3,}/g) ?? []), ...(text.match(/[\p{L}\p{N}]{3,}/gu) ?? []), text];
  return runs.filter((run) => run !== '' && !COMMON.has(run));
}
