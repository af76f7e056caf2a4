import type { ProfileName } from '../platform/profile';
import { COORDINATOR_LIMITS } from './coordinator';
import { SECRET_USES } from './secrets';

/** Variables that a user may not add to a pod of Caracal, and why. */
export interface ForbiddenVariables {
  /** Which variables. */
  readonly names: RegExp;
  /** What is wrong with them. */
  readonly why: string;
  /** What to do instead. */
  readonly fix: string;
  /**
   * Components that it is about.
   * @default - all
   */
  readonly components?: readonly string[];
  /**
   * Profiles that refuse it.
   * @default - all
   */
  readonly profiles?: readonly ProfileName[];
  /**
   * Whether it is a secret that the services read from a file too.
   * @default false
   */
  readonly fromFile?: boolean;
}

const exactly = (...names: readonly string[]): RegExp => new RegExp(`^(?:${names.join('|')})$`);
const PUBLISHED: readonly ProfileName[] = ['production', 'rc'];
const AWS_KEYS = 'AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)';
const AI_KEYS = 'API_OPERATOR_AI_[A-Z0-9_]+_API_KEY';
const SECRET_FILES = [...new Set(SECRET_USES.map(({ env }) => env))];

/**
 * Variables that belong to the stack, each row with the property that they come from, and variables that would undo what
 * the stack promises. A variable of the user wins over a file or a default, so the services would not notice.
 */
export const FORBIDDEN_VARIABLES: readonly ForbiddenVariables[] = [
  {
    // caracal-addendum.md B2: plain text wins over the file.
    names: exactly(
      ...SECRET_FILES.map((name) => name.replace(/_FILE$/, '')),
      'CONTROL_API_TOKEN',
      'CARACAL_SMTP_URL',
      '(?:GITHUB|GOOGLE)_CLIENT_SECRET',
      'PGPASSWORD',
      'POSTGRES_PASSWORD',
      'REDIS_PASSWORD',
    ),
    why: 'a secret would stand in the manifest in plain text, and it would win over the file',
    fix: 'put it into the secret source',
    fromFile: true,
  },
  {
    names: exactly('CARACAL_VAULT_TOKEN', 'INFISICAL_TOKEN', 'AZURE_CLIENT_SECRET', 'CUSTOM_SECRETS_TOKEN'),
    why: 'a secret would stand in the manifest in plain text, and it would win over the file',
    fix: 'mount its Secret with `volumes`, and name the file in the variable of this name with _FILE behind it',
    fromFile: true,
  },
  {
    // caracal-addendum.md B7: without a file form.
    names: exactly(AWS_KEYS, AI_KEYS),
    why: 'a secret would stand in the manifest in plain text',
    fix: 'give a reference instead: SecretRef.key({ secret, key })',
  },
  {
    // caracal.md 3.3 rule 5: one holder with another key understands none of the others.
    names: exactly(
      ...SECRET_FILES,
      'CONTROL_API_TOKEN_FILE',
      '(?:GITHUB|GOOGLE)_CLIENT_(?:ID|ID_FILE|SECRET_FILE)',
      'CARACAL_SMTP_URL_FILE',
    ),
    why: 'services that share a key must all read the same one',
    fix: 'use secrets, rotation, administration or signIn of the stack',
  },
  {
    names: exactly(
      'CARACAL_MODE',
      'CARACAL_ENV',
      'NODE_ENV',
      'CARACAL_REQUIRE_SIGN_IN_METHOD',
      'CARACAL_AUTH_SECURE_COOKIES',
      'CARACAL_AUTH_AUTO_MIGRATE',
    ),
    why: 'the profile decides the mode; another one would switch checks of the services off',
    fix: 'choose the profile of the stack',
  },
  {
    names: exactly('INSECURE_STS', 'INSECURE_HTTP', 'JTI_FAIL_OPEN'),
    why: 'the services refuse to start with it outside of dev, or would accept what they must refuse',
    fix: 'leave it out',
    profiles: PUBLISHED,
  },
  {
    names: exactly('NODE_TLS_REJECT_UNAUTHORIZED'),
    why: 'certificates of databases and providers would no longer be checked',
    fix: 'leave it out, and name private authorities in trust of the stack',
    profiles: PUBLISHED,
  },
  {
    names: exactly('PORT', 'HOST', 'HOSTNAME'),
    why: 'ports are part of Services, probes and policies, and the pod name is the name of a consumer',
    fix: 'leave it out',
  },
  {
    names: exactly('LOG_LEVEL'),
    why: 'the profile decides how much may be written',
    fix: 'use logLevel of the component',
  },
  {
    names: exactly(
      'ISSUER_URL',
      'STS_URL',
      'STS_ISSUER_URL',
      'STS_JWKS_URL',
      'CARACAL_API_URL',
      'CARACAL_STS_URL',
      'CARACAL_GATEWAY_URL',
      'CARACAL_COORDINATOR_URL',
      'CARACAL_AUDIT_URL',
      'CARACAL_AUTH_URL',
      'CARACAL_WEB_ORIGIN',
      'TRUST_PROXY',
      'CARACAL_AUTH_TRUST_PROXY',
    ),
    why: 'addresses are the same for every service that uses them; the issuer stands in every token as an exact string',
    fix: 'use origins, exposure or webDiagnostics of the stack',
  },
  {
    names: exactly(
      'CONTROL_AUDIENCE',
      'CARACAL_CONTROL_ENABLED',
      'CONTROL_GATE_FILE',
      'CARACAL_ALLOW_INSECURE_CONFIG_URLS',
    ),
    why: 'api, sts and web must agree on it',
    fix: 'use control of the stack',
  },
  {
    names: exactly(
      'STS_MINT_RATE_LIMIT_PER_MIN',
      'CARACAL_PRIVATE_EGRESS_HOSTS',
      'AUDIT_RETENTION_DAYS',
      'OPA_POLL_SECONDS',
      'API_V1_RATE_LIMIT_PER_MIN',
      'UPSTREAM_HOST_ALLOWLIST',
    ),
    why: 'two services must have the same value, or the service takes a range only',
    fix: 'use limits of the stack',
  },
  ...Object.entries(COORDINATOR_LIMITS).map(([property, { env }]) => ({
    names: exactly(env),
    why: 'the service refuses to start below a minimum, which only the property checks',
    fix: `use limits.coordinator.${property} of the stack`,
  })),
  {
    names: exactly(
      'CARACAL_OPERATOR_ALLOWLIST',
      'CARACAL_OPERATOR_ALLOWLIST_FILE',
      'CARACAL_PASSWORD_SIGNUP',
      'CARACAL_SMTP_FROM',
      'CARACAL_AUTH_DATABASE_SSL',
    ),
    why: 'who may sign in, and how, is one decision; the connection string decides about TLS',
    fix: 'use operators and signIn of the stack',
  },
  {
    names: exactly('CARACAL_OPEN_REGISTRATION'),
    why: 'anybody could make an account',
    fix: 'name operators of the stack',
    profiles: PUBLISHED,
  },
  {
    names: exactly('TLS_CERT_FILE', 'TLS_KEY_FILE'),
    why: 'probes and clients speak http to the pod',
    fix: 'end TLS at the Ingress',
    components: ['gateway'],
  },
];

