import type { Making } from '../core/brand';
import { code } from '../core/code';
import { fieldsOf, oneOfFields } from '../core/fields';

const VAULT = 'SecretBackend.vault({ address: "https://vault.example.com:8200", peer: Peer.cidr("10.20.3.0/24") })';

/** How each backend is made, by the words that name it in the settings of the product and of other tools. */
export const BACKEND_EXAMPLES: Readonly<Record<string, string>> = {
  vault: VAULT,
  infisical: 'SecretBackend.infisical({ projectId: "..." })',
  azurekeyvault: 'SecretBackend.azureKeyVault({ vaultUrl: "https://team.vault.azure.net" })',
  awssecretsmanager: 'SecretBackend.awsSecretsManager({ region: "eu-central-1" })',
  gcpsecretmanager: 'SecretBackend.gcpSecretManager({ project: "my-project" })',
  custom: 'SecretBackend.custom({ address: "https://secrets.example.com", peer: Peer.cidr("10.20.3.0/24") })',
};

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/vault\.azure|azure|key-?vault/i, 'azurekeyvault'],
  [/infisical/i, 'infisical'],
  [/aws|secrets-?manager\.|amazon/i, 'awssecretsmanager'],
  [/gcp|google/i, 'gcpsecretmanager'],
  [/vault|bao/i, 'vault'],
  [/custom|secrets/i, 'custom'],
];

/** How a backend is made of its name; what may be a token is never repeated. */
export const SECRET_BACKEND_MAKING: Making = {
  example: VAULT,
  from: (given) => {
    const fields = fieldsOf(given);
    const named = oneOfFields(fields, 'kind', 'type', 'provider', 'backend', 'name') ?? given;
    const word = typeof named === 'string' ? named : Object.keys(fields).join(' ');
    const kind = WORDS.find(([pattern]) => pattern.test(word))?.[1];
    return kind === undefined ? undefined : BACKEND_EXAMPLES[kind];
  },
  print: ({ kind }: { readonly kind: string }) => BACKEND_EXAMPLES[kind]?.replace(/\(.*/s, '({ ... })') ?? code(kind),
};
