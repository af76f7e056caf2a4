import type { Rule } from '../rule';

/** Outside of dev, a cluster of which nobody said who resolves names. */
export const dnsUnsaid: Rule = {
  id: 'network/dns-unsaid',
  level: 'warning',
  acknowledgeable: true,
  why: 'pods may ask the pods of kube-dns only, and a cache on the node (NodeLocal DNSCache, the default of GKE from 1.34.1) or DNS of the cloud is no pod: there no name is resolved and nothing becomes ready',
  fix: 'look into /etc/resolv.conf of a pod and say it: dns: Dns.kubeDns() for the Service of kube-dns, Dns.nodeLocal() for 169.254.20.10, Dns.cloudDns() for 169.254.169.254',
  check: ({ path, context: { cluster, profile } }) =>
    profile === 'dev' || cluster.saysDns
      ? []
      : [{ path, message: `cluster "${cluster.name}" does not say who resolves names` }],
};
