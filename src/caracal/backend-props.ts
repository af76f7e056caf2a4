import type { Value } from '../core/value';
import type { Peer } from '../network/peer';
import type { SecretRef } from '../secrets/secret-ref';

/** Settings of a backend in Vault. */
export interface VaultBackendProps {
  /** Address, https only: `https://vault.example.com:8200`. */
  readonly address: Value<string>;
  /** Where it is, for the network policies of api and sts. */
  readonly peer: Peer;
  /**
   * Port, for the network policies.
   * @default - that of the address; 443 where the address is known only at deployment, which must then be its port
   */
  readonly port?: number;
  /**
   * Mount of the KV engine (version 2).
   * @default - the services' own "secret"
   */
  readonly mount?: string;
  /**
   * Namespace of Vault Enterprise.
   * @default - none
   */
  readonly namespace?: string;
  /**
   * Token that may read and write below the mount.
   * @default - the key `vaultToken` of the stack's secret source
   */
  readonly token?: SecretRef;
}

/** Settings of a backend in Infisical. */
export interface InfisicalBackendProps {
  /** Id of the project. */
  readonly projectId: string;
  /**
   * Environment of the project.
   * @default - the services' own "prod"
   */
  readonly environment?: string;
  /**
   * Folder in it.
   * @default - the services' own "/"
   */
  readonly path?: string;
  /**
   * Address, https only.
   * @default - the services' own "https://app.infisical.com"
   */
  readonly address?: Value<string>;
  /**
   * Where it is, for the network policies of api and sts.
   * @default Peer.internet()
   */
  readonly peer?: Peer;
  /**
   * Port, for the network policies.
   * @default - that of the address; 443 where the address is known only at deployment, which must then be its port
   */
  readonly port?: number;
  /**
   * Token of a machine identity.
   * @default - the key `infisicalToken` of the stack's secret source
   */
  readonly token?: SecretRef;
}

/** An application of Entra ID that may use a vault. */
export interface AzureApplication {
  /** Id of the tenant. */
  readonly tenantId: string;
  /** Id of the application. */
  readonly clientId: string;
  /**
   * Its secret.
   * @default - the key `azureClientSecret` of the stack's secret source
   */
  readonly clientSecret?: SecretRef;
}

/** Settings of a backend in Azure Key Vault. */
export interface AzureKeyVaultProps {
  /** Address of the vault: `https://team.vault.azure.net`. */
  readonly vaultUrl: Value<string>;
  /**
   * Who signs in to the vault.
   * @default - the managed identity of the node, asked for at 169.254.169.254 on port 80
   */
  readonly application?: AzureApplication;
  /**
   * Where the vault and `login.microsoftonline.com` are reached on port 443, for the network policies of api and sts.
   * @default Peer.internet()
   */
  readonly peer?: Peer;
}

/** An access key of AWS. The services read it from variables only. */
export interface AwsAccessKey {
  /** Id of the key. */
  readonly id: SecretRef;
  /** The key itself. */
  readonly secret: SecretRef;
  /**
   * Session, for temporary keys.
   * @default - none
   */
  readonly session?: SecretRef;
}

/** Settings of a backend in AWS Secrets Manager. */
export interface AwsSecretsManagerProps {
  /** Region: `eu-central-1`. */
  readonly region: string;
  /**
   * Key to sign in with.
   * @default - EKS Pod Identity of the ServiceAccounts of api and sts, asked for at 169.254.170.23 on port 80
   */
  readonly accessKey?: AwsAccessKey;
  /**
   * Where Secrets Manager is reached on port 443, for the network policies of api and sts: its endpoint in your network.
   * @default Peer.internet()
   */
  readonly peer?: Peer;
}

/** Settings of a backend in Google Secret Manager. */
export interface GcpSecretManagerProps {
  /** Id of the project. */
  readonly project: string;
  /**
   * Key file of a service account, as JSON.
   * @default - the identity of the pod, asked for at 169.254.169.254 on port 80
   */
  readonly credentials?: SecretRef;
  /**
   * Where the APIs of Google are reached on port 443, for the network policies of api and sts.
   * @default Peer.internet()
   */
  readonly peer?: Peer;
}

/** Settings of a backend of your own. */
export interface CustomBackendProps {
  /** Address, https only: `https://secrets.example.com`. */
  readonly address: Value<string>;
  /** Where it is, for the network policies of api and sts. */
  readonly peer: Peer;
  /**
   * Port, for the network policies.
   * @default - that of the address; 443 where the address is known only at deployment, which must then be its port
   */
  readonly port?: number;
  /**
   * Bearer token.
   * @default - the key `customSecretsToken` of the stack's secret source
   */
  readonly token?: SecretRef;
}
