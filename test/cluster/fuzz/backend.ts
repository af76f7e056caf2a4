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
  10,
);
const port = mostly(among(443, 8200), among(0, 70000), 10);
const word = mostly(among('secret', 'team-a', 'kv/caracal', 'prod'), among('a b', '', '?', '$(HOME)'), 10);
const endpoint = { address, peer, port, token: secretRef };

const vault: Generators<VaultBackendProps> = { ...endpoint, mount: word, namespace: word };
const infisical: Generators<InfisicalBackendProps> = {
  ...endpoint,
  projectId: word,
  environment: word,
  path: mostly(among('/', '/caracal'), word, 10),
};
const application: Generators<AzureApplication> = { tenantId: word, clientId: word, clientSecret: secretRef };
const azure: Generators<AzureKeyVaultProps> = {
  vaultUrl: address,
  application: sparse<AzureApplication>(application, ['tenantId', 'clientId', 'clientSecret']),
  peer,
};
const accessKey: Generators<AwsAccessKey> = { id: secretRef, secret: secretRef, session: secretRef };
const aws: Generators<AwsSecretsManagerProps> = {
  region: mostly(among('eu-central-1', 'us-gov-west-1'), among('eu', ''), 10),
  accessKey: sparse<AwsAccessKey>(accessKey, ['id', 'secret']),
  peer,
};
const gcp: Generators<GcpSecretManagerProps> = {
  project: mostly(among('my-project', 'example.com:project'), among('P', ''), 10),
  credentials: secretRef,
  peer,
};
const custom: Generators<CustomBackendProps> = endpoint;

/** Where credentials of providers are kept; tokens in Secrets of their own, since dev derives none that others issue. */
export const secretBackend: fc.Arbitrary<Recipe> = either(
  settings<VaultBackendProps>('SecretBackend.vault', SecretBackend.vault, vault, ['address', 'peer', 'token'], 3),
  settings<InfisicalBackendProps>('SecretBackend.infisical', SecretBackend.infisical, infisical, [
    'projectId',
    'token',
  ]),
  settings<AzureKeyVaultProps>('SecretBackend.azureKeyVault', SecretBackend.azureKeyVault, azure, ['vaultUrl']),
  settings<AwsSecretsManagerProps>('SecretBackend.awsSecretsManager', SecretBackend.awsSecretsManager, aws, ['region']),
  settings<GcpSecretManagerProps>('SecretBackend.gcpSecretManager', SecretBackend.gcpSecretManager, gcp, ['project']),
  settings<CustomBackendProps>('SecretBackend.custom', SecretBackend.custom, custom, ['address', 'peer', 'token'], 3),
) as fc.Arbitrary<Recipe>;
