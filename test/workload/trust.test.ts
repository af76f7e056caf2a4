import { Component, OneShotJob, TrustBundle } from '../../src';
import { CERTIFICATE, OTHER_CERTIFICATE } from '../support/certificates';
import { refusal, refusedIds } from '../support/findings';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { podTemplates } from '../support/manifests';

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';

describe('TrustBundle', () => {
  test('names a ConfigMap, with the key that trust-manager uses', () => {
    const { configMap, key, pem } = TrustBundle.fromConfigMap({ configMap: 'ca-bundle' });
    expect([configMap, key, pem]).toEqual(['ca-bundle', 'ca.crt', undefined]);
  });

  test.each([
    ['no name', {}],
    ['a name with a space', { configMap: 'a b' }],
    ['a key with a slash', { configMap: 'a', key: 'b/c' }],
    ['the folder above as the key', { configMap: 'a', key: '..' }],
    ['the folder itself as the key', { configMap: 'a', key: '.' }],
    ['a key that begins as the folder above', { configMap: 'a', key: '..data' }],
    ['a key that is too long', { configMap: 'a', key: 'x'.repeat(254) }],
    ['a revision that no annotation carries', { configMap: 'a', revision: '\u0000' }],
    ['nothing', undefined],
  ])('%s is refused', (_what, props) => {
    const expected = props === undefined ? 'core/wrong-type' : 'workload/invalid-trust';
    expect(refusedIds(() => TrustBundle.fromConfigMap(props as { configMap: string }))).toEqual([expected]);
  });

  test('a misspelt property is refused', () => {
    const props = { configMap: 'ca', kye: 'root.crt' } as { configMap: string };
    expect(refusedIds(() => TrustBundle.fromConfigMap(props))).toEqual(['core/unknown-property']);
  });

  test('takes one certificate or several as text, as it stands', () => {
    const bundle = `# Authorities\n${CERTIFICATE}\n# The other one\n${OTHER_CERTIFICATE.replaceAll('\n', '\r\n')}`;
    expect(TrustBundle.fromPem(CERTIFICATE).pem).toBe(CERTIFICATE);
    expect(TrustBundle.fromPem(bundle).pem).toBe(bundle);
    expect(TrustBundle.fromPem(CERTIFICATE.trimEnd()).pem).toBe(CERTIFICATE.trimEnd());
  });

  test.each([
    ['text without certificates', 'hello'],
    ['a private key', KEY],
    ['a certificate with its key', CERTIFICATE + KEY],
    [
      'a certificate with a list of revoked ones',
      `${CERTIFICATE}-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n`,
    ],
    ['a mark alone', '-----BEGIN CERTIFICATE-----'],
    ['a certificate without its end', CERTIFICATE.replace('-----END CERTIFICATE-----', '')],
    ['a certificate that is cut', `${CERTIFICATE.slice(0, 200)}\n-----END CERTIFICATE-----\n`],
    ['no certificate between the marks', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['garbage after a good one', `${CERTIFICATE}-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n`],
    ['a certificate that is indented, which Go does not find', CERTIFICATE.replace(/^/gm, '  ')],
    ['a comment with a control character', `# \u0007\n${CERTIFICATE}`],
    ['nothing', undefined],
  ])('%s is refused', (_what, pem) => {
    expect(refusedIds(() => TrustBundle.fromPem(pem as string))).toEqual(['workload/invalid-trust']);
  });

  test('the refusal of a key does not repeat the key', () => {
    expect(JSON.stringify(refusal(() => TrustBundle.fromPem(`${KEY}c2VjcmV0`)))).not.toMatch(/MIIB|c2VjcmV0/);
  });
});

describe('the revision of a bundle', () => {
  const ANNOTATION = 'cdk8s-selfhosted/trust-revision';
  function annotations(revision: string | undefined): (string | undefined)[] {
    const stack = testStack();
    const trust = {
      configMap: 'ca',
      key: 'ca.crt',
      folder: '/etc/trust',
      file: '/etc/trust/ca.crt',
      ...(revision === undefined ? {} : { revision }),
    };
    new Component(stack, 'server', testComponentSpec({ trust }));
    new OneShotJob(stack, 'migrate', testJobContent({ trust }));
    return podTemplates(stack).map(({ metadata }) => metadata.annotations?.[ANNOTATION]);
  }

  test('follows the text of the certificates, and nothing else', () => {
    const { revision } = TrustBundle.fromPem(CERTIFICATE);
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(TrustBundle.fromPem(CERTIFICATE).revision).toBe(revision);
    expect(TrustBundle.fromPem(OTHER_CERTIFICATE).revision).not.toBe(revision);
  });

  test('of a ConfigMap that exists is what the user says, or none', () => {
    expect(TrustBundle.fromConfigMap({ configMap: 'ca', revision: '2' }).revision).toBe('2');
    expect(TrustBundle.fromConfigMap({ configMap: 'ca' }).revision).toBeUndefined();
  });

  test('stands on every pod, so that a changed bundle replaces the pods, which read it only once', () => {
    expect(annotations('2')).toEqual(['2', '2']);
    expect(annotations(undefined)).toEqual([undefined, undefined]);
  });

  test('changes the name of a Job, whose pod template must not change', () => {
    const name = (revision: string) => {
      const trust = { configMap: 'ca', key: 'ca.crt', folder: '/t', file: '/t/ca.crt', revision };
      return new OneShotJob(testStack(), 'migrate', testJobContent({ trust })).job.name;
    };
    expect(name('1')).toBe(name('1'));
    expect(name('1')).not.toBe(name('2'));
  });
});
