import type * as fc from 'fast-check';
import {
  type AwsAccessKey,
  type AwsSecretsManagerProps,
  type AzureApplication,
  type AzureKeyVaultProps,
  type CustomBackendProps,
  type GcpSecretManagerProps,
  type InfisicalBackendProps,
  SecretBackend,
  type VaultBackendProps,
} from '../../../src/caracal';
import { among, either, type Generators, mostly, settings, sparse } from './generators';
import { peer } from './network';
import type { Recipe } from './recipe';
import { secretRef } from './secrets';

const address = mostly(
  among('https://vault.example.com:8200', 'https://10.0.0.5', 'https://secrets.example.com/base'),
  among('http://vault', 'vault:8200', 'https://user:pw@vault', 'https://vault:99999', ''),
  300,
);
const port = mostly(among(443, 8200), among(0, 70000), 300);
const word = mostly(among('secret', 'team-a', 'prod', '11111111-2222'), among('a b', '', '?', '$(HOME)'), 300);
const endpoint = { address, peer, port, token: secretRef };

const vault: Generators<VaultBackendProps> = { ...endpoint, mount: word, namespace: word };
const infisical: Generators<InfisicalBackendProps> = {
  ...endpoint,
  projectId: word,
  environment: word,
  path: mostly(among('/', '/caracal'), word, 300),
};
const application: Generators<AzureApplication> = { tenantId: word, clientId: word, clientSecret: secretRef };
const azure: Generators<AzureKeyVaultProps> = {
  vaultUrl: address,
  application: sparse<AzureApplication>(application, ['tenantId', 'clientId', 'clientSecret'], 8),
  peer,
};
const accessKey: Generators<AwsAccessKey> = { id: secretRef, secret: secretRef, session: secretRef };
const aws: Generators<AwsSecretsManagerProps> = {
  region: mostly(among('eu-central-1', 'us-gov-west-1'), among('eu', ''), 300),
  accessKey: sparse<AwsAccessKey>(accessKey, ['id', 'secret'], 8),
  peer,
};
const gcp: Generators<GcpSecretManagerProps> = {
  project: mostly(among('my-project', 'example.com:project'), among('P', ''), 300),
  credentials: secretRef,
  peer,
};
const custom: Generators<CustomBackendProps> = endpoint;

/** Where credentials of providers are kept; tokens in Secrets of their own, since dev derives none that others issue. */
export const secretBackend: fc.Arbitrary<Recipe> = either(
  settings<VaultBackendProps>('SecretBackend.vault', SecretBackend.vault, vault, ['address', 'peer', 'token'], 8),
  settings<InfisicalBackendProps>(
    'SecretBackend.infisical',
    SecretBackend.infisical,
    infisical,
    ['projectId', 'token'],
    7,
  ),
  settings<AzureKeyVaultProps>('SecretBackend.azureKeyVault', SecretBackend.azureKeyVault, azure, ['vaultUrl'], 8),
  settings<AwsSecretsManagerProps>(
    'SecretBackend.awsSecretsManager',
    SecretBackend.awsSecretsManager,
    aws,
    ['region'],
    8,
  ),
  settings<GcpSecretManagerProps>(
    'SecretBackend.gcpSecretManager',
    SecretBackend.gcpSecretManager,
    gcp,
    ['project'],
    8,
  ),
  settings<CustomBackendProps>('SecretBackend.custom', SecretBackend.custom, custom, ['address', 'peer', 'token'], 8),
) as fc.Arbitrary<Recipe>;
