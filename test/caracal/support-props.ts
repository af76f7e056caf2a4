/** The properties that a user would write for a world. */
import type {
  CaracalDevProps,
  CaracalEgress,
  CaracalProductionProps,
  CaracalStackProps,
} from '../../src/caracal/props';
import type { CaracalOrigins, HttpsOrigin } from '../../src/caracal/origins';
import { CaracalRelease } from '../../src/caracal/release';
import { ReplayPersistence } from '../../src/caracal/replay';
import { SecretBackend } from '../../src/caracal/secret-backend';
import { type ProvenMethod, SignIn } from '../../src/caracal/sign-in';
import type { EgressTarget } from '../../src/caracal/sts';
import { Telemetry } from '../../src/caracal/telemetry';
import { Postgres } from '../../src/data/postgres';
import { Redis } from '../../src/data/redis';
import { Exposure } from '../../src/network/exposure';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Tls } from '../../src/network/tls';
import { Cluster } from '../../src/platform/cluster';
import { Dns } from '../../src/platform/dns';
import { SecretRef } from '../../src/secrets/secret-ref';
import { SecretSource } from '../../src/secrets/secret-source';
import { TrustBundle } from '../../src/workload/trust';
import { CERTIFICATE } from '../support/certificates';
import { OUTSIDERS } from './support-peers';
import type { World } from './support-world';

/** Names that the tests choose. */
export const NAMES = {
  namespace: 'agents-platform',
  /** Instance of each profile; two differ from the product's name, so that nothing can rely on it. */
  instance: { production: 'caracal', rc: 'rehearsal', dev: 'tenant-a' },
  /** An existing Secret, in rc. */
  existingSecret: 'platform-secrets',
  trust: { configMap: 'corp-ca', key: 'ca.crt' },
  monitorLabels: { release: 'prometheus' },
  ingressClass: 'public',
  gatewayPaths: ['/mcp', '/models'],
  version: '1.0.0',
} as const;

/** Secrets of their own, for sign-in in dev and rc, and which key of the contract each of their keys holds. */
export const SIGN_IN_SECRETS: Readonly<Record<string, string>> = {
  'github-oauth/clientId': 'githubClientId',
  'github-oauth/clientSecret': 'githubClientSecret',
  'google-oauth/clientId': 'googleClientId',
  'google-oauth/clientSecret': 'googleClientSecret',
  'mail/url': 'smtpUrl',
  'backend/token': 'vaultToken',
};

const IMAGES = ['go', 'node', 'web', 'postgres', 'redis'];
const digest = (key: string): string => `sha256:${Buffer.from(key.padEnd(32, '.')).toString('hex')}`;

/** A finalised manifest. Each image has a digest of its own, so that a swapped image is seen. */
export const MANIFEST = {
  mode: 'stable',
  version: NAMES.version,
  images: Object.fromEntries(IMAGES.map((key) => [key, `ghcr.io/garudex-labs/caracal-${key}:v${NAMES.version}`])),
  imageDigests: Object.fromEntries(IMAGES.map((key) => [key, digest(key)])),
};

const target = (node: keyof typeof OUTSIDERS, port: number): EgressTarget => ({
  peer: OUTSIDERS[node].peer,
  port: Port.tcp(port),
});
const when = <T>(condition: boolean, value: T): T[] => (condition ? [value] : []);

function egressOf(has: (id: string) => boolean): CaracalEgress {
  const internet = { peer: Peer.internet(), port: Port.tcp(443) };
  // One backend asks one cloud for its identity; where a world has both, the second is an input.
  const second = when(
    has('secretBackend') && has('metadataIdentity') && has('podIdentity'),
    target('podIdentityAgent', 80),
  );
  const api = [
    ...second,
    ...when(has('resourceUpstreams'), target('resourceUpstream', 8444)),
    ...when(has('aiProviders'), target('aiProvider', 11434)),
  ];
  return {
    // Whoever narrows or widens the list names the internet too; without extras the default must give it.
    ...(second.length > 0 ? { sts: [internet, ...second] } : {}),
    ...(api.length > 0 ? { api: [internet, ...api] } : {}),
    ...(has('gatewayUpstreams') ? { gateway: [target('upstream', 8443)] } : {}),
  };
}

/** The backend of a world: Vault, unless the world has an identity of a cloud; it has one cloud at a time. */
function backendOf(has: (id: string) => boolean, ownSecrets: boolean): SecretBackend[] {
  const { peer } = OUTSIDERS.secretBackend;
  const token = ownSecrets ? { token: SecretRef.key({ secret: 'backend', key: 'token' }) } : {};
  return when(
    has('secretBackend'),
    has('metadataIdentity')
      ? SecretBackend.azureKeyVault({ vaultUrl: 'https://team.vault.azure.net', peer })
      : has('podIdentity')
        ? SecretBackend.awsSecretsManager({ region: 'eu-central-1', peer })
        : SecretBackend.vault({ address: 'https://vault.example.com', peer, ...token }),
  );
}

function signInOf(has: (id: string) => boolean, ownSecrets: boolean): SignIn<ProvenMethod>[] {
  const own = (name: string) => (ownSecrets ? { secret: { name } } : {});
  return [
    ...when(has('github'), SignIn.github(own('github-oauth'))),
    ...when(has('google'), SignIn.google(own('google-oauth'))),
    ...when(has('smtp'), SignIn.smtp({ from: 'caracal@example.com', peer: OUTSIDERS.smtpServer.peer, ...own('mail') })),
  ];
}

