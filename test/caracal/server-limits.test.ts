import { ConfigurationError, Exposure, Peer, Redis, SecretRef, SecretSource, Tls, TrustBundle } from '../../src';
import { caracal, CERTIFICATE, propsOf } from './fixture';

/** Codes of what is refused; limits of the API server that random platforms have met. */
function ids(change: object): string[] {
  try {
    caracal(propsOf('production', change)).toJson();
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.findings.map(({ id }) => id) : [String(error)];
  }
}

const crowd = (size: number): string[] => Array.from({ length: size }, (_, index) => `operator-${index}@example.com`);

describe('what the API server refuses is refused at synthesis', () => {
  test('an Ingress class beside the class', () => {
    const exposure = (annotations: Record<string, string>) =>
      Exposure.ingress({ className: 'nginx', tls: Tls.existingSecret('tls'), annotations });
    expect(ids({ exposure: exposure({ 'kubernetes.io/ingress.class': 'traefik' }) })).toEqual([
      'network/invalid-ingress',
    ]);
    expect(ids({ exposure: exposure({ 'nginx.ingress.kubernetes.io/proxy-read-timeout': '75' }) })).toEqual([]);
  });

  test('more operators than a ConfigMap holds', () => {
    expect(ids({ operators: crowd(40_000) })).toEqual(['caracal/invalid-operators']);
    expect(ids({ operators: crowd(1_000) })).toEqual([]);
  });

  test('more certificates than a ConfigMap holds', () => {
    const comment = '# a comment of ours\n'.repeat(60_000);
    expect(() => TrustBundle.fromPem(`${comment}${CERTIFICATE}`)).toThrow(/a ConfigMap holds at most 1048576 bytes/);
    expect(() => TrustBundle.fromPem(`# a comment\n${CERTIFICATE}`)).not.toThrow();
  });

  test.each(['0o17', '1e_3', '0b-1'])('the key "%s", which YAML readers take for a number', (key) => {
    expect(() => TrustBundle.fromConfigMap({ configMap: 'ca', key })).toThrow(ConfigurationError);
    // Refused where it is made, or where it is used.
    expect(() => {
      const found = ids({ audit: { env: { AWS_ACCESS_KEY_ID: SecretRef.key({ secret: 'aws', key }) } } });
      if (found.length > 0) throw new Error(found.join());
    }).toThrow(/workload\/invalid-env|not a key of a Secret/);
  });

  test('a revision that is no revision: it becomes an annotation of every pod', () => {
    const secrets = (length: number) => SecretSource.existing({ name: 'a', revision: 'x'.repeat(length) });
    expect(new Set(ids({ secrets: secrets(300_000) }))).toEqual(new Set(['workload/invalid-metadata']));
    expect(ids({ secrets: secrets(64) })).toEqual([]);
  });

  test('a label that cdk8s cannot render is a report, not an exception in the middle of synthesis', () => {
    expect(() => Peer.pods({ labels: { constructor: 'x' } as unknown as Record<string, string> })).toThrow(
      /cdk8s cannot render this key/,
    );
    const spread = { topologyKey: 'a', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' };
    const labelSelector = { matchLabels: { constructor: 'x' } };
    expect(ids({ web: { topologySpread: [{ ...spread, labelSelector }] } })).toEqual(['workload/invalid-spread']);
    const csi = { driver: 'a', volumeAttributes: { constructor: 'x' } };
    expect(ids({ web: { volumes: [{ volume: { name: 'a', csi }, mountPath: '/a' }] } })).toEqual([
      'workload/invalid-volume',
    ]);
  });

  test('an amount that cannot be written exactly', () => {
    expect(() => Redis.inCluster({ maxMemoryMiB: 1e21 })).toThrow(/whole number/);
    expect(ids({ limits: { mintsPerMinute: 1e21 } })).toEqual(['core/wrong-type']);
  });
});
