import type { Connections, MeshFlow } from '../network/connections';
import { familyOf } from '../network/address-family';
import { Peer } from '../network/peer';
import type { Port } from '../network/port';
import type { StackContext } from './context';

/** Pods that a mesh may take part in. */
export interface MeshPods {
  /** Their flows. */
  readonly connections: Connections;
  /** Ports that the kubelet probes; none where it runs commands only. */
  readonly probedPorts: readonly Port[];
  /** Whether they resolve names anyway. */
  readonly resolvesNames: boolean;
}

/** Opens what the mesh of the cluster needs of pods that it may take part in. */
export function joinMesh({ cluster, monitored }: StackContext, pods: MeshPods): void {
  const { mesh, dns, prometheus, ipFamilies } = cluster;
  if (mesh === undefined) {
    return;
  }
  const { controlPlane, metricsPorts, probeNetworks } = mesh;
  const probes = probeNetworks.filter((network) => ipFamilies.includes(familyOf(network)));
  const flows: MeshFlow[] = [
    ...(controlPlane === undefined
      ? []
      : [
          {
            direction: 'egress' as const,
            ...controlPlane,
            reason: `the proxy of ${mesh.name} asks its control plane`,
          },
        ]),
    ...(controlPlane === undefined || pods.resolvesNames
      ? []
      : [{ direction: 'egress' as const, ...dns, reason: `the proxy of ${mesh.name} resolves names` }]),
    ...(prometheus === undefined || !monitored || metricsPorts.length === 0
      ? []
      : [
          {
            direction: 'ingress' as const,
            peer: prometheus.peer,
            ports: metricsPorts,
            reason: `scrapes the proxy of ${mesh.name}`,
          },
        ]),
    ...(probes.length === 0 || pods.probedPorts.length === 0
      ? []
      : [
          {
            direction: 'ingress' as const,
            peer: Peer.anyOf(...probes.map((network) => Peer.cidr(network))),
            ports: pods.probedPorts,
            reason: `probes of the kubelet, as ${mesh.name} forwards them`,
          },
        ]),
  ];
  pods.connections.joinMesh({
    name: mesh.name,
    tunnelPort: mesh.tunnelPort,
    outside: [dns.peer, ...(controlPlane === undefined ? [] : [controlPlane.peer])],
    flows,
  });
}
