import type { ApiClient } from './client';
import { ZONE_LABEL, ZONES } from './layouts';
import type { KubeObject } from './objects';

/** How many volumes each zone holds; a claim of a removed platform keeps its volume, so there is plenty. */
const VOLUMES_PER_ZONE = 30;

/** The name of the default StorageClass. */
export const STORAGE_CLASS = 'zonal';

/**
 * Creates a default StorageClass and volumes that each belong to one zone, as cloud disks do.
 * Without the zone a lost zone would look harmless: the pods would simply start elsewhere.
 */
export async function createVolumes(client: ApiClient): Promise<void> {
  await client.ensure({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: STORAGE_CLASS, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes.io/no-provisioner',
    // The scheduler chooses the zone first, then the volume: the other way round pods could not spread.
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  const volumes = ZONES.flatMap((zone) => Array.from({ length: VOLUMES_PER_ZONE }, (_, index) => volume(zone, index)));
  await Promise.all(volumes.map((one) => client.ensure(one)));
}

function volume(zone: string, index: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${zone}-volume-${index}` },
    spec: {
      capacity: { storage: '1Ti' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: STORAGE_CLASS,
      hostPath: { path: `/volumes/${zone}-${index}` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE_LABEL, operator: 'In', values: [zone] }] }],
        },
      },
    },
  };
}
