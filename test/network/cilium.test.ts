import { ApiObject } from 'cdk8s';
import { type CiliumPolicySpec, type ClusterProps, Exposure, Peer, Port, Tls } from '../../src';
import { Component } from '../../src/workload/component';
import { OneShotJob } from '../../src/workload/one-shot-job';
import { caracal, clusterWith, publishedProps } from '../caracal/fixture';
import { refused } from '../core/refused';
import { findingsWith, openErrorIds } from '../support/findings';
import { container, OURS } from '../support/foreign';
import { testCluster, testComponentSpec, testJobContent, testStack } from '../support/ledger';

const CILIUM = 'cilium.io/v2';

interface Policy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: CiliumPolicySpec;
}

const INGRESS = Peer.ciliumEntity('ingress');
const API_SERVER = Peer.ciliumEntity('kube-apiserver');

/** A stack with a component, a Job and a workload of the user, and flows that only Cilium can name. */
function world(apis: readonly string[] = [CILIUM], change: Partial<ClusterProps> = {}) {
  const customResources = ['monitoring.coreos.com/v1', 'external-secrets.io/v1', ...apis];
  const stack = testStack({ cluster: testCluster({ customResources, ...change }) });
  const server = new Component(stack, 'server', testComponentSpec());
  const other = new Component(stack, 'other', testComponentSpec({ component: 'other' }));
  const job = new OneShotJob(stack, 'job', testJobContent());
  const own = new ApiObject(stack, 'own', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'own' },
    spec: {
      selector: { matchLabels: OURS },
      template: { metadata: { labels: OURS }, spec: { containers: [container()] } },
    },
  });
  server.connections.allowFrom(Peer.anyOf(INGRESS, Peer.namespace('traefik')), { reason: 'public traffic' });
  server.connections.allowTo(API_SERVER, { port: [Port.tcp(6443), Port.tcp(443)], reason: 'watches Pods' });
  job.connections.allowTo(API_SERVER, { port: Port.tcp(443), reason: 'reads Pods' });
  stack.connectionsFor(own).allowTo(API_SERVER, { port: Port.tcp(443), reason: 'reads Nodes' });
  return { stack, server, other, job };
}

const written = ({ stack }: Pick<ReturnType<typeof world>, 'stack'>, kind: string): Policy[] =>
  (stack.toJson() as Policy[]).filter((object) => object.kind === kind);

describe('a flow that only Cilium can name, where the cluster serves its policies', () => {
  const made = world();
  const policies = written(made, 'CiliumNetworkPolicy');

  it('is a CiliumNetworkPolicy for each owner of such a flow, and for nobody else', () => {
    expect(policies.map(({ metadata }) => metadata.name).sort()).toEqual([
      'ledger-migrate',
      'ledger-server',
      'own-flows',
    ]);
  });

  it('names pods, entities and ports (those of the component), sorted; a direction without such a flow is left to the NetworkPolicy', () => {
    const [server] = policies.filter(({ metadata }) => metadata.name === 'ledger-server');
    expect(server).toMatchObject({ apiVersion: CILIUM, metadata: { namespace: made.stack.namespaceName } });
    expect(server?.spec).toEqual({
      endpointSelector: { matchLabels: made.server.selector },
      ingress: [
        {
          fromEntities: ['ingress'],
          toPorts: [
            {
              ports: [
                { port: '8080', protocol: 'TCP' },
                { port: '9090', protocol: 'TCP' },
              ],
            },
          ],
        },
      ],
      egress: [
        {
          toEntities: ['kube-apiserver'],
          toPorts: [
            {
              ports: [
                { port: '443', protocol: 'TCP' },
                { port: '6443', protocol: 'TCP' },
              ],
            },
          ],
        },
      ],
    });
    const [job] = policies.filter(({ metadata }) => metadata.name === 'ledger-migrate');
    expect(job?.spec).not.toHaveProperty('ingress');
  });

  it('opens nothing in the NetworkPolicy but the rest of the peer: an empty list would be everybody', () => {
    const [policy] = written(made, 'NetworkPolicy').filter(({ metadata }) => metadata.name === 'ledger-server');
    const from = (policy?.spec.ingress ?? []).map((rule) => (rule as { from?: unknown[] }).from ?? []);
    expect(from.length).toBeGreaterThan(0);
    expect(from.filter((peers) => peers.length === 0)).toEqual([]);
    expect(JSON.stringify(from)).toContain('traefik');
  });

  it('is no open finding, and stands in flows()', () => {
    expect(findingsWith(made.stack, 'network/unmatched-peer')).toEqual([]);
    expect(made.stack.flows().map(({ from }) => from)).toContain("Cilium's entity ingress or namespace traefik");
  });

  it('is the same in any order of declaration, and twice without harm', () => {
    const stack = testStack({ cluster: testCluster({ customResources: [CILIUM, 'monitoring.coreos.com/v1'] }) });
    const server = new Component(stack, 'server', testComponentSpec());
    for (let times = 0; times < 2; times += 1) {
      server.connections.allowTo(API_SERVER, { port: [Port.tcp(443), Port.tcp(6443)], reason: 'watches Pods' });
      server.connections.allowFrom(Peer.anyOf(Peer.namespace('traefik'), INGRESS), { reason: 'public traffic' });
    }
    const [policy, ...others] = written({ stack }, 'CiliumNetworkPolicy');
    expect(others).toEqual([]);
    expect(policy?.spec).toEqual(policies.find(({ metadata }) => metadata.name === 'ledger-server')?.spec);
  });
});

