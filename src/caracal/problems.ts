import { checkShape } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { isOutput } from '../core/output';
import { distinct, isInside, together, usable } from '../core/usable';
import { Deferred } from '../core/value';
import { placeValues } from '../core/value-misuse';
import { PROFILE_NAMES, type ProfileName, profileSettings } from '../platform/profile';
import { groupShapeProblems, stackContentProblems } from '../stack/stack-problems';
import { CARACAL_ADVICE } from './advice';
import { CARACAL_CHECKS } from './checks';
import { exportProblems } from './export-problems';
import { exposureProblems } from './exposure-problems';
import { gatewayPathProblems } from './gateway-path-problems';
import { MISSING_FIX } from './missing';
import { CARACAL_SERVICES } from './mode';
import { operatorProblems } from './operators';
import { deferredOriginProblems, originProblems } from './origins';
import { peerProblems } from './peer-problems';
import type { CaracalStackProps } from './props';
import { signInProblems } from './sign-in-problems';
import { issuedKeys, secretRegistry } from './secrets';
import { limitProblems } from './limit-problems';
import { monitoringProblems } from './monitoring-problems';
import { type CaracalSettings, featuresOf, withDefaults } from './settings';

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

/** Every problem of a stack's properties: whatever can be judged is judged in the same report. */
export function caracalProblems(path: string, props: CaracalStackProps): Finding[] {
  const shape = distinct(shapeProblems(path, props));
  const judged = usable(path, props, shape);
  const waiting = new Set(missingOf(props));
  const has = (...keys: readonly Property[]): boolean => keys.every((key) => judged.isThere(key) && !waiting.has(key));
  const isWhole = (...keys: readonly Property[]): boolean => has(...keys) && keys.every((key) => judged.isWhole(key));
  // Without a profile, the rules of dev: what dev refuses is refused everywhere.
  const profile = profileOf(judged.parts) ?? 'dev';
  const rules = profileSettings(profile);
  const settings = withDefaults({ ...judged.parts, profile } as CaracalStackProps);
  const when = (is: boolean, problems: () => Finding[]): Finding[] => (is ? problems() : []);
  const content = [
    ...stackContentProblems(path, pickedFrom(settings, ['instance', 'labels', 'annotations', 'pods'])),
    ...when(isWhole('namespace'), () => stackContentProblems(path, { namespace: settings.namespace })),
    ...when(has('release'), () => releaseProblems(path, settings)),
    ...when(has('origins'), () => [
      ...originProblems(`${path}.origins`, settings.origins, rules.publicTlsRequired),
      ...deferredOriginProblems(`${path}.origins`, settings.origins),
    ]),
    ...when(has('gatewayPaths'), () => gatewayPathProblems(`${path}.gatewayPaths`, settings.gatewayPaths)),
    ...when(has('exposure'), () =>
      exposureProblems(
        path,
        {
          exposure: settings.exposure,
          cluster: has('cluster') ? settings.cluster : undefined,
          origins: has('origins') ? settings.origins : {},
        },
        rules,
      ),
    ),
    ...when(has('signIn'), () => signInProblems(path, settings)),
    ...when(isWhole('operators') && settings.operators !== undefined, () =>
      operatorProblems(`${path}.operators`, settings.operators ?? []),
    ),
    ...(rules.databaseTlsRequired
      ? [
          ...when(has('postgres'), () => postgresProblems(path, settings)),
          ...when(has('redis'), () => redisProblems(path, settings)),
        ]
      : []),
    ...peerProblems(path, settings),
    // Which keys there are depends on all of these.
    ...when(isWhole('secrets', 'signIn', 'secretBackend', 'rotation', 'administration'), () =>
      settings.secrets.problems(
        `${path}.secrets`,
        {
          keys: secretRegistry(PLACEHOLDER_POSTGRES, PLACEHOLDER_REDIS, featuresOf(settings), issuedKeys(settings)),
        },
        has('cluster') ? settings.cluster : undefined,
        rules.derivedSecretsAllowed,
      ),
    ),
    ...when(has('replayPersistence'), () => replayProblems(path, settings)),
    ...when(has('auditExport'), () =>
      exportProblems(`${path}.auditExport`, settings.auditExport, judged.isWhole('auditExport')),
    ),
    ...(rules.debugLogsAllowed ? [] : debugLogProblems(path, settings)),
    ...limitProblems(`${path}.limits`, settings.limits ?? {}),
    ...monitoringProblems(`${path}.monitoring`, settings.monitoring),
  ];
  return together(shape, content);
}

type Property = keyof typeof CARACAL_CHECKS;

// Which keys there are does not depend on where the servers are.
const PLACEHOLDER_POSTGRES = { host: 'postgres', port: 5432, tls: 'disable' } as const;
const PLACEHOLDER_REDIS = { host: 'redis', port: 6379, tls: false, database: 0 } as const;

