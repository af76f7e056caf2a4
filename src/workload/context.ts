import type { Construct, IConstruct } from 'constructs';
import { ConfigurationError, type Finding } from '../core/errors';
import type { Identity, Names } from '../core/identity';
import type { RegistryMirror } from '../images/registry-mirror';
import type { Cluster } from '../platform/cluster';
import type { ProfileName, ProfileSettings } from '../platform/profile';
import type { PodDefaults } from './pod-defaults';

const CONTEXT = Symbol.for('cdk8s-selfhosted.StackContext');

/** What a component reads from the stack that it stands in. */
export interface StackContext {
  /** Product and instance. */
  readonly identity: Identity;
  /** How objects are named. */
  readonly names: Names;
  /** Namespace of every object. */
  readonly namespaceName: string;
  /** The profile. */
  readonly profile: ProfileName;
  /** The settings of the profile. */
  readonly settings: ProfileSettings;
  /** The cluster. */
  readonly cluster: Cluster;
  /** Settings of every pod. */
  readonly pods: PodDefaults;
  /** Where images are pulled from. */
  readonly mirror: RegistryMirror | undefined;
  /** Whether components are to be scraped. */
  readonly monitored: boolean;
  /** Whether they can be: monitors are emitted only where the cluster takes them. */
  readonly emitsMonitors: boolean;
  /** Problems that a construct of the stack found in its own properties; they join the stack's report. */
  report(finding: Finding): void;
}

/** Makes a construct the stack that everything below it stands in. */
export function provideContext(construct: Construct, context: StackContext): void {
  Object.defineProperty(construct, CONTEXT, { value: context });
}

/** Whether a construct is a stack: what stands below it, stands in it. */
export function isStack(construct: IConstruct): boolean {
  return CONTEXT in construct;
}

/**
 * The stack that a construct stands in.
 *
 * @throws ConfigurationError `stack/missing` where there is none.
 */
export function contextOf(construct: IConstruct): StackContext {
  for (let scope: IConstruct | undefined = construct; scope !== undefined; scope = scope.node.scope) {
    const context = (scope as { [CONTEXT]?: StackContext })[CONTEXT];
    if (context !== undefined) {
      return context;
    }
  }
  throw new ConfigurationError(construct.node.path, [
    {
      id: 'stack/missing',
      level: 'error',
      path: construct.node.path,
      message: 'a component stands inside a PlatformStack, which decides its profile, namespace and cluster',
      fix: 'pass a PlatformStack, or a construct inside one, as the scope',
    },
  ]);
}
