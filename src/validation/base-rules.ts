import type { Rule } from './rule';
import type * as rules from './rules';

/**
 * The rules that hold for every stack, whatever the product. They are loaded with the first stack that is judged, since
 * each is a file of its own and a program that only imports the library needs none.
 */
export function baseRules(): readonly Rule[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when it is needed, not when the library is
  return Object.values(require('./rules') as typeof rules);
}
