/** What an Output tells beside its public methods; every version of the SDK has these. */
interface Settling {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<unknown>;
  allResources?(): Promise<unknown>;
}

/** What an Output holds, with whether it is known and secret; undefined where it is unknown. */
export interface OutputState {
  readonly isKnown: boolean;
  readonly isSecret: boolean;
  readonly value: unknown;
}

/** What an Output holds, as a promise. */
export async function promised(output: object): Promise<unknown> {
  return (output as Settling).promise();
}

/** Everything about an Output. All at once: each part is rejected on its own, and what nobody waits for is reported again. */
export async function stateOfOutput(output: object): Promise<OutputState> {
  const settling = output as Settling;
  const [isKnown, isSecret, value] = await Promise.all([settling.isKnown, settling.isSecret, settling.promise()]);
  return { isKnown, isSecret, value };
}

/** Waits until an Output has settled, however. */
export async function settledOutput(output: object): Promise<void> {
  const { isKnown, isSecret, allResources } = output as Settling;
  await Promise.allSettled([isKnown, isSecret, promised(output), allResources?.call(output)]);
}
