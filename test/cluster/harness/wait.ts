import { setTimeout as sleep } from 'node:timers/promises';

/** How a wait goes on. */
export interface WaitOptions {
  /** How long to try, in seconds. */
  readonly seconds: number;
  /** Pause between two tries, in milliseconds. @default 150 */
  readonly everyMillis?: number;
}

/**
 * Asks until there is nothing left to wait for.
 *
 * @param question returns what is still missing, one text each; none ends the wait
 * @returns what was still missing at the end of the time, so that each caller can say it in its own words
 */
export async function stillMissing(question: () => Promise<string[]>, options: WaitOptions): Promise<string[]> {
  const deadline = Date.now() + options.seconds * 1000;
  for (;;) {
    const missing = await question();
    if (missing.length === 0 || Date.now() > deadline) return missing;
    await sleep(options.everyMillis ?? 150);
  }
}

/**
 * Waits until a condition holds.
 *
 * @throws Error `<what>: not within <n> s` with what is missing
 */
export async function waitFor(what: string, question: () => Promise<string[]>, options: WaitOptions): Promise<void> {
  const missing = await stillMissing(question, options);
  if (missing.length > 0) {
    throw new Error(`${what}: not within ${options.seconds} s\n${missing.join('\n')}`);
  }
}
