import { ApiObject } from 'cdk8s';
import type { PlatformStack, SecretKey, SecretRequest, SecretSource } from '../../src';
import type { Manifest } from '../support/manifests';

/** A small registry with a key of every kind: stored, composed, renamed in the store, with a name that is no identifier. */
export const KEYS: readonly SecretKey[] = [
  { key: 'dbPassword', description: 'password of the database', format: 'password', consumers: ['server'] },
  { key: 'signingKey', description: 'signs books', format: 'hmac-key', consumers: ['server'] },
  { key: 'storeKek', description: 'encrypts books', format: 'encryption-key', consumers: ['server'], remote: 'kek' },
  { key: 'metrics.token', description: 'reads metrics', format: 'token', consumers: ['server'] },
  {
    key: 'databaseUrl',
    description: 'connects to the database',
    format: 'text',
    consumers: ['server'],
    composed: ['postgres://ledger:', { secret: 'dbPassword' }, '@db:5432/ledger?sslmode=verify-full'],
  },
];

/** The request that a stack of the ledger makes. */
export function request(change: Partial<SecretRequest> = {}): SecretRequest {
  return { name: 'ledger-secrets', namespace: 'books', labels: { app: 'ledger' }, keys: KEYS, ...change };
}

/** What a source emits, and what it tells the stack. */
export function provide(stack: PlatformStack, source: SecretSource, change: Partial<SecretRequest> = {}) {
  const before = new Set(stack.node.findAll());
  const secrets = source.provide(stack, request(change));
  const emitted = stack.node
    .findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && !before.has(construct))
    .map((object) => object.toJson() as Manifest);
  return { secrets, emitted };
}
