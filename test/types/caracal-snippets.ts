/** What must not compile: the row of the checklist, or a promise of the types, the program, and what the compiler says. */
export interface MustNotCompile {
  /** Row of `test/contract/caracal/bad-input.json`, where it is one. */
  readonly row?: string;
  /** What it is. */
  readonly what: string;
  /** The statements. */
  readonly code: string;
  /** A part of the compiler's message. */
  readonly says: RegExp;
  /** The same program made right, which must compile: the error is about this and nothing else. */
  readonly right: string;
}

const stack = (change: string): string => `new CaracalStack(app, 'caracal', { ...base, ${change} });`;
const production = (change: string, right: string): Pick<MustNotCompile, 'code' | 'right'> => ({
  code: stack(change),
  right: stack(right),
});
const statement = (code: string, right: string): Pick<MustNotCompile, 'code' | 'right'> => ({
  code: `void ${code};`,
  right: `void ${right};`,
});
const without = (key: string): string =>
  `const { ${key}: left, ...rest } = base; void left; new CaracalStack(app, 'caracal', rest);`;
const POSTGRES = "host: 'pg', peer: Peer.cidr('10.0.0.0/24'), maxConnections: 500";
const REQUIRED = [
  'profile',
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
];

const LEFT_OUT: readonly MustNotCompile[] = REQUIRED.map((key) => ({
  ...(key === 'signIn' ? { row: 'sign-in-missing' } : {}),
  what: `production without ${key}`,
  code: without(key),
  right: stack(''),
  says: new RegExp(`Property '${key}' is missing|not assignable to parameter of type 'CaracalStackProps'`),
}));

