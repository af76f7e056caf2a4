import { compose, Deferred, numberText, type Value } from '../core/value';
import type { IPostgres } from '../data/postgres';
import type { IRedis } from '../data/redis';
import { urlHost } from '../data/address';
import type { SecretKey } from '../secrets/secret-key';
import type { CredentialFile } from './credential-file';
import type { SecretBackend } from './secret-backend';
import type { SignIn } from './sign-in';

/** Where components find their secrets. */
export const SECRETS_FOLDER = '/run/secrets';

/** Name of the main database and of the one with the console's accounts (caracal.md 4, 7). */
export const DATABASES = { main: 'caracal', auth: 'caracal_auth' } as const;

/** Services with a database role of their own, and their roles (caracal.md 14). */
export const DATABASE_ROLES = {
  api: 'caracalapi',
  sts: 'caracalsts',
  gateway: 'caracalgateway',
  audit: 'caracalaudit',
  coordinator: 'caracalcoordinator',
  auth: 'caracalauth',
} as const;

/** A service with a database role. */
export type DatabaseRole = keyof typeof DATABASE_ROLES;

/** Optional features that bring keys of their own. */
export interface SecretFeatures {
  /** The previous encryption key is still accepted. */
  readonly kekRotation: boolean;
  /** The previous idempotency key is still accepted. */
  readonly idempotencyRotation: boolean;
  /** The STS has an administration token, for rotating signing keys. */
  readonly stsAdmin: boolean;
  /** Audit has an administration token, for search and the dead-letter queue. */
  readonly auditAdmin: boolean;
  /** The gateway gets the administration token, to reload revocations on request (caracal W22). */
  readonly gatewayReload: boolean;
}

/** A file that a component mounts, and the variable that names it. */
export interface SecretUse {
  /** Component. */
  readonly component: string;
  /** Key of the registry. */
  readonly key: string;
  /** Variable with the path of the file. */
  readonly env: string;
  /**
   * Feature that brings it.
   * @default - always
   */
  readonly when?: keyof SecretFeatures;
}

const SERVICES = ['api', 'sts', 'gateway', 'audit', 'coordinator'] as const;
const use = (component: string, key: string, env: string, when?: keyof SecretFeatures): SecretUse => ({
  component,
  key,
  env,
  ...(when === undefined ? {} : { when }),
});

/**
 * Who reads which secret, through which variable: caracal.md 3.2, 3.3 rule 5 and 4, with the addendum's A12, B2, B3.
 * Mounts, environment, External Secrets and checklists all come from this table.
 */
