import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Component, PolicyEvaluator } from '../../src';
import type { NetworkPolicySpec } from '../../src/core/kubernetes';
import { testComponentSpec, testStack } from '../support/ledger';
import { type Manifest, synth } from '../support/manifests';

describe('a component is a peer of cdk8s-plus', () => {
  /** What a worker of another namespace reaches after it asked for it in its own words. */
  function built(allow: (worker: kplus.Deployment, server: Component) => void) {
    const app = new App();
    const server = new Component(testStack({}, app), 'server', testComponentSpec());
    const chart = new Chart(app, 'theirs', { namespace: 'theirs' });
    const worker = new kplus.Deployment(chart, 'worker', {
      containers: [{ image: 'registry.example.com/worker:1', portNumber: 7000 }],
    });
    allow(worker, server);
    const manifests = synth(chart);
    const made = manifests.find(({ kind }) => kind === 'Deployment') as Manifest<{
      template: { metadata: { labels: Record<string, string> } };
    }>;
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy') as Manifest<NetworkPolicySpec>[];
    const evaluator = new PolicyEvaluator({
      policies: policies.map(({ metadata, spec }) => ({
        metadata: { name: metadata.name, namespace: metadata.namespace ?? '' },
        spec,
      })),
      namespaces: [{ name: 'theirs' }, { name: 'books' }],
    });
    const pods = {
      worker: { kind: 'pod', namespace: 'theirs', labels: made.spec.template.metadata.labels },
      server: { kind: 'pod', namespace: 'books', labels: { ...server.selector } },
      other: { kind: 'pod', namespace: 'books', labels: { app: 'other' } },
    } as const;
    return {
      count: policies.length,
      may: (from: keyof typeof pods, to: keyof typeof pods, port: number) =>
        evaluator.mayConnect({ from: pods[from], to: pods[to], port }).allowed,
    };
  }

  test('that a workload may talk to, on its ports, both sides open', () => {
    const { may, count } = built((worker, server) => worker.connections.allowTo(server));
    expect(count).toBe(2);
    expect([may('worker', 'server', 8080), may('worker', 'server', 9090)]).toEqual([true, true]);
    expect([may('worker', 'server', 22), may('worker', 'other', 8080), may('other', 'server', 8080)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('that may talk to a workload', () => {
    const { may } = built((worker, server) => worker.connections.allowFrom(server));
    expect([may('server', 'worker', 7000), may('server', 'worker', 7001), may('other', 'worker', 7000)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