/**
 * Secrets that a component reads from a variable and from no file (caracal-addendum.md B7): the only ones that may be a
 * `SecretRef`. AWS keys open the bucket of audit's export, and the secret backend of api and sts (caracal.md 12).
 */
export const SECRET_VARIABLES: Readonly<Record<string, RegExp>> = {
  api: exactly(AI_KEYS, AWS_KEYS),
  sts: exactly(AWS_KEYS),
  audit: exactly(AWS_KEYS),
};

/** What each component reads besides the variables that the stack sets (caracal.md 3.2). */
export const READABLE_VARIABLES: Readonly<Record<string, RegExp>> = {
  api: exactly(
    'READY_RATE_LIMIT_PER_MIN',
    'API_READY_OUTBOX_DEAD_MAX',
    'DB_POOL_MAX',
    'SHUTDOWN_GRACE_MS',
    'API_OPERATOR_[A-Z0-9_]+',
    'CARACAL_SECRET_BACKEND',
    '(?:CARACAL_VAULT|VAULT|INFISICAL|AZURE|AWS|GCP|GOOGLE|CUSTOM_SECRETS)_[A-Z0-9_]+',
    'OTEL_[A-Z_]+',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'TZ',
  ),
  sts: exactly(
    'MAX_GRANT_TTL_SECONDS',
    'STS_SECRET_VERIFY_CONCURRENCY',
    'DB_[A-Z_]+',
    'CARACAL_SECRET_BACKEND',
    'CARACAL_TLS_EXTRA_CA_FILE',
    '(?:CARACAL_VAULT|VAULT|INFISICAL|AZURE|AWS|GCP|GOOGLE|CUSTOM_SECRETS)_[A-Z0-9_]+',
    'OTEL_[A-Z_]+',
    'GO[A-Z]+',
    'SSL_CERT_(?:DIR|FILE)',
    'TZ',
  ),
  gateway: exactly(
    'STREAM_IDLE_TIMEOUT',
    'STS_TIMEOUT',
    'UPSTREAM_TIMEOUT',
    'READ_TIMEOUT',
    'MAX_REQUEST_BYTES',
    'REDIS_POOL_SIZE',
    'DB_[A-Z_]+',
    'JTI_FAIL_OPEN',
    'INSECURE_STS',
    'INSECURE_HTTP',
    'OTEL_[A-Z_]+',
    'GO[A-Z]+',
    'SSL_CERT_(?:DIR|FILE)',
    'TZ',
  ),
  audit: exactly(
    'AUDIT_MAX_DELIVERIES',
    'AUDIT_CLAIM_IDLE_SECS',
    'AUDIT_TAMPER_ROLLING_HOURS',
    'AUDIT_READY_[A-Z_]+',
    'AWS_[A-Z_]+',
    'DB_[A-Z_]+',
    'OTEL_[A-Z_]+',
    'GO[A-Z]+',
    'SSL_CERT_(?:DIR|FILE)',
    'HTTPS?_PROXY',
    'NO_PROXY',
    'TZ',
  ),
  coordinator: exactly(
    'COORDINATOR_RATE_LIMIT_PER_MIN',
    'MAX_AGENTS_PER_(?:ZONE|APP)',
    'DB_POOL_MAX',
    'RELAY_CONSUMER_NAME',
    'OTEL_[A-Z_]+',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'TZ',
  ),
  web: exactly('DB_POOL_MAX', 'CARACAL_OPEN_REGISTRATION', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ'),
  migrate: exactly('MIGRATION_[A-Z_]+', 'MIGRATIONS_DIR', 'PG[A-Z]+', 'TZ'),
  'auth-migrate': exactly('MIGRATION_CONNECT_[A-Z_]+', 'DB_[A-Z_]+', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ'),
};