export const SECRET_USES: readonly SecretUse[] = [
  ...SERVICES.flatMap((service) => [
    use(service, `${service}DatabaseUrl`, 'DATABASE_URL_FILE'),
    use(service, 'redisUrl', 'REDIS_URL_FILE'),
    use(service, 'auditHmacKey', 'AUDIT_HMAC_KEY_FILE'),
  ]),
  ...(['api', 'sts', 'gateway', 'coordinator'] as const).map((service) =>
    use(service, 'streamsHmacKey', 'STREAMS_HMAC_KEY_FILE'),
  ),
  ...(['api', 'sts', 'gateway'] as const).map((service) =>
    use(service, 'gatewayStsHmacKey', 'GATEWAY_STS_HMAC_KEY_FILE'),
  ),
  ...(['api', 'sts'] as const).flatMap((service) => [
    use(service, 'secretStoreKek', 'SECRET_STORE_KEK_FILE'),
    use(service, 'secretStoreKekPrevious', 'SECRET_STORE_KEK_PREVIOUS_FILE', 'kekRotation'),
  ]),
  ...(['api', 'sts', 'gateway', 'audit'] as const).map((service) =>
    use(service, 'metricsBearer', 'METRICS_BEARER_FILE'),
  ),
  // The coordinator asks for both tokens on /metrics; it answers only when they are the same (caracal.md 10).
  use('coordinator', 'caracalCoordinatorToken', 'METRICS_BEARER_FILE'),
  use('coordinator', 'caracalCoordinatorToken', 'CARACAL_COORDINATOR_TOKEN_FILE'),
  use('coordinator', 'idempotencyHmacKey', 'IDEMPOTENCY_HMAC_KEY_FILE'),
  use('coordinator', 'idempotencyHmacKeyPrevious', 'IDEMPOTENCY_HMAC_KEY_PREVIOUS_FILE', 'idempotencyRotation'),
  use('api', 'caracalAdminToken', 'CARACAL_ADMIN_TOKEN_FILE'),
  use('gateway', 'caracalAdminToken', 'CARACAL_ADMIN_TOKEN_FILE', 'gatewayReload'),
  use('sts', 'stsAdminToken', 'STS_ADMIN_TOKEN_FILE', 'stsAdmin'),
  use('audit', 'auditAdminToken', 'AUDIT_ADMIN_TOKEN_FILE', 'auditAdmin'),
  use('web', 'authDatabaseUrl', 'CARACAL_AUTH_DATABASE_URL_FILE'),
  use('web', 'caracalAuthSecret', 'CARACAL_AUTH_SECRET_FILE'),
  use('web', 'caracalAdminToken', 'CARACAL_ADMIN_TOKEN_FILE'),
  use('web', 'caracalCoordinatorToken', 'CARACAL_COORDINATOR_TOKEN_FILE'),
  use('migrate', 'postgresPassword', 'PGPASSWORD_FILE'),
  ...(Object.keys(DATABASE_ROLES) as DatabaseRole[]).map((role) =>
    use('migrate', `${role}DbPassword`, `CARACAL_${role.toUpperCase()}_DB_PASSWORD_FILE`),
  ),
  use('auth-migrate', 'authDatabaseUrl', 'CARACAL_AUTH_DATABASE_URL_FILE'),
  use('auth-migrate', 'caracalAuthSecret', 'CARACAL_AUTH_SECRET_FILE'),
  // For the container that waits until the migration has given the role its password.
  use('auth-migrate', 'authDbPassword', 'CARACAL_AUTH_DB_PASSWORD_FILE'),
];

/** What a component mounts, under these features. */
export function usesOf(component: string, features: SecretFeatures): SecretUse[] {
  return SECRET_USES.filter((each) => each.component === component && (each.when === undefined || features[each.when]));
}

/** A credential that others issue, and who reads it. */
export interface IssuedKey extends CredentialFile {
  /** What it is for. */
  readonly description: string;
  /** Components that read it. */
  readonly consumers: readonly string[];
}

/** Credentials of sign-in methods and of the backend of credentials, in Secrets of their own or in the stack's. */
export function issuedKeys({
  signIn,
  secretBackend,
}: {
  readonly signIn: readonly SignIn[];
  readonly secretBackend?: SecretBackend;
}): IssuedKey[] {
  return [
    ...signIn.flatMap(({ method, files }) =>
      files.map((file) => ({
        ...file,
        description: `credential of the sign-in with ${method}`,
        consumers: ['web'],
      })),
    ),
    ...(secretBackend?.files ?? []).map((file) => ({
      ...file,
      description: `credential of the secret backend ${secretBackend?.kind ?? ''}`,
      consumers: ['sts', 'api'],
    })),
  ];
}

