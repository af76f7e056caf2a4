import { brand, type Making } from '../core/brand';
import { code } from '../core/code';
import { fieldsOf, oneOfFields } from '../core/fields';
import { invalidValue } from '../core/errors';
import { type ImageRef, isRepository } from './image-ref';

/** How a mirror is made of an address: without scheme and trailing slash. */
const MIRROR_MAKING: Making = {
  example: 'RegistryMirror.prefix("registry.example.com/mirror")',
  from: (given) => {
    const text = oneOfFields(fieldsOf(given), 'registry', 'imageRegistry', 'prefix') ?? given;
    const prefix = typeof text === 'string' ? text.replace(/^https?:\/\//, '').replace(/\/+$/, '') : '';
    return isRepository(`${prefix}/image`) ? `RegistryMirror.prefix(${code(prefix)})` : undefined;
  },
};

/**
 * Where images are pulled from instead of their own registry. One setting reaches every image of a stack, those of
 * init containers and Jobs too. Tag and digest stay: a mirror serves the same bytes.
 */
export class RegistryMirror {
  static {
    brand(this, 'RegistryMirror', MIRROR_MAKING);
  }

  /**
   * Puts a prefix in the place of the image's registry: with `registry.example.com/mirror`,
   * `ghcr.io/garudex-labs/caracal-go` is pulled from `registry.example.com/mirror/garudex-labs/caracal-go`. An image of
   * `registry.example.com` itself stays where it is, and so does one with `mirrored: false`.
   *
   * @throws ConfigurationError `images/invalid-mirror` for a prefix with a scheme, a tag or a trailing slash.
   */
  public static prefix(prefix: string): RegistryMirror {
    // What it is good for: the front part of a repository.
    if (typeof prefix !== 'string' || !isRepository(`${prefix}/image`)) {
      return invalidValue({
        id: 'images/invalid-mirror',
        path: 'RegistryMirror.prefix',
        message: 'this is not a registry with an optional path',
        given: prefix,
        allowed: '"registry.example.com" or "registry.example.com:5000/mirror", without scheme and trailing slash',
        fix: 'give the prefix as it stands before the repository in a pull command',
      });
    }
    return new RegistryMirror(prefix);
  }

  private constructor(private readonly value: string) {}

  /** The same image at the mirror; the image itself where it is there already, or is not to be mirrored. */
  public apply(image: ImageRef): ImageRef {
    const registry = registryOf(image.repository);
    const isThere = image.repository.startsWith(`${this.value}/`) || (registry ?? '') === registryOf(`${this.value}/`);
    if (isThere || !image.mirrored) {
      return image;
    }
    const path = registry === undefined ? image.repository : image.repository.slice(registry.length + 1);
    return image.with({ repository: `${this.value}/${path}` });
  }
}

/** The registry that a repository names; undefined for one of Docker Hub, which needs no name. */
function registryOf(repository: string): string | undefined {
  const [first = '', ...rest] = repository.split('/');
  const isRegistry = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return isRegistry ? first : undefined;
}
