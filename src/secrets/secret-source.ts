import type { Construct } from 'constructs';
import { brand } from '../core/brand';
import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError, type Finding, InternalError, invalidValue } from '../core/errors';
import type { Value } from '../core/value';
import type { Cluster } from '../platform/cluster';
import { derivedSecret, type DerivedSecretOptions, givenProblems } from './derived-secret';
import { type ExistingSecret, existingSecret, placedKeyProblems } from './existing-secret';
import { externalSecret, type ExternalSecretsProps } from './external-secret';
import { type SecretKey, withoutGiven } from './secret-key';
import type { SecretEntry, SecretLocation, StoreEntry } from './secret-location';
import { SECRET_SOURCE_MAKING } from './makings';
import {
  type SecretValueFunction,
  type SecretValues,
  valueLookup,
  type ValueLookup,
  valueProblems,
  valueSecret,
} from './value-secret';

/** What a stack needs of its secret source. */
export interface SecretRequest {
  /** Name of the Secret, unless the source brings its own. */
  readonly name: string;
  /** Namespace of the Secret. */
  readonly namespace: string;
  /** Labels of the objects that are emitted. */
  readonly labels: Readonly<Record<string, string>>;
  /** Every key that some pod of the stack mounts. */
  readonly keys: readonly SecretKey[];
}

/** The Secret that a source provides. */
export interface ISecrets {
  /** Name of the Secret. */
  readonly secretName: string;
  /** Keys that it holds. */
  readonly keys: readonly SecretKey[];
  /** Changes when the values change: pods are replaced and Jobs run again. Undefined where nobody says. */
  readonly revision: Value<string> | undefined;
  /**
   * The Secret and the key in it that hold a key of the registry, for Secrets that have other names.
   * @default - every key stands in `secretName`, under its own name
   */
  readonly entryOf?: (key: string) => SecretEntry;
}

const DERIVED_CHECKS: Checks<DerivedSecretOptions> = { values: check.record };

/** Which factory made a source of secrets. */
export type SecretSourceKind = 'existing' | 'externalSecrets' | 'fromValues' | 'derivedForDev';

/** What tells the sources apart. */
interface Behaviour {
  /** Emits the objects and tells the revision of the values. */
  readonly emit: (scope: Construct, request: SecretRequest) => Value<string> | undefined;
  /** API that the cluster must serve. */
  readonly requiredApi?: string;
  /** Name of the Secret, where the source brings its own. */
  readonly fixedName?: string;
  /** Keys that stand in other Secrets, or under other names. */
  readonly elsewhere?: Readonly<Record<string, SecretEntry>>;
  /** The entry of a store that holds a key. */
  readonly entry?: (key: SecretKey) => StoreEntry;
  /** Values of the user's, for dev. */
  readonly given?: Readonly<Record<string, string>>;
  /** Values that the deployment knows. */
  readonly values?: ValueLookup;
}

/**
 * Where a stack's secrets come from. No factory takes a text, except for dev. Immutable. The type says which factory
 * made it, so that production does not compile with secrets for dev.
 */
export class SecretSource<Kind extends SecretSourceKind = SecretSourceKind> {
  static {
    brand(this, 'SecretSource', SECRET_SOURCE_MAKING);
  }

  /**
   * A Secret that you create by means of your own. `stack.secretChecklist()` lists its keys with their forms.
   *
   * @throws ConfigurationError `secrets/invalid-source` for a name that Kubernetes refuses.
   */
  public static existing(secret: ExistingSecret): SecretSource<'existing'> {
    const { name, revision, elsewhere } = existingSecret(secret);
    return new SecretSource('existing', { fixedName: name, elsewhere, emit: () => revision });
  }

  /**
   * The External Secrets operator fetches every key from a store, one entry per key, and composes connection URLs in
   * the cluster, so that no value is stored twice.
   *
   * @throws ConfigurationError `secrets/invalid-source` for names that Kubernetes or stores refuse.
   */
  public static externalSecrets(props: ExternalSecretsProps): SecretSource<'externalSecrets'> {
    const { emit, entry } = externalSecret(props);
    return new SecretSource('externalSecrets', {
      requiredApi: 'external-secrets.io/v1',
      entry,
      emit: (scope, request) => {
        emit(scope, request);
        return props.revision;
      },
    });
  }

  /**
   * Values of the program that only the deployment knows, such as generated passwords: the stack emits a Secret of them,
   * and composes connection URLs. Texts are refused, since they would stand in the manifest, so this is for the Pulumi
   * engine.
   *
   * - A function is asked once for each key that the stack stores, with its form and length, so keys of later releases
   *   follow by themselves: `SecretSource.fromValues(({ key, length }) => value(generated(key, length)))`.
   * - An object holds one value for each key; `stack.secretChecklist()` lists them:
   *   `SecretSource.fromValues({ apiDbPassword: value(password.result) })`.
   *
   * @throws ConfigurationError `secrets/known-value` for a text, `core/wrong-type` for neither of both.
   */
  public static fromValues(values: SecretValues | SecretValueFunction): SecretSource<'fromValues'> {
    const lookup = valueLookup(values);
    return new SecretSource('fromValues', {
      values: lookup,
      emit: (scope, request) => valueSecret(scope, request, lookup),
    });
  }