/** The profile, where there is one. */
export function profileOf(props: Partial<Pick<CaracalStackProps, 'profile'>>): ProfileName | undefined {
  return PROFILE_NAMES.find((name) => name === props?.profile);
}

/**
 * Required properties that are absent. Without a profile nobody knows which of those of production are needed: they are
 * not asked for, and what depends on them waits.
 */
function missingOf(props: CaracalStackProps): readonly Property[] {
  const required = profileOf(props) === 'dev' ? REQUIRED.dev : REQUIRED.production;
  return ['profile' as const, ...required].filter((key) => props?.[key] === undefined);
}

function missingProblems(path: string, props: CaracalStackProps): Finding[] {
  const profile = profileOf(props);
  const asked = profile === undefined ? ['profile', ...REQUIRED.dev] : missingOf(props);
  return missingOf(props)
    .filter((key) => asked.includes(key))
    .map((key) => ({
      id: 'core/missing-property',
      level: 'error',
      path: `${path}.${key}`,
      message: `"${key}" is required${profile === undefined || profile === 'dev' ? '' : ` by the ${profile} profile`}`,
      fix: MISSING_FIX[key]?.(profile) ?? `give ${key}`,
    }));
}

function shapeProblems(path: string, props: CaracalStackProps): Finding[] {
  if (
    typeof props !== 'object' ||
    props === null ||
    Array.isArray(props) ||
    Deferred.isDeferred(props) ||
    isOutput(props)
  ) {
    return checkShape(path, props, CARACAL_CHECKS as never);
  }
  const misuses = placeValues(path, props, (property) => TAKES_VALUE.test(property));
  const own = checkShape(path, props, CARACAL_CHECKS as never, CARACAL_ADVICE);
  const { parts } = usable(path, props, own);
  const shape = [
    ...own,
    ...missingProblems(path, props),
    ...groupShapeProblems(path, pickedFrom(parts, ['namespace', 'rules'])),
  ];
  // A misspelt property takes nothing at all: its name is the mistake. A value in a wrong place has no other mistake.
  const unknown = shape.filter(({ id }) => id === 'core/unknown-property');
  const below = (each: Finding, others: readonly Finding[]): boolean =>
    others.some((other) => isInside(each.path, other.path));
  const holds = (each: Finding, others: readonly Finding[]): boolean =>
    each.id === 'core/wrong-type' && others.some((other) => isInside(other.path, each.path));
  return [
    ...shape.filter((each) => unknown.includes(each) || !(below(each, misuses) || holds(each, misuses))),
    ...misuses.filter((each) => each.id !== 'core/value-not-allowed' || !below(each, unknown)),
  ];
}

function pickedFrom<Props extends object, Key extends keyof Props>(
  props: Props,
  keys: readonly Key[],
): Partial<Pick<Props, Key>> {
  return Object.fromEntries(keys.filter((key) => props[key] !== undefined).map((key) => [key, props[key]])) as Partial<
    Pick<Props, Key>
  >;
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

function dataProblem(path: string, message: string, fix: string, id = 'caracal/insecure-data'): Finding {
  return { id, level: 'error', path, message, fix };
}

function postgresProblems(path: string, { postgres }: CaracalSettings): Finding[] {
  const where = `${path}.postgres`;
  return [
    ...(postgres.kind === 'inCluster'
      ? [
          dataProblem(
            where,
            'the in-cluster server has one replica, no backup and no TLS',
            'use Postgres.external({ ... })',
            'caracal/dev-data',
          ),
        ]
      : []),
    ...(postgres.kind === 'external' && postgres.tls !== 'verify-full'
      ? [
          dataProblem(
            where,
            `credentials and evidence would travel to Postgres with tls: "${postgres.tls}"`,
            'use tls: "verify-full", with `trust` for a private authority',
          ),
        ]
      : []),
  ];
}

function redisProblems(path: string, { redis }: CaracalSettings): Finding[] {
  const where = `${path}.redis`;
  return [
    ...(redis.kind === 'inCluster'
      ? [
          dataProblem(
            where,
            'the in-cluster server has one replica and no TLS',
            'use Redis.external({ ... })',
            'caracal/dev-data',
          ),
        ]
      : []),
    ...(redis.kind === 'external' && !redis.tls
      ? [
          dataProblem(
            where,
            'credentials and audit events would travel to Redis in clear text',
            'use tls: true, with `trust` for a private authority',
          ),
        ]
      : []),
  ];
}

function replayProblems(path: string, { profile, replayPersistence }: CaracalSettings): Finding[] {
  return profile === 'dev' || replayPersistence.kind === 'persistent'
    ? []
    : [
        {
          id: 'caracal/ephemeral-replay',
          level: 'error',
          path: `${path}.replayPersistence`,
          message: 'an evicted pod would take audit evidence with it',
          given: show('ReplayPersistence.ephemeral()'),
          fix: 'use ReplayPersistence.persistent()',
        },
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
