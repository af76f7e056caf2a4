import { Postgres, Redis, Scaling } from 'cdk8s-selfhosted';
import { CaracalRelease, ReplayPersistence } from 'cdk8s-selfhosted/caracal';
import type { DeclaredPermissions } from './harness/accounts';
import type { ExampleStack } from './harness/examples';
import { FAILING_POD } from './harness/kubelet';

/** A change that a platform team makes to a running platform. */
export interface Variant {
  readonly name: string;
  /** Properties that replace those of the example. */
  readonly overrides: object;
}

/** A change that follows the one before it; the platform keeps what earlier steps changed. */
export interface Step extends Variant {
  /**
   * The one profile that allows it, and the code by which any other refuses the program.
   * @default every profile allows it
   */
  readonly only?: { readonly profile: ExampleStack['profile']; readonly refusal: string };
  /** The components of which pods are replaced: these and no others. @default any */
  readonly replaces?: readonly string[];
}

/** What is known of one family of examples. */
interface Family {
  /** Changes that are applied over the running example, one after the other; the last one leads back to the example. */
  readonly steps: readonly Step[];
  /** A release step that fails, and the same platform with the step repeated. */
  readonly failure: { readonly failing: Variant; readonly repeated: Variant };
  /** What each component's account may do. */
  readonly accounts: (profile: ExampleStack['profile']) => DeclaredPermissions;
  /** The example in a namespace that it creates itself. */
  readonly inCreatedNamespace: (name: string) => object;
}

const CARACAL_COMPONENTS = ['api', 'sts', 'gateway', 'audit', 'coordinator', 'web'] as const;

/** Families by the prefix of their examples' names. */
const FAMILIES: Readonly<Record<string, Family>> = {
  'caracal-': {
    steps: caracalSteps(),
    failure: caracalFailure(),
    accounts: caracalAccounts,
    inCreatedNamespace: (name) => ({ namespace: { name, create: true } }),
  },
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

function caracalSteps(): Step[] {
  const release = { release: CaracalRelease.fromManifest(caracalManifest('1.0.1')) };
  const settings = CARACAL_COMPONENTS.map((component, index) => ({
    name: `another log level of ${component}`,
    overrides: { ...release, ...forEachOf(CARACAL_COMPONENTS.slice(0, index + 1), { logLevel: 'warn' }) },
    replaces: [component],
  }));
  const scaled = (scaling: Scaling): object => ({
    ...release,
    // Otherwise three pods of everything would open more connections than the database of dev allows.
    limits: { connectionsPerPod: Object.fromEntries(CARACAL_COMPONENTS.map((component) => [component, 8])) },
    ...forEachOf(CARACAL_COMPONENTS, { scaling }),
  });
  const fixed = scaled(Scaling.fixed(3));
  const autoscaled = scaled(Scaling.auto({ min: 3, max: 4, cpuPercent: 60 }));
  const databases = {
    postgres: Postgres.inCluster({ maxConnections: 320 }),
    redis: Redis.inCluster({ maxMemoryMiB: 320 }),
  };
  const ephemeral = { replayPersistence: ReplayPersistence.ephemeral() };
  return [
    { name: 'the next release, 1.0.1', overrides: release },
    ...settings,
    { name: 'fixed replicas', overrides: fixed },
    { name: 'autoscaled after fixed replicas', overrides: autoscaled, replaces: [] },
    { name: 'fixed replicas after autoscaled', overrides: fixed, replaces: [] },
    {
      name: 'other settings of databases inside',
      overrides: { ...fixed, ...databases },
      only: { profile: 'dev', refusal: 'caracal/dev-data' },
      replaces: ['postgres', 'redis'],
    },
    {
      // The StatefulSets become Deployments.
      name: 'replay files that end with their pod',
      overrides: { ...fixed, ...ephemeral },
      only: { profile: 'dev', refusal: 'caracal/ephemeral-replay' },
    },
    { name: 'back to the example as it stands, replay files on volumes', overrides: {} },
  ];
}

function caracalFailure(): Family['failure'] {
  return {
    failing: { name: 'a migration that fails', overrides: { migration: { podAnnotations: FAILING_POD } } },
    repeated: { name: 'the migration again', overrides: { migration: { rerun: 'second try' } } },
  };
}

/** No part of Caracal talks to the Kubernetes API: its accounts may do nothing. */
function caracalAccounts(profile: ExampleStack['profile']): DeclaredPermissions {
  const jobs = ['migrate', 'auth-migrate'];
  const databases = profile === 'dev' ? ['postgres', 'redis'] : [];
  return Object.fromEntries([...CARACAL_COMPONENTS, ...jobs, ...databases].map((component) => [component, []]));
}

function forEachOf(components: readonly string[], options: object): object {
  return Object.fromEntries(components.map((component) => [component, options]));
}

/** A release that does not exist, with digests made up for this test. */
export function caracalManifest(version: string): object {
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
