import * as fc from 'fast-check';
import { ImageRef } from '../../src/images/image-ref';
import { RegistryMirror } from '../../src/images/registry-mirror';
import { hostileText } from '../core/hostile';
import { accepted, refused } from '../core/refused';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const image = ImageRef.parse(`ghcr.io/garudex-labs/caracal-go:v1.0.0@${DIGEST}`);

describe('a mirror takes the place of the registry', () => {
  test.each([
    ['a registry', 'registry.example.com', 'registry.example.com/garudex-labs/caracal-go'],
    ['a registry with a path', 'registry.example.com/mirror', 'registry.example.com/mirror/garudex-labs/caracal-go'],
    ['a registry with a port', 'registry.example.com:5000', 'registry.example.com:5000/garudex-labs/caracal-go'],
    ['a registry on this machine', 'localhost:5000/a/b', 'localhost:5000/a/b/garudex-labs/caracal-go'],
  ])('%s', (_what, prefix, repository) => {
    expect(RegistryMirror.prefix(prefix).apply(image).repository).toBe(repository);
  });

  test.each([
    ['an image of Docker Hub, which names no registry', 'postgres:18', 'm.example.com/postgres:18'],
    ['a team of Docker Hub: the first part has no dot', 'bitnami/redis:8', 'm.example.com/bitnami/redis:8'],
    ['a registry with a port but no dot', 'registry:5000/a:v1', 'm.example.com/a:v1'],
    ['localhost', 'localhost/a:v1', 'm.example.com/a:v1'],
  ])('%s', (_what, from, to) => {
    expect(RegistryMirror.prefix('m.example.com').apply(ImageRef.parse(from)).toString()).toBe(to);
  });

  test('tag and digest stay: a mirror serves the same bytes, and the digest proves it', () => {
    const mirrored = RegistryMirror.prefix('m.example.com').apply(image);
    expect([mirrored.tag, mirrored.digest]).toEqual([image.tag, image.digest]);
  });

  test.each([
    ['at the mirror', 'm.example.com/mirror/orders:v1'],
    ['elsewhere in the registry of the mirror', 'm.example.com/team/orders:v1'],
  ])('an image %s is there already, and stays', (_what, own) => {
    const mirror = RegistryMirror.prefix('m.example.com/mirror');
    expect(mirror.apply(ImageRef.parse(own)).toString()).toBe(own);
    // The control: another registry with the same beginning.
    expect(mirror.apply(ImageRef.parse('m.example.com.org/team/orders:v1')).toString()).toBe(
      'm.example.com/mirror/team/orders:v1',
    );
  });

  test('a mirror at Docker Hub holds copies of images of Docker Hub', () => {
    expect(RegistryMirror.prefix('acme').apply(ImageRef.parse('postgres:18')).toString()).toBe('acme/postgres:18');
    expect(RegistryMirror.prefix('acme').apply(ImageRef.parse('acme/postgres:18')).toString()).toBe('acme/postgres:18');
  });

  test('an image may stay out of its reach, also after a change of it', () => {
    const own = ImageRef.of({ repository: 'harbor.example.org/orders', tag: 'v1', mirrored: false });
    const mirror = RegistryMirror.prefix('m.example.com');
    expect(mirror.apply(own.with({ tag: 'v2' })).toString()).toBe('harbor.example.org/orders:v2');
    expect(mirror.apply(own.with({ mirrored: true })).toString()).toBe('m.example.com/orders:v1');
    expect(mirror.apply(ImageRef.parse('harbor.example.org/orders:v1').with({ mirrored: false })).toString()).toBe(
      'harbor.example.org/orders:v1',
    );
  });

  test('the image that it is applied to stays as it is', () => {
    RegistryMirror.prefix('m.example.com').apply(image);
    expect(image.repository).toBe('ghcr.io/garudex-labs/caracal-go');
  });
});

describe('a prefix that makes no repository is refused at its own line', () => {
  test.each([
    'https://registry.example.com',
    'registry.example.com/',
    '/mirror',
    'registry.example.com/mirror:v1',
    'registry.example.com//mirror',
    'registry.example.com/Mirror',
    'registry..example.com',
    'registry-.example.com/mirror',
    'registry.example.com:port',
    'registry.example.com /mirror',
    'registry.example.com\n',
    '',
    ' ',
    undefined,
    null,
    5,
  ])('%p', (prefix) => {
    expect(refused(() => RegistryMirror.prefix(prefix as never))).toMatchObject({
      id: 'images/invalid-mirror',
      path: 'RegistryMirror.prefix',
      allowed: expect.stringContaining('without scheme and trailing slash') as string,
    });
  });

  test('what is accepted serves every image: no mirror fails later, far from its line', () => {
    const near = fc
      .array(fc.constantFrom('a', 'b', '.', '-', '/', ':', '5000', '_', 'A', 'example.com'), { maxLength: 7 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(hostileText, near), (prefix) => {
        fc.pre(prefix.length < 200 && accepted(() => RegistryMirror.prefix(prefix)));
        expect(RegistryMirror.prefix(prefix).apply(image).toString()).toBe(
          `${prefix}/garudex-labs/caracal-go:v1.0.0@${DIGEST}`,
        );
      }),
      { numRuns: 100 },
    );
  });
});
