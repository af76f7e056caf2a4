import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { SecretRef, type SecretRefProps } from '../../src';
import { refusal, refusedIds } from '../support/findings';

describe('a reference to a key of a Secret', () => {
  test('names both, by name or by a Secret of cdk8s-plus', () => {
    const theirs = new Secret(new Chart(new App(), 'theirs'), 'made', { metadata: { name: 'made' } });
    expect(SecretRef.key({ secret: 'provider', key: 'api.key' })).toMatchObject({
      secretName: 'provider',
      key: 'api.key',
    });
    expect(SecretRef.key({ secret: theirs, key: 'apiKey' }).secretName).toBe('made');
  });

  test('is told from what merely looks like one, and recognised across copies of the package', () => {
    expect(SecretRef.isSecretRef(SecretRef.key({ secret: 'a', key: 'b' }))).toBe(true);
    expect([{ secretName: 'a', key: 'b' }, 'a', null, undefined].map(SecretRef.isSecretRef)).toEqual(
      Array(4).fill(false),
    );
    let other: typeof SecretRef | undefined;
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy is what the test needs
      other = (require('../../src/secrets/secret-ref') as { SecretRef: typeof SecretRef }).SecretRef;
    });
    expect(other).not.toBe(SecretRef);
    expect(SecretRef.isSecretRef(other?.key({ secret: 'a', key: 'b' }))).toBe(true);
  });

  test.each<[string, unknown, string]>([
    ['a plain string, most likely the secret itself', 'hunter2-hunter2', 'core/wrong-type'],
    ['a value beside the name', { secret: 'a', key: 'b', value: 'hunter2' }, 'core/unknown-property'],
    ['no Secret', { key: 'b' }, 'secrets/invalid-reference'],
    ['no key', { secret: 'a' }, 'secrets/invalid-reference'],
    ['a value in the place of the name', { secret: 'Hunter2+hunter2', key: 'b' }, 'secrets/invalid-reference'],
    ['a value in the place of the key', { secret: 'a', key: 'hunter2/hunter2=' }, 'secrets/invalid-reference'],
    ['a key that is a folder', { secret: 'a', key: '..' }, 'secrets/invalid-reference'],
    ['an empty key', { secret: 'a', key: '' }, 'secrets/invalid-reference'],
  ])('%s is refused, and not repeated', (_what, given, id) => {
    const attempt = (): SecretRef => SecretRef.key(given as SecretRefProps);
    expect(refusedIds(attempt)).toEqual([id]);
    expect(JSON.stringify(refusal(attempt)).toLowerCase()).not.toContain('hunter2');
  });
});
