import * as fc from 'fast-check';
import type { ExtraVolume } from '../../../src';
import { among, dictionary, either, type Generators, mostly, some, sparse } from './generators';
import { dnsLabel, dnsName, labelKey, text } from './names';
import { dataKey } from './secrets';

const mode = mostly(among(0o400, 0o440, 0o777, 0), among(0o1000, -1, 2 ** 31, 1.5), 150);
const flag = among(true, false);
// Random enough that two files hardly ever share a place.
const path = mostly(
  fc.stringMatching(/^[a-z]{6}(\/[a-z]{6}|\.x)?$/),
  among('/a', '../a', 'a/../b', '', '.', '0o17', 'a:b', 'a', 'a/b', '..a', './a', 'a//b'),
  60,
);

interface Item {
  key: unknown;
  path: unknown;
  mode: unknown;
}
const items = some(sparse<Item>({ key: dataKey, path, mode }, ['key', 'path']), 0, 3);

const configMap = sparse({ name: dnsName, items, defaultMode: mode, optional: flag }, ['name']);
const secret = sparse({ secretName: dnsName, items, defaultMode: mode, optional: flag }, ['secretName']);

const size = mostly(among('64Mi', '1Gi', '1.5Gi', '100M', '1e3', '0', 1024), among('-1', 'abc', '', '1GB', 1.5), 30);

const emptyDir = sparse({ sizeLimit: size, medium: mostly(among('', 'Memory'), among('Disk', 'HugePages-2Mi'), 100) });

const fieldRef = sparse(
  {
    fieldPath: mostly(
      among('metadata.name', 'metadata.labels', "metadata.annotations['a']", 'metadata.uid'),
      among('spec.nodeName', 'status.podIP', 'metadata.foo', '', "metadata.labels['a b']"),
      30,
    ),
    apiVersion: among('v1'),
  },
  ['fieldPath'],
);
const containerName = mostly(among('sts', 'gateway', 'api'), among('nobody', ''), 60);
const amountOf = (resource: string, ...divisors: readonly string[]) =>
  sparse(
    { containerName, resource: among(resource), divisor: mostly(among('1', '0', ...divisors), among('2', '-1'), 60) },
    [...(['containerName', 'resource'] as const)],
  );
const resourceFieldRef = mostly(
  either(
    amountOf('limits.memory', '1Mi', '1M'),
    amountOf('requests.cpu', '1m'),
    amountOf('limits.ephemeral-storage', '1Gi'),
  ),
  either(amountOf('limits.gpu'), amountOf('', '1m'), amountOf('limits.cpu', '1Mi'), among({ resource: 'limits.cpu' })),
  30,
);
const downwardItem = mostly(
  either(
    sparse({ path, fieldRef, mode }, ['path', 'fieldRef']),
    sparse({ path, resourceFieldRef, mode }, ['path', 'resourceFieldRef']),
  ),
  sparse({ path, fieldRef, resourceFieldRef }, ['path']),
  60,
);
const downwardAPI = sparse({ items: some(downwardItem, 0, 2), defaultMode: mode });

const token = sparse(
  {
    path,
    audience: among('vault', ''),
    expirationSeconds: mostly(among(600, 3600, 2 ** 32), among(599, 0, -1, 2 ** 32 + 1, 1e21), 100),
  },
  ['path'],
);
const projectedSource = either(
  sparse({ serviceAccountToken: token }, ['serviceAccountToken']),
  sparse({ configMap: sparse({ name: dnsName, items, optional: flag }, ['name']) }, ['configMap']),
  sparse({ secret: sparse({ name: dnsName, items, optional: flag }, ['name']) }, ['secret']),
  sparse({ downwardAPI: sparse({ items: some(downwardItem, 0, 2) }) }, ['downwardAPI']),
);
const projected = sparse({ sources: mostly(some(projectedSource, 0, 3), among([], [{}]), 80), defaultMode: mode }, [
  'sources',
]);

const claimSpec = sparse(
  {
    accessModes: mostly(
      among(['ReadWriteOnce'], ['ReadWriteMany']),
      among([], ['Sometimes'], ['ReadWriteOncePod', 'ReadWriteOnce']),
      40,
    ),
    resources: mostly(
      among({ requests: { storage: '1Gi' } }),
      among({}, { requests: { storage: '-1' } }, { requests: {} }),
      40,
    ),
    storageClassName: dnsName,
    volumeMode: mostly(among('Filesystem'), among('Block', 'Tape'), 60),
  },
  ['accessModes', 'resources'],
);
const ephemeral = sparse(
  {
    volumeClaimTemplate: sparse(
      { spec: claimSpec, metadata: among({ labels: { a: 'b' } }, { annotations: { a: 'b' } }) },
      ['spec'],
    ),
  },
  ['volumeClaimTemplate'],
);

const csi = sparse(
  {
    driver: mostly(
      among('secrets-store.csi.k8s.io', 'csi.example.com', 'CSI.Example.com'),
      among('', '-', 'x'.repeat(64)),
      60,
    ),
    readOnly: flag,
    fsType: text,
    volumeAttributes: dictionary(labelKey, text),
    nodePublishSecretRef: sparse({ name: dnsName }, ['name']),
  },
  ['driver'],
);

const claim = sparse({ claimName: dnsName, readOnly: flag }, ['claimName']);

const source = (kind: string, each: ReturnType<typeof sparse>) =>
  sparse({ name: mostly(among('extra', 'more', 'cache-1'), dnsLabel, 150), [kind]: each }, ['name', kind]);

const volume = mostly(
  either(
    source('emptyDir', emptyDir),
    source('configMap', configMap),
    source('secret', secret),
    source('persistentVolumeClaim', claim),
    source('projected', projected),
    source('downwardAPI', downwardAPI),
    source('ephemeral', ephemeral),
    source('csi', csi),
  ),
  among(
    { name: 'host', hostPath: { path: '/' } },
    { name: 'nothing' },
    { name: 'nfs', nfs: { server: 'a', path: '/' } },
  ),
  100,
);

const extra: Generators<ExtraVolume> = {
  volume,
  mountPath: mostly(
    among('/extra', '/data/a', '/a b', '/ä', '/run/extra/', '/more', `/${'m'.repeat(300)}`),
    among('extra', '/', '/a:b', '/run/secrets', '/tmp', '', '/a\nb'),
    60,
  ),
  readOnly: flag,
};

/** More volumes of a pod. */
export const extraVolumes = fc.uniqueArray(sparse<ExtraVolume>(extra, ['volume', 'mountPath']), {
  minLength: 1,
  maxLength: 2,
  comparator: (one, other) => one.mountPath === other.mountPath || nameOf(one) === nameOf(other),
});

function nameOf(extraVolume: Record<string, unknown>): unknown {
  return (extraVolume.volume as { name: unknown }).name;
}
