import type { Rule } from './rule';
import * as rules from './rules';

/** The rules that hold for every stack, whatever the product. */
export const BASE_RULES: readonly Rule[] = Object.values(rules);
