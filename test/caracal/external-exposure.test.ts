import { Testing } from 'cdk8s';
import { Exposure, Peer } from '../../src';
import { platform } from '../../examples/caracal-production/main';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

const proxy = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-ingress' } } };

function synthesise(exposure: Exposure<'external' | 'none'>): Manifest[] {
  return Testing.synth(platform(Testing.app(), { exposure })) as Manifest[];
}

function variables(objects: readonly Manifest[], component: string): Record<string, string | undefined> {
  const workload = objects.find(
    ({ kind, metadata }) => ['Deployment', 'StatefulSet'].includes(kind) && metadata.name === `caracal-${component}`,
  );
  const { template } = workload?.spec as {
    template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
  };
  return Object.fromEntries(template.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? []);
}

function ingressRules(objects: readonly Manifest[], component: string): unknown {
  return objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === `caracal-${component}`)
    ?.spec.ingress;
}

describe("a platform that objects of the user's own expose", () => {
  const objects = synthesise(Exposure.external({ proxy: Peer.namespace('istio-ingress') }));

  test('has no Ingress', () => {
    expect(objects.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  test.each(['web', 'sts', 'gateway'])('lets the proxy reach %s, which has a public origin', (component) => {
    expect(ingressRules(objects, component)).toContainEqual({
      from: [proxy],
      ports: [expect.objectContaining({ protocol: 'TCP' })],
    });
  });

  test.each(['api', 'audit', 'coordinator'])(
    'keeps %s closed to the proxy, which has no public origin',
    (component) => {
      expect(JSON.stringify(ingressRules(objects, component))).not.toContain('istio-ingress');
    },
  );

  test('takes addresses of clients from the proxy, so that limits count clients and not the proxy (caracal W37)', () => {
    expect(variables(objects, 'web').CARACAL_AUTH_TRUST_PROXY).toBe('true');
    expect(variables(objects, 'gateway').TRUST_PROXY).toBe('true');
    expect(variables(objects, 'api')).not.toHaveProperty('TRUST_PROXY');
  });

  test('without any proxy nobody sets these addresses, so they are not believed', () => {
    const closed = synthesise(Exposure.none());
    expect(variables(closed, 'web')).not.toHaveProperty('CARACAL_AUTH_TRUST_PROXY');
    expect(JSON.stringify(closed.filter(({ kind }) => kind === 'NetworkPolicy'))).not.toContain('istio-ingress');
  });
});
