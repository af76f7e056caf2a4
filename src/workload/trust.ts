import { createHash, X509Certificate } from 'node:crypto';
import { brand } from '../core/brand';
import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError, invalidValue } from '../core/errors';
import type { Shape } from '../core/shape';
import { CONFIG_MAP_MAX, dataKeyProblem, dnsNameProblem, freeTextProblem } from '../core/text';
import { TRUST_MAKING } from './makings';

/** Where the certificates of a private authority are kept. */
export interface TrustBundleProps {
  /** Name of the ConfigMap, in the namespace of the stack. */
  readonly configMap: string;
  /**
   * Key with the certificates in PEM form.
   * @default "ca.crt"
   */
  readonly key?: string;
  /**
   * Any text that you change when the certificates change: then the pods are replaced and the Jobs run again. Programs
   * read the certificates once, when they start.
   * @default - pods keep the certificates that they started with
   */
  readonly revision?: string;
}

const CHECKS: Checks<TrustBundleProps> = { configMap: check.text, key: check.text, revision: check.text };

/** One certificate, with its marks at the beginning of a line: readers of PEM skip what is indented. */
const BLOCK = /^-----BEGIN CERTIFICATE-----[ \t]*\r?\n[A-Za-z0-9+/=\s]+?^-----END CERTIFICATE-----[ \t]*\r?$/gm;

/** Certificates of private authorities, for every consumer of a stack: Go, Node and libpq. Immutable. */
export class TrustBundle {
  static {
    brand(this, 'TrustBundle', TRUST_MAKING);
  }

  /**
   * Certificates in a ConfigMap that exists already (trust-manager writes such ones).
   *
   * @throws ConfigurationError `workload/invalid-trust` for names that Kubernetes refuses, `core/unknown-property`,
   *   `core/wrong-type`.
   */
  public static fromConfigMap(props: TrustBundleProps): TrustBundle {
    const path = 'TrustBundle.fromConfigMap';
    const shape = checkShape(path, props, CHECKS);
    if (shape.length > 0) {
      throw new ConfigurationError(path, shape);
    }
    const { configMap, key = 'ca.crt', revision } = props;
    const isKey = dataKeyProblem(key) === undefined;
    if (revision !== undefined && freeTextProblem(revision) !== undefined) {
      invalidValue({
        id: 'workload/invalid-trust',
        path: `${path}.revision`,
        message: 'an annotation cannot carry this text',
        given: revision,
        allowed: 'printable text',
        fix: 'use a date or a number',
      });
    }
    if (dnsNameProblem(configMap ?? '') !== undefined || !isKey) {
      invalidValue({
        id: 'workload/invalid-trust',
        path,
        message: 'this is not a key of a ConfigMap',
        given: props,
        allowed: '{ configMap: "name", key: "ca.crt" }',
        fix: 'name the ConfigMap with the certificates of your authority',
      });
    }
    return new TrustBundle(key, configMap, undefined, revision);
  }

  /**
   * Certificates as text; the stack keeps them in a ConfigMap of its own. Comments between them are kept. Other
   * certificates replace the pods, and run the Jobs again.
   *
   * @throws ConfigurationError `workload/invalid-trust` for text without a certificate, with a block that is none (a
   *   private key) or cannot be read, or with control characters.
   */
  public static fromPem(pem: string): TrustBundle {
    const text = String(pem);
    const marks = text.match(/-----(?:BEGIN|END)[^-\n]*-----/g) ?? [];
    const blocks = text.match(BLOCK) ?? [];
    const unread = blocks.findIndex((block) => !isCertificate(block));
    const message =
      marks.length === 0 || marks.some((mark) => !/^-----(?:BEGIN|END) CERTIFICATE-----$/.test(mark))
        ? 'this is not a list of certificates'
        : marks.length !== 2 * blocks.length
          ? 'a block is not complete: each has a BEGIN and an END line, not indented, with base64 between them'
          : unread >= 0
            ? `certificate ${unread + 1} cannot be read`
            : Buffer.byteLength(text) > CONFIG_MAP_MAX
              ? `a ConfigMap holds at most ${CONFIG_MAP_MAX} bytes`
              : freeTextProblem(text);
    if (message !== undefined) {
      invalidValue({
        id: 'workload/invalid-trust',
        path: 'TrustBundle.fromPem',
        message,
        // Never the text itself: it may hold a key.
        given: marks.length === 0 ? 'text without a PEM block' : [...new Set(marks)].join(', '),
        allowed: 'one or more CERTIFICATE blocks in PEM form, with comments at most',
        fix: "pass the authority's certificate, never its key",
      });
    }
    const revision = createHash('sha256').update(text).digest('hex').slice(0, REVISION_LENGTH);
    return new TrustBundle('ca.crt', undefined, text, revision);
  }

  private constructor(
    /** Key of the ConfigMap, and name of the mounted file. */
    public readonly key: string,
    /** Name of the existing ConfigMap; undefined where the stack makes one from `pem`. */
    public readonly configMap: string | undefined,
    /** The certificates, where they were given as text. */
    public readonly pem: string | undefined,
    /** Changes with the certificates; undefined where nobody says so. */
    public readonly revision: string | undefined,
  ) {}
}

/** Enough digits that two bundles never share a revision by chance. */
const REVISION_LENGTH = 16;

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

/** A bundle as components mount it. */
export interface MountedTrust {
  /** Name of the ConfigMap. */
  readonly configMap: string;
  /** Key in the ConfigMap. */
  readonly key: string;
  /** Folder of the mounted file. */
  readonly folder: string;
  /** Path of the mounted file. */
  readonly file: string;
  /**
   * Changes when the certificates change; then the pods are replaced.
   * @default - pods keep the certificates that they started with
   */
  readonly revision?: string;
}

/** Shape of `MountedTrust`. */
export const TRUST_SHAPE: Shape<MountedTrust> = {
  checks: { configMap: check.text, key: check.text, folder: check.text, file: check.text, revision: check.text },
  required: { configMap: '"private-ca"', key: '"ca.crt"', folder: '"/etc/trust"', file: '"ca.crt"' },
};
