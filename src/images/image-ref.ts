import { brand } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { code } from '../core/code';
import { invalidValue } from '../core/errors';

const REPOSITORY =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** Parts of an image reference. */
export interface ImageRefProps {
  /** Registry and repository without tag: `ghcr.io/garudex-labs/caracal-go`. */
  readonly repository: string;
  /**
   * Tag, for people: the digest decides what runs. Never `latest`.
   * @default - the digest alone names the image
   */
  readonly tag?: string;
  /**
   * `sha256:` and 64 hexadecimal digits. Required by the production and rc profiles.
   * @default - the tag alone names the image (dev profile only)
   */
  readonly digest?: string;
  /**
   * Whether the mirror of a stack may stand in for the image's registry. `false` for an image that no mirror holds.
   * @default true
   */
  readonly mirrored?: boolean;
}

const CHECKS: Checks<ImageRefProps> = {
  repository: check.text,
  tag: check.text,
  digest: check.text,
  mirrored: check.flag,
};

/** How an image is named, for reports. */
export const IMAGE_EXAMPLE = 'ImageRef.parse("registry.example.com/team/image:1.0.0")';

/** An image by repository, tag and digest. Immutable. */
export class ImageRef {
  static {
    brand(this, 'ImageRef', {
      example: IMAGE_EXAMPLE,
      from: (given) => (typeof given === 'string' ? `ImageRef.parse(${code(given)})` : undefined),
    });
  }

  /**
   * Names an image.
   *
   * @throws ConfigurationError `images/invalid-reference` for a part that no registry accepts, for the tag `latest`
   *   and for a reference with neither tag nor digest; `core/unknown-property`, `core/wrong-type`.
   */
  public static of(props: ImageRefProps): ImageRef {
    return new ImageRef(props);
  }

  /**
   * Reads `repository[:tag][@digest]`.
   *
   * @throws ConfigurationError `images/invalid-reference` as `ImageRef.of`.
   */
  public static parse(text: string): ImageRef {
    if (typeof text !== 'string') {
      refuse(
        text,
        'this is not an image reference',
        '"repository:tag", "repository@digest" or "repository:tag@digest"',
      );
    }
    const at = text.indexOf('@');
    const [name, digest] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
    const colon = name.lastIndexOf(':');
    const tagged = colon > name.lastIndexOf('/');
    return new ImageRef({
      repository: tagged ? name.slice(0, colon) : name,
      ...(tagged ? { tag: name.slice(colon + 1) } : {}),
      ...(digest === undefined ? {} : { digest }),
    });
  }

  /** Registry and repository. */
  public readonly repository: string;
  /** The tag, where there is one. */
  public readonly tag?: string;
  /** The digest, where there is one. */
  public readonly digest?: string;
  /** Whether the mirror of a stack may stand in for the registry. */
  public readonly mirrored: boolean;

  private constructor(props: ImageRefProps) {
    requireShape('ImageRef', props, CHECKS);
    const { repository, tag, digest, mirrored = true } = props;
    if (!isRepository(repository)) {
      refuse(repository, 'this is not a repository', '"registry.example.com/team/image" in lower case, without tag');
    }
    if (tag !== undefined && !TAG.test(tag)) {
      refuse(tag, 'this is not a tag', '1 to 128 letters, digits, "_", "." or "-"');
    }
    if (tag === 'latest') {
      refuse(tag, 'the tag "latest" names another image every day', "a release's own tag, or a digest");
    }
    if (digest !== undefined && !DIGEST.test(digest)) {
      refuse(digest, 'this is not a digest', '"sha256:" and 64 lower-case hexadecimal digits');
    }
    if (tag === undefined && digest === undefined) {
      refuse(repository, 'an image without tag and digest means "latest"', 'a tag, a digest or both');
    }
    this.repository = repository;
    this.mirrored = mirrored;
    if (tag !== undefined) {
      this.tag = tag;
    }
    if (digest !== undefined) {
      this.digest = digest;
    }
  }

  /** The same image with another repository, tag or digest, or out of the mirror's reach: `with({ mirrored: false })`. */
  public with(change: Partial<ImageRefProps>): ImageRef {
    return new ImageRef({
      repository: this.repository,
      mirrored: this.mirrored,
      ...(this.tag === undefined ? {} : { tag: this.tag }),
      ...(this.digest === undefined ? {} : { digest: this.digest }),
      ...change,
    });
  }

  /** `repository:tag@digest`, as a container's `image` field wants it. */
  public toString(): string {
    return `${this.repository}${this.tag ? `:${this.tag}` : ''}${this.digest ? `@${this.digest}` : ''}`;
  }
}

/** Whether a text is a repository as registries accept it, with or without a registry in front. */
export function isRepository(text: string): boolean {
  return typeof text === 'string' && text.length <= 255 && REPOSITORY.test(text);
}

function refuse(given: string, message: string, allowed: string): never {
  return invalidValue({
    id: 'images/invalid-reference',
    path: 'ImageRef',
    message,
    given,
    allowed,
    fix: 'take the reference from the release manifest or from your registry',
  });
}
