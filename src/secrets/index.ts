export type { DerivedSecretOptions } from './derived-secret';
export type { ExistingSecret } from './existing-secret';
export type { ExternalSecretsProps, SecretStoreRef } from './external-secret';
export type { SecretFormat } from './format';
export type { SecretKey, SecretPart } from './secret-key';
export type { RequestedSecret, SecretValueFunction, SecretValues } from './value-secret';
export type { SecretEntry, SecretLocation, StoreEntry } from './secret-location';
export { SecretRef, type SecretRefProps } from './secret-ref';
export { SecretSource, type ISecrets, type SecretRequest, type SecretSourceKind } from './secret-source';
