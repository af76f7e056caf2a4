import type { Making } from '../core/brand';
import { fieldsOf, oneOfFields } from '../core/fields';
import { dnsNameProblem } from '../core/text';

/** How secrets are named. Whatever was given may be a secret itself, so nothing of it is repeated. */
export const SECRET_SOURCE_MAKING: Making = {
  example: 'SecretSource.existing({ name: "..." })',
  from: (given) => {
    const { store, values } = fieldsOf(given);
    return store !== undefined
      ? 'SecretSource.externalSecrets({ store: { kind: "ClusterSecretStore", name: "..." }, prefix: "..." })'
      : values !== undefined
        ? 'SecretSource.derivedForDev("...", { values: { ... } })'
        : undefined;
  },
};

/** How a key of a Secret is named; a plain text may be the secret itself, so it is not repeated. */
export const SECRET_REF_MAKING: Making = {
  example: 'SecretRef.key({ secret: "...", key: "..." })',
  from: (given) => {
    const fields = fieldsOf(given);
    const reference = fieldsOf(fieldsOf(fields.valueFrom).secretKeyRef ?? fields.secretKeyRef ?? given);
    const secret = oneOfFields(reference, 'name', 'secretName', 'secret');
    const { key } = reference;
    return typeof secret === 'string' &&
      dnsNameProblem(secret) === undefined &&
      typeof key === 'string' &&
      /^[-._a-zA-Z0-9]{1,60}$/.test(key)
      ? `SecretRef.key({ secret: "${secret}", key: "${key}" })`
      : undefined;
  },
};