/** Every key of a stack, each once: stored ones first, then those that are composed of them. */
export function secretRegistry(
  postgres: Pick<IPostgres, 'host' | 'port' | 'tls'>,
  redis: RedisAddress,
  features: SecretFeatures,
  issued: readonly IssuedKey[],
): SecretKey[] {
  const consumers = (key: string): string[] => [
    ...new Set(
      SECRET_USES.filter((each) => each.key === key && (each.when === undefined || features[each.when])).map(
        ({ component }) => component,
      ),
    ),
  ];
  const stored = (key: string, format: SecretKey['format'], description: string, remote?: string): SecretKey => ({
    key,
    format,
    description,
    consumers: consumers(key),
    ...(remote === undefined ? {} : { remote }),
  });
  const roles = Object.entries(DATABASE_ROLES);
  const keys: SecretKey[] = [
    {
      ...stored('postgresPassword', 'password', 'password of the administrator that the migration connects as'),
      consumers: ['migrate', 'postgres in dev'],
    },
    ...roles.map(([role, name]) => stored(`${role}DbPassword`, 'password', `password of the database role ${name}`)),
    { ...stored('redisPassword', 'password', 'password of Redis, part of redisUrl'), consumers: ['redis in dev'] },
    stored('secretStoreKek', 'encryption-key', 'encrypts stored credentials; the same on api and sts'),
    ...(features.kekRotation
      ? [
          stored(
            'secretStoreKekPrevious',
            'encryption-key',
            'the previous encryption key, while credentials are encrypted anew',
          ),
        ]
      : []),
    stored('auditHmacKey', 'hmac-key', 'signs audit events; the same on all services'),
    stored('streamsHmacKey', 'hmac-key', 'signs stream messages; the same on api, sts, gateway and coordinator'),
    stored('gatewayStsHmacKey', 'hmac-key', 'signs calls between gateway, api and sts'),
    stored('idempotencyHmacKey', 'hmac-key', 'recognises repeated requests'),
    ...(features.idempotencyRotation
      ? [
          stored(
            'idempotencyHmacKeyPrevious',
            'hmac-key',
            'the previous key, as long as receipts made with it are kept',
          ),
        ]
      : []),
    stored(
      'caracalAdminToken',
      'token',
      'administration of the api; the console derives its own tokens from it',
      'admin-token',
    ),
    stored('caracalCoordinatorToken', 'token', 'administration and metrics of the coordinator', 'coordinator-token'),
    stored('caracalAuthSecret', 'token', 'signs sessions of the console', 'auth-secret'),
    stored('metricsBearer', 'token', 'lets Prometheus read metrics of api, sts, gateway and audit'),
    ...(features.stsAdmin ? [stored('stsAdminToken', 'token', 'rotates signing keys of the sts')] : []),
    ...(features.auditAdmin ? [stored('auditAdminToken', 'token', 'searches evidence and the dead-letter queue')] : []),
    ...issued
      .filter(({ secret }) => secret === undefined)
      .map(({ key, format, description, consumers: readers }): SecretKey => ({
        key,
        format,
        description,
        consumers: readers,
        issuedElsewhere: true,
      })),
  ];
  return [
    ...keys,
    ...roles.map(([role]): SecretKey => ({
      key: `${role}DatabaseUrl`,
      format: 'url',
      description: `connection of ${role === 'auth' ? 'web and auth-migrate' : role}: ${describeUrl(databaseUrlParts(postgres, role as DatabaseRole))}`,
      consumers: consumers(`${role}DatabaseUrl`),
      composed: databaseUrlParts(postgres, role as DatabaseRole),
    })),
    {
      key: 'redisUrl',
      format: 'url',
      description: `connection to Redis: ${describeUrl(redisUrlParts(redis))}`,
      consumers: consumers('redisUrl'),
      composed: redisUrlParts(redis),
    },
  ];
}

// A host that only the deployment knows is described by the property that it comes from.
function describeUrl(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (Deferred.isDeferred(part)) {
        return part.source;
      }
      return typeof part === 'string' ? part : '<password, URL-encoded>';
    })
    .join('');
}

type RedisAddress = Pick<IRedis, 'host' | 'port' | 'tls' | 'database'> & Partial<Pick<IRedis, 'username'>>;

type Part = Value<string> | { readonly secret: string };

function databaseUrlParts({ host, port, tls }: Pick<IPostgres, 'host' | 'port' | 'tls'>, role: DatabaseRole): Part[] {
  const database = role === 'auth' ? DATABASES.auth : DATABASES.main;
  return [
    `postgres://${DATABASE_ROLES[role]}:`,
    { secret: `${role}DbPassword` },
    compose`@${urlHost(host)}:${numberText(port)}/${database}?sslmode=${tls}`,
  ];
}

function redisUrlParts({ host, port, tls, username = '', database }: RedisAddress): Part[] {
  return [
    `${tls ? 'rediss' : 'redis'}://${encodeURIComponent(username)}:`,
    { secret: 'redisPassword' },
    compose`@${urlHost(host)}:${numberText(port)}/${String(database)}`,
  ];
}