const ROWS: readonly MustNotCompile[] = [
  {
    row: 'password-sign-in',
    what: 'sign-up by password in production',
    ...production('signIn: [SignIn.password()]', 'signIn: [SignIn.google()]'),
    says: /password/,
  },
  {
    row: 'password-sign-in',
    what: 'sign-up by password beside a method that proves the address',
    ...production('signIn: [SignIn.github(), SignIn.password()]', 'signIn: [SignIn.github(), SignIn.google()]'),
    says: /password/,
  },
  {
    row: 'mode-unknown',
    what: 'a profile that does not exist',
    ...production("profile: 'staging'", "profile: 'rc'"),
    says: /"staging"/,
  },
  {
    row: 'mode-case',
    what: 'a profile in another letter case',
    ...production("profile: 'Production'", "profile: 'production'"),
    says: /"Production"/,
  },
  {
    row: 'issuer-missing',
    what: 'origins without the issuer',
    ...production(
      "origins: { console: 'https://c.example.com' }",
      "origins: { console: 'https://c.example.com', sts: 'https://s.example.com' }",
    ),
    says: /'sts' is missing/,
  },
  {
    row: 'w30-default-host',
    what: 'origins without the console',
    ...production(
      "origins: { sts: 'https://s.example.com' }",
      "origins: { console: 'https://c.example.com', sts: 'https://s.example.com' }",
    ),
    says: /'console' is missing/,
  },
  {
    row: 'sign-in-missing',
    what: 'an empty list of sign-in methods',
    ...production('signIn: []', 'signIn: [SignIn.google()]'),
    says: /requires 1/,
  },
  {
    row: 'github-half',
    what: 'an id of GitHub alone',
    ...statement("SignIn.github({ clientId: 'id' })", "SignIn.github({ secret: { name: 'github' } })"),
    says: /'clientId' does not exist/,
  },
  {
    row: 'github-half',
    what: 'a secret of Google alone',
    ...statement("SignIn.google({ clientSecret: 'secret' })", 'SignIn.google()'),
    says: /'clientSecret' does not exist/,
  },
  {
    row: 'smtp-without-from',
    what: 'mail without a sender',
    ...statement(
      "SignIn.smtp({ peer: Peer.namespace('mail') })",
      "SignIn.smtp({ from: 'a@b.example', peer: Peer.namespace('mail') })",
    ),
    says: /'from' is missing/,
  },
  {
    row: 'plain-secret-env',
    what: 'plain text as the secret of a sign-in',
    ...statement("SignIn.github({ secret: 'plain' })", "SignIn.github({ secret: { name: 'github' } })"),
    says: /'string' is not assignable to type 'SignInSecret'/,
  },
  {
    row: 'plain-secret-env',
    what: 'plain text as a source of secrets',
    ...production("secrets: 'plain'", "secrets: SecretSource.existing({ name: 'caracal' })"),
    says: /string/,
  },
  {
    row: 'w30-policy-off',
    what: 'policies switched off',
    ...production('networkPolicy: false', 'control: false'),
    says: /'networkPolicy' does not exist/,
  },
  {
    row: 'w30-sslmode-disable',
    what: 'sslmode require',
    ...statement(
      `Postgres.external({ ${POSTGRES}, tls: 'require' })`,
      `Postgres.external({ ${POSTGRES}, tls: 'verify-full' })`,
    ),
    says: /"require"/,
  },
  {
    row: 'w30-evaluation',
    what: 'an evaluation switch',
    ...production('evaluation: true', 'control: true'),
    says: /'evaluation' does not exist/,
  },
  {
    row: 'w30-migrations-off',
    what: 'migrations switched off',
    ...production('migration: false', "migration: { rerun: '2' }"),
    says: /Type 'false'/,
  },
  {
    row: 'w30-log-debug',
    what: 'debug logs',
    ...production("sts: { logLevel: 'debug' }", "sts: { logLevel: 'warn' }"),
    says: /"debug"/,
  },
  {
    row: 'w30-log-debug',
    what: 'trace logs of the console',
    ...production("web: { logLevel: 'trace' }", "web: { logLevel: 'error' }"),
    says: /"trace"/,
  },
  {
    row: 'w30-sts-port',
    what: 'another port of the STS',
    ...production('sts: { port: 9999 }', "sts: { logLevel: 'info' }"),
    says: /'port' does not exist/,
  },
  {
    row: 'w30-internal-url',
    what: 'an internal URL of a service',
    ...production("sts: { internalUrl: 'http://a.b' }", 'sts: {}'),
    says: /'internalUrl' does not exist/,
  },
  {
    row: 'peer-database-missing',
    what: 'Postgres without a peer',
    ...statement("Postgres.external({ host: 'pg', maxConnections: 500 })", `Postgres.external({ ${POSTGRES} })`),
    says: /'peer' is missing/,
  },
  {
    row: 'peer-database-missing',
    what: 'Redis without a peer',
    ...statement(
      "Redis.external({ host: 'redis' })",
      "Redis.external({ host: 'redis', peer: Peer.cidr('10.0.0.0/24') })",
    ),
    says: /'peer' is missing/,
  },
  {
    row: 'unknown-property',
    what: 'a misspelt property',
    ...production('operatos: []', "operators: ['@example.com']"),
    says: /'operatos' does not exist|did you mean/,
  },
  {
    row: 'passphrase-in-production',
    what: 'derived secrets',
    ...production(
      "secrets: SecretSource.derivedForDev('a passphrase')",
      "secrets: SecretSource.existing({ name: 'caracal' })",
    ),
    says: /derivedForDev/,
  },
  {
    row: 'in-cluster-data-in-production',
    what: 'Postgres for dev',
    ...production('postgres: Postgres.inCluster()', `postgres: Postgres.external({ ${POSTGRES} })`),
    says: /inCluster/,
  },
  {
    row: 'in-cluster-data-in-production',
    what: 'Redis for dev',
    ...production(
      'redis: Redis.inCluster()',
      "redis: Redis.external({ host: 'redis', peer: Peer.cidr('10.0.0.0/24') })",
    ),
    says: /inCluster/,
  },
  {
    row: 'audit-exposed',
    what: 'an origin of audit',
    ...production(
      "origins: { ...base.origins, audit: 'https://a.example.com' }",
      "origins: { ...base.origins, gateway: 'https://g.example.com' }",
    ),
    says: /'audit' does not exist/,
  },
  {
    row: 'audit-exposed',
    what: 'an origin of the coordinator',
    ...production("origins: { ...base.origins, coordinator: 'https://a.example.com' }", 'origins: { ...base.origins }'),
    says: /'coordinator' does not exist/,
  },
  {
    row: 'admin-token-on-gateway',
    what: 'a token of the gateway',
    ...production('gateway: { adminToken: true }', 'administration: { gatewayReload: true }'),
    says: /'adminToken' does not exist/,
  },
];

const DEV = (change: string): string => `new CaracalStack(app, 'caracal', { profile: 'dev', ${change} });`;

