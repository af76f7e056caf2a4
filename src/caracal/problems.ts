import { checkShape } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { whenKnown } from '../core/deferred-checks';
import { placeValues } from '../core/value-misuse';
import { profileSettings } from '../platform/profile';
import { JOB_OPTION_CHECKS } from '../workload/one-shot-job';
import { PLATFORM_STACK_CHECKS } from '../stack/platform-stack';
import { stackProblems } from '../stack/stack-problems';
import { CARACAL_CHECKS, GROUP_CHECKS } from './checks';
import { exposureProblems } from './exposure-problems';
import { CARACAL_SERVICES } from './mode';
import { operatorProblems } from './operators';
import { deferredOriginProblems, originProblems } from './origins';
import { peerProblems } from './peer-problems';
import type { AuditExport } from './audit';
import type { CaracalStackProps } from './props';
import { secretRegistry } from './secrets';
import { limitProblems } from './limit-problems';
import { monitoringProblems } from './monitoring-problems';
import { CARACAL_OPTION_CHECKS } from './service';
import { type CaracalSettings, featuresOf, PRODUCT, withDefaults } from './settings';

const REQUIRED = {
  dev: ['namespace', 'secrets'],
  production: [
    'namespace',
    'cluster',
    'release',
    'origins',
    'signIn',
    'operators',
    'postgres',
    'redis',
    'secrets',
    'exposure',
  ],
} as const;

/** Properties of type `Value`: where a value that is known only at deployment may stand. */
const TAKES_VALUE = new RegExp(
  `^(?:origins\\.\\w+|auditExport\\.(?:bucket|endpoint)|(?:pods|migration|authMigration|${CARACAL_SERVICES.join('|')})\\.env\\..+)$`,
);

/** Every problem of a stack's properties, found in one go. */
export function caracalProblems(path: string, props: CaracalStackProps): Finding[] {
  const misuses = placeValues(path, props, (property) => TAKES_VALUE.test(property));
  const shape = shapeProblems(path, props);
  if (misuses.length > 0) {
    // A misspelt property takes nothing at all: its name is the mistake.
    const unknown = shape.filter(({ id }) => id === 'core/unknown-property');
    const isBelow = (where: string): boolean => unknown.some((each) => `${where}.`.startsWith(`${each.path}.`));
    return [...unknown, ...misuses.filter((each) => each.id !== 'core/value-not-allowed' || !isBelow(each.path))];
  }
  if (shape.length > 0) {
    return shape;
  }
  const settings = withDefaults(props);
  const { cluster, profile } = settings;
  const rules = profileSettings(profile);
  return [
    ...stackProblems(
      path,
      {
        profile,
        cluster,
        product: PRODUCT,
        namespace: settings.namespace,
        ...(settings.instance === undefined ? {} : { instance: settings.instance }),
        ...(settings.pods === undefined ? {} : { pods: settings.pods }),
      },
      PLATFORM_STACK_CHECKS,
    ),
    ...releaseProblems(path, settings),
    ...originProblems(`${path}.origins`, settings.origins, rules.publicTlsRequired),
    ...deferredOriginProblems(`${path}.origins`, settings.origins),
    ...exposureProblems(path, settings, rules),
    ...signInProblems(path, settings),
    ...(settings.operators === undefined ? [] : operatorProblems(`${path}.operators`, settings.operators)),
    ...(rules.databaseTlsRequired ? dataProblems(path, settings) : []),
    ...peerProblems(path, settings),
    ...settings.secrets.problems(
      `${path}.secrets`,
      { keys: secretRegistry(PLACEHOLDER_POSTGRES, PLACEHOLDER_REDIS, featuresOf(settings), settings.signIn) },
      cluster,
      rules.derivedSecretsAllowed,
    ),
    ...settingProblems(path, settings),
    ...(rules.debugLogsAllowed ? [] : debugLogProblems(path, settings)),
    ...limitProblems(`${path}.limits`, settings.limits ?? {}),
    ...monitoringProblems(`${path}.monitoring`, settings.monitoring),
  ];
}

