import { brand } from '../core/brand';
import { checkShape, type Checks } from '../core/checks';
import { ConfigurationError, type Finding } from '../core/errors';
import { together } from '../core/usable';
import { known, nameValue, type Value } from '../core/value';
import { Peer } from '../network/peer';
import { Port } from '../network/port';
import type { SecretRef } from '../secrets/secret-ref';
import { SECRET_BACKEND_MAKING } from './backend-making';
import {
  AWS,
  addressProblems,
  AZURE,
  CUSTOM,
  GCP,
  HTTPS_PORT,
  INFISICAL,
  openedPortProblems,
  requiredProblems,
  textProblems,
  VAULT,
} from './backend-problems';
import type {
  AwsSecretsManagerProps,
  AzureKeyVaultProps,
  CustomBackendProps,
  GcpSecretManagerProps,
  InfisicalBackendProps,
  VaultBackendProps,
} from './backend-props';
import type { CredentialFile } from './credential-file';
import type { EgressTarget } from './sts';

/** Where identities of pods are asked for, by http; `Peer.internet()` leaves these addresses out. */
const METADATA_SERVER: EgressTarget = { peer: Peer.cidr('169.254.169.254/32'), port: Port.tcp(80) };
const POD_IDENTITY_AGENT: EgressTarget = { peer: Peer.cidr('169.254.170.23/32'), port: Port.tcp(80) };

/** What a backend is made of. */
interface Parts {
  readonly kind: string;
  readonly env: Readonly<Record<string, Value<string>>>;
  readonly files?: readonly CredentialFile[];
  readonly references?: Readonly<Record<string, SecretRef>>;
  readonly target: EgressTarget;
  readonly identity?: EgressTarget;
}

/**
 * Where the platform keeps the credentials of providers: the api writes them, the sts reads them, both encrypted with the
 * platform's own key (`secretStoreKek`), so a backend sees no plain text. One property of the stack sets it up for both
 * (caracal W65). Without one they are kept in Postgres.
 *
 * Tokens and secrets are files, never variables, but for keys of AWS, which the services read from no file. Immutable.
 */
export class SecretBackend {
  static {
    brand(this, 'SecretBackend', SECRET_BACKEND_MAKING);
  }

