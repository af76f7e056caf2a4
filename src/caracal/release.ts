import { brand, isBranded } from '../core/brand';
import { ConfigurationError, type Finding, show } from '../core/errors';
import { ImageRef } from '../images/image-ref';
import { RELEASE_MAKING } from './makings';

/** Images of a release, by the keys of its manifest. */
export type CaracalImage = 'go' | 'node' | 'web' | 'postgres' | 'redis';

const IMAGES: readonly CaracalImage[] = ['go', 'node', 'web', 'postgres', 'redis'];
const VERSION = /^\d+\.\d+\.\d+(?:-rc\.\d+)?$/;

/** The part of a release manifest that is read (caracal.md 1.1). */
export interface CaracalManifest {
  /** `stable`, or `rc` for a release candidate. */
  readonly mode: string;
  /** Version without the leading "v". */
  readonly version: string;
  /** Image references with tags. */
  readonly images: Readonly<Record<string, string>>;
  /** Digests by the keys of `images`. Only the finalised manifest, attached to the release, has them. */
  readonly imageDigests?: Readonly<Record<string, string>>;
}

/** Where a release is known from: its own manifest, which may have digests, or this package, which has tags only. */
export type ReleaseSource = 'manifest' | 'package';

/** A release of Caracal: its version and its images. Immutable. */
export class CaracalRelease<Source extends ReleaseSource = ReleaseSource> {
  static {
    brand(this, 'CaracalRelease', RELEASE_MAKING);
  }

  /**
   * Reads a release's `manifest.json`. Take the file that is attached to the release: it has `imageDigests`, without
   * which production and rc refuse the release. Keys that are not read may be there.
   *
   * @param json The parsed file.
   * @throws ConfigurationError with every problem of the file: `caracal/invalid-manifest`.
   */
  public static fromManifest(json: CaracalManifest | object): CaracalRelease<'manifest'> {
    return CaracalRelease.read('manifest', json);
  }

  /** The newest release that this package knows, by tag: for dev, where digests are not required. */
  public static newestKnown(): CaracalRelease<'package'> {
    return CaracalRelease.read('package', NEWEST_KNOWN);
  }

  private static read<Source extends ReleaseSource>(source: Source, json: object): CaracalRelease<Source> {
    const problems = manifestProblems(json);
    if (problems.length > 0) {
      throw new ConfigurationError('CaracalRelease.fromManifest', problems);
    }
    const manifest = json as CaracalManifest;
    const entries = IMAGES.map((key) => {
      const digest = manifest.imageDigests?.[key];
      const image = ImageRef.parse(manifest.images[key] ?? '');
      return [key, digest === undefined ? image : image.with({ digest })] as const;
    });
    return new CaracalRelease(source, manifest.version, manifest.mode as 'stable' | 'rc', new Map(entries));
  }

  private constructor(
    /** Where the release is known from. */
    public readonly source: Source,
    /** Version: `1.0.0`. */
    public readonly version: string,
    /** Whether it is a release or a candidate. */
    public readonly mode: 'stable' | 'rc',
    private readonly images: ReadonlyMap<CaracalImage, ImageRef>,
  ) {}

  /** Whether every image has a digest. */
  public get isPinned(): boolean {
    return [...this.images.values()].every((image) => image.digest !== undefined);
  }

  /** An image of the release. */
  public image(key: CaracalImage): ImageRef {
    // The constructor is fed with every key.
    return this.images.get(key) as ImageRef;
  }
}

/** v1.0.0 of 2026-08-09, as in the vendor's repository (caracal.md 1.1). */
const NEWEST_KNOWN: CaracalManifest = {
  mode: 'stable',
  version: '1.0.0',
  images: Object.fromEntries(IMAGES.map((key) => [key, `ghcr.io/garudex-labs/caracal-${key}:v1.0.0`])),
};

function manifestProblems(json: unknown): Finding[] {
  const problem = (path: string, message: string, given: unknown, fix: string): Finding => ({
    id: 'caracal/invalid-manifest',
    level: 'error',
    path: `CaracalRelease.fromManifest${path}`,
    message,
    given: show(given),
    fix,
  });
  if (typeof json !== 'object' || json === null) {
    return [
      problem('', 'this is not a release manifest', json, 'parse the manifest.json of the release and pass the object'),
    ];
  }
  const { mode, version, images, imageDigests } = json as Record<string, unknown>;
  const refs = asRecord(images);
  const digests = asRecord(imageDigests);
  return [
    ...(mode === 'stable' || mode === 'rc'
      ? []
      : [problem('.mode', 'the mode of a release is "stable" or "rc"', mode, 'use an unchanged manifest.json')]),
    ...(typeof version === 'string' && VERSION.test(version) && version.includes('-rc.') !== (mode === 'rc')
      ? [
          problem(
            '.mode',
            `the mode does not fit version ${version}: candidates are "rc", releases are "stable"`,
            mode,
            'use an unchanged manifest.json',
          ),
        ]
      : []),
    ...(typeof version === 'string' && VERSION.test(version)
      ? []
      : [
          problem(
            '.version',
            'this is not a version',
            version,
            'a release has "1.0.0" or "1.0.0-rc.1", without a leading "v"',
          ),
        ]),
    ...IMAGES.flatMap((key): Finding[] => {
      const reference = refs?.[key];
      if (typeof reference !== 'string') {
        return [
          problem(`.images.${key}`, `the manifest has no image "${key}"`, reference, 'use an unchanged manifest.json'),
        ];
      }
      const digest = digests?.[key];
      if (digests !== undefined && typeof digest !== 'string') {
        return [
          problem(
            `.imageDigests.${key}`,
            `"${key}" has no digest while others have one`,
            digest,
            'use the finalised manifest.json that is attached to the release',
          ),
        ];
      }
      try {
        const image = ImageRef.parse(reference);
        if (typeof digest === 'string') {
          image.with({ digest });
        }
        if (image.repository.split('/').pop() !== `caracal-${key}`) {
          return [
            problem(
              `.images.${key}`,
              `this is not the image caracal-${key}`,
              reference,
              'use an unchanged manifest.json',
            ),
          ];
        }
        // Tag and version must agree, or pods would run something else than the labels say.
        return image.tag === undefined || image.tag === `v${String(version)}`
          ? []
          : [
              problem(
                `.images.${key}`,
                `the tag is not the release's version ${String(version)}`,
                reference,
                'use an unchanged manifest.json',
              ),
            ];
      } catch (error) {
        return isBranded<ConfigurationError>(error, 'ConfigurationError')
          ? error.findings.map((finding) => problem(`.images.${key}`, finding.message, finding.given, finding.fix))
          : [problem(`.images.${key}`, String(error), reference, 'use an unchanged manifest.json')];
      }
    }),
  ];
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
