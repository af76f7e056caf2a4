import {
  Cluster,
  Disruption,
  Exposure,
  ImageRef,
  Peer,
  Port,
  Postgres,
  Redis,
  RegistryMirror,
  Scaling,
  SecretRef,
  SecretSource,
  Tls,
  TrustBundle,
} from '../../src';
import { ReplayPersistence, SignIn, Telemetry } from '../../src/caracal';
import { brands, makingOf } from '../../src/core/brand';
import { check, checkShape } from '../../src/core/checks';
import { refused } from './refused';

/** What a report says for a value in the place of an instance, or in a list of them. */
const fixOf = (checkOf: (typeof check)['any'], value: unknown): string | undefined =>
  checkShape('thing', { it: value }, { it: checkOf })[0]?.fix;
const one = (name: string, value: unknown): string | undefined => fixOf(check.instance(name), value);

describe('the fix of a wrong type is the line to type', () => {
  test.each<[string, unknown, string]>([
    ['Peer', '10.20.1.0/24', 'write it: Peer.cidr("10.20.1.0/24")'],
    ['Peer', '10.20.1.7', 'write it: Peer.cidr("10.20.1.7/32")'],
    ['Peer', 'traefik', 'write it: Peer.namespace("traefik")'],
    ['Peer', { namespace: 'a', labels: { app: 'b' } }, 'write it: Peer.pods({ namespace: "a", labels: { app: "b" } })'],
    ['Peer', { ipBlock: { cidr: '10.0.0.0/8' } }, 'write it: Peer.cidr("10.0.0.0/8")'],
    ['Peer', [Peer.internet()], 'give it without the brackets: one value, not a list'],
    ['Peer', Peer.internet, 'write it: Peer.internet()'],
    ['Port', 8443, 'write it: Port.tcp(8443)'],
    ['Port', '8443', 'write it: Port.tcp(8443)'],
    ['Port', { port: 53, protocol: 'UDP' }, 'write it: Port.udp(53)'],
    ['Port', '8000-8010', 'write it: Port.tcpRange(8000, 8010)'],
    ['Port', [Port.tcp(53)], 'write it: Port.tcp(53)'],
    ['Scaling', 3, 'write it: Scaling.fixed(3)'],
    ['Scaling', { minReplicas: 2, maxReplicas: 8 }, 'write it: Scaling.auto({ min: 2, max: 8, cpuPercent: 70 })'],
    ['Disruption', { minAvailable: 2 }, 'write it: Disruption.minAvailable(2)'],
    ['SecretSource', { name: 'a' }, 'write it: SecretSource.existing({ name: "..." })'],
    [
      'SecretRef',
      { secretKeyRef: { name: 'ai', key: 'apiKey' } },
      'write it: SecretRef.key({ secret: "ai", key: "apiKey" })',
    ],
    ['Tls', 'letsencrypt', 'write it: Tls.certManager({ clusterIssuer: "letsencrypt" })'],
    ['Tls', [{ secretName: 'console-tls', hosts: ['a'] }], 'write it: Tls.existingSecret("console-tls")'],
    ['Exposure', 'none', 'write it: Exposure.none()'],
    ['Exposure', Exposure.none, 'write it: Exposure.none()'],
    ['Cluster', 'eu-1', 'write it: Cluster.generic({ name: "eu-1", kubernetes: "1.33", zones: 3 })'],
    [
      'Cluster',
      { name: 'eu-1', kubernetes: '1.34', zones: 3 },
      'write it: Cluster.generic({ name: "eu-1", kubernetes: "1.34", zones: 3 })',
    ],
    ['Mesh', 'istio', 'write it: Mesh.istioSidecar()'],
    ['Mesh', 'istio-ambient', 'write it: Mesh.istioAmbient()'],
    ['Mesh', 'linkerd', 'write it: Mesh.linkerd()'],
    ['RegistryMirror', 'https://registry.example.com/', 'write it: RegistryMirror.prefix("registry.example.com")'],
    ['TrustBundle', 'private-ca', 'write it: TrustBundle.fromConfigMap({ configMap: "private-ca" })'],
    ['SignIn', 'google', 'write it: SignIn.google()'],
    ['ReplayPersistence', { size: '10Gi' }, 'write it: ReplayPersistence.persistent({ size: "10Gi" })'],
    [
      'Telemetry',
      'http://otel.tracing:4318',
      'write it: Telemetry.otlp({ host: "otel.tracing", peer: Peer.namespace("tracing") })',
    ],
  ])('%s in the place of %p', (name, value, fix) => {
    expect(one(name, value)).toBe(fix);
  });

  test.each(['Postgres', 'Redis', 'SecretSource', 'SecretRef'])('%s never repeats what may be a secret', (name) => {
    for (const value of [
      'postgres://a:hunter2@h/db',
      'hunter2',
      { password: 'hunter2' },
      { host: 'rediss://:hunter2@redis' },
      ['hunter2'],
    ]) {
      expect(one(name, value)).toMatch(new RegExp(`^write it: ${name}\\.`));
      expect(one(name, value)).not.toContain('hunter2');
    }
  });

  test('a single value where a list is needed gets brackets, and the factory where it lacks that too', () => {
    const list = check.each(check.instance('Port'));
    expect(fixOf(list, Port.tcp(53))).toBe('write it: [Port.tcp(53)]');
    expect(fixOf(list, 53)).toBe('write it: [Port.tcp(53)]');
    expect(fixOf(list, [53])).toBe('write Port.tcp(53)');
    expect(fixOf(check.each(check.text), 'a@example.com')).toBe('write it: ["a@example.com"]');
  });

  test('primitive values are written as they were meant', () => {
    expect(fixOf(check.text, 5)).toBe('write it: "5"');
    expect(fixOf(check.flag, 'true')).toBe('write it: true');
    expect(fixOf(check.count, '3')).toBe('write it: 3');
    expect(fixOf(check.count, -1)).toBe('give a whole number of at least 0');
    expect(fixOf(check.oneOf('production', 'rc', 'dev'), 'prod')).toBe('write it: "production"');
    expect(fixOf(check.record, [{ name: 'TZ', value: 'UTC' }])).toBe('write it: { TZ: "UTC" }');
  });

  test('each class that properties ask for says how it is made', () => {
    const loaded = [Cluster, Disruption, Exposure, ImageRef, Peer, Port, Postgres, Redis, RegistryMirror, Scaling];
    const more = [SecretRef, SecretSource, Tls, TrustBundle, ReplayPersistence, SignIn, Telemetry];
    expect([...loaded, ...more].every((type) => typeof type === 'function')).toBe(true);
    const without = brands().filter((name) => makingOf(name) === undefined);
    // These are never given by a user.
    expect(without.sort()).toEqual(
      ['ConfigurationError', 'Connections', 'HelmEscape'].filter((name) => brands().includes(name)),
    );
  });
});