// Which keys there are does not depend on where the servers are.
const PLACEHOLDER_POSTGRES = { host: 'postgres', port: 5432, tls: 'disable' } as const;
const PLACEHOLDER_REDIS = { host: 'redis', port: 6379, tls: false, database: 0 } as const;

function shapeProblems(path: string, props: CaracalStackProps): Finding[] {
  const shape = checkShape(path, props, CARACAL_CHECKS as never);
  if (typeof props !== 'object' || props === null) {
    return shape;
  }
  const required = props.profile === 'dev' ? REQUIRED.dev : REQUIRED.production;
  const missing = ['profile' as const, ...required].filter((key) => props[key] === undefined);
  const groups = Object.entries(GROUP_CHECKS).flatMap(([key, checks]) => {
    const group = props[key as keyof CaracalStackProps];
    return group === undefined ? [] : checkShape(`${path}.${key}`, group as object, checks as never);
  });
  const components = CARACAL_SERVICES.flatMap((key) =>
    props[key] === undefined ? [] : checkShape(`${path}.${key}`, props[key], CARACAL_OPTION_CHECKS),
  );
  const jobs = (['migration', 'authMigration'] as const).flatMap((key) =>
    props[key] === undefined ? [] : checkShape(`${path}.${key}`, props[key], JOB_OPTION_CHECKS),
  );
  return [
    ...shape,
    ...missing.map((key): Finding => ({
      id: 'core/missing-property',
      level: 'error',
      path: `${path}.${key}`,
      message: `"${key}" is required${props.profile === 'dev' ? '' : ` by the ${String(props.profile)} profile`}`,
      fix: `give ${key}`,
    })),
    ...groups,
    ...components,
    ...jobs,
  ];
}

function releaseProblems(path: string, { release, profile }: CaracalSettings): Finding[] {
  const problem = (id: string, message: string, fix: string): Finding => ({
    id,
    level: 'error',
    path: `${path}.release`,
    message,
    given: `${release.mode} ${release.version}`,
    fix,
  });
  return [
    ...(profile === 'dev' || release.isPinned
      ? []
      : [
          problem(
            'caracal/release-not-pinned',
            `the manifest has no imageDigests, and the ${profile} profile runs images by digest: a tag can be moved, a digest names what was tested`,
            'download the finalised manifest.json that is attached to the release; the copy in the repository has no digests',
          ),
        ]),
    ...(profile === 'production' && release.mode === 'rc'
      ? [
          problem(
            'caracal/release-candidate',
            'production runs releases, not candidates',
            'use a release whose mode is "stable", or profile "rc"',
          ),
        ]
      : []),
  ];
}

function signInProblems(path: string, { signIn, profile }: CaracalSettings): Finding[] {
  const methods = signIn.map(({ method }) => method);
  const twice = methods.find((method, index) => methods.indexOf(method) !== index);
  return [
    ...(profile !== 'dev' && signIn.length === 0
      ? [
          {
            id: 'caracal/no-sign-in',
            level: 'error' as const,
            path: `${path}.signIn`,
            message: 'the console does not start without a way to sign in',
            fix: 'give at least one: signIn: [SignIn.github()]',
          },
        ]
      : []),
    ...(twice === undefined
      ? []
      : [
          {
            id: 'caracal/duplicate-sign-in',
            level: 'error' as const,
            path: `${path}.signIn`,
            message: `"${twice}" is given twice; the console knows one of each method`,
            fix: 'give each method once',
          },
        ]),
  ];
}

