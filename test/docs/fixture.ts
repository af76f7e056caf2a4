/**
 * The names that a fence may use without a program above it on its page, when it begins with
 * `// continues the program above`. Nothing runs: the types are what is checked.
 */
import type { App } from 'cdk8s';
import type { CaracalRelease, CaracalStack } from 'cdk8s-selfhosted/caracal';
import type { Cluster } from 'cdk8s-selfhosted';

/** The app of the program. */
export declare const app: App;

/** A Caracal platform, whatever its profile. */
export declare const caracal: CaracalStack;

/** The cluster on which it runs. */
export declare const cluster: Cluster;

/** A release with image digests. */
export declare const release: CaracalRelease;