describe('the kind of a mistake decides what is told', () => {
  const host = (text: string) => refused(() => Redis.external({ host: text, peer: Peer.cidr('10.0.0.0/8') }));

  test.each([
    ['PG.example', 'write host: "pg.example"'],
    ['db.example:5432', 'write host: "db.example", port: 5432'],
    ['rediss://:pw@redis.example:6380/0', 'write host: "redis.example", port: 6380'],
    ['db.example.', 'write host: "db.example"'],
  ])('the host %s', (given, fix) => {
    expect(host(given).fix).toBe(fix);
  });

  test('capitals are called that', () => {
    expect(host('PG.example').message).toMatch(/lower case/);
    expect(host('a b').message).toBe('this is not a host');
  });

  test.each([
    ['v1.33.2', 'write kubernetes: "1.33"'],
    ['1.33.2', 'write kubernetes: "1.33"'],
    ['v1.33', 'write kubernetes: "1.33"'],
    ['1.34-gke.100', 'write kubernetes: "1.34"'],
  ])('Kubernetes %s is not too old', (kubernetes, fix) => {
    const finding = refused(() => Cluster.generic({ name: 'a', kubernetes: kubernetes as '1.33', zones: 3 }));
    expect([finding.fix, finding.message]).toEqual([fix, 'this is not a minor version of Kubernetes']);
  });

  test('an old one is', () => {
    const finding = refused(() => Cluster.generic({ name: 'a', kubernetes: '1.29', zones: 3 }));
    expect(finding.message).toMatch(/1\.30 is the oldest/);
  });
});

describe('a factory tells all of its problems at its own line', () => {
  test('wrong types beside wrong contents, each once', () => {
    const call = () =>
      Postgres.external({ host: 'PG.example', peer: '10.20.0.0/24' as never, maxConnections: 5, prot: 5432 } as never);
    expect(call).toThrow(/4 problems/);
  });
});
