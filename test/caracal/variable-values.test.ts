import { Component, Exposure, ImageRef, Peer, Port, SecretRef } from '../../src';
import { findingsWith, openErrorIds } from '../support/findings';
import { caracal, propsOf } from './fixture';

const stackWith = (change: object) => caracal(propsOf('production', change));
const range = (change: object): string[] =>
  findingsWith(stackWith(change), 'caracal/variable-range').map(({ path, allowed = '' }) => `${path}: ${allowed}`);

describe('a variable that the manifests rely on has a range', () => {
  test.each(['api', 'coordinator'])('the shutdown of %s ends before its pod is killed', (component) => {
    const at = `caracal/${component}.env.SHUTDOWN_GRACE_MS: a whole number from 1 to 15000`;
    for (const text of ['15001', '60000', '0', '15s', '']) {
      expect(range({ [component]: { env: { SHUTDOWN_GRACE_MS: text } } })).toEqual([at]);
    }
    expect(range({ [component]: { env: { SHUTDOWN_GRACE_MS: '15000' } } })).toEqual([]);
  });

  test('also where all pods get it', () => {
    expect(range({ pods: { env: { SHUTDOWN_GRACE_MS: '20000' } } })).toEqual([
      expect.stringContaining('caracal.pods.env.SHUTDOWN_GRACE_MS'),
      expect.stringContaining('caracal.pods.env.SHUTDOWN_GRACE_MS'),
    ]);
  });

  test('readiness probes are answered: the limit counts them', () => {
    expect(range({ api: { env: { READY_RATE_LIMIT_PER_MIN: '5' } } })).toEqual([
      'caracal/api.env.READY_RATE_LIMIT_PER_MIN: at least 12',
    ]);
    expect(range({ api: { env: { READY_RATE_LIMIT_PER_MIN: '240' } } })).toEqual([]);
  });

  test('connections that a pod keeps open are connections that the budget counts', () => {
    const ids = (text: string) => openErrorIds(stackWith({ sts: { env: { DB_MIN_CONNS: text } } }));
    expect([ids('21'), ids('20'), ids('0')]).toEqual([['caracal/pool-above-budget'], [], []]);
  });
});

describe('a gateway that answers later than its proxy waits', () => {
  const found = (variables: object, change: object = {}) =>
    findingsWith(stackWith({ gateway: { env: variables }, ...change }), 'caracal/proxy-gives-up').map(
      ({ level }) => level,
    );

  test.each([
    { STREAM_IDLE_TIMEOUT: '75s' },
    { STREAM_IDLE_TIMEOUT: '5m' },
    { UPSTREAM_TIMEOUT: '70s', READ_TIMEOUT: '80s' },
  ])('is a warning: %j', (variables) => {
    expect(found(variables)).toEqual(['warning']);
  });

  test('is none below that, and none where nothing is exposed', () => {
    expect(found({ STREAM_IDLE_TIMEOUT: '74s' })).toEqual([]);
    expect(found({ STREAM_IDLE_TIMEOUT: '5m' }, { exposure: Exposure.none() })).toEqual([]);
  });
});

describe('a variable that a property stands for', () => {
  test.each([
    ['web', 'CARACAL_LOG_LEVEL', 'debug', /logLevel of the component/],
    ['web', 'CARACAL_AUTH_PORT', '8080', /leave it out/],
    ['api', 'WORKER_ID', 'one', /leave it out/],
    ['coordinator', 'RELAY_CONSUMER_NAME', 'one', /leave it out/],
    ['api', 'CARACAL_ENV_FILE', '/tmp/env', /`env`/],
    ['sts', 'AUDIT_REPLAY_DIR', '/tmp', /leave it out/],
    ['audit', 'AUDIT_EXPORT_TMP_DIR', '/tmp', /leave it out/],
    ['audit', 'AUDIT_EXPORT_S3_BUCKET', 'evidence', /auditExport: \{/],
    ['gateway', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'http://c:4318', /Telemetry\.otlp\(/],
    ['sts', 'APP_ENV', 'development', /profile/],
  ])('is refused with the line to type: %s %s', (component, name, text, fix) => {
    const stack = stackWith({ [component]: { env: { [name]: text } } });
    expect(findingsWith(stack, 'caracal/forbidden-env')).toEqual([
      expect.objectContaining({ fix: expect.stringMatching(fix) }),
    ]);
  });

  test.each(['CARACAL_LOG_LEVEL', 'AWS_REGION', 'CARACAL_VAULT_TOKEN'])('for all pods too: %s', (name) => {
    expect(openErrorIds(stackWith({ pods: { env: { [name]: 'debug' } } }))).toEqual(['caracal/forbidden-env']);
  });

  test('has a name that says it is a secret, although nobody reads it', () => {
    for (const name of ['INTERNAL_API_KEY', 'DB_PASSWORD', 'VAULT_TOKEN']) {
      expect(openErrorIds(stackWith({ gateway: { env: { [name]: 'plain' } } }))).toEqual(['caracal/forbidden-env']);
    }
    // Read by the service, and no secret for all that its name says.
    expect(openErrorIds(stackWith({ api: { env: { ADMIN_TOKEN_LAST_USED_DEBOUNCE_SEC: '5' } } }))).toEqual([]);
  });
});

describe('a component of the user beside the platform', () => {
  const own = (name: string, value: string | SecretRef): string[] => {
    const stack = stackWith({});
    const orders = new Component(stack, 'orders', {
      component: 'orders',
      image: ImageRef.parse(`registry.example.com/orders@sha256:${'1a'.repeat(32)}`),
      version: '1.0.0',
      ports: [{ name: 'http', port: Port.tcp(8080) }],
    });
    orders.connections.allowTo(Peer.internet(), { port: Port.tcp(443), reason: 'partners' });
    orders.addEnv(name, value);
    return stack
      .findings()
      .filter(({ path }) => path.includes('orders'))
      .map(({ id }) => id)
      .filter((id) => id.startsWith('caracal/'));
  };

  test.each<[string, string | SecretRef]>([
    ['LOG_LEVEL', 'debug'],
    ['PORT', '8080'],
    ['WORKER_ID', 'one'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318'],
    ['VAULT_ADDR', 'https://vault.example.com'],
    ['SHUTDOWN_GRACE_MS', '60000'],
    ['PARTNER_TOKEN', SecretRef.key({ secret: 'partner', key: 'token' })],
  ])('has settings of its own: %s', (name, value) => {
    expect(own(name, value)).toEqual([]);
  });

  test('negative control: a secret of Caracal in plain text is none of them', () => {
    expect(own('DATABASE_URL', 'postgres://a:b@c/d')).toEqual(['caracal/forbidden-env']);
  });
});
