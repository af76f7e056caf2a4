/**
 * Components that a program makes in one turn of the event loop, which is the whole program unless it waits for
 * something: either all of them are registered, or none. Nothing is sent to the engine before the turn has ended, so a
 * component that is refused takes the earlier ones back.
 */
export class Admission {
  /** Settles at the end of the turn; rejects with the first refusal. */
  public readonly granted: Promise<void>;
  private readonly refuseAll: (error: unknown) => void;

  /**
   * @param ended Called when it is decided: what is made later has an admission of its own.
   */
  constructor(private readonly ended: () => void) {
    let refuse: (error: unknown) => void = () => undefined;
    this.granted = new Promise((resolve, reject) => {
      refuse = reject;
      setImmediate(() => {
        ended();
        resolve();
      });
    });
    this.refuseAll = refuse;
    // The error is thrown where it arises; whoever waits for the admission reports it too.
    this.granted.catch(() => undefined);
  }

  /**
   * Runs a step of a component that may throw; an error takes the earlier components of the turn back. A program that
   * catches it may go on: what it makes afterwards is judged by itself.
   */
  public require<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      this.refuseAll(error);
      this.ended();
      throw error;
    }
  }
}
