import * as pulumi from '@pulumi/pulumi';
import { endDeployment } from './end-deployment';
import { promised } from './output';

/**
 * What becomes of a resource: settles when the engine knows it, rejects when it never will. The SDK itself leaves the
 * outputs of a resource that is not registered unsettled for ever, so everything that depends on one would wait for ever,
 * and an inline program with it.
 */
export type Fate = Promise<void>;

/**
 * Gives a resource its fate: what comes before it, then its own registration. Its outputs are replaced by some that
 * reject with it.
 */
export function fateOf(resource: pulumi.Resource, before: readonly Promise<unknown>[]): Fate {
  // Read now: the property is about to be replaced.
  const { urn } = resource;
  const possible = Promise.all(before);
  const fate = possible.then(async () => promised(urn)).then(() => undefined);
  const ended = fate.catch(async (error: unknown) => {
    await endDeployment();
    throw error;
  });
  ended.catch(() => undefined); // whoever waits for it reports it
  for (const [name, output] of Object.entries(resource) as [string, unknown][]) {
    if (pulumi.Output.isInstance(output)) {
      Reflect.set(resource, name, pulumi.output(ended.then(() => output)));
    }
  }
  return ended;
}

/** Waits for the parent and the dependencies of a component, with all that the SDK waits for behind them. */
export async function settledDependencies({ parent, dependsOn }: pulumi.ComponentResourceOptions): Promise<void> {
  const seen = new Set<pulumi.Resource>();
  const settle = async (input: unknown): Promise<void> => {
    const value = pulumi.Output.isInstance(input) ? await promised(input) : await input;
    if (Array.isArray(value)) {
      await Promise.all(value.map(settle));
    } else if (pulumi.Resource.isInstance(value) && !seen.has(value)) {
      seen.add(value);
      await promised(value.urn);
      const { __childResources: children = [] } = value as { readonly __childResources?: Iterable<pulumi.Resource> };
      await Promise.all([...children].map(settle));
    }
  };
  await Promise.all([settle(dependsOn), parent === undefined ? undefined : promised(parent.urn)]);
}
