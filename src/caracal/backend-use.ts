import type { Component } from '../workload/component';
import type { ExtraEnv } from '../workload/env';
import type { SecretFiles } from '../workload/volumes';
import { credentialEnv, withCredentials } from './credential-file';
import { connect } from './edges';
import type { SecretBackend } from './secret-backend';
import type { CaracalServiceProps } from './service';

/** What api and sts are told about the backend of credentials: the same for both (caracal W65). */
export interface SecretBackendUser {
  /**
   * Where credentials of providers are kept.
   * @default - in Postgres
   */
  readonly secretBackend?: SecretBackend;
}

/** Variables of the backend. */
export function backendEnv({ secretBackend }: SecretBackendUser): ExtraEnv {
  return secretBackend === undefined
    ? {}
    : { ...secretBackend.env, ...credentialEnv(secretBackend.files), ...secretBackend.references };
}

/** The files of a component, with the credentials of the backend. */
export function withBackend(files: SecretFiles, props: SecretBackendUser & CaracalServiceProps): SecretFiles {
  return withCredentials(files, props.secretBackend?.files ?? [], props.secrets);
}

/** Lets a component reach the backend, and whoever tells it the identity of its pod. */
export function connectBackend(component: Component, name: 'api' | 'sts', { secretBackend }: SecretBackendUser): void {
  if (secretBackend === undefined) {
    return;
  }
  const { target, identity } = secretBackend;
  connect(component, name, 'secret backend', target.peer, target.port);
  if (identity !== undefined) {
    connect(component, name, 'identity of the pod', identity.peer, identity.port);
  }
}
