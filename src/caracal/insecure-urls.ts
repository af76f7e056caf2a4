import { known, type Value } from '../core/value';

/**
 * Whether the Node services must be told to accept a plain http URL: they refuse it in production, except on loopback
 * (caracal.md 3.3 rule 7, caracal-addendum.md A2, A11).
 */
export function needsInsecureUrls(url: Value<string>): boolean {
  const text = known(url);
  if (text === undefined || !text.startsWith('http://') || !URL.canParse(text)) {
    return false;
  }
  return !['localhost', '127.0.0.1', '[::1]'].includes(new URL(text).hostname);
}
