import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError, invalidValue } from '../core/errors';
import { dnsNameProblem } from '../core/text';

/** Where the certificates of a private authority are kept. */
export interface TrustBundleProps {
  /** Name of the ConfigMap, in the namespace of the stack. */
  readonly configMap: string;
  /**
   * Key with the certificates in PEM form.
   * @default "ca.crt"
   */
  readonly key?: string;
}

const CHECKS: Checks<TrustBundleProps> = { configMap: check.text, key: check.text };

/** Certificates of private authorities, for every consumer of a stack: Go, Node and libpq. Immutable. */
export class TrustBundle {
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
    const { configMap, key = 'ca.crt' } = props;
    if (dnsNameProblem(configMap ?? '') !== undefined || !/^[-._a-zA-Z0-9]+$/.test(key)) {
      invalidValue({
        id: 'workload/invalid-trust',
        path,
        message: 'this is not a key of a ConfigMap',
        given: props,
        allowed: '{ configMap: "name", key: "ca.crt" }',
        fix: 'name the ConfigMap with the certificates of your authority',
      });
    }
    return new TrustBundle(key, configMap, undefined);
  }

  /**
   * Certificates as text; the stack keeps them in a ConfigMap of its own.
   *
   * @throws ConfigurationError `workload/invalid-trust` for text that holds no certificate, or a private key.
   */
  public static fromPem(pem: string): TrustBundle {
    const blocks = String(pem).match(/-----BEGIN ([A-Z ]+)-----/g) ?? [];
    if (blocks.length === 0 || blocks.some((block) => block !== '-----BEGIN CERTIFICATE-----')) {
      invalidValue({
        id: 'workload/invalid-trust',
        path: 'TrustBundle.fromPem',
        message: 'this is not a list of certificates',
        given: blocks.length === 0 ? 'text without a PEM block' : blocks.join(', '),
        allowed: 'one or more CERTIFICATE blocks in PEM form, nothing else',
        fix: "pass the authority's certificate, never its key",
      });
    }
    return new TrustBundle('ca.crt', undefined, pem);
  }

  private constructor(
    /** Key of the ConfigMap, and name of the mounted file. */
    public readonly key: string,
    /** Name of the existing ConfigMap; undefined where the stack makes one from `pem`. */
    public readonly configMap: string | undefined,
    /** The certificates, where they were given as text. */
    public readonly pem: string | undefined,
  ) {}
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
}
