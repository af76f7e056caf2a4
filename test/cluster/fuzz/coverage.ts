import {
  Cluster,
  Disruption,
  Dns,
  Exposure,
  Mesh,
  Names,
  Peer,
  PodSecurity,
  Port,
  Postgres,
  Redis,
  RegistryMirror,
  Scaling,
  SecretRef,
  SecretSource,
  Tls,
  TrustBundle,
} from '../../../src';
import {
  CaracalRelease,
  DEFAULT_ALERT_THRESHOLDS,
  ReplayPersistence,
  SecretBackend,
  SignIn,
  Telemetry,
} from '../../../src/caracal';
import { CARACAL_CHECKS, GROUP_CHECKS } from '../../../src/caracal/checks';
import { COORDINATOR_LIMITS } from '../../../src/caracal/coordinator';
import { CARACAL_SERVICES } from '../../../src/caracal/mode';
import { ORIGIN_CHECKS } from '../../../src/caracal/origins';
import { CARACAL_OPTION_CHECKS } from '../../../src/caracal/service';
import { JOB_OPTION_CHECKS } from '../../../src/workload/one-shot-job';
import { RESOURCE_CHECKS } from '../../../src/workload/resources';
import { factoryProperties } from './generators';
import { isRecord, print, Recipe } from './recipe';

const FACTORIES = {
  ...{ CaracalRelease, Cluster, Disruption, Exposure, Names, Peer, PodSecurity, Port, Postgres, Redis, RegistryMirror },
  ...{ Dns, Mesh },
  ...{ ReplayPersistence, Scaling, SecretBackend, SecretRef, SecretSource, SignIn, Telemetry, Tls, TrustBundle },
};

/** Static methods that make no value. */
const NOT_FACTORIES = [
  ...['SecretRef.isSecretRef', 'SignIn.oauth', 'CaracalRelease.read'],
  // Takes values of the Pulumi engine alone; without one it refuses everything.
  'SecretSource.fromValues',
];

/** What has one legal value, or takes no arguments that could differ much. */
export const ONE_VALUE: readonly string[] = [
  ...['namespace.create', 'CaracalRelease.newestKnown', 'Exposure.none', 'Names.standard', 'Peer.internet'],
  ...['Peer.ciliumEntity', 'Dns.kubeDns', 'Dns.cloudDns'],
  'SignIn.password',
  ...['PodSecurity.restricted', 'ReplayPersistence.ephemeral', 'Disruption.maxUnavailable', 'Disruption.minAvailable'],
];

/** Everything that a run must vary, read from the checks of the properties and from the classes of the values. */
export function everything(): string[] {
  const below = (path: string, keys: object): string[] => Object.keys(keys).map((key) => `${path}.${key}`);
  return [
    ...Object.keys(CARACAL_CHECKS),
    ...Object.entries(GROUP_CHECKS).flatMap(([group, checks]) => below(group, checks)),
    ...CARACAL_SERVICES.flatMap((service) => below(service, CARACAL_OPTION_CHECKS)),
    ...(['migration', 'authMigration'] as const).flatMap((job) => below(job, JOB_OPTION_CHECKS)),
    ...CARACAL_SERVICES.map((service) => `limits.connectionsPerPod.${service}`),
    ...below('limits.coordinator', COORDINATOR_LIMITS),
    ...below('monitoring.thresholds', DEFAULT_ALERT_THRESHOLDS),
    ...below('origins', ORIGIN_CHECKS),
    ...below('api.resources', RESOURCE_CHECKS),
    ...factories(),
    ...factoryProperties(),
  ];
}

function factories(): string[] {
  return Object.entries(FACTORIES)
    .flatMap(([name, type]) =>
      Object.getOwnPropertyNames(type)
        .filter((key) => typeof (type as unknown as Record<string, unknown>)[key] === 'function')
        .map((key) => `${name}.${key}`),
    )
    .filter((call) => !NOT_FACTORIES.includes(call));
}

/** How often something was given, and which values it had. */
export interface Use {
  readonly times: number;
  readonly values: ReadonlySet<string>;
}

/** Counts what was given in these properties: by path, and by factory. */
export function uses(recipes: readonly unknown[]): ReadonlyMap<string, Use> {
  const counts = new Map<string, { times: number; values: Set<string> }>();
  for (const recipe of recipes) {
    const seen = new Map<string, Set<string>>();
    visit(recipe, '', seen);
    for (const [path, values] of seen) {
      const count = counts.get(path) ?? { times: 0, values: new Set<string>() };
      count.times += 1;
      values.forEach((value) => count.values.add(value));
      counts.set(path, count);
    }
  }
  return counts;
}

function visit(value: unknown, path: string, seen: Map<string, Set<string>>): void {
  if (path !== '') seen.set(path, (seen.get(path) ?? new Set()).add(print(value).slice(0, 2000)));
  if (value instanceof Recipe) {
    const { call, args } = value;
    seen.set(call, (seen.get(call) ?? new Set()).add(print(value).slice(0, 2000)));
    args.forEach((arg) => (isRecord(arg) ? children(arg, call, seen) : visit(arg, `${call}()`, seen)));
  } else if (Array.isArray(value)) {
    value.forEach((each) => visit(each, `${path}[]`, seen));
  } else if (isRecord(value)) {
    children(value, path, seen);
  }
}

function children(record: Record<string, unknown>, path: string, seen: Map<string, Set<string>>): void {
  Object.entries(record).forEach(([key, each]) => visit(each, path === '' ? key : `${path}.${key}`, seen));
}
