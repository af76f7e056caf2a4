import { TrustBundle } from '../../src';
import { refusal, refusedIds } from '../support/findings';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
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
    expect(TrustBundle.fromPem(CERTIFICATE + CERTIFICATE).pem).toBe(CERTIFICATE + CERTIFICATE);
  });

  test.each([
    ['text without certificates', 'hello'],
    ['a private key', KEY],
    ['a certificate with its key', CERTIFICATE + KEY],
    ['nothing', undefined],
  ])('%s is refused', (_what, pem) => {
    expect(refusedIds(() => TrustBundle.fromPem(pem as string))).toEqual(['workload/invalid-trust']);
  });

  test('the refusal of a key does not repeat the key', () => {
    expect(JSON.stringify(refusal(() => TrustBundle.fromPem(`${KEY}c2VjcmV0`)))).not.toMatch(/MIIB|c2VjcmV0/);
  });
});