  /**
   * HashiCorp Vault or OpenBao: a KV engine of version 2.
   *
   * @throws ConfigurationError `caracal/invalid-backend` for an address without https, `core/missing-property`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static vault(props: VaultBackendProps): SecretBackend {
    const at = checked('SecretBackend.vault', props, VAULT, ['address', 'peer']);
    nameValue(props.address, `${at}.address`);
    refuseAll(at, [
      ...addressProblems(`${at}.address`, props.address),
      ...openedPortProblems(`${at}.address`, props.address, props.port),
      ...textProblems(at, { mount: props.mount, namespace: props.namespace }),
    ]);
    return new SecretBackend({
      kind: 'vault',
      env: {
        CARACAL_VAULT_ADDR: props.address,
        ...given('CARACAL_VAULT_MOUNT', props.mount),
        ...given('CARACAL_VAULT_NAMESPACE', props.namespace),
      },
      files: [credential('CARACAL_VAULT_TOKEN_FILE', 'vaultToken', props.token)],
      target: { peer: props.peer, port: portOf(props.address, props.port) },
    });
  }

  /**
   * Infisical, in its cloud or your own.
   *
   * @throws ConfigurationError `caracal/invalid-backend` for an address without https, `core/missing-property`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static infisical(props: InfisicalBackendProps): SecretBackend {
    const at = checked('SecretBackend.infisical', props, INFISICAL, ['projectId']);
    const { address = 'https://app.infisical.com' } = props;
    nameValue(address, `${at}.address`);
    refuseAll(at, [
      ...addressProblems(`${at}.address`, address),
      ...openedPortProblems(`${at}.address`, address, props.port),
      ...textProblems(at, { projectId: props.projectId, environment: props.environment, path: props.path }),
    ]);
    return new SecretBackend({
      kind: 'infisical',
      env: {
        ...given('CARACAL_INFISICAL_URL', props.address),
        CARACAL_INFISICAL_PROJECT_ID: props.projectId,
        ...given('CARACAL_INFISICAL_ENV', props.environment),
        ...given('CARACAL_INFISICAL_PATH', props.path),
      },
      files: [credential('CARACAL_INFISICAL_TOKEN_FILE', 'infisicalToken', props.token)],
      target: { peer: props.peer ?? Peer.internet(), port: portOf(address, props.port) },
    });
  }

  /**
   * Azure Key Vault, with an application and its secret, or with the managed identity of the node (IMDS). Workload
   * identity federation is not supported by the product.
   *
   * @throws ConfigurationError `caracal/invalid-backend` for an address without https and for an application without its
   *   ids, `core/missing-property`, `core/unknown-property`, `core/wrong-type`.
   */
  public static azureKeyVault(props: AzureKeyVaultProps): SecretBackend {
    const at = checked('SecretBackend.azureKeyVault', props, AZURE, ['vaultUrl']);
    const { application } = props;
    nameValue(props.vaultUrl, `${at}.vaultUrl`);
    refuseAll(at, [
      ...addressProblems(`${at}.vaultUrl`, props.vaultUrl),
      ...(application === undefined
        ? []
        : [
            ...requiredProblems(`${at}.application`, application, ['tenantId', 'clientId']),
            ...textProblems(`${at}.application`, { tenantId: application.tenantId, clientId: application.clientId }),
          ]),
    ]);
    return new SecretBackend({
      kind: 'azurekeyvault',
      env: {
        CARACAL_AZURE_VAULT_URL: props.vaultUrl,
        ...(application === undefined
          ? {}
          : { CARACAL_AZURE_TENANT_ID: application.tenantId, CARACAL_AZURE_CLIENT_ID: application.clientId }),
      },
      target: { peer: props.peer ?? Peer.internet(), port: Port.tcp(443) },
      ...(application === undefined
        ? { identity: METADATA_SERVER }
        : { files: [credential('CARACAL_AZURE_CLIENT_SECRET_FILE', 'azureClientSecret', application.clientSecret)] }),
    });
  }

  /**
   * AWS Secrets Manager, with an access key, or with EKS Pod Identity. Roles for service accounts (IRSA) are not
   * supported by the product.
   *
   * @throws ConfigurationError `caracal/invalid-backend` for a region that is none, `core/missing-property`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static awsSecretsManager(props: AwsSecretsManagerProps): SecretBackend {
    const at = checked('SecretBackend.awsSecretsManager', props, AWS, ['region']);
    const { accessKey } = props;
    refuseAll(at, [
      ...textProblems(at, { region: props.region }),
      ...(accessKey === undefined ? [] : requiredProblems(`${at}.accessKey`, accessKey, ['id', 'secret'])),
    ]);
    return new SecretBackend({
      kind: 'awssecretsmanager',
      env: { CARACAL_AWS_REGION: props.region },
      target: { peer: props.peer ?? Peer.internet(), port: Port.tcp(443) },
      ...(accessKey === undefined
        ? { identity: POD_IDENTITY_AGENT }
        : {
            references: {
              AWS_ACCESS_KEY_ID: accessKey.id,
              AWS_SECRET_ACCESS_KEY: accessKey.secret,
              ...(accessKey.session === undefined ? {} : { AWS_SESSION_TOKEN: accessKey.session }),
            },
          }),
    });
  }

  /**
   * Google Secret Manager, with the key file of a service account, or with the identity of the pod (metadata server).
   *
   * @throws ConfigurationError `caracal/invalid-backend`, `core/missing-property`, `core/unknown-property`,
   *   `core/wrong-type`.
   */
  public static gcpSecretManager(props: GcpSecretManagerProps): SecretBackend {
    const at = checked('SecretBackend.gcpSecretManager', props, GCP, ['project']);
    refuseAll(at, textProblems(at, { project: props.project }));
    const { credentials } = props;
    return new SecretBackend({
      kind: 'gcpsecretmanager',
      env: { CARACAL_GCP_PROJECT: props.project },
      target: { peer: props.peer ?? Peer.internet(), port: Port.tcp(443) },
      ...(credentials === undefined
        ? { identity: METADATA_SERVER }
        : { files: [credential('CARACAL_GCP_CREDENTIALS_FILE', 'gcpCredentials.json', credentials)] }),
    });
  }

