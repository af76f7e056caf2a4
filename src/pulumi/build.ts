import type * as pulumi from '@pulumi/pulumi';
import type { App } from 'cdk8s';
import type { Deferred } from '../core/value';
import type { PlatformStack } from '../stack/platform-stack';

/** What a build function gets. */
export interface BuildContext {
  /** Where the stack is made: `new CaracalStack(app, 'caracal', { ... })`. It belongs to this component alone. */
  readonly app: App;
  /**
   * Makes an Output a value that properties take which may be unknown until the deployment: hosts, origins, settings. A
   * secret Output stays secret. To put an Output into a longer text, compose it first:
   * `` value(pulumi.interpolate`https://${domain}`) ``.
   */
  readonly value: (output: pulumi.Input<string>) => Deferred<string>;
}

/** Builds one stack. It is called once, before anything is registered. */
export type BuildStack<Stack extends PlatformStack> = (context: BuildContext) => Stack;