describe('where the cluster does not serve them', () => {
  const made = world([]);

  it('nothing is written that the API server would refuse', () => {
    expect(written(made, 'CiliumNetworkPolicy')).toEqual([]);
  });

  it('a finding for each owner says what must be added, word for word', () => {
    const found = findingsWith(made.stack, 'network/unmatched-peer');
    expect(found).toHaveLength(3);
    const server = found.find(({ path }) => path === made.server.node.path);
    expect(server).toMatchObject({ level: 'warning', message: expect.stringContaining('public traffic') });
    expect(server?.fix).toContain('customResources: ["cilium.io/v2"]');
    expect(server?.fix).toContain(JSON.stringify(made.server.connections.toCiliumPolicySpec()));
  });

  it('control: a stack without such flows has neither', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec());
    expect(findingsWith(stack, 'network/unmatched-peer')).toEqual([]);
  });
});

describe('a platform behind the gateway of Cilium', () => {
  const platform = (apis: readonly string[], change: object = {}) =>
    caracal(
      publishedProps({
        cluster: clusterWith({
          ingressController: INGRESS,
          customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1', ...apis],
        }),
        ...change,
      }),
    );

  it('is reached by it, service by service', () => {
    const stack = platform([CILIUM]);
    const open = written({ stack }, 'CiliumNetworkPolicy')
      .filter(({ spec }) => spec.ingress !== undefined)
      .map(({ metadata }) => metadata.name);
    expect(open.sort()).toEqual(['caracal-gateway', 'caracal-sts', 'caracal-web']);
    expect(openErrorIds(stack)).toEqual([]);
  });

  it('also by a proxy of an exposure of its own, and for challenges in a namespace that the stack creates', () => {
    const external = platform([CILIUM], { exposure: Exposure.external({ proxy: INGRESS }) });
    expect(written({ stack: external }, 'CiliumNetworkPolicy').length).toBeGreaterThan(2);
    const created = platform([CILIUM], {
      namespace: { name: 'caracal', create: true },
      exposure: Exposure.ingress({ className: 'cilium', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
    });
    const [solver] = written({ stack: created }, 'CiliumNetworkPolicy').filter(({ metadata }) =>
      metadata.name.endsWith('-acme-http01'),
    );
    expect(solver?.spec.ingress).toEqual([
      { fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '8089', protocol: 'TCP' }] }] },
    ]);
    const [closed] = written({ stack: created }, 'NetworkPolicy').filter(({ metadata }) =>
      metadata.name.endsWith('-acme-http01'),
    );
    expect(closed?.spec).not.toHaveProperty('ingress');
  });

  it('says so where the API is not named', () => {
    expect(findingsWith(platform([]), 'network/unmatched-peer').length).toBeGreaterThan(2);
  });
});

it('any other entity is refused: everything else is a peer of NetworkPolicies', () => {
  expect(refused(() => Peer.ciliumEntity('world' as never))).toMatchObject({
    id: 'network/invalid-peer',
    path: 'Peer.ciliumEntity',
  });
});
