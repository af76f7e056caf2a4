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
  readonly value: ValueOf;
}

/** Makes an Output a value that properties take; a number where a property takes one, such as the port of a database. */
export interface ValueOf {
  (output: pulumi.Input<string>): Deferred<string>;
  (output: pulumi.Input<number>): Deferred<number>;
}

/** Builds one stack. It is called once, before anything is registered. */
export type BuildStack<Stack extends PlatformStack> = (context: BuildContext) => Stack;
