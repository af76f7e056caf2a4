import type { ProfileName } from '../platform/profile';
import { BACKEND_EXAMPLES } from './backend-making';
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
  /**
   * Whether it is a secret, which no component may have as text: one of the user's own neither.
   * @default false
   */
  readonly isSecret?: boolean;
}

const exactly = (...names: readonly string[]): RegExp => new RegExp(`^(?:${names.join('|')})$`);
const PUBLISHED: readonly ProfileName[] = ['production', 'rc'];
const AWS_KEYS = 'AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)';
const AI_KEYS = 'API_OPERATOR_AI_[A-Z0-9_]+_API_KEY';
const SECRET_FILES = [...new Set(SECRET_USES.map(({ env }) => env))];
const API_AND_STS: readonly string[] = ['api', 'sts'];

/**
 * Variables of the secret backend (caracal-addendum.md D1), by backend. Names without `CARACAL_` are read by nothing, and
 * are what people try who know the tools, or who followed earlier messages of this library.
 */
const BACKENDS: readonly (readonly [kind: string, names: RegExp])[] = [
  ['vault', /^(?:CARACAL_)?VAULT_[A-Z0-9_]+$/],
  ['infisical', /^(?:CARACAL_)?INFISICAL_[A-Z0-9_]+$/],
  ['azurekeyvault', /^(?:CARACAL_)?AZURE_[A-Z0-9_]+$/],
  ['awssecretsmanager', /^(?:CARACAL_AWS_|AWS_CONTAINER_)[A-Z0-9_]+$/],
  ['gcpsecretmanager', /^(?:(?:CARACAL_)?GCP_[A-Z0-9_]+|GOOGLE_APPLICATION_CREDENTIALS)$/],
  ['custom', /^(?:CARACAL_)?CUSTOM_SECRETS_[A-Z0-9_]+$/],
];

function backendRows(): ForbiddenVariables[] {
  const row = (names: RegExp, kind: string, components?: readonly string[]): ForbiddenVariables => ({
    names,
    why: 'api and sts must use the same secret backend, their policies must let them reach it, and its secrets must not stand in the manifest',
    fix: `write secretBackend: ${BACKEND_EXAMPLES[kind] ?? kind} of the stack`,
    ...(components === undefined ? {} : { components }),
  });
  return [
    row(exactly('CARACAL_SECRET_BACKEND'), 'vault'),
    ...BACKENDS.map(([kind, names]) => row(names, kind)),
    // Audit's export has keys and a region of AWS too.
    row(/^AWS_[A-Z0-9_]+$/, 'awssecretsmanager', API_AND_STS),
  ];
}

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
    isSecret: true,
  },
  ...backendRows(),
  {
    // caracal-addendum.md B7: without a file form.
    names: exactly(AWS_KEYS, AI_KEYS),
    why: 'a secret would stand in the manifest in plain text',
    fix: 'give a reference instead: SecretRef.key({ secret, key })',
    isSecret: true,
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
      'APP_ENV',
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
    names: exactly('NODE_DEBUG'),
    why: 'Node would print requests with their tokens',
    fix: 'leave it out, and use logLevel of the component',
    profiles: PUBLISHED,
  },
  {
    names: exactly('NODE_TLS_REJECT_UNAUTHORIZED'),
    why: 'certificates of databases and providers would no longer be checked',
    fix: 'leave it out, and name private authorities in trust of the stack',
    profiles: PUBLISHED,
  },
  {
    names: exactly('PORT', 'HOST', 'CARACAL_AUTH_PORT'),
    why: 'ports are part of Services, probes and policies',
    fix: 'leave it out',
  },
  {
    names: exactly('HOSTNAME', 'RELAY_CONSUMER_NAME', 'WORKER_ID'),
    why: 'the pod name is the name of a consumer; replicas of one name would take over work that is not theirs',
    fix: 'leave it out',
  },
  {
    names: exactly('AUDIT_REPLAY_DIR', 'AUDIT_EXPORT_TMP_DIR', 'CARACAL_WEB_ROOT', 'CARACAL_HOME', 'CARACAL_REPO_ROOT'),
    why: 'volumes are mounted where the services look by themselves; every other folder is read-only, or is lost with the pod',
    fix: 'leave it out',
  },
  {
    names: exactly('CARACAL_ENV_FILE'),
    why: 'a file of variables would pass by every check of this list',
    fix: 'give the variables with `env`',
  },
  {
    // caracal-addendum.md D7: in the console and in the programs that start the services it wins over LOG_LEVEL.
    names: exactly('LOG_LEVEL', 'CARACAL_LOG_LEVEL'),
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
    names: exactly('OTEL_EXPORTER_OTLP_(?:[A-Z]+_)?(?:ENDPOINT|PROTOCOL)'),
    why: 'the policies let the pods reach the collector that the property names, and nobody else',
    fix: 'write telemetry: Telemetry.otlp({ host: "otel-collector.observability", peer: Peer.namespace("observability") }) of the stack',
  },
  {
    names: exactly('AUDIT_EXPORT_S3_(?:BUCKET|ENDPOINT|REGION)'),
    why: 'the policies let audit reach the store that the property names, and nobody else',
    fix: 'write auditExport: { bucket: "...", targets: [{ peer: Peer.internet(), port: Port.tcp(443) }] } of the stack',
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
 * Secrets that a component reads from a variable and from no file (caracal-addendum.md B7), and that no property gives:
 * the only ones that may be a `SecretRef`. AWS keys open the bucket of audit's export; those of a secret backend come
 * from `secretBackend`.
 */
export const SECRET_VARIABLES: Readonly<Record<string, RegExp>> = {
  api: exactly(AI_KEYS),
  audit: exactly(AWS_KEYS),
};
