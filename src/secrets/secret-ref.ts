import { brand, isBranded } from '../core/brand';
import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError, type Finding } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { SECRET_REF_MAKING } from './makings';
import { withoutGiven } from './secret-key';
import type { SecretEntry } from './secret-location';

/** One key of a Secret. */
export interface SecretRefProps {
  /** The Secret, in the namespace of the stack: its name, or an object with its name (an `ISecret` of cdk8s-plus fits). */
  readonly secret: string | { readonly name: string };
  /** Key in the Secret. */
  readonly key: string;
}

const CHECKS: Checks<SecretRefProps> = { secret: check.any, key: check.text };

/**
 * The value of one key of a Secret, for an environment variable: for the few programs that read a secret from a variable
 * and from no file. The manifest names the Secret, never the value. Immutable.
 *
 * Kubernetes reads the value when the container starts: change the `revision` of the stack's secrets with the value.
 */
export class SecretRef {
  static {
    brand(this, 'SecretRef', SECRET_REF_MAKING);
  }

  /**
   * A key of a Secret that exists in the namespace of the stack when the pods start.
   *
   * @throws ConfigurationError `secrets/invalid-reference` for a name or key that Kubernetes refuses,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static key(props: SecretRefProps): SecretRef {
    const path = 'SecretRef.key';
    const problems = secretRefProblems(path, props);
    if (problems.length > 0) {
      throw new ConfigurationError(path, problems);
    }
    return new SecretRef(nameOf(props.secret), props.key);
  }

  /** Whether something is a reference to a key of a Secret, also one made by another copy of this package. */
  public static isSecretRef(value: unknown): value is SecretRef {
    return isBranded<SecretRef>(value, 'SecretRef');
  }

  private constructor(
    /** Name of the Secret. */
    public readonly secretName: string,
    /** Key in it. */
    public readonly key: string,
  ) {}

  /** In words, for messages. */
  public toString(): string {
    return this.words;
  }

  // A private member keeps literals from passing for references.
  private get words(): string {
    return `the key "${this.key}" of the Secret "${this.secretName}"`;
  }
}

/** What is wrong with a reference. Without what was given: who confuses the properties may have given the secret itself. */
export function secretRefProblems(path: string, props: SecretRefProps): Finding[] {
  const shape = checkShape(path, props, CHECKS);
  const problems = shape.length > 0 ? shape : referenceProblems(path, nameOf(props.secret), props.key);
  return problems.map(withoutGiven);
}

/** The Secret and key of a checked reference, however it is written. */
export function secretEntryOf(place: SecretRef | SecretRefProps): SecretEntry {
  const secretName = SecretRef.isSecretRef(place) ? place.secretName : nameOf(place.secret);
  return { kind: 'secret', secretName, key: place.key };
}

function nameOf(secret: unknown): string {
  return (typeof secret === 'object' && secret !== null ? (secret as { name?: unknown }).name : secret) as string;
}

function referenceProblems(path: string, name: string, key: unknown): Finding[] {
  const problem = (property: string, message: string, allowed: string): Finding => ({
    id: 'secrets/invalid-reference',
    level: 'error',
    path: `${path}.${property}`,
    message,
    allowed,
    fix: "write SecretRef.key({ secret: 'ai-provider', key: 'apiKey' })",
  });
  return [
    ...(dnsNameProblem(name) === undefined
      ? []
      : [problem('secret', 'this is not the name of a Secret', '"a-dns-name" or { name: "a-dns-name" }')]),
    ...(typeof key === 'string' && /^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== '.' && !key.startsWith('..')
      ? []
      : [problem('key', 'this is not a key of a Secret', 'letters, digits, "-", "_" and "."')]),
  ];
}
