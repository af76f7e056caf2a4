import { Peer } from '../../src/network/peer';
import { PolicyEvaluator } from '../../src/network/evaluator';
import type { PolicyObject } from '../../src/network/evaluator-model';
import { Cluster } from '../../src/platform/cluster';
import { type ClusterDns, Dns } from '../../src/platform/dns';
import { Component } from '../../src/workload/component';
import { OneShotJob } from '../../src/workload/one-shot-job';
import { refused } from '../core/refused';
import { testCluster, testComponentSpec, testJobContent, testStack } from '../support/ledger';

/** Who may be asked for names under a stack's policies, and on which port. */
function reach(dns: ClusterDns) {
  const stack = testStack({ cluster: testCluster({ dns }) });
  const pods = [
    new Component(stack, 'server', testComponentSpec()),
    new OneShotJob(stack, 'migrate', testJobContent()),
  ];
  const objects = stack.toJson() as (PolicyObject & { kind: string })[];
  const evaluator = new PolicyEvaluator({
    policies: objects.filter(({ kind }) => kind === 'NetworkPolicy'),
    namespaces: [{ name: stack.namespaceName }, { name: 'kube-system' }],
  });
  const each = (to: Parameters<typeof evaluator.mayConnect>[0]['to'], port: number, protocol: 'UDP' | 'TCP' = 'UDP') =>
    pods.map(
      ({ selector }) =>
        evaluator.mayConnect({
          from: { kind: 'pod', namespace: stack.namespaceName, labels: selector },
          to,
          port,
          protocol,
        }).allowed,
    );
  return {
    address: (ip: string, port: number, protocol?: 'UDP' | 'TCP') => each({ kind: 'address', ip }, port, protocol),
    pods: (label: string, port = 53) =>
      each({ kind: 'pod', namespace: 'kube-system', labels: { 'k8s-app': label } }, port),
  };
}

const OPEN = [true, true];
const CLOSED = [false, false];

describe('who resolves names for components and Jobs', () => {
  test('kube-dns is its pods, and no address: the cache on the node and DNS of a cloud stay closed', () => {
    const may = reach(Dns.kubeDns());
    expect(may.pods('kube-dns')).toEqual(OPEN);
    expect(may.address('169.254.20.10', 53)).toEqual(CLOSED);
    expect(may.address('169.254.169.254', 53)).toEqual(CLOSED);
  });

  test('NodeLocal DNSCache is its address, its pods, and the DNS pods behind it, over UDP and TCP', () => {
    const may = reach(Dns.nodeLocal());
    expect(may.address('169.254.20.10', 53)).toEqual(OPEN);
    expect(may.address('169.254.20.10', 53, 'TCP')).toEqual(OPEN);
    expect(may.pods('node-local-dns')).toEqual(OPEN);
    expect(may.pods('kube-dns')).toEqual(OPEN);
    expect(may.address('169.254.20.10', 9253, 'TCP')).toEqual(CLOSED);
    expect(may.address('10.96.0.10', 53)).toEqual(CLOSED);
    expect(may.pods('metrics-server')).toEqual(CLOSED);
  });

  test('the Service of kube-dns is open where the cache answers for it; addresses may be IPv6', () => {
    const may = reach(Dns.nodeLocal({ addresses: ['fd00::a'], serviceAddress: '10.96.0.10' }));
    expect(may.address('10.96.0.10', 53)).toEqual(OPEN);
    expect(may.address('fd00::a', 53)).toEqual(OPEN);
    expect(may.address('169.254.20.10', 53)).toEqual(CLOSED);
  });

  test('Cloud DNS is port 53 of the metadata server, which stays closed itself', () => {
    const may = reach(Dns.cloudDns());
    expect(may.address('169.254.169.254', 53)).toEqual(OPEN);
    expect(may.address('169.254.169.254', 53, 'TCP')).toEqual(OPEN);
    expect(may.address('169.254.169.254', 80, 'TCP')).toEqual(CLOSED);
  });

  test('two of them together are one peer', () => {
    const may = reach({ peer: Peer.anyOf(Dns.nodeLocal().peer, Dns.cloudDns().peer) });
    expect([may.address('169.254.20.10', 53), may.address('169.254.169.254', 53)]).toEqual([OPEN, OPEN]);
  });

  test.each([
    [{ addresses: ['169.254.20.10/32'] }, 'Dns.nodeLocal.addresses'],
    [{ addresses: ['node-local'] }, 'Dns.nodeLocal.addresses'],
    [{ serviceAddress: '10.96.0' }, 'Dns.nodeLocal.serviceAddress'],
  ])('%j is refused at its own line', (props, path) => {
    expect(refused(() => Dns.nodeLocal(props))).toMatchObject({ id: 'platform/invalid-dns', path });
  });

  test.each([
    // The address of the Service is the one that users find first. Policies apply behind it.
    ['10.96.0.10', 'write dns: Dns.kubeDns()'],
    ['coredns', 'write dns: Dns.kubeDns()'],
    ['169.254.20.10', 'write dns: Dns.nodeLocal()'],
    ['node-local-dns', 'write dns: Dns.nodeLocal()'],
    ['169.254.169.254', 'write dns: Dns.cloudDns()'],
  ])('"%s" alone is told which of them it is', (dns, fix) => {
    const call = () => Cluster.generic({ name: 'a', kubernetes: '1.33', zones: 3, dns: dns as never });
    expect(refused(call)).toMatchObject({ id: 'core/wrong-type', path: 'Cluster.generic.dns', fix });
  });

  test('a peer alone keeps its place, with the ports to add', () => {
    const dns = Peer.namespace('dns') as never;
    expect(refused(() => Cluster.generic({ name: 'a', kubernetes: '1.33', zones: 3, dns })).fix).toBe(
      'write dns: { peer: Peer.namespace("..."), ports: [Port.udp(53), Port.tcp(53)] }',
    );
  });

  test('a misspelt property is refused', () => {
    expect(refused(() => Dns.nodeLocal({ address: '169.254.20.10' } as never)).id).toBe('core/unknown-property');
  });
});
