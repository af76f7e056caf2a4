import { withInstead } from '../core/check';
import { code } from '../core/code';
import { type Check, check, checkShape, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { dnsLabelProblem, dnsNameProblem, labelKeyProblem, labelValueProblem } from '../core/text';
import { Cidr } from '../network/cidr';
import { ADDRESS_FAMILIES } from '../network/address-family';
import type { ClusterApiServer, ClusterPrometheus, ClusterProps } from './cluster';
import type { ClusterDns } from './dns';
import { dnsInstead } from './makings';

/** Oldest minor version of Kubernetes that is supported: the first with a native preStop sleep. */
export const OLDEST_KUBERNETES_MINOR = 30;

/** Settings around a peer; the peer in their place is an easy mistake. */
const around = (shape: string, others: string): Check =>
  withInstead(
    (value) =>
      check.instance('Peer')(value) === undefined ? `it must be ${shape}, not the peer alone` : check.record(value),
    (given) =>
      `{ peer: ${
        check
          .instance('Peer')
          .instead?.(given)
          ?.replace(/^\.\.\.$/, 'Peer.namespace("...")') ?? 'Peer.namespace("...")'
      }, ${others} }`,
  );

const AROUND_DNS = around('{ peer, ports }', 'ports: [Port.udp(53), Port.tcp(53)]');

const CHECKS: Checks<ClusterProps> = {
  name: check.text,
  // 1.30 as a number is 1.3.
  kubernetes: withInstead(check.text, (given) =>
    typeof given === 'number'
      ? code(`1.${String(given).split('.')[1] ?? given}`.replace(/^(1\.\d)$/, '$10'))
      : undefined,
  ),
  zones: check.count,
  ingressController: check.instance('Peer'),
  ingressControllerPorts: check.each(check.instance('Port')),
  prometheus: around('{ peer, selectorLabels }', 'selectorLabels: {}'),
  dns: withInstead(AROUND_DNS, (given) => dnsInstead(given) ?? AROUND_DNS.instead?.(given)),
  apiServer: check.record,
  ipFamilies: check.each(check.oneOf(...ADDRESS_FAMILIES)),
  assignsPodUsers: check.flag,
  mesh: check.instance('Mesh'),
  enforcesNetworkPolicies: check.flag,
  metricsServer: check.flag,
  storageClass: check.text,
  customResources: check.each(check.text),
  clusterScopedKinds: check.each(check.text),
};

const DNS_CHECKS: Checks<ClusterDns> = { peer: check.instance('Peer'), ports: check.each(check.instance('Port')) };

const API_SERVER_CHECKS: Checks<ClusterApiServer> = {
  addresses: check.each(check.text),
  ports: check.each(check.instance('Port')),
};

const PROMETHEUS_CHECKS: Checks<ClusterPrometheus> = { peer: check.instance('Peer'), selectorLabels: check.record };

const GROUP_KIND = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/[A-Z][A-Za-z0-9]*$/;

const API_VERSION = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/v\d+(?:[a-z]+\d+)?$/;

/** Every problem of a cluster's properties: first those of their types, then of what the well-typed ones say. */
export function clusterProblems(factory: string, props: ClusterProps): Finding[] {
  const shape = checkShape(factory, props, CHECKS);
  const mistyped = new Set(shape.map(({ path }) => path));
  if (mistyped.has(factory)) {
    return shape;
  }
  return [
    ...shape,
    ...Object.entries(PROBLEMS).flatMap(([property, problems]) => {
      const path = `${factory}.${property}`;
      return mistyped.has(path) ? [] : problems(props, path);
    }),
  ];
}

// Each is asked only where its property has the right type, or is absent.
const PROBLEMS: Partial<Record<keyof ClusterProps, (props: ClusterProps, path: string) => Finding[]>> = {
  name: ({ name }, path) =>
    refusedWhen(dnsLabelProblem(name) !== undefined, path, name, {
      message: 'this is not a cluster name',
      fix: 'use lower-case letters, digits and "-"',
    }),

  kubernetes: ({ kubernetes }, path) => {
    const minor = /^1\.(\d{1,3})$/.exec(kubernetes ?? '')?.[1];
    if (minor === undefined) {
      return refusedWhen(true, path, kubernetes, {
        message: 'this is not a minor version of Kubernetes',
        fix:
          kubernetesInstead(kubernetes) ??
          'write kubernetes: "1.33": major and minor version of the cluster, as "kubectl version" shows it',
      });
    }
    return refusedWhen(Number(minor) < OLDEST_KUBERNETES_MINOR, path, kubernetes, {
      message: `1.${OLDEST_KUBERNETES_MINOR} is the oldest version with a native preStop sleep, which every pod uses to drain`,
      fix: 'upgrade the cluster',
    });
  },

  zones: ({ zones }, path) =>
    refusedWhen(zones === undefined || zones < 1, path, zones, {
      message: 'a cluster has at least one zone',
      fix: 'count the values of the node label topology.kubernetes.io/zone',
    }),

  ingressController: ({ ingressController }, path) =>
    refusedWhen(ingressController?.isNobody === true, path, ingressController, {
      message: 'the peer is nobody, so no policy would let the ingress controller in',
      fix: 'name its pods: Peer.namespace("ingress-nginx"), or leave it out',
    }),

  dns: ({ dns }, path) => {
    if (dns === undefined) {
      return [];
    }
    const shape = checkShape(path, dns, DNS_CHECKS);
    const nobody = dns.peer === undefined || dns.peer.isNobody || dns.ports?.length === 0;
    return shape.length > 0
      ? shape
      : refusedWhen(nobody, path, dns, {
          id: 'network/no-dns-peer',
          message: 'no pod could resolve a name',
          fix: 'name the DNS pods and their ports, or leave "dns" out for kube-dns',
        });
  },

  ipFamilies: ({ ipFamilies }, path) =>
    refusedWhen(
      ipFamilies !== undefined && (ipFamilies.length === 0 || new Set(ipFamilies).size < ipFamilies.length),
      path,
      ipFamilies,
      {
        message: 'pods have an address of one family, or one of each',
        fix: 'write ["IPv4"], ["IPv6"] or, for dual stack, ["IPv4", "IPv6"]',
      },
    ),

  apiServer: ({ apiServer }, path) => {
    if (apiServer === undefined) {
      return [];
    }
    const shape = checkShape(path, apiServer, API_SERVER_CHECKS);
    const { addresses = [], ports } = apiServer;
    return shape.length > 0
      ? shape
      : [
          ...refusedWhen(addresses.length === 0 || ports?.length === 0, path, apiServer, {
            message: 'no policy would let anybody reach the API server',
            fix: 'name the networks of its endpoints: { addresses: ["10.0.0.10/32"] }, or leave "apiServer" out',
          }),
          ...addresses.flatMap((address) =>
            refusedWhen(!isNarrowNetwork(address), `${path}.addresses`, address, {
              message: 'this is no network in CIDR notation, or every address there is',
              fix: 'one address is a /32 (IPv4) or /128 (IPv6): "10.0.0.10/32"',
            }),
          ),
        ];
  },

  prometheus: ({ prometheus }, path) => {
    if (prometheus === undefined) {
      return [];
    }
    const shape = checkShape(path, prometheus, PROMETHEUS_CHECKS);
    const { peer, selectorLabels } = prometheus;
    return shape.length > 0
      ? shape
      : [
          ...refusedWhen(peer === undefined || peer.isNobody || selectorLabels === undefined, path, prometheus, {
            message: 'Prometheus needs the peer that scrapes and the labels that its selectors want',
            fix: 'give { peer, selectorLabels }; selectorLabels is {} when it takes every monitor',
          }),
          ...Object.entries(selectorLabels ?? {}).flatMap(([key, value]) => {
            const bad = (labelKeyProblem(key) ?? labelValueProblem(value)) !== undefined;
            return refusedWhen(
              bad,
              `${path}.selectorLabels`,
              { [key]: value },
              {
                message: 'Kubernetes refuses this label',
                fix: 'copy the labels from the serviceMonitorSelector of the Prometheus object',
              },
            );
          }),
        ];
  },

  storageClass: ({ storageClass }, path) =>
    refusedWhen(storageClass !== undefined && dnsNameProblem(storageClass) !== undefined, path, storageClass, {
      message: 'this is not the name of a StorageClass',
      fix: 'use a name from "kubectl get storageclass", or leave it out for the default class of the cluster',
    }),

  customResources: ({ customResources = [] }, path) =>
    customResources.flatMap((api) =>
      refusedWhen(!API_VERSION.test(api), path, api, {
        message: 'this is not an API group with version',
        fix: 'write it as in apiVersion: "monitoring.coreos.com/v1"',
      }),
    ),

  clusterScopedKinds: ({ clusterScopedKinds = [] }, path) =>
    clusterScopedKinds.flatMap((kind) =>
      refusedWhen(!GROUP_KIND.test(kind), path, kind, {
        message: 'this is not an API group with a kind',
        fix: 'write group and kind without the version: "example.com/Widget"',
      }),
    ),
};

function isNarrowNetwork(address: string): boolean {
  try {
    return !Cidr.parse(address).toString().endsWith('/0');
  } catch {
    return false;
  }
}

/** The minor version of `v1.33.2`, `1.33.2-gke.100` or `33`. */
function kubernetesInstead(given: unknown): string | undefined {
  const [, minor] = /^v?1\.(\d{1,3})(?:[.+-].*)?$|^$/.exec(String(given)) ?? /^(\d{2})$/.exec(String(given)) ?? [];
  return minor === undefined || Number(minor) < OLDEST_KUBERNETES_MINOR ? undefined : `write kubernetes: "1.${minor}"`;
}

function refusedWhen(
  refused: boolean,
  path: string,
  given: unknown,
  problem: { readonly id?: string; readonly message: string; readonly fix: string },
): Finding[] {
  const id = 'platform/invalid-cluster';
  return refused ? [{ id, level: 'error', path, given: show(given), ...problem }] : [];
}