function originsOf(has: (id: string) => boolean, instance: string) {
  const localConsole = has('ingressWeb') ? 'http://console.example.com' : 'http://localhost:3002';
  return {
    console: has('httpConsole') ? localConsole : 'https://console.example.com',
    sts: has('httpIssuer') ? `http://${instance}-sts:8080` : 'https://sts.example.com',
    ...(has('ingressGateway') ? { gateway: 'https://gateway.example.com' } : {}),
    ...(has('ingressApi') ? { api: 'https://api.example.com' } : {}),
  };
}

function commonOf({ profile, conditions }: World) {
  const has = (id: string): boolean => conditions.has(id);
  const [secretBackend] = backendOf(has, profile !== 'production');
  const s3 = [
    target('s3', 443),
    ...when(has('podIdentity'), target('podIdentityAgent', 80)),
    ...when(has('webIdentity'), { peer: Peer.internet(), port: Port.tcp(443) }),
  ];
  const trust = profile === 'production' ? TrustBundle.fromConfigMap(NAMES.trust) : TrustBundle.fromPem(CERTIFICATE);
  return {
    namespace: NAMES.namespace,
    instance: NAMES.instance[profile],
    control: has('control'),
    webDiagnostics: has('webDiagnostics'),
    rotation: { encryptionKey: has('kekRotation'), idempotencyKey: has('idempotencyRotation') },
    administration: { sts: has('stsAdminToken'), audit: has('auditAdminToken'), gatewayReload: has('gatewayReload') },
    egress: egressOf(has),
    ...(secretBackend === undefined ? {} : { secretBackend }),
    web: has('openRegistration') ? { env: { CARACAL_OPEN_REGISTRATION: '1' } } : {},
    monitoring: { enabled: has('monitoring') },
    ...(has('otlp')
      ? { telemetry: Telemetry.otlp({ host: 'collector.observability', peer: OUTSIDERS.collector.peer }) }
      : {}),
    ...(has('privateCa') ? { trust } : {}),
    ...(has('sdkPeers') ? { clients: [OUTSIDERS.sdkPeer.peer] } : {}),
    ...(has('s3Export') ? { auditExport: { bucket: 'evidence', targets: s3 } } : {}),
    ...(has('ingressGateway') ? { gatewayPaths: NAMES.gatewayPaths } : {}),
  };
}

function clusterOf({ profile }: World): Cluster {
  return Cluster.generic({
    name: `${profile}-cluster`,
    kubernetes: '1.33',
    zones: 3,
    dns: Dns.kubeDns(),
    ingressController: OUTSIDERS.ingressController.peer,
    prometheus: { peer: OUTSIDERS.prometheus.peer, selectorLabels: NAMES.monitorLabels },
    customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1'],
  });
}

/** Properties of the stack of a world, and what the templates of the vocabulary stand for in it. */
export function propsOf(world: World): { props: CaracalStackProps; templates: Record<string, string> } {
  const { profile, conditions } = world;
  const has = (id: string): boolean => conditions.has(id);
  const instance = NAMES.instance[profile];
  const origins = originsOf(has, instance);
  const exposure = has('ingressWeb')
    ? Exposure.ingress({
        className: NAMES.ingressClass,
        ...(profile === 'dev' ? {} : { tls: Tls.existingSecret('public-tls') }),
        annotations: { 'controller.example.com/read-timeout': '75' },
      })
    : Exposure.none();
  const templates = {
    instance,
    mode: { production: 'stable', rc: 'rc', dev: 'dev' }[profile],
    version: NAMES.version,
    issuer: origins.sts,
    consoleOrigin: origins.console,
    postgresHost: profile === 'dev' ? `${instance}-postgres` : 'pg.example.internal',
    postgresPort: '5432',
    database: 'caracal',
  };
  if (profile === 'dev') {
    const props: CaracalDevProps = {
      ...commonOf(world),
      profile,
      cluster: clusterOf(world),
      secrets: SecretSource.derivedForDev('a passphrase for tests'),
      signIn: signInOf(has, true),
      exposure,
      // Left out where dev's own default is meant.
      ...(has('httpIssuer') && has('httpConsole') ? {} : { origins }),
      ...(has('operators') ? { operators: ['@example.com'] } : {}),
      ...(has('replayPersistence') ? {} : { replayPersistence: ReplayPersistence.ephemeral() }),
    };
    return { props, templates };
  }
  const props: CaracalProductionProps = {
    ...commonOf(world),
    profile,
    cluster: clusterOf(world),
    release: CaracalRelease.fromManifest(MANIFEST),
    origins: origins as CaracalOrigins<HttpsOrigin>,
    signIn: signInOf(has, profile === 'rc') as [SignIn<ProvenMethod>, ...SignIn<ProvenMethod>[]],
    operators: ['@example.com'],
    postgres: Postgres.external({
      host: 'pg.example.internal',
      peer: OUTSIDERS.postgres.peer,
      maxConnections: 1300,
      reservedConnections: 3,
    }),
    redis: Redis.external({ host: 'redis.example.internal', peer: OUTSIDERS.redis.peer }),
    secrets:
      profile === 'production'
        ? SecretSource.externalSecrets({ store: { kind: 'ClusterSecretStore', name: 'vault' }, prefix: 'caracal/' })
        : SecretSource.existing({ name: NAMES.existingSecret }),
    exposure: exposure as CaracalProductionProps['exposure'],
  };
  return { props, templates };
}
