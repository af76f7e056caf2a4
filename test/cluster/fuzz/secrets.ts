import * as fc from 'fast-check';
import {
  type ExistingSecret,
  type ExternalSecretsProps,
  SecretRef,
  type SecretRefProps,
  SecretSource,
  type SecretStoreRef,
  TrustBundle,
  type TrustBundleProps,
} from '../../../src';
import { CERTIFICATE } from '../../support/certificates';
import { among, dictionary, either, type Generators, mostly, settings, sparse } from './generators';
import { dnsName, text } from './names';
import { calls } from './recipe';

/** Keys of Secrets and ConfigMaps. */
export const dataKey = mostly(
  either(among('ca.crt', 'a', 'A_b-c.d', '1', 'null', 'x'.repeat(253)), fc.stringMatching(/^[a-zA-Z0-9._-]{3,9}$/)),
  among('0o17', '1e_3', '0b-1', '.', '..a', 'a/b', '', 'x'.repeat(254), 'a b', '__proto__'),
  250,
);

/** References to one key of a Secret. */
export const secretRef = settings<SecretRefProps>(
  'SecretRef.key',
  SecretRef.key,
  { secret: mostly(dnsName, sparse<{ name: string }>({ name: dnsName }, ['name']), 4), key: dataKey },
  ['secret', 'key'],
);

const existing: Generators<ExistingSecret> = {
  name: dnsName,
  keys: mostly(
    dictionary(mostly(among('redisUrl', 'postgresPassword', 'metricsBearer'), among('redisUri'), 200), secretRef),
    among(['redisUrl'], { redisUrl: 'redis' }),
    200,
  ),
  revision: text,
};

/** A Secret that exists. */
export const existingSource = settings<ExistingSecret>('SecretSource.existing', SecretSource.existing, existing, [
  'name',
]);

const store: Generators<SecretStoreRef> = { kind: among('ClusterSecretStore', 'SecretStore'), name: dnsName };

const external: Generators<ExternalSecretsProps> = {
  store: sparse<SecretStoreRef>(store, ['kind', 'name']),
  prefix: mostly(among('caracal/', 'caracal-', '', '../', '-', 'A_b.'), among('a b', 'ä', '{{', 'x'.repeat(3000))),
  property: mostly(among('value', 'data.password', 'null'), text, 10),
  refreshInterval: mostly(among('1h', '15m', '30s', '0s'), among('1d', '1', '99999999999999999999h', ''), 20),
  creationPolicy: among('Owner', 'Orphan'),
  revision: text,
};

/** Values from a store, by the External Secrets operator. */
export const externalSource = settings<ExternalSecretsProps>(
  'SecretSource.externalSecrets',
  SecretSource.externalSecrets,
  external,
  ['store', 'prefix'],
);

const derivedValues = mostly(
  among(
    { values: { auditHmacKey: 'a1'.repeat(20) + 'b2'.repeat(20) } },
    { values: {} },
    { values: { postgresPassword: 'a-password.of_mine' } },
    { values: { postgresPassword: '0o17171717' } },
  ),
  among({ values: { githubClientId: 'x' } }, { values: { postgresPassword: 'x' } }, { value: {} }),
);

/** Values from a passphrase. */
export const derivedSource = calls(
  'SecretSource.derivedForDev',
  SecretSource.derivedForDev,
  mostly(among('an example passphrase', 'another one, ä ö ü', `${'long '.repeat(50)}`), among('short', '', '        ')),
  mostly(fc.constant(undefined), derivedValues, 5),
);

const trustFromConfigMap: Generators<TrustBundleProps> = { configMap: dnsName, key: dataKey, revision: text };

/** Certificates of private authorities. */
export const trust = either(
  settings<TrustBundleProps>('TrustBundle.fromConfigMap', TrustBundle.fromConfigMap, trustFromConfigMap, ['configMap']),
  calls(
    'TrustBundle.fromPem',
    TrustBundle.fromPem,
    mostly(
      among(CERTIFICATE, `# of ours\n${CERTIFICATE}\n${CERTIFICATE}`),
      among(`${'# a comment of ours\n'.repeat(60_000)}${CERTIFICATE}`),
      60,
    ),
  ),
);