const OTHERS: readonly MustNotCompile[] = [
  {
    what: 'dev without a namespace',
    code: DEV("secrets: SecretSource.derivedForDev('passphrase')"),
    right: DEV("namespace: 'a', secrets: SecretSource.derivedForDev('passphrase')"),
    says: /namespace/,
  },
  {
    what: 'dev without secrets',
    code: DEV("namespace: 'a'"),
    right: DEV("namespace: 'a', secrets: SecretSource.existing({ name: 'b' })"),
    says: /secrets/,
  },
  {
    what: 'dev with an unknown property',
    code: DEV("namespace: 'a', secrets: SecretSource.existing({ name: 'b' }), replicas: 1"),
    right: DEV("namespace: 'a', secrets: SecretSource.existing({ name: 'b' }), sts: { logLevel: 'debug' }"),
    says: /'replicas' does not exist/,
  },
  {
    what: 'one misspelt option of a Job',
    ...production("migration: { rerunn: '2' }", "migration: { rerun: '2' }"),
    says: /'rerunn' does not exist|did you mean/,
  },
  { what: 'a deferred namespace', ...production('namespace: later', "namespace: 'a'"), says: /Deferred<string>/ },
  { what: 'a deferred instance', ...production('instance: later', "instance: 'a'"), says: /Deferred<string>/ },
  {
    what: 'a deferred label',
    ...production('pods: { labels: { a: later } }', 'pods: { env: { a: later } }'),
    says: /Deferred<string>/,
  },
  {
    what: 'a deferred selector of a peer',
    ...statement('Peer.pods({ labels: { a: later } })', "Peer.pods({ labels: { a: 'b' } })"),
    says: /Deferred<string>/,
  },
  { what: 'a deferred port', ...statement('Port.tcp(later)', 'Port.tcp(1)'), says: /Deferred<string>/ },
  {
    what: 'a deferred digest',
    ...statement("ImageRef.of({ repository: 'a', digest: later })", "ImageRef.of({ repository: 'a', tag: 'b' })"),
    says: /Deferred<string>/,
  },
  {
    what: 'a deferred name of a Secret',
    ...statement('SecretSource.existing({ name: later })', "SecretSource.existing({ name: 'a' })"),
    says: /Deferred<string>/,
  },
  {
    what: 'a deferred cluster name',
    ...statement('Cluster.kind({ name: later })', "Cluster.kind({ name: 'a' })"),
    says: /Deferred<string>/,
  },
  {
    what: 'an operator that is no address',
    ...production("operators: ['example.com']", "operators: ['@example.com']"),
    says: /"example.com"/,
  },
  {
    what: 'a number as a flow without a reason',
    ...statement(
      'stack.gateway.connections.allowTo(Peer.internet(), { port: Port.tcp(443) })',
      "stack.gateway.connections.allowTo(Peer.internet(), { port: Port.tcp(443), reason: 'x' })",
    ),
    says: /'reason' is missing/,
  },
  {
    what: 'a number of replicas in place of a scaling',
    ...production('sts: { scaling: 3 }', 'sts: { scaling: Scaling.fixed(3) }'),
    says: /'number' is not assignable to type 'Scaling'/,
  },
  {
    what: 'memory without a unit',
    ...production("sts: { resources: { memory: '512' } }", "sts: { resources: { memory: '512Mi' } }"),
    says: /"512"/,
  },
  {
    what: 'changing a property afterwards',
    ...statement("(stack.identity.instance = 'b')", 'stack.identity.instance'),
    says: /read-only/,
  },
];

/** What would run insecurely, or lose evidence, in a platform that people rely on. */
const INSECURE: readonly MustNotCompile[] = [
  {
    what: 'a plain http origin',
    ...production(
      "origins: { console: 'http://c.example.com', sts: 'https://s.example.com' }",
      "origins: { console: 'https://c.example.com', sts: 'https://s.example.com' }",
    ),
    says: /http:\/\/c\.example\.com/,
  },
  {
    what: 'an Ingress without certificates',
    ...production(
      "exposure: Exposure.ingress({ className: 'traefik' })",
      "exposure: Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('wildcard') })",
    ),
    says: /plainIngress/,
  },
  {
    what: 'Postgres without TLS',
    ...production(
      `postgres: Postgres.external({ ${POSTGRES}, tls: 'disable' })`,
      `postgres: Postgres.external({ ${POSTGRES}, tls: 'verify-full' })`,
    ),
    says: /"disable"/,
  },
  {
    what: 'Redis without TLS',
    ...production(
      "redis: Redis.external({ host: 'redis', peer: Peer.cidr('10.0.0.0/24'), tls: false })",
      "redis: Redis.external({ host: 'redis', peer: Peer.cidr('10.0.0.0/24'), tls: true })",
    ),
    says: /'boolean' is not assignable to type 'true'/,
  },
  {
    what: 'replay files that are lost with the pod',
    ...production(
      'replayPersistence: ReplayPersistence.ephemeral()',
      "replayPersistence: ReplayPersistence.persistent({ size: '10Gi' })",
    ),
    says: /ephemeral/,
  },
  {
    what: 'the release that the package knows, which has no digests',
    ...production('release: CaracalRelease.newestKnown()', 'release: CaracalRelease.fromManifest({})'),
    says: /"package"/,
  },
];

/** Everything that must not compile. */
export const MUST_NOT_COMPILE: readonly MustNotCompile[] = [...LEFT_OUT, ...ROWS, ...OTHERS, ...INSECURE];
