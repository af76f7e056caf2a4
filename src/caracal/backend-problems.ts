import { isBranded } from '../core/brand';
import { check, type Checks } from '../core/checks';
import { whenKnown } from '../core/deferred-checks';
import { type Finding, show } from '../core/errors';
import { known, type Value } from '../core/value';
import type { Peer } from '../network/peer';
import type {
  AwsAccessKey,
  AwsSecretsManagerProps,
  AzureApplication,
  AzureKeyVaultProps,
  CustomBackendProps,
  GcpSecretManagerProps,
  InfisicalBackendProps,
  VaultBackendProps,
} from './backend-props';

const REFERENCE = check.instance('SecretRef');
const PEER = check.instance('Peer');
const ENDPOINT = { address: check.textValue, peer: PEER, port: check.count, token: REFERENCE };

/** Checks of the settings of each backend. */
export const VAULT: Checks<VaultBackendProps> = { ...ENDPOINT, mount: check.text, namespace: check.text };
/** See `VAULT`. */
export const INFISICAL: Checks<InfisicalBackendProps> = {
  ...ENDPOINT,
  projectId: check.text,
  environment: check.text,
  path: check.text,
};
const APPLICATION: Checks<AzureApplication> = { tenantId: check.text, clientId: check.text, clientSecret: REFERENCE };
/** See `VAULT`. */
export const AZURE: Checks<AzureKeyVaultProps> = {
  vaultUrl: check.textValue,
  application: check.shape(APPLICATION),
  peer: PEER,
};
const ACCESS_KEY: Checks<AwsAccessKey> = { id: REFERENCE, secret: REFERENCE, session: REFERENCE };
/** See `VAULT`. */
export const AWS: Checks<AwsSecretsManagerProps> = {
  region: check.text,
  accessKey: check.shape(ACCESS_KEY),
  peer: PEER,
};
/** See `VAULT`. */
export const GCP: Checks<GcpSecretManagerProps> = { project: check.text, credentials: REFERENCE, peer: PEER };
/** See `VAULT`. */
export const CUSTOM: Checks<CustomBackendProps> = ENDPOINT;

/** What each property looks like, with what is said where one is absent or wrong. */
const FORMS: Readonly<Record<string, { readonly form: RegExp; readonly example: string }>> = {
  mount: { form: /^[^\s/?#]+(?:\/[^\s/?#]+)*$/, example: 'mount: "secret"' },
  namespace: { form: /^[^\s?#]+$/, example: 'namespace: "team-a"' },
  projectId: { form: /^[A-Za-z0-9_-]+$/, example: 'projectId: "3c1b7a52-8f0e-4a51-9a7c-0d6d3f1e2b44"' },
  environment: { form: /^[A-Za-z0-9_-]+$/, example: 'environment: "prod"' },
  path: { form: /^\/[^\s?#]*$/, example: 'path: "/caracal"' },
  tenantId: { form: /^[A-Za-z0-9.-]+$/, example: 'tenantId: "11111111-2222-3333-4444-555555555555"' },
  clientId: { form: /^[A-Za-z0-9-]+$/, example: 'clientId: "11111111-2222-3333-4444-555555555555"' },
  region: { form: /^[a-z]{2,4}(?:-[a-z]+)+-\d$/, example: 'region: "eu-central-1"' },
  project: { form: /^[a-z][a-z0-9:.-]{4,60}[a-z0-9]$/, example: 'project: "my-project"' },
};

/** What else a required property is written as. */
const EXAMPLES: Readonly<Record<string, string>> = {
  address: 'address: "https://secrets.example.com"',
  vaultUrl: 'vaultUrl: "https://team.vault.azure.net"',
  peer: 'peer: Peer.cidr("10.20.3.0/24")',
  id: 'id: SecretRef.key({ secret: "aws", key: "accessKeyId" })',
  secret: 'secret: SecretRef.key({ secret: "aws", key: "secretAccessKey" })',
};

/** Required properties that are absent, and peers that are nobody. */
export function requiredProblems(path: string, props: object, required: readonly string[]): Finding[] {
  const { peer } = props as { readonly peer?: unknown };
  return [
    ...required
      .filter((name) => (props as Readonly<Record<string, unknown>>)[name] === undefined)
      .map((name): Finding => ({
        id: 'core/missing-property',
        level: 'error',
        path: `${path}.${name}`,
        message: `"${name}" is required`,
        fix: `write ${EXAMPLES[name] ?? FORMS[name]?.example ?? name}`,
      })),
    ...(isBranded<Peer>(peer, 'Peer') && peer.isNobody
      ? [problem(`${path}.peer`, 'no policy would let api and sts reach the backend', EXAMPLES.peer ?? '')]
      : []),
  ];
}

/** Texts that are not what their property wants. */
export function textProblems(path: string, texts: Readonly<Record<string, string | undefined>>): Finding[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const { form, example } = FORMS[name] ?? { form: /./, example: name };
    return text === undefined || form.test(text)
      ? []
      : [{ ...problem(`${path}.${name}`, `this is not a ${name}`, example), given: show(text) }];
  });
}

/** An address that the services refuse: anything but https, and what stands in a URL without being part of an address. */
export function addressProblems(path: string, address: Value<string>): Finding[] {
  return whenKnown(address, (text) =>
    /^https:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/.test(text) && URL.canParse(text)
      ? []
      : [
          {
            ...problem(path, 'this is not the address of a backend', EXAMPLES.address ?? ''),
            given: show(text),
            allowed: 'https, a host, and a port or path where it has one; the services refuse http',
          },
        ],
  );
}

/** Port of https, which is opened where the address is known only at deployment. */
export const HTTPS_PORT = 443;

/** An address that turns out to have another port than the one that the network policies were written for. */
export function openedPortProblems(path: string, address: Value<string>, port: number | undefined): Finding[] {
  return known(address) !== undefined || port !== undefined
    ? []
    : whenKnown(address, (text) => {
        const actual = URL.canParse(text) ? new URL(text).port : '';
        return actual === ''
          ? []
          : [
              {
                ...problem(
                  path,
                  `the backend listens on another port than the one that the network policies open (${HTTPS_PORT})`,
                  `port: ${actual} beside the address`,
                ),
                given: show(text),
              },
            ];
      });
}

function problem(path: string, message: string, example: string): Finding {
  return { id: 'caracal/invalid-backend', level: 'error', path, message, fix: `write ${example}` };
}
