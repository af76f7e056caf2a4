import { createHash } from 'node:crypto';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { concat, derive, printable, type Value } from '../core/value';
import { secretValue } from './format';
import type { SecretPart } from './secret-key';
import type { SecretRequest } from './secret-source';

/**
 * Emits a Secret with the stored values and those that are composed of them, such as connection URLs. Returns a revision
 * that follows the values, so that new ones replace the pods and run the migration again.
 */
export function composedSecret(
  scope: Construct,
  request: SecretRequest,
  stored: ReadonlyMap<string, Value<string>>,
  annotations?: Readonly<Record<string, string>>,
): Value<string> {
  const clean = new Map([...stored].map(([key, value]) => [key, derive('secret value', value, secretValue)]));
  const values = request.keys.map(({ key, composed }) => ({
    key,
    value: composed === undefined ? (clean.get(key) ?? '') : concat(composed.map((part) => partValue(part, clean))),
  }));
  const encoded = values.map(({ key, value }): [string, Value<string>] => [key, derive('base64', value, base64)]);
  markDrawn(
    new ApiObject(scope, 'Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: request.name,
        labels: { ...request.labels },
        ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      },
      type: 'Opaque',
      // Encoded here, since the API server keeps no `stringData` and a comparison with it would find a difference.
      data: Object.fromEntries(encoded.map(([key, value]) => [key, printable(value)])),
    }),
  );
  return derive(
    'hash',
    encoded.map(([, value]) => value),
    (...texts) => {
      const counted = Object.fromEntries(encoded.map(([key], index) => [key, texts[index]]));
      return createHash('sha256').update(JSON.stringify(counted)).digest('hex').slice(0, 12);
    },
  );
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function partValue(part: SecretPart, stored: ReadonlyMap<string, Value<string>>): Value<string> {
  return typeof part === 'object' && 'secret' in part
    ? derive('encoded', stored.get(part.secret) ?? '', encodeURIComponent)
    : part;
}
