import { isBranded, printInstance } from './brand';
import { isOutput } from './output';
import { isSecretName, withoutCredentialsInValue, withoutLeaves } from './redaction';
import { Deferred } from './value';

/** Longest line that a report suggests; a longer one is told in words. */
const LONGEST = 120;

/** In the place of what a report does not repeat, or cannot print. */
const DOTS = '...';

/**
 * Plain data as a program writes it, `{ min: 2, hosts: ["a"] }`, on one line. Instances print as the call that made
 * them where their class tells, and as dots otherwise; so does whatever may be a secret.
 */
export function code(value: unknown): string {
  return printed(value, new Set());
}

/** The same for a line that a report suggests; undefined where it would be too long to be read. */
export function shortCode(value: unknown): string | undefined {
  const text = code(value);
  return text.length > LONGEST ? undefined : text;
}

/** A property with its value, as a program writes it: `zones: 3`. */
export function assignment(property: string, value: string): string {
  return property === '' ? value : `${keyCode(property)}: ${value}`;
}

function printed(value: unknown, holders: ReadonlySet<unknown>): string {
  if (Deferred.isDeferred(value) || isOutput(value) || holders.has(value)) {
    return DOTS;
  }
  if (typeof value === 'string') {
    return withoutCredentialsInValue(value) === value ? JSON.stringify(value) : `"${DOTS}"`;
  }
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? DOTS : String(value);
  }
  const inside = new Set([...holders, value]);
  if (Array.isArray(value)) {
    return `[${value.map((each) => printed(each, inside)).join(', ')}]`;
  }
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)) {
    return isBranded(value, 'SecretSource') ? DOTS : (printInstance(value) ?? DOTS);
  }
  const entries = Object.entries(value).map(([key, each]) =>
    assignment(key, printed(isSecretName(key) ? withoutLeaves(each) : each, inside)),
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function keyCode(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
