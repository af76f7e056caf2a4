import { Testing } from 'cdk8s';
import { Exposure, PolicyEvaluator, Tls } from '../../src';
import type { NetworkPolicySpec } from '../../src/core/kubernetes';
import type { Manifest } from '../support/manifests';
import { caracal, publishedProps } from './fixture';

const CREATED = { name: 'caracal', create: true } as const;
const SOLVER = { 'acme.cert-manager.io/http01-solver': 'true', 'acme.cert-manager.io/http-domain': '1234' };

function policies(change: object): Manifest<NetworkPolicySpec>[] {
  const objects = Testing.synth(caracal(publishedProps(change))) as Manifest<NetworkPolicySpec>[];
  return objects.filter(({ kind }) => kind === 'NetworkPolicy');
}

/** Whether a pod of a namespace reaches a pod with these labels in the namespace of the stack. */
function reaches(change: object, labels: Record<string, string>, port = 8089, from = 'traefik'): boolean {
  const evaluator = new PolicyEvaluator({
    policies: policies(change).map(({ metadata, spec }) => ({
      metadata: { name: metadata.name, namespace: 'caracal' },
      spec,
    })),
    namespaces: ['caracal', 'traefik', 'stranger'].map((name) => ({
      name,
      labels: { 'kubernetes.io/metadata.name': name },
    })),
  });
  return evaluator.mayConnect({
    from: { kind: 'pod', namespace: from, labels: { app: 'x' }, ips: [] },
    to: { kind: 'pod', namespace: 'caracal', labels, ips: [] },
    port,
    protocol: 'TCP',
  }).allowed;
}

describe('HTTP-01 challenges of cert-manager, in a namespace that the stack creates', () => {
  test('reach their pods from the ingress controller, or no certificate would ever be issued', () => {
    expect(reaches({ namespace: CREATED }, SOLVER)).toBe(true);
  });

  test('reach nothing else: other pods, other ports and other clients stay closed', () => {
    expect(reaches({ namespace: CREATED }, { app: 'stranger' })).toBe(false);
    expect(reaches({ namespace: CREATED }, SOLVER, 8080)).toBe(false);
    expect(reaches({ namespace: CREATED }, SOLVER, 8089, 'stranger')).toBe(false);
  });

  test('are let in by one policy, named after the instance', () => {
    expect(policies({ namespace: CREATED, instance: 'eu' }).map(({ metadata }) => metadata.name)).toContain(
      'eu-acme-http01',
    );
  });
});

describe('no policy for challenges', () => {
  const names = (change: object) => policies(change).map(({ metadata }) => metadata.name);

  test('in a namespace that existed before, where none of ours covers the pods', () => {
    expect(names({})).not.toContain('caracal-acme-http01');
    expect(reaches({}, SOLVER)).toBe(true);
  });

  test.each([
    ['with a certificate of the user', Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('tls') })],
    ['without an Ingress', Exposure.none()],
  ])('%s, since nobody is challenged', (_what, exposure) => {
    expect(names({ namespace: CREATED, exposure })).not.toContain('caracal-acme-http01');
  });
});
