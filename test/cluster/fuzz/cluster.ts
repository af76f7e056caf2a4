import type * as fc from 'fast-check';
import {
  Cluster,
  type ClusterApiServer,
  type ClusterDns,
  type ClusterPrometheus,
  type ClusterProps,
  Dns,
  type IstioAmbientProps,
  type IstioSidecarProps,
  type KindClusterProps,
  type LinkerdProps,
  Mesh,
  type NodeLocalDnsProps,
} from '../../../src';
import { among, dictionary, distinct, either, type Generators, mostly, settings, some, sparse } from './generators';
import { dnsLabel, dnsName, labelKey, labelValue } from './names';
import { peer, port, tcpPort } from './network';
import { calls } from './recipe';

const APIS = ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'];

const dns: Generators<ClusterDns> = { peer, ports: mostly(some(port, 1, 3), among([])) };

const prometheus: Generators<ClusterPrometheus> = {
  peer,
  selectorLabels: either(among({}, { release: 'prometheus' }), dictionary(labelKey, labelValue)),
};

const apiServer: Generators<ClusterApiServer> = {
  addresses: mostly(
    among(['10.0.0.10/32'], ['2001:db8::1/128', '10.0.0.0/28']),
    among([], ['10.0.0.10'], ['0.0.0.0/0']),
    60,
  ),
  ports: mostly(some(tcpPort, 1, 3), among([]), 60),
};

const address = mostly(among('169.254.20.10', 'fd00::a', '10.96.0.10'), among('169.254.20.10/32', 'dns'), 80);

const usualDns = either(
  calls('Dns.kubeDns', Dns.kubeDns),
  calls('Dns.cloudDns', Dns.cloudDns),
  settings<NodeLocalDnsProps>('Dns.nodeLocal', Dns.nodeLocal, {
    addresses: some(address, 1, 2),
    serviceAddress: address,
  }),
);

const tcpPorts = mostly(some(tcpPort, 1, 3), among([]), 80);

const mesh = either(
  settings<IstioSidecarProps>('Mesh.istioSidecar', Mesh.istioSidecar, {
    controlPlane: peer,
    controlPlanePorts: tcpPorts,
    metricsPorts: tcpPorts,
  }),
  settings<IstioAmbientProps>('Mesh.istioAmbient', Mesh.istioAmbient, {
    tunnelPort: tcpPort,
    probeAddresses: some(address, 0, 2),
  }),
  settings<LinkerdProps>('Mesh.linkerd', Mesh.linkerd, {
    controlPlane: peer,
    controlPlanePorts: tcpPorts,
    tunnelPort: tcpPort,
    metricsPorts: tcpPorts,
  }),
);

const cluster: Generators<ClusterProps> = {
  name: mostly(among('eu-1', 'us-2', 'x'), dnsLabel, 20),
  kubernetes: mostly(among('1.30', '1.33', '1.36', '1.99'), among('1.29', 'v1.33', '2.0', '1.33.1')),
  zones: mostly(among(1, 2, 3, 6), among(0, -1, 2 ** 40)),
  ingressController: peer,
  ingressControllerPorts: mostly(some(tcpPort, 1, 3), among([])),
  prometheus: sparse<ClusterPrometheus>(prometheus, ['peer', 'selectorLabels']),
  dns: either(sparse<ClusterDns>(dns, ['peer']), usualDns),
  apiServer: sparse<ClusterApiServer>(apiServer, ['addresses']),
  // Servers in the cluster and peers of one family are refused under the other.
  ipFamilies: mostly(
    mostly(among(['IPv4'], ['IPv4', 'IPv6']), among(['IPv6']), 8),
    among([], ['IPv4', 'IPv4'], ['IPv5']),
    200,
  ),
  assignsPodUsers: among(false, true),
  mesh,
  enforcesNetworkPolicies: among(true, false),
  metricsServer: among(true, false),
  storageClass: dnsName,
  customResources: mostly(
    among(APIS, [...APIS, 'gateway.networking.k8s.io/v1']),
    either(distinct(among(...APIS)), among(['x'])),
    80,
  ),
  clusterScopedKinds: mostly(among([], ['example.com/Widget']), among(['Widget'], ['example.com/v1/Widget']), 80),
};

/** Clusters that have what a published platform needs. */
export const fullCluster: fc.Arbitrary<unknown> = settings<ClusterProps>('Cluster.generic', Cluster.generic, cluster, [
  ...(['name', 'kubernetes', 'zones'] as const),
  ...(['ingressController', 'prometheus', 'customResources'] as const),
]);

/** Clusters of every kind, most of them full. */
export const anyCluster: fc.Arbitrary<unknown> = mostly(
  fullCluster,
  settings<ClusterProps>('Cluster.generic', Cluster.generic, cluster, ['name', 'kubernetes', 'zones']),
  30,
);

/** Clusters on one machine. */
export const kindCluster: fc.Arbitrary<unknown> = settings<KindClusterProps>(
  'Cluster.kind',
  Cluster.kind,
  cluster,
  [],
  7,
);