  /**
   * A service of your own that answers `GET`, `PUT` and `DELETE` of `<address>/secrets/<ref>` for a bearer token.
   *
   * @throws ConfigurationError `caracal/invalid-backend` for an address without https, `core/missing-property`,
   *   `core/unknown-property`, `core/wrong-type`.
   */
  public static custom(props: CustomBackendProps): SecretBackend {
    const at = checked('SecretBackend.custom', props, CUSTOM, ['address', 'peer']);
    nameValue(props.address, `${at}.address`);
    refuseAll(at, [
      ...addressProblems(`${at}.address`, props.address),
      ...openedPortProblems(`${at}.address`, props.address, props.port),
    ]);
    return new SecretBackend({
      kind: 'custom',
      env: { CARACAL_CUSTOM_SECRETS_URL: props.address },
      files: [credential('CARACAL_CUSTOM_SECRETS_TOKEN_FILE', 'customSecretsToken', props.token)],
      target: { peer: props.peer, port: portOf(props.address, props.port) },
    });
  }

  /** Which backend it is, as the services call it. */
  public readonly kind: string;
  /** Plain variables of api and sts. */
  public readonly env: Readonly<Record<string, Value<string>>>;
  /** Credentials, as files of api and sts. */
  public readonly files: readonly CredentialFile[];
  /** Credentials without a file form, as variables that refer to a Secret. */
  public readonly references: Readonly<Record<string, SecretRef>>;
  /** Where the backend is. */
  public readonly target: EgressTarget;
  /** Where the identity of the pod is asked for; undefined with credentials. */
  public readonly identity: EgressTarget | undefined;

  private constructor({ kind, env, files = [], references = {}, target, identity }: Parts) {
    this.kind = kind;
    this.env = { CARACAL_SECRET_BACKEND: kind, ...env };
    this.files = files;
    this.references = references;
    this.target = target;
    this.identity = identity;
  }
}

/** Refuses wrong and absent properties; returns the path of the factory. */
function checked<Props extends object>(
  path: string,
  props: Props,
  checks: Checks<Props>,
  required: readonly (keyof Props & string)[],
): string {
  const shape = checkShape(path, props, checks);
  const isObject = !shape.some((finding) => finding.path === path);
  refuseAll(path, isObject ? together(shape, requiredProblems(path, props, required)) : shape);
  return path;
}

function refuseAll(path: string, problems: readonly Finding[]): void {
  if (problems.length > 0) {
    throw new ConfigurationError(path, problems);
  }
}

function given(name: string, value: Value<string> | undefined): Record<string, Value<string>> {
  return value === undefined ? {} : { [name]: value };
}

function credential(env: string, key: string, reference: SecretRef | undefined): CredentialFile {
  return {
    env,
    key,
    format: 'text',
    ...(reference === undefined ? {} : { secret: { name: reference.secretName, key: reference.key } }),
  };
}

/** The port of an address; that of https where the address has none, or is known only at deployment. */
function portOf(address: Value<string>, port: number | undefined): Port {
  const text = known(address);
  return Port.tcp(port ?? (Number(text === undefined ? '' : new URL(text).port) || HTTPS_PORT));
}
