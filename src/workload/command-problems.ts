import type { Finding } from '../core/errors';
import { freeTextProblem } from '../core/text';
import { specFinding } from './spec-finding';

/** Words of a command that no manifest can carry. */
export function commandProblems(path: string, words: readonly string[] = []): Finding[] {
  return words.flatMap((word, index) =>
    specFinding({
      id: 'workload/invalid-command',
      path: `${path}[${index}]`,
      message: freeTextProblem(word),
      given: word,
      fix: 'use printable text',
    }),
  );
}
