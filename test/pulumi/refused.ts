import type { App } from 'cdk8s';
import { ConfigurationError, type Deferred, type Finding } from '../../src';
import { SelfHosted } from '../../src/pulumi';
import { attempt, type RunOptions } from './program';

/** Builds anything, as JavaScript may. */
export type AnyBuild = (app: App, value: (text: string) => Deferred<string>) => unknown;

/** A program with one component, of which the compiler checked nothing. */
export function program(build: AnyBuild): () => SelfHosted {
  return () => new SelfHosted('caracal', ({ app, value }) => build(app, value) as never);
}

/**
 * The findings with which a program is refused before anything is registered: in one error, that the engine prints
 * without a stack trace.
 */
export async function refusedProgram(run: () => unknown, options: RunOptions = {}): Promise<readonly Finding[]> {
  const { errors, registrations } = await attempt(run, options);
  expect(registrations).toEqual([]);
  expect(errors).toHaveLength(1);
  const [error] = errors;
  if (!(error instanceof ConfigurationError)) {
    throw error;
  }
  expect(error).toMatchObject({ __pulumiRunError: true });
  return error.findings;
}
