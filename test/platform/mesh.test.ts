import { ApiObject } from 'cdk8s';
import type { Flow } from '../../src';
import { PolicyEvaluator } from '../../src/network/evaluator';
import type { PolicyObject } from '../../src/network/evaluator-model';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Mesh } from '../../src/platform/mesh';
import { Component } from '../../src/workload/component';
import { OneShotJob } from '../../src/workload/one-shot-job';
import { caracal, clusterWith, publishedProps } from '../caracal/fixture';
import { refused } from '../core/refused';
import { findingsWith } from '../support/findings';
import { PINNED } from '../support/foreign';
import { testCluster, testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { find } from '../support/manifests';

type Labels = Readonly<Record<string, string>>;

/** Two components with a flow, one that stays out of the mesh, a Job, and a workload of the user. */
function world(mesh: Mesh | undefined) {
  const stack = testStack({ cluster: testCluster({ ...(mesh === undefined ? {} : { mesh }) }) });
  const client = new Component(stack, 'client', testComponentSpec({ component: 'client' }));
  const server = new Component(stack, 'server', testComponentSpec({ component: 'server', resolvesNames: false }));
  const out = new Component(stack, 'out', testComponentSpec({ component: 'out' }), { sidecarInjection: 'disabled' });
  const job = new OneShotJob(stack, 'job', testJobContent());
  const own = new ApiObject(stack, 'own', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'own' },
    spec: {
      selector: { matchLabels: { app: 'own' } },
      template: {
        metadata: { labels: { app: 'own' } },
        spec: { containers: [{ name: 'own', image: PINNED, ports: [{ containerPort: 9000 }] }] },
      },
    },
  });
  stack.connectionsFor(own);
  for (const { connections } of [client, out, job]) {
    connections.allowTo(server, { reason: 'asks' });
  }
  client.connections.allowTo(Peer.cidr('10.30.0.0/16'), { port: Port.tcp(8443), reason: 'calls outside' });
  client.connections.allowTo(Peer.namespace('files'), { port: Port.tcp(9000), reason: 'reads files' });
  const objects = stack.toJson() as (PolicyObject & { kind: string })[];
  const evaluator = new PolicyEvaluator({
    policies: objects.filter(({ kind }) => kind === 'NetworkPolicy'),
    namespaces: ['books', 'istio-system', 'linkerd', 'monitoring', 'files', 'kube-system', stack.namespaceName]
      .filter((name, index, all) => all.indexOf(name) === index)
      .map((name) => ({ name })),
  });
  const ours = (labels: Labels) => ({ kind: 'pod', namespace: stack.namespaceName, labels }) as const;
  const pod = (namespace: string, labels: Labels = {}) => ({ kind: 'pod', namespace, labels }) as const;
  const may = (
    from: Parameters<typeof evaluator.mayConnect>[0]['from'],
    to: Parameters<typeof evaluator.mayConnect>[0]['to'],
    port: number,
  ): boolean => evaluator.mayConnect({ from, to, port }).allowed;
  return {
    stack,
    may,
    pod,
    client: ours(client.selector),
    server: ours(server.selector),
    out: ours(out.selector),
    job: ours(job.selector),
    own: ours({ app: 'own' }),
    flows: stack.flows().filter(({ through }) => through === 'mesh'),
  };
}

const address = (ip: string) => ({ kind: 'address', ip }) as const;
const istiod = { app: 'istiod' };
const shown = (flows: readonly Flow[]): string[] =>
  flows.map(({ from, to, ports, reason }) => `${from} > ${to} ${ports.join(',')}: ${reason}`).sort();

describe('a cluster without a mesh', () => {
  const { may, pod, client, server, flows } = world(undefined);

  it('lets nothing of one through', () => {
    expect(may(client, pod('istio-system', istiod), 15012)).toBe(false);
    expect(may(pod('monitoring'), server, 15020)).toBe(false);
    expect(may(client, server, 15008)).toBe(false);
    expect(may(client, server, 4143)).toBe(false);
    expect(may(address('169.254.7.127'), server, 8080)).toBe(false);
    expect(flows).toEqual([]);
  });
});