function dataProblems(path: string, { postgres, redis }: CaracalSettings): Finding[] {
  const problem = (property: string, message: string, fix: string, id = 'caracal/insecure-data'): Finding => ({
    id,
    level: 'error',
    path: `${path}.${property}`,
    message,
    fix,
  });
  return [
    ...(postgres.kind === 'inCluster'
      ? [
          problem(
            'postgres',
            'the in-cluster server has one replica, no backup and no TLS',
            'use Postgres.external({ ... })',
            'caracal/dev-data',
          ),
        ]
      : []),
    ...(postgres.kind === 'external' && postgres.tls !== 'verify-full'
      ? [
          problem(
            'postgres',
            `credentials and evidence would travel to Postgres with tls: "${postgres.tls}"`,
            'use tls: "verify-full", with `trust` for a private authority',
          ),
        ]
      : []),
    ...(redis.kind === 'inCluster'
      ? [
          problem(
            'redis',
            'the in-cluster server has one replica and no TLS',
            'use Redis.external({ ... })',
            'caracal/dev-data',
          ),
        ]
      : []),
    ...(redis.kind === 'external' && !redis.tls
      ? [
          problem(
            'redis',
            'credentials and audit events would travel to Redis in clear text',
            'use tls: true, with `trust` for a private authority',
          ),
        ]
      : []),
  ];
}

function exportProblems(path: string, auditExport: AuditExport | undefined): Finding[] {
  if (auditExport === undefined) {
    return [];
  }
  const { bucket, region, endpoint = 'https://s3.amazonaws.com' } = auditExport;
  // Stores other than AWS name their regions as they like.
  const regions = auditExport.endpoint === undefined ? /^[a-z]{2,4}(?:-[a-z]+)+-\d$/ : /^[a-z0-9][a-z0-9-]*$/;
  const problem = (property: string, message: string, given: unknown, fix: string): Finding => ({
    id: 'caracal/invalid-export',
    level: 'error',
    path: `${path}.auditExport.${property}`,
    message,
    given: show(given),
    fix,
  });
  const bucketProblem = (name: string | undefined): Finding[] =>
    name !== undefined && isBucketName(name)
      ? []
      : [
          problem(
            'bucket',
            'this is not the name of a bucket',
            name,
            'give 3 to 63 lower-case letters, digits, dots and hyphens, without scheme and path',
          ),
        ];
  return [
    ...(bucket === undefined ? bucketProblem(bucket) : whenKnown(bucket, bucketProblem)),
    ...(region === undefined || regions.test(region)
      ? []
      : [problem('region', 'this is not a region', region, 'write it as "eu-central-1"')]),
    ...whenKnown(endpoint, (url) =>
      /^https?:\/\/[^\s/?#@]+\/?$/.test(url) && URL.canParse(url)
        ? []
        : [problem('endpoint', 'this is not the address of a store', url, 'write it as "https://s3.example.com"')],
    ),
  ];
}

/** The naming rules of S3 for buckets. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
}

function settingProblems(path: string, settings: CaracalSettings): Finding[] {
  const { profile, replayPersistence, auditExport } = settings;
  const problem = (id: string, property: string, message: string, given: unknown, fix: string): Finding => ({
    id,
    level: 'error',
    path: `${path}.${property}`,
    message,
    given: show(given),
    fix,
  });
  return [
    ...(profile !== 'dev' && replayPersistence.kind === 'ephemeral'
      ? [
          problem(
            'caracal/ephemeral-replay',
            'replayPersistence',
            'an evicted pod would take audit evidence with it',
            'ReplayPersistence.ephemeral()',
            'use ReplayPersistence.persistent()',
          ),
        ]
      : []),
    ...exportProblems(path, auditExport),
    ...(auditExport !== undefined && !(Array.isArray(auditExport.targets) && auditExport.targets.length > 0)
      ? [
          problem(
            'caracal/no-export-peer',
            'auditExport.targets',
            'no policy would let audit reach the store',
            auditExport.targets,
            'name the store: targets: [{ peer: Peer.cidr("..."), port: Port.tcp(443) }]',
          ),
        ]
      : []),
  ];
}

function debugLogProblems(path: string, settings: CaracalSettings): Finding[] {
  return CARACAL_SERVICES.filter((service) => ['trace', 'debug'].includes(settings[service]?.logLevel ?? 'info')).map(
    (service) => ({
      id: 'caracal/debug-logs',
      level: 'error',
      path: `${path}.${service}.logLevel`,
      message: `debug logs of an authority hold what must not be kept, and the ${settings.profile} profile refuses them`,
      given: show(settings[service]?.logLevel),
      fix: 'use "info", "warn" or "error"',
    }),
  );
}
