import type { SecretFormat } from '../secrets/format';
import type { ISecrets } from '../secrets/secret-source';
import type { SecretFiles } from '../workload/volumes';
import { secretFile, secretKeyOf } from './service';

/** One file with a credential that others issue, and the variable that names it. */
export interface CredentialFile {
  /** Variable that names the file. */
  readonly env: string;
  /** Key in the stack's Secret. */
  readonly key: string;
  /** Form of the credential. */
  readonly format: SecretFormat;
  /**
   * Where the credential is, when it is in a Secret of its own.
   * @default - under its key in the stack's Secret
   */
  readonly secret?: { readonly name: string; readonly key: string };
}

/** The variables that name credentials. */
export function credentialEnv(files: readonly CredentialFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ env, key }) => [env, secretFile(key)]));
}

/** The files of a component, and those of credentials beside them. */
export function withCredentials(
  files: SecretFiles,
  credentials: readonly CredentialFile[],
  secrets: ISecrets,
): SecretFiles {
  const items = credentials.map(({ key, secret }) => ({
    ...(secret === undefined ? secretKeyOf(secrets, key) : { secretName: secret.name, key: secret.key }),
    path: key,
  }));
  return { ...files, items: [...files.items, ...items] };
}
