import * as fc from 'fast-check';
import { Tls } from '../../src/network/tls';
import { hostileText } from '../core/hostile';
import { accepted, refused } from '../core/refused';

describe('Tls.certManager', () => {
  test('names the issuer by the annotation of its scope: a wrong one is ignored in silence', () => {
    expect(Tls.certManager({ clusterIssuer: 'letsencrypt' }).annotations).toEqual({
      'cert-manager.io/cluster-issuer': 'letsencrypt',
    });
    expect(Tls.certManager({ issuer: 'internal' }).annotations).toEqual({ 'cert-manager.io/issuer': 'internal' });
  });

  test('gives every Ingress a Secret of its own: two certificates in one Secret overwrite each other', () => {
    const tls = Tls.certManager({ clusterIssuer: 'letsencrypt' });
    expect([tls.secretName('caracal-sts'), tls.secretName('caracal-web')]).toEqual([
      'caracal-sts-tls',
      'caracal-web-tls',
    ]);
  });

  test('needs cert-manager in the cluster', () => {
    expect(Tls.certManager({ issuer: 'internal' }).requiredApi).toBe('cert-manager.io/v1');
  });

  test('an issuer that is undefined counts as absent', () => {
    expect(Tls.certManager({ clusterIssuer: undefined, issuer: 'internal' } as never).annotations).toEqual({
      'cert-manager.io/issuer': 'internal',
    });
  });

  test.each<[string, unknown]>([
    ['both issuers', { clusterIssuer: 'a', issuer: 'b' }],
    ['no issuer', {}],
    ['nothing', undefined],
    ['a text', 'letsencrypt'],
    ['an empty name', { issuer: '' }],
    ['upper case', { issuer: 'LetsEncrypt' }],
    ['a number', { clusterIssuer: 5 }],
    ['null', { clusterIssuer: null }],
    ['an annotation that breaks out of its line', { issuer: 'a\nb: c' }],
  ])('%s is refused', (_what, issuer) => {
    expect(refused(() => Tls.certManager(issuer as never))).toMatchObject({
      id: 'network/invalid-tls',
      path: 'Tls.certManager',
      allowed: '{ clusterIssuer: "name" } or { issuer: "name" }',
    });
  });
});

describe('Tls.existingSecret', () => {
  test('is one Secret for every host, and needs nothing else of the cluster', () => {
    const tls = Tls.existingSecret('wildcard');
    expect([tls.secretName('a'), tls.secretName('b')]).toEqual(['wildcard', 'wildcard']);
    expect([tls.annotations, tls.requiredApi]).toEqual([{}, undefined]);
  });

  test.each([undefined, null, 5, '', 'Wildcard', '*.example.com', 'a/b', { name: 'a' }])('%p is refused', (name) => {
    expect(refused(() => Tls.existingSecret(name as never))).toMatchObject({
      id: 'network/invalid-tls',
      path: 'Tls.existingSecret',
    });
  });
});

test('a hostile name is refused by every factory, or is a plain DNS name', () => {
  fc.assert(
    fc.property(hostileText, (name) => {
      const makers = [() => Tls.existingSecret(name), () => Tls.certManager({ clusterIssuer: name })];
      expect(makers.map(accepted).every((each) => !each || /^[a-z0-9.-]+$/.test(name))).toBe(true);
    }),
  );
});
