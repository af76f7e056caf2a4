import { ofType } from '../core/check';
import { check, checkShape, type Checks } from '../core/checks';
import type { Finding } from '../core/errors';
import type { Rule } from '../validation/rule';

const CHECKS: Checks<Rule> = {
  id: ofType('a text, such as "acme/cost-centre"', isSentence),
  level: check.oneOf('error', 'warning'),
  acknowledgeable: check.flag,
  why: ofType('a sentence', isSentence),
  fix: ofType('a sentence', isSentence),
  judged: check.oneOf('construction', 'synthesis'),
  check: ofType('a function from the model of the stack to violations', (value) => typeof value === 'function'),
};

/** What each part of a rule of the user's own says in a report, where it is missing. */
const MISSING: Readonly<Record<Exclude<keyof Rule, 'judged'>, string>> = {
  id: 'give an id that reports and acknowledge() name: id: "acme/cost-centre"',
  level: 'write level: "error" to fail synthesis, or level: "warning"',
  acknowledgeable: 'write acknowledgeable: true where somebody may accept a violation, or acknowledgeable: false',
  why: 'say in one sentence why it matters: why: "..."',
  fix: 'say in one sentence what to do: fix: "..."',
  check: 'write check: (model) => []',
};

/** What is wrong with a rule of the user's own: found here, a report of it never lacks a reason or a fix. */
export function ruleProblems(path: string, rule: Rule): Finding[] {
  const shape = checkShape(path, rule, CHECKS);
  if (shape.some((finding) => finding.path === path)) {
    return shape;
  }
  const missing = (Object.keys(MISSING) as (keyof typeof MISSING)[]).filter((key) => rule[key] === undefined);
  return [
    // A rule may be an object of a class, with more than a rule has.
    ...shape.filter(({ id }) => id !== 'core/unknown-property'),
    ...missing.map((key): Finding => ({
      id: 'core/missing-property',
      level: 'error',
      path: `${path}.${key}`,
      message: `a rule needs "${key}"`,
      fix: MISSING[key],
    })),
  ];
}

function isSentence(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