describe('Istio with proxies in pods', () => {
  const { may, pod, client, server, out, job, own, flows } = world(Mesh.istioSidecar());

  it('lets proxies ask istiod, and nobody else of its namespace', () => {
    for (const from of [client, server, own]) {
      expect(may(from, pod('istio-system', istiod), 15012)).toBe(true);
      expect(may(from, pod('istio-system', istiod), 443)).toBe(false);
      expect(may(from, pod('istio-system', { app: 'kiali' }), 15012)).toBe(false);
    }
  });

  it('opens nothing for Jobs and components without a proxy', () => {
    for (const from of [out, job]) {
      expect(may(from, pod('istio-system', istiod), 15012)).toBe(false);
    }
    expect(may(pod('monitoring'), out, 15020)).toBe(false);
  });

  it('lets Prometheus scrape the proxies, and nobody else', () => {
    expect(may(pod('monitoring'), server, 15020)).toBe(true);
    expect(may(pod('files'), server, 15020)).toBe(false);
  });

  it('lets a proxy resolve names beside a program that resolves none', () => {
    const dns = pod('kube-system', { 'k8s-app': 'kube-dns' });
    expect(may(server, dns, 53)).toBe(true);
    const without = world(undefined);
    expect(without.may(without.server, dns, 53)).toBe(false);
  });

  it('keeps the ports of connections', () => {
    expect(may(client, server, 15008)).toBe(false);
  });

  it('shows what it opened, with the reason', () => {
    expect(shown(flows)).toEqual(
      [
        ...['ledger-client', 'ledger-server', 'own'].flatMap((name) => [
          `${name} > pods app=istiod in namespace istio-system TCP/15012: the proxy of Istio asks its control plane`,
          `namespace monitoring > ${name} TCP/15020: scrapes the proxy of Istio`,
        ]),
        'ledger-server > pods k8s-app=kube-dns in namespace kube-system UDP/53,TCP/53: the proxy of Istio resolves names',
      ].sort(),
    );
  });

  it('ports and pods are what the cluster says', () => {
    const changed = world(
      Mesh.istioSidecar({
        controlPlane: Peer.namespace('istio-system'),
        controlPlanePorts: [Port.tcp(15010)],
        metricsPorts: [Port.tcp(15090)],
      }),
    );
    expect(changed.may(changed.client, pod('istio-system', { app: 'other' }), 15010)).toBe(true);
    expect(changed.may(changed.client, pod('istio-system', istiod), 15012)).toBe(false);
    expect(changed.may(pod('monitoring'), changed.server, 15090)).toBe(true);
    expect(changed.may(pod('monitoring'), changed.server, 15020)).toBe(false);
  });
});

describe.each([
  ['Istio ambient', Mesh.istioAmbient(), 15008],
  ['Linkerd', Mesh.linkerd(), 4143],
])('%s carries connections between pods', (_name, mesh, tunnel) => {
  const { may, pod, client, server, out, job } = world(mesh);

  it('where a flow is declared, on both sides', () => {
    expect(may(client, server, tunnel)).toBe(true);
    expect(may(client, pod('files'), tunnel)).toBe(true);
    expect(may(pod('monitoring'), server, tunnel)).toBe(true);
  });

  it('and nowhere else: not against the flow, not between strangers, not to addresses and DNS', () => {
    expect(may(server, client, tunnel)).toBe(false);
    expect(may(pod('files'), server, tunnel)).toBe(false);
    expect(may(client, address('10.30.1.1'), tunnel)).toBe(false);
    expect(may(client, pod('kube-system', { 'k8s-app': 'kube-dns' }), tunnel)).toBe(false);
  });

  it('not for pods that stay out of it, which talk as they did', () => {
    for (const from of [out, job]) {
      expect(may(from, server, tunnel)).toBe(false);
    }
    const port = 8080;
    expect([may(client, server, port), may(out, server, port), may(job, server, port)]).toEqual([true, true, true]);
  });
});

