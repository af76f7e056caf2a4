import * as fc from 'fast-check';
import { RegistryMirror, type Rule, type StackNamespace } from '../../../src';
import {
  type AuditExport,
  type CaracalAdministration,
  type CaracalAlertThresholds,
  type CaracalEgress,
  type CaracalLimits,
  type CaracalMonitoring,
  CaracalRelease,
  type CaracalRotation,
  type CoordinatorLimits,
  DEFAULT_ALERT_THRESHOLDS,
  type OtlpProps,
  type PersistentReplayProps,
  type RedisExporterTarget,
  ReplayPersistence,
  Telemetry,
} from '../../../src/caracal';
import { CARACAL_SERVICES, type CaracalService } from '../../../src/caracal/mode';
import { manifestOf } from '../../caracal/fixture';
import { storage } from './data';
import { among, distinct, either, type Generators, mostly, settings, some, sparse } from './generators';
import { dnsLabel, dnsName, host, hugeNumber } from './names';
import { egressTarget, peer } from './network';
import { calls } from './recipe';

const flag = among(true, false);

/** A positive number of something that a service counts. */
const amount = mostly(among(1, 60, 1000, 1_000_000), either(among(0, -1, 1.5), hugeNumber));

const created: Generators<StackNamespace> = { name: dnsLabel, create: fc.constant(true) };

/** Where the stack runs. */
export const namespace = mostly(
  either(dnsLabel, sparse<StackNamespace>(created, ['name', 'create'])),
  among('default', { name: 'a' }),
);

/** Where images are pulled from. */
export const mirror = calls(
  'RegistryMirror.prefix',
  RegistryMirror.prefix,
  mostly(
    among(
      'registry.example.com',
      'localhost:5000/mirror',
      'Registry.Example.com:443/a/b__c',
      `r.example/${'m'.repeat(180)}`,
    ),
    among('https://registry.example.com', 'registry.example.com/', '', 'a:b', `r.example/${'m'.repeat(260)}`),
    100,
  ),
);

const otlp: Generators<OtlpProps> = { host, port: mostly(among(4318, 80, 65535), among(4317, 0, 65536)), peer };

/** Where traces go. */
export const telemetry = settings<OtlpProps>('Telemetry.otlp', Telemetry.otlp, otlp, ['host', 'peer']);

/** Releases; those without digests are for dev only. */
export function release(dev: boolean): fc.Arbitrary<unknown> {
  const manifest = calls(
    'CaracalRelease.fromManifest',
    CaracalRelease.fromManifest,
    either(among(manifestOf(), manifestOf('1.0.1'), manifestOf('12.345.6789'))),
  );
  const odd = calls(
    'CaracalRelease.fromManifest',
    CaracalRelease.fromManifest,
    mostly(among(manifestOf('2.0.0-rc.1', { mode: 'rc' })), among(manifestOf('1.0', {}), {}), 20),
  );
  const tags = calls('CaracalRelease.newestKnown', CaracalRelease.newestKnown);
  return mostly(manifest, either(odd, tags), dev ? 1 : 30);
}

/** Where audit events are kept while Redis is away. */
export function replayPersistence(dev: boolean): fc.Arbitrary<unknown> {
  const props: Generators<PersistentReplayProps> = { size: storage, storageClass: dnsName };
  return mostly(
    settings<PersistentReplayProps>('ReplayPersistence.persistent', ReplayPersistence.persistent, props, [], 6),
    calls('ReplayPersistence.ephemeral', ReplayPersistence.ephemeral),
    dev ? 2 : 60,
  );
}

const targets = mostly(some(egressTarget, 0, 4), some(egressTarget, 30, 40), 15);

/** Whom components may call. */
export const egress = sparse<CaracalEgress>({
  sts: targets,
  api: targets,
  gateway: targets,
  issuer: egressTarget,
} satisfies Generators<CaracalEgress>);

/** Windows of previous keys. */
export const rotation = sparse<CaracalRotation>({ encryptionKey: flag, idempotencyKey: flag }, [], 7);

