import * as fc from 'fast-check';
import { ImageRef } from '../../src/images/image-ref';
import { hostileText } from '../core/hostile';
import { accepted, refused } from '../core/refused';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const REPOSITORY = 'ghcr.io/garudex-labs/caracal-go';

const word = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,8})?$/);
const registry = fc.constantFrom(
  '',
  'ghcr.io/',
  'localhost/',
  'localhost:5000/',
  'registry.example.com:5000/',
  'R.example/',
);
/** References as registries accept them. */
const reference = fc
  .tuple(
    registry,
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/),
    fc.constantFrom('tag', 'digest', 'both'),
  )
  .filter(([, , tag]) => tag !== 'latest')
  .map(([front, path, tag, form]) => {
    const repository = `${front}${path.join('/')}`;
    return `${repository}${form === 'digest' ? '' : `:${tag}`}${form === 'tag' ? '' : `@${DIGEST}`}`;
  });

describe('an image reference', () => {
  test('prints as a container wants it: the tag for people, the digest decides', () => {
    expect(ImageRef.of({ repository: REPOSITORY, tag: 'v1.0.0', digest: DIGEST }).toString()).toBe(
      `${REPOSITORY}:v1.0.0@${DIGEST}`,
    );
    expect(ImageRef.of({ repository: REPOSITORY, digest: DIGEST }).toString()).toBe(`${REPOSITORY}@${DIGEST}`);
    expect(ImageRef.of({ repository: REPOSITORY, tag: 'v1.0.0' }).toString()).toBe(`${REPOSITORY}:v1.0.0`);
  });

  test.each<[string, string, Partial<ImageRef>]>([
    ['tag and digest', `ghcr.io/a/b:v1@${DIGEST}`, { repository: 'ghcr.io/a/b', tag: 'v1', digest: DIGEST }],
    ['the port of a registry, which is no tag', `host:5000/a@${DIGEST}`, { repository: 'host:5000/a', digest: DIGEST }],
    ['a port and a tag', 'host:5000/a:v1', { repository: 'host:5000/a', tag: 'v1' }],
    ['no registry', 'postgres:18-alpine', { repository: 'postgres', tag: '18-alpine' }],
  ])('is read with %s', (_what, text, parts) => {
    expect({ ...ImageRef.parse(text) }).toEqual({ ...parts, mirrored: true });
  });

  test("reading and printing are each other's reverse", () => {
    fc.assert(
      fc.property(reference, (text) => {
        expect(ImageRef.parse(text).toString()).toBe(text);
      }),
    );
  });

  test('no text is read as another one: what is accepted prints as it was given, free of what a shell or YAML reads', () => {
    const near = fc
      .array(fc.constantFrom('a', 'b.c', ':', '/', '@', 'v1', DIGEST, 'sha256:', '_', '__', '-', '.', 'A', ' '), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(hostileText, near), (text) => {
        const printed = accepted(() => ImageRef.parse(text)) ? ImageRef.parse(text).toString() : undefined;
        expect([text, undefined]).toContain(printed);
        expect(printed ?? '').toMatch(/^[\w.:/@-]*$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('an image reference that is not exact is refused at its own line', () => {
  test.each([
    ['"latest" names another image every day', `${REPOSITORY}:latest`, 'names another image every day'],
    ['"latest" beside a digest promises what the digest does not keep', `${REPOSITORY}:latest@${DIGEST}`, 'latest'],
    ['neither tag nor digest means "latest"', REPOSITORY, 'without tag and digest means "latest"'],
    ['an empty tag', `${REPOSITORY}:`, 'not a tag'],
    ['a tag that begins with a dot', `${REPOSITORY}:.v1`, 'not a tag'],
    ['a tag of 129 characters', `${REPOSITORY}:${'a'.repeat(129)}`, 'not a tag'],
    ['a short digest', `${REPOSITORY}@sha256:abc`, 'not a digest'],
    ['a digest in upper case', `${REPOSITORY}@${DIGEST.toUpperCase()}`, 'not a digest'],
    ['another algorithm', `${REPOSITORY}@md5:${'a'.repeat(32)}`, 'not a digest'],
    ['an empty digest', `${REPOSITORY}:v1@`, 'not a digest'],
    ['a second digest, which must not be dropped', `${REPOSITORY}@${DIGEST}@${DIGEST}`, 'not a digest'],
    ['something behind the digest', `${REPOSITORY}@${DIGEST}@evil`, 'not a digest'],
    ['a scheme', `https://${REPOSITORY}:v1`, 'not a repository'],
    ['upper case in the path', 'ghcr.io/Team/image:v1', 'not a repository'],
    ['a space', 'ghcr.io/team/image :v1', 'not a repository'],
    ['a line break at the end', `${REPOSITORY}:v1\n`, 'not a tag'],
    ['a trailing slash', 'ghcr.io/team/:v1', 'not a repository'],
    ['an empty part of the path', 'ghcr.io//image:v1', 'not a repository'],
    ['a repository of 256 characters', `${'a'.repeat(256)}:v1`, 'not a repository'],
    ['nothing', '', 'not a repository'],
  ])('%s', (_why, text, message) => {
    const finding = refused(() => ImageRef.parse(text));
    expect(finding).toMatchObject({ id: 'images/invalid-reference', path: 'ImageRef' });
    expect(finding.message).toContain(message);
    expect([finding.allowed, finding.given, finding.fix]).toEqual(Array(3).fill(expect.any(String)));
  });

  test.each([undefined, null, 5, {}, ['a:v1']])('%p is no reference', (given) => {
    expect(refused(() => ImageRef.parse(given as never)).message).toBe('this is not an image reference');
  });

  test.each<[string, object, string]>([
    ['a misspelt tag', { repository: 'a', tags: 'v1' }, 'core/unknown-property'],
    ['a tag that YAML read as a number', { repository: 'a', tag: 1.1 }, 'core/wrong-type'],
    ['a repository that is no text', { repository: 5, tag: 'v1' }, 'core/wrong-type'],
    ['no repository', { tag: 'v1' }, 'images/invalid-reference'],
  ])('%s, from JavaScript or a spread', (_what, props, id) => {
    expect(refused(() => ImageRef.of(props as never)).id).toBe(id);
  });
});

describe('with', () => {
  const image = ImageRef.of({ repository: REPOSITORY, tag: 'v1.0.0', digest: DIGEST });

  test('gives another image and leaves this one alone', () => {
    expect(image.with({ repository: 'mirror.example.com/caracal-go' }).toString()).toBe(
      `mirror.example.com/caracal-go:v1.0.0@${DIGEST}`,
    );
    expect(image.toString()).toBe(`${REPOSITORY}:v1.0.0@${DIGEST}`);
  });

  test('takes a part away by undefined', () => {
    expect(image.with({ digest: undefined }).toString()).toBe(`${REPOSITORY}:v1.0.0`);
  });

  test('refuses as the factory does', () => {
    expect(refused(() => image.with({ tag: 'latest' })).id).toBe('images/invalid-reference');
    expect(refused(() => image.with({ tag: undefined, digest: undefined })).message).toContain('means "latest"');
  });
});

test('a very long text is refused at once: the grammar must not be tried on it', () => {
  const started = Date.now();
  expect(accepted(() => ImageRef.parse(`${'a-'.repeat(200_000)}:v1`))).toBe(false);
  expect(accepted(() => ImageRef.parse(`${'a.'.repeat(200_000)}/:v1`))).toBe(false);
  expect(Date.now() - started).toBeLessThan(1000);
});
