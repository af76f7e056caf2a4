import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { check, checkShape, type Checks } from '../core/checks';
import { ConfigurationError, invalidValue } from '../core/errors';
import { dnsNameProblem, freeTextProblem } from '../core/text';
import { derive, printable } from '../core/value';
import { remoteName, type SecretKey } from './secret-key';
import type { StoreEntry } from './secret-location';
import type { SecretRequest } from './secret-source';

/** A store that the External Secrets operator reads. */
export interface SecretStoreRef {
  /** `ClusterSecretStore` for one of the cluster, `SecretStore` for one of the namespace. */
  readonly kind: 'ClusterSecretStore' | 'SecretStore';
  /** Name of the store object. */
  readonly name: string;
}

/** Settings of the External Secrets source. */
export interface ExternalSecretsProps {
  /** The store. */
  readonly store: SecretStoreRef;
  /**
   * Text before each entry's name. The names behind it hold only lower-case letters, digits and "-", which every
   * store accepts: use "caracal/" for Vault or AWS, "caracal-" for Azure Key Vault and Google Secret Manager (caracal W8).
   */
  readonly prefix: string;
  /**
   * Field of each entry that holds the value, for stores whose entries are objects (Vault: "value").
   * @default - the entry itself is the value
   */
  readonly property?: string;
  /**
   * How often the operator reads the store: `1h`, `15m`.
   * @default "1h"
   */
  readonly refreshInterval?: `${number}${'s' | 'm' | 'h'}`;
  /**
   * Whether the Secret goes with the ExternalSecret. `Orphan` keeps it: neither a change of the source of secrets, nor a
   * pruning delivery tool, nor an operator that is uninstalled with its CRDs takes the keys from running pods. `Owner`
   * lets the garbage collector delete it, and makes a Secret that somebody deletes by hand again at once instead of at
   * the next refresh.
   * @default "Orphan"
   */
  readonly creationPolicy?: 'Owner' | 'Orphan';
  /**
   * Any text that you change when you change values in the store. Never use a text again; see `ExistingSecret.revision`.
   * @default - pods keep running with the values that they started with
   */
  readonly revision?: string;
}

const CHECKS: Checks<ExternalSecretsProps> = {
  store: check.record,
  prefix: check.text,
  property: check.text,
  refreshInterval: check.text,
  creationPolicy: check.oneOf('Owner', 'Orphan'),
  revision: check.text,
};

const STORE_CHECKS: Checks<SecretStoreRef> = {
  kind: check.oneOf('ClusterSecretStore', 'SecretStore'),
  name: check.text,
};

/**
 * Defaults of the definition, said aloud: the server adds them inside a list that tools compare as a whole, so an entry
 * without them differs for ever from what is stored.
 */
const REMOTE_DEFAULTS = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' } as const;

/** What a checked source does. */
export interface ExternalSecretSource {
  /** Emits the ExternalSecret. */
  readonly emit: (scope: Construct, request: SecretRequest) => void;
  /** The entry of the store that holds a key. */
  readonly entry: (key: SecretKey) => StoreEntry;
}

/** Checks the settings and returns what emits the ExternalSecret, and where it looks for values. */
export function externalSecret(props: ExternalSecretsProps): ExternalSecretSource {
  const path = 'SecretSource.externalSecrets';
  const ownShape = checkShape(path, props, CHECKS);
  const shape = ownShape.length > 0 ? ownShape : checkShape(`${path}.store`, props.store ?? {}, STORE_CHECKS);
  if (shape.length > 0) {
    throw new ConfigurationError(path, shape);
  }
  const { store, prefix, property, refreshInterval = '1h', creationPolicy = 'Orphan', revision = '' } = props;
  if (store?.kind === undefined || dnsNameProblem(store.name ?? '') !== undefined) {
    refuse(
      'store',
      store,
      'this is not a reference to a store',
      '{ kind: "ClusterSecretStore" | "SecretStore", name }',
    );
  }
  if (typeof prefix !== 'string' || !/^[A-Za-z0-9/_.-]*$/.test(prefix)) {
    refuse('prefix', prefix, 'stores refuse this prefix', 'letters, digits, "/", "_", "." and "-"; "" for none');
  }
  if (!/^\d+[smh]$/.test(refreshInterval)) {
    refuse('refreshInterval', refreshInterval, 'this is not a duration', '"1h", "15m", "30s"');
  }
  if (property === '' || freeTextProblem(property ?? '') !== undefined) {
    refuse(
      'property',
      property,
      'this is not the name of a field',
      'the name of the field, or nothing where the entry itself is the value',
    );
  }
  if (freeTextProblem(revision) !== undefined) {
    refuse('revision', revision, 'an annotation cannot carry this text', 'printable text');
  }
  const field = property === undefined ? {} : { property };
  const entry = (key: SecretKey): StoreEntry => ({ kind: 'store', entry: `${prefix}${remoteName(key)}`, ...field });
  const emit = (scope: Construct, request: SecretRequest): void => {
    markDrawn(
      new ApiObject(scope, 'ExternalSecret', {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: request.name, labels: { ...request.labels } },
        spec: {
          refreshInterval,
          secretStoreRef: { kind: store.kind, name: store.name },
          target: {
            name: request.name,
            creationPolicy,
            deletionPolicy: 'Retain',
            template: {
              engineVersion: 'v2',
              mergePolicy: 'Replace',
              metadata: { labels: { ...request.labels } },
              data: Object.fromEntries(request.keys.map((key) => [key.key, template(key)])),
            },
          },
          data: request.keys
            .filter((key) => key.composed === undefined)
            .map((key) => ({ secretKey: key.key, remoteRef: { key: entry(key).entry, ...field, ...REMOTE_DEFAULTS } })),
        },
      }),
    );
  };
  return { emit, entry };
}

/**
 * The Go template of one key. White space around a stored value is no part of it: a newline at the end, which shells and
 * editors like to leave, would otherwise get into every URL that is made of a password, while the role that the migration
 * gives the password to has it without. A password inside a URL is escaped: `/`, `+`, `=` and `:` are common in passwords that
 * clouds generate (caracal W41); `urlquery` writes a space as `+`, which only forms read as a space.
 */
function template(key: SecretKey): string {
  if (key.composed === undefined) {
    return `{{ ${templateField(key.key)} | trim }}`;
  }
  return key.composed
    .map((part) =>
      typeof part === 'object' && 'secret' in part
        ? `{{ ${templateField(part.secret)} | trim | urlquery | replace "+" "%20" }}`
        : // Every brace, since two of them may also meet where parts join.
          printable(derive('template', part, (text) => text.replace(/\{/g, '{{ "{" }}'))),
    )
    .join('');
}

/** A key as a template names it; `.a-b` and `.a.b` would mean something else. */
function templateField(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `(index . "${key}")`;
}

function refuse(property: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({
    id: 'secrets/invalid-source',
    path: `SecretSource.externalSecrets.${property}`,
    message,
    given,
    allowed,
    fix: 'copy the value from the store object or from your secret store',
  });
}