/** Administration interfaces. */
export const administration = sparse<CaracalAdministration>({ sts: flag, audit: flag, gatewayReload: flag }, [], 7);

const coordinatorLimits: Generators<CoordinatorLimits> = {
  idempotencyRetentionSeconds: mostly(among(3600, 604_800), either(among(3599), hugeNumber)),
  generatedIdempotencyRetentionSeconds: mostly(among(3600, 86_400), either(among(3599), hugeNumber)),
  maxReceiptsPerScope: mostly(among(100, 10_000), either(among(99), hugeNumber)),
  sessionRetentionDays: mostly(among(1, 90), either(among(0), hugeNumber)),
  bodyLimitBytes: mostly(among(1024, 262_144), either(among(1023), hugeNumber)),
};

const pools = (sizes: readonly number[]): fc.Arbitrary<unknown> => {
  const size = mostly(among(...sizes), among(3, 101, 0));
  const each = Object.fromEntries(CARACAL_SERVICES.map((name) => [name, size]));
  return sparse<Record<CaracalService, number>>(each as Generators<Record<CaracalService, number>>);
};

const hosts = mostly(
  distinct(mostly(among('*.internal.example', 'a.example', 'b.example:8443'), host, 3), 1, 4),
  among([], ['http://a']),
);

/** Limits that services share. */
export function limits(poolSizes: readonly number[]): fc.Arbitrary<unknown> {
  const generators: Generators<CaracalLimits> = {
    mintsPerMinute: amount,
    apiRequestsPerMinute: amount,
    policyPollSeconds: mostly(among(1, 60, 300), among(0, 301)),
    auditRetentionDays: amount,
    privateEgressHosts: hosts,
    gatewayUpstreamHosts: hosts,
    connectionsPerPod: pools(poolSizes),
    coordinator: sparse<CoordinatorLimits>(coordinatorLimits),
  };
  return sparse<CaracalLimits>(generators);
}

const thresholds: Generators<CaracalAlertThresholds> = Object.fromEntries(
  Object.keys(DEFAULT_ALERT_THRESHOLDS).map((name) => [name, mostly(among(0, 0.5, 0.25), among(1, -1, 1e21, 2))]),
) as Generators<CaracalAlertThresholds>;

const exporter: Generators<RedisExporterTarget> = {
  namespace: mostly(among('monitoring', 'redis'), dnsLabel, 5),
  job: mostly(among('redis-exporter', 'a/b', 'Über: @x'), among('', '{job=~".*"}', '"', '0o17')),
};

/** Scraping and alerts. */
export function monitoring(enabled: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const generators: Generators<CaracalMonitoring> = {
    enabled,
    thresholds: sparse<CaracalAlertThresholds>(thresholds, [], 5),
    redisExporter: sparse<RedisExporterTarget>(exporter, ['namespace', 'job']),
  };
  return sparse<CaracalMonitoring>(generators);
}

const audit: Generators<AuditExport> = {
  bucket: mostly(
    among('evidence', 'a.b-c', '123', '1e3', 'null'),
    among('Evidence', 's3://a', 'a..b', 'ab', '0o17'),
    80,
  ),
  region: mostly(among('eu-central-1', 'us-gov-west-1'), among('here', '0o17', '1e3', '')),
  endpoint: mostly(among('https://s3.example.com', 'http://minio:9000/'), among('minio:9000', 'https://a/b')),
  targets: mostly(some(egressTarget, 1, 3), among([])),
};

/** Where evidence is exported to. */
export const auditExport = sparse<AuditExport>(audit, ['bucket', 'targets']);

const ownRule = (level: Rule['level'], violated: boolean): Rule => ({
  id: 'team/rule',
  level,
  acknowledgeable: true,
  why: 'a test',
  fix: 'nothing',
  check: ({ path }) => (violated ? [{ path, message: 'violated' }] : []),
});

/** Rules of the user's own. */
export const rules = mostly(
  some(calls('ownRule', ownRule, among('warning', 'error'), among(false)), 0, 2),
  some(calls('ownRule', ownRule, among('warning', 'error'), among(true)), 1, 2),
  40,
);
