import type { ApiClient } from './client';
import type { KubeObject } from './objects';

/** Labels that make the API server refuse pods outside of the Pod Security standard `restricted`, and warn about templates. */
export const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/** Creates a namespace that enforces Pod Security `restricted`. */
export async function createNamespace(client: ApiClient, name: string): Promise<void> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...RESTRICTED } } };
  await client.ensure(namespace);
}
