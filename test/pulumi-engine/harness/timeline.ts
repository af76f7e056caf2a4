/**
 * Runs steps one after the other, beside the timelines of other stacks, and prints how long each took. Tests then ask for
 * the step that they judge: a step that failed fails its own test and those of the steps after it.
 */
export class Timeline {
  private last: Promise<unknown>;

  /**
   * @param name what the steps belong to, for what is printed
   * @param after timelines of which every step so far ends before this one begins, however it ends
   */
  constructor(
    private readonly name: string,
    ...after: readonly Timeline[]
  ) {
    this.last = Promise.all(after.map(async (each) => each.ended()));
  }

  /** Adds a step that begins when every step before it has ended well. */
  public then<T>(title: string, action: () => Promise<T>): Promise<T> {
    const step = this.last.then(
      async () => this.timed(title, action),
      (error: Error) => {
        throw new Error(`${title}: not begun, since an earlier step failed: ${error.message}`);
      },
    );
    // Whoever judges the step sees its failure; until then nobody has to.
    step.catch(() => undefined);
    this.last = step;
    return step;
  }

  /** Waits for the end of all steps, however they ended. */
  public async ended(): Promise<void> {
    await this.last.catch(() => undefined);
  }

  private async timed<T>(title: string, action: () => Promise<T>): Promise<T> {
    const began = Date.now();
    try {
      return await action();
    } finally {
      process.stdout.write(`    ${this.name}, ${title}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
    }
  }
}
