import { ConfigurationError, type Finding, type PlatformStack } from '../../src';

/** The findings with which something is refused; fails where it is not refused, or not by a report. */
export function refusal(action: () => unknown): readonly Finding[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.findings;
    }
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The ids of the findings with which something is refused. */
export function refusedIds(action: () => unknown): string[] {
  return refusal(action).map(({ id }) => id);
}

/** The findings of a stack with an id. */
export function findingsWith(stack: PlatformStack, id: string): Finding[] {
  return stack.findings().filter((finding) => finding.id === id);
}

/** Ids of the errors that keep a stack from being emitted, each once. */
export function openErrorIds(stack: PlatformStack): string[] {
  const open = stack.findings().filter(({ level, acknowledged }) => level === 'error' && acknowledged === undefined);
  return [...new Set(open.map(({ id }) => id))];
}
