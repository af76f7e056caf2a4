import { freeTextProblem } from '../core/text';

/** The form that a secret's value must have, as the product's services check it at start. */
export type SecretFormat = 'hmac-key' | 'encryption-key' | 'password' | 'token' | 'url' | 'text';

/** Every form in words, for checklists and messages. */
export const FORMAT_DESCRIPTIONS: Readonly<Record<SecretFormat, string>> = {
  'hmac-key': 'hexadecimal, at least 32 bytes (64 digits)',
  'encryption-key': 'hexadecimal, exactly 32 bytes (64 digits), not a repeated, sequential or alternating pattern',
  password: 'letters, digits, "-", "_" and "."; hexadecimal is best (48 digits are what the vendor generates)',
  token: 'at least 32 printable characters without spaces; 64 hexadecimal digits are best',
  url: 'a URL with its scheme; user and password in it are URL-encoded',
  text: 'any text',
};

/** Unicode's own list, as the operator's template engine has it; `trim` of JavaScript knows another one. */
const SPACE_AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** A stored text as the value that programs get: white space around it, such as the newline that shells leave, is no part of it. */
export function secretValue(stored: string): string {
  return stored.replace(SPACE_AROUND, '');
}

/** What is wrong with a secret's value, or undefined. The message never repeats the value. */
export function secretValueProblem(format: SecretFormat, stored: string): string | undefined {
  const value = secretValue(stored);
  switch (format) {
    case 'hmac-key':
      return isHex(value, 32) ? undefined : `it must be ${FORMAT_DESCRIPTIONS[format]}`;
    case 'encryption-key':
      return isHex(value, 32) && value.length === 64 && !isPattern(value)
        ? undefined
        : `it must be ${FORMAT_DESCRIPTIONS[format]}`;
    case 'password':
      // Passwords also stand unquoted in Redis' configuration, in .pgpass and in URLs (caracal-addendum.md B8, caracal W41).
      return /^[A-Za-z0-9._-]{8,}$/.test(value) ? undefined : `it must have at least 8 ${FORMAT_DESCRIPTIONS[format]}`;
    case 'token':
      return /^[\x21-\x7e]{32,}$/.test(value) ? undefined : `it must be ${FORMAT_DESCRIPTIONS[format]}`;
    case 'url':
      return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value)
        ? freeTextProblem(value)
        : `it must be ${FORMAT_DESCRIPTIONS[format]}`;
    case 'text':
      return value === '' ? 'an empty secret file ends the service at start' : freeTextProblem(value);
  }
}

function isHex(value: string, minimumBytes: number): boolean {
  return /^(?:[0-9a-fA-F]{2})+$/.test(value) && value.length >= minimumBytes * 2;
}

// The services refuse keys without entropy: all bytes the same, counting up or down, two bytes in turns.
function isPattern(hex: string): boolean {
  const bytes = [...Buffer.from(hex, 'hex')];
  const step = (distance: number) =>
    bytes.every((byte, i) => i === 0 || byte === ((bytes[i - 1] ?? 0) + distance + 256) % 256);
  const alternating = bytes.every((byte, i) => i < 2 || byte === bytes[i - 2]);
  return alternating || step(0) || step(1) || step(-1);
}
