import type { ApiClient } from './client';
import { belongsTo, componentsOf, describeComponent } from './components';
import { ZONE_LABEL } from './layouts';
import type { Node, Pod } from './objects';

/**
 * Checks that each component has two replicas or more, on different nodes and in as many zones as it has replicas.
 *
 * @param zones whether zones count; a profile that only wishes for zones promises nodes alone
 */
export async function spreadProblems(client: ApiClient, namespace: string, zones: boolean): Promise<string[]> {
  const [components, pods, nodes] = await Promise.all([
    componentsOf(client, namespace),
    client.list<Pod>(`/api/v1/namespaces/${namespace}/pods`),
    client.list<Node>('/api/v1/nodes'),
  ]);
  const zoneOf = new Map(nodes.items.map(({ metadata }) => [metadata.name, metadata.labels?.[ZONE_LABEL]]));
  const allZones = new Set(zoneOf.values()).size;
  return components.flatMap((component) => {
    const own = pods.items.filter((pod) => belongsTo(component, pod) && pod.spec.nodeName !== undefined);
    const usedNodes = new Set(own.map(({ spec }) => spec.nodeName));
    const usedZones = new Set(own.map(({ spec }) => zoneOf.get(spec.nodeName ?? '')));
    const wantedNodes = Math.min(own.length, zoneOf.size);
    const wantedZones = zones ? Math.min(own.length, allZones) : 0;
    const name = describeComponent(component);
    return [
      ...(component.floor < 2 ? [`${name}: promises only ${component.floor} replica`] : []),
      ...(usedNodes.size < wantedNodes ? [`${name}: ${own.length} pods on ${usedNodes.size} nodes`] : []),
      ...(usedZones.size < wantedZones ? [`${name}: ${own.length} pods in ${usedZones.size} zones`] : []),
    ];
  });
}
