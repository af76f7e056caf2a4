import type { KubeObject } from './objects';

/** The label that says in which zone a node is. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** A cluster's nodes: how many in each zone. */
export interface Layout {
  readonly name: string;
  readonly nodesPerZone: number;
}

/** The zones of every layout. */
export const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;

/** Six nodes in three zones. */
export const SIX_NODES: Layout = { name: 'six nodes in three zones', nodesPerZone: 2 };

/** Three nodes in three zones: the smallest cluster on which every promise must hold. */
export const THREE_NODES: Layout = { name: 'three nodes in three zones', nodesPerZone: 1 };

/** Every node of a layout, ready to be created; kwok plays its kubelet. */
export function nodesOf(layout: Layout): KubeObject[] {
  return ZONES.flatMap((zone) =>
    Array.from({ length: layout.nodesPerZone }, (_, index) => node(`${zone}-${index + 1}`, zone)),
  );
}

function node(name: string, zone: string): KubeObject {
  // Sizes of a common four-core machine would make placement depend on requests; this suite is about spread, not capacity.
  const capacity = { cpu: '32', memory: '128Gi', 'ephemeral-storage': '500Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        [ZONE_LABEL]: zone,
        'topology.kubernetes.io/region': 'region-1',
      },
    },
    status: { capacity, allocatable: capacity, nodeInfo: { operatingSystem: 'linux', architecture: 'amd64' } },
  };
}
