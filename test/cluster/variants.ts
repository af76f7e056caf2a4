import { Scaling } from 'cdk8s-selfhosted';
import { CaracalRelease, ReplayPersistence } from 'cdk8s-selfhosted/caracal';
import type { ExampleStack } from './harness/examples';
import { FAILING_POD } from './harness/kubelet';

/** A change that a platform team makes to a running platform. */
export interface Variant {
  readonly name: string;
  /** Properties that replace those of the example. */
  readonly overrides: object;
}

/** What is known of one family of examples. */
interface Family {
  /** Changes that are applied over the running example, one after the other. */
  readonly changes: (profile: ExampleStack['profile']) => Variant[];
  /** A release step that fails, and the same platform with the step repeated. */
  readonly failure: { readonly failing: Variant; readonly repeated: Variant };
}

/** Families by the prefix of their examples' names. */
const FAMILIES: Readonly<Record<string, Family>> = {
  'caracal-': { changes: caracalChanges, failure: caracalFailure() },
};

/**
 * What the examples of a family must take without a forbidden change.
 *
 * @throws Error for an example of which no change is known: an upgrade that nobody tries is not proved
 */
export function familyOf(example: string): Family {
  const prefix = Object.keys(FAMILIES).find((one) => example.startsWith(one));
  if (prefix === undefined) {
    throw new Error(`no upgrade is known for the example ${example}: add its family to test/cluster/variants.ts`);
  }
  return FAMILIES[prefix]!;
}

const CARACAL_COMPONENTS = ['api', 'sts', 'gateway', 'audit', 'coordinator', 'web'];

function caracalChanges(profile: ExampleStack['profile']): Variant[] {
  const release = CaracalRelease.fromManifest(caracalManifest('1.0.1'));
  return [
    { name: 'the next release, 1.0.1', overrides: { release } },
    { name: 'another log level in every component', overrides: { release, ...forEachComponent({ logLevel: 'warn' }) } },
    ...(profile === 'dev'
      ? [
          // Only dev may lose evidence; the StatefulSets become Deployments.
          {
            name: 'replay files that end with their pod',
            overrides: { replayPersistence: ReplayPersistence.ephemeral() },
          },
        ]
      : [
          { name: 'fixed replicas', overrides: forEachComponent({ scaling: Scaling.fixed(3) }) },
          {
            name: 'an autoscaler with another floor',
            overrides: forEachComponent({ scaling: Scaling.auto({ min: 2, max: 3, cpuPercent: 60 }) }),
          },
        ]),
  ];
}

function caracalFailure(): Family['failure'] {
  return {
    failing: { name: 'a migration that fails', overrides: { migration: { podAnnotations: FAILING_POD } } },
    repeated: { name: 'the migration again', overrides: { migration: { rerun: 'second try' } } },
  };
}

function forEachComponent(options: object): object {
  return Object.fromEntries(CARACAL_COMPONENTS.map((component) => [component, options]));
}

/** A release that does not exist, with digests made up for this test. */
function caracalManifest(version: string): object {
  const keys = ['go', 'node', 'web', 'postgres', 'redis', 'runtime'];
  const image = (key: string): string => `ghcr.io/garudex-labs/caracal-${key}:v${version}`;
  return {
    release: `v${version}`,
    mode: 'stable',
    version,
    registries: { oci: 'ghcr.io/garudex-labs' },
    containers: Object.fromEntries(keys.map((key) => [key, version])),
    images: Object.fromEntries(keys.map((key) => [key, image(key)])),
    imageDigests: Object.fromEntries(keys.map((key, index) => [key, `sha256:${String(index + 1).repeat(64)}`])),
  };
}