describe('Istio ambient', () => {
  const { may, client, server, out, own, stack } = world(Mesh.istioAmbient());
  const probe = address('169.254.7.127');

  it('lets probes of the kubelet in, on the ports that are probed', () => {
    expect([may(probe, client, 8080), may(probe, server, 8080), may(probe, own, 9000)]).toEqual([true, true, true]);
    expect(may(probe, server, 9090)).toBe(false);
    expect(may(address('169.254.7.128'), server, 8080)).toBe(false);
    expect(may(probe, out, 8080)).toBe(false);
  });

  it('needs nothing of that for a program that is asked by commands', () => {
    const { connections } = new Component(
      testStack({ cluster: testCluster({ mesh: Mesh.istioAmbient() }) }),
      'quiet',
      testComponentSpec({ probes: { liveness: { ask: { exec: ['true'] } }, readiness: { ask: { exec: ['true'] } } } }),
    );
    expect(connections.flows.filter(({ reason }) => reason.includes('kubelet'))).toEqual([]);
  });

  it('is told which pods stay out of it; meshes with proxies know it by other labels', () => {
    const labels = { 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' };
    expect(find(stack, 'Deployment', 'ledger-out').spec.template.metadata.labels).toMatchObject(labels);
    expect(find(stack, 'Deployment', 'ledger-client').spec.template.metadata.labels).not.toHaveProperty(
      'istio.io/dataplane-mode',
    );
    const sidecars = world(Mesh.istioSidecar()).stack;
    expect(find(sidecars, 'Deployment', 'ledger-out').spec.template.metadata.labels).not.toHaveProperty(
      'istio.io/dataplane-mode',
    );
  });

  it.each([
    [['IPv4'] as const, ['169.254.7.127/32']],
    [['IPv6'] as const, ['fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128']],
  ])('of %s, probes come from that family', (ipFamilies, networks) => {
    const { connections } = new Component(
      testStack({ cluster: testCluster({ mesh: Mesh.istioAmbient(), ipFamilies }) }),
      'server',
      testComponentSpec(),
    );
    const blocks = (connections.toPolicySpec().ingress ?? []).flatMap(({ from = [] }) =>
      from.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []),
    );
    expect(blocks).toEqual(networks);
  });
});

describe('Linkerd', () => {
  const { may, pod, client, job } = world(Mesh.linkerd());

  it.each([8080, 8086, 8090])('lets proxies ask the control plane on %i', (port) => {
    expect(may(client, pod('linkerd'), port)).toBe(true);
    expect(may(job, pod('linkerd'), port)).toBe(false);
  });

  it('lets Prometheus scrape the proxies', () => {
    expect([may(pod('monitoring'), client, 4191), may(pod('files'), client, 4191)]).toEqual([true, false]);
  });
});

describe('Caracal in a mesh', () => {
  const stack = (mesh?: Mesh) =>
    caracal(
      publishedProps({
        cluster: clusterWith(mesh === undefined ? {} : { mesh }),
        egress: { gateway: [] },
        clients: [],
      }),
    );

  it.each([
    ['no mesh', undefined],
    ['Istio', Mesh.istioSidecar()],
    ['Istio ambient', Mesh.istioAmbient()],
    ['Linkerd', Mesh.linkerd()],
  ])('%s: what the mesh opens is nobody whom the platform may call, and no client', (_name, mesh) => {
    expect(findingsWith(stack(mesh), 'caracal/gateway-without-upstreams')).toHaveLength(1);
    expect(findingsWith(stack(mesh), 'caracal/closed-to-clients')).toHaveLength(1);
  });

  it('a Job that is to have a proxy may ask the control plane', () => {
    const { migration } = caracal(
      publishedProps({
        cluster: clusterWith({ mesh: Mesh.istioSidecar() }),
        migration: { sidecarInjection: 'mesh-default' },
      }),
    );
    expect(migration.connections.flows.map(({ reason }) => reason)).toContain(
      'the proxy of Istio asks its control plane',
    );
  });
});

describe('a mesh that cannot work is refused at its own line', () => {
  it.each<[string, () => Mesh, string]>([
    ['a control plane that is nobody', () => Mesh.istioSidecar({ controlPlane: Peer.anyOf() }), 'Mesh.istioSidecar'],
    ['no port of it', () => Mesh.linkerd({ controlPlanePorts: [] }), 'Mesh.linkerd'],
    [
      'a network for an address',
      () => Mesh.istioAmbient({ probeAddresses: ['169.254.7.127/32'] }),
      'Mesh.istioAmbient',
    ],
  ])('%s', (_name, make, factory) => {
    const { id, path } = refused(make);
    expect([id, path.startsWith(`${factory}.`)]).toEqual(['platform/invalid-mesh', true]);
  });
});
