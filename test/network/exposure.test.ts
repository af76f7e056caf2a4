import { Chart, Testing } from 'cdk8s';
import { type ExposedHost, Exposure } from '../../src/network/exposure';
import { Peer } from '../../src/network/peer';
import { Tls } from '../../src/network/tls';
import { refused } from '../core/refused';

const host: ExposedHost = {
  name: 'caracal-sts',
  labels: { component: 'sts' },
  host: 'sts.example.com',
  paths: [
    { path: '/oauth/', match: 'Prefix' },
    { path: '/.well-known/jwks.json', match: 'Exact' },
  ],
  service: { name: 'caracal-sts', port: 'http' },
};

/** The objects that an exposure of the host adds. */
function exposed(exposure: Exposure): unknown[] {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'caracal' });
  exposure.expose(chart, 'Ingress', host);
  return Testing.synth(chart) as unknown[];
}

describe('Exposure.ingress', () => {
  test('routes the paths that are meant for the public, and no other', () => {
    expect(exposed(Exposure.ingress({ className: 'traefik' }))).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'caracal-sts', namespace: 'caracal', labels: { component: 'sts' } },
        spec: {
          ingressClassName: 'traefik',
          rules: [
            {
              host: 'sts.example.com',
              http: {
                paths: [
                  {
                    path: '/oauth/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'caracal-sts', port: { name: 'http' } } },
                  },
                  {
                    path: '/.well-known/jwks.json',
                    pathType: 'Exact',
                    backend: { service: { name: 'caracal-sts', port: { name: 'http' } } },
                  },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  test('with cert-manager: the annotation, and a Secret of the Ingress for exactly its host', () => {
    const tls = Tls.certManager({ clusterIssuer: 'letsencrypt' });
    expect(exposed(Exposure.ingress({ className: 'traefik', tls }))).toMatchObject([
      {
        metadata: { annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' } },
        spec: { tls: [{ hosts: ['sts.example.com'], secretName: 'caracal-sts-tls' }] },
      },
    ]);
  });

  test('with a Secret that exists: that one, and no annotation', () => {
    const [ingress] = exposed(Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('wildcard') }));
    expect(ingress).toMatchObject({ spec: { tls: [{ hosts: ['sts.example.com'], secretName: 'wildcard' }] } });
    expect(ingress).not.toHaveProperty('metadata.annotations');
  });

  test('annotations are those of the user and of the certificate together', () => {
    const exposure = Exposure.ingress({
      className: 'nginx',
      tls: Tls.certManager({ issuer: 'internal' }),
      annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '90' },
    });
    expect(exposed(exposure)).toMatchObject([
      {
        metadata: {
          annotations: {
            'cert-manager.io/issuer': 'internal',
            'nginx.ingress.kubernetes.io/proxy-read-timeout': '90',
          },
        },
      },
    ]);
  });

  test('an annotation of the user cannot turn the certificate to another issuer', () => {
    const exposure = Exposure.ingress({
      className: 'nginx',
      tls: Tls.certManager({ issuer: 'internal' }),
      annotations: { 'cert-manager.io/issuer': 'other' },
    });
    expect(exposed(exposure)).toMatchObject([{ metadata: { annotations: { 'cert-manager.io/issuer': 'internal' } } }]);
  });

  test('says what it is, for the rules that need to know', () => {
    const tls = Tls.existingSecret('wildcard');
    const exposure = Exposure.ingress({ className: 'traefik', tls });
    expect([exposure.isPublic, exposure.className, exposure.tls]).toEqual([true, 'traefik', tls]);
  });

  test('is a value: annotations that change later, outside or given out, do not change it', () => {
    const annotations: Record<string, string> = { a: '1' };
    const exposure = Exposure.ingress({ className: 'traefik', annotations });
    annotations.a = '2';
    exposure.annotations.a = '3';
    expect(exposure.annotations).toEqual({ a: '1' });
  });

  test.each<[string, object, string]>([
    ['a misspelt property', { className: 'traefik', class: 'nginx' }, 'core/unknown-property'],
    ['a class that is no text', { className: 5 }, 'core/wrong-type'],
    ['plain data in the place of Tls', { className: 'traefik', tls: { clusterIssuer: 'a' } }, 'core/wrong-type'],
    ['annotations that are a list', { className: 'traefik', annotations: ['a=b'] }, 'core/wrong-type'],
  ])('%s is refused at its own line', (_what, props, id) => {
    const finding = refused(() => Exposure.ingress(props as never));
    expect(finding.id).toBe(id);
    expect(finding.path).toMatch(/^Exposure\.ingress\./);
  });
});

describe('Exposure.none', () => {
  test('adds nothing and is not public', () => {
    const exposure = Exposure.none();
    expect(exposed(exposure)).toEqual([]);
    expect([exposure.isPublic, exposure.className, exposure.tls, exposure.annotations]).toEqual([
      false,
      undefined,
      undefined,
      {},
    ]);
  });
});

describe('Exposure.external', () => {
  test("adds no object: the proxy is somebody else's", () => {
    const exposure = Exposure.external({ proxy: Peer.namespace('istio-ingress') });
    expect(exposed(exposure)).toEqual([]);
    expect(exposure.isPublic).toBe(true);
    expect(exposure.proxy?.description).toBe('namespace istio-ingress');
  });

  test('refuses a proxy that is nobody, because no policy would let it in', () => {
    expect(() => Exposure.external({ proxy: Peer.anyOf() })).toThrow(
      /network\/no-ingress-peer\s+no policy would let the proxy in[\s\S]*Fix: name the pods or the network/,
    );
  });
});