  /**
   * Values derived from a passphrase: the same passphrase, namespace and instance give the same values. They stand in
   * the manifest, marked as such, so the production and rc profiles refuse this source.
   *
   * @param passphrase At least 8 characters, white space at the ends not counted.
   * @throws ConfigurationError `secrets/invalid-source` for a shorter passphrase.
   */
  public static derivedForDev(passphrase: string, options: DerivedSecretOptions = {}): SecretSource<'derivedForDev'> {
    if (typeof passphrase !== 'string' || passphrase.trim().length < 8) {
      invalidValue({
        id: 'secrets/invalid-source',
        path: 'SecretSource.derivedForDev',
        message: 'the passphrase is too short',
        given: typeof passphrase === 'string' ? `${passphrase.length} characters` : typeof passphrase,
        allowed: 'at least 8 characters',
        fix: 'use a sentence that your team shares',
      });
    }
    const shape = checkShape('SecretSource.derivedForDev', options, DERIVED_CHECKS);
    if (shape.length > 0) {
      throw new ConfigurationError('SecretSource.derivedForDev', shape.map(withoutGiven));
    }
    return new SecretSource('derivedForDev', {
      given: { ...options.values },
      emit: (scope, request) => derivedSecret(scope, request, passphrase, options),
    });
  }

  /** API that the cluster must serve for it. */
  public readonly requiredApi: string | undefined;
  // Hidden at run time too: it holds values, and whoever prints a source in a log would print them.
  readonly #behaviour: Behaviour;

  private constructor(
    /** Which factory made the source. */
    public readonly kind: Kind,
    behaviour: Behaviour,
  ) {
    this.requiredApi = behaviour.requiredApi;
    this.#behaviour = behaviour;
  }

  /** Name of the Secret that a request with this name ends up with; known before anything is emitted. */
  public secretName(requested: string): string {
    return this.#behaviour.fixedName ?? requested;
  }

  /**
   * The Secret and the key that pods mount for a key of the registry.
   *
   * @param requested Name that the request has.
   */
  public secretEntry(requested: string, key: string): SecretEntry {
    const { elsewhere = {} } = this.#behaviour;
    return (
      (Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined) ?? {
        kind: 'secret',
        secretName: this.secretName(requested),
        key,
      }
    );
  }

  /**
   * Where the value of a key goes: the entry of the store, or the key of the Secret.
   *
   * @param requested Name that the request has.
   */
  public location(requested: string, key: SecretKey): SecretLocation {
    return key.composed === undefined && this.#behaviour.entry !== undefined
      ? this.#behaviour.entry(key)
      : this.secretEntry(requested, key.key);
  }

  /** What keeps the source from serving this request in this cluster: nothing, or findings with their paths below `path`. */
  public problems(
    path: string,
    request: Pick<SecretRequest, 'keys'>,
    cluster: Cluster | undefined,
    derivedAllowed: boolean,
  ): Finding[] {
    const findings: Finding[] = [];
    if (this.kind === 'derivedForDev' && !derivedAllowed) {
      findings.push({
        id: 'secrets/derived-outside-dev',
        level: 'error',
        path,
        message: 'secrets derived from a passphrase stand in the manifest',
        given: 'SecretSource.derivedForDev(...)',
        allowed: 'SecretSource.existing(...), SecretSource.externalSecrets(...), SecretSource.fromValues(...)',
        fix: 'create the Secret by means of your own, or use the External Secrets operator',
      });
    }
    // Without a cluster, which it lacks elsewhere, nobody knows what is served.
    if (this.requiredApi !== undefined && cluster?.serves(this.requiredApi) === false) {
      findings.push({
        id: 'secrets/api-missing',
        level: 'error',
        path,
        message: `cluster "${cluster.name}" does not serve ${this.requiredApi}`,
        fix: `install the External Secrets operator and add "${this.requiredApi}" to the cluster's customResources`,
      });
    }
    findings.push(...placedKeyProblems(path, request.keys, this.#behaviour.elsewhere ?? {}));
    if (this.#behaviour.values !== undefined) {
      return [...findings, ...valueProblems(path, request.keys, this.#behaviour.values)];
    }
    // Where the source is refused, its gaps and its values are not the problem.
    if (this.kind !== 'derivedForDev' || !derivedAllowed) {
      return findings;
    }
    const { given = {} } = this.#behaviour;
    return [
      ...findings,
      ...givenProblems(path, request.keys, given),
      ...request.keys
        .filter(({ key, issuedElsewhere = false }) => issuedElsewhere && !Object.hasOwn(given, key))
        .map((key): Finding => ({
          id: 'secrets/cannot-derive',
          level: 'error',
          path,
          message: `"${key.key}" is issued by somebody else and cannot be derived (${key.description})`,
          fix: 'give it in `values` of SecretSource.derivedForDev, or put it into a Secret of its own and name that Secret where the feature is switched on',
        })),
    ];
  }

  /**
   * Emits what the source needs in the namespace and tells the Secret's name.
   *
   * @throws ConfigurationError `secrets/invalid-value` for a given dev value of the wrong form.
   */
  public provide(scope: Construct, request: SecretRequest): ISecrets {
    const duplicate = request.keys.find(
      (key, index) => request.keys.findIndex((other) => other.key === key.key) !== index,
    );
    if (duplicate !== undefined) {
      throw new ConfigurationError(request.name, [
        {
          id: 'secrets/duplicate-key',
          level: 'error',
          path: request.name,
          message: `the key "${duplicate.key}" is declared twice`,
          fix: 'give one of the two another name',
        },
      ]);
    }
    const stored = request.keys.filter(({ composed }) => composed === undefined).map(({ key }) => key);
    for (const { key, composed = [] } of request.keys) {
      const unknown = composed.find(
        (part) => typeof part === 'object' && 'secret' in part && !stored.includes(part.secret),
      );
      if (unknown !== undefined) {
        throw new InternalError(
          `"${key}" is composed of ${JSON.stringify(unknown)}, which is not a stored key of the registry`,
        );
      }
    }
    const revision = this.#behaviour.emit(scope, request);
    return {
      secretName: this.secretName(request.name),
      keys: [...request.keys],
      revision,
      entryOf: (key) => this.secretEntry(request.name, key),
    };
  }
}
