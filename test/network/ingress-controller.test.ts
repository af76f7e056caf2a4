import { Chart, Testing } from 'cdk8s';
import { type ExposedHost, Exposure, type IngressExposureProps, Tls } from '../../src';
import { refused } from '../core/refused';

const PATHS = ['/', '/oauth', '/.well-known', '/a:b', '/v1/', "/x$y'z"];

const host: ExposedHost = {
  name: 'ledger-server',
  labels: {},
  host: 'ledger.example.com',
  paths: [...PATHS.map((path) => ({ path, match: 'Prefix' as const })), { path: '/jwks', match: 'Exact' }],
  service: { name: 'ledger-server', port: 'http' },
  readTimeoutSeconds: 75,
};

interface Ingress {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly tls?: unknown;
    readonly rules: readonly [{ readonly http: { readonly paths: readonly { path: string; pathType: string }[] } }];
  };
}

function ingressOf(props: IngressExposureProps, change: Partial<ExposedHost> = {}): Ingress {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'books' });
  Exposure.ingress(props).expose(chart, 'Ingress', { ...host, ...change });
  return (Testing.synth(chart) as Ingress[])[0] as Ingress;
}

const routesOf = (props: IngressExposureProps): string[] =>
  ingressOf(props).spec.rules[0].http.paths.map(({ path, pathType }) => `${pathType} ${path}`);

const NGINX_TIMEOUT = 'nginx.ingress.kubernetes.io/proxy-read-timeout';

describe('read timeouts', () => {
  test('ingress-nginx is told how long the service may be silent: it waits 60 seconds by itself', () => {
    expect(ingressOf({ className: 'nginx' }).metadata.annotations).toEqual({ [NGINX_TIMEOUT]: '75' });
    expect(ingressOf({ className: 'edge', controller: 'nginx' }).metadata.annotations).toEqual({
      [NGINX_TIMEOUT]: '75',
    });
  });

  test('an annotation of the user goes before, and a service that is never silent needs none', () => {
    const annotations = { [NGINX_TIMEOUT]: '300' };
    expect(ingressOf({ className: 'nginx', annotations }).metadata.annotations).toEqual(annotations);
    const { readTimeoutSeconds: _none, ...quiet } = host;
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'books' });
    Exposure.ingress({ className: 'nginx' }).expose(chart, 'Ingress', quiet);
    expect((Testing.synth(chart) as Ingress[])[0]?.metadata).not.toHaveProperty('annotations');
  });

  test.each([{ className: 'traefik' }, { className: 'edge' }, { className: 'nginx', controller: 'other' as const }])(
    '%j is told nothing: Traefik waits without a limit, and of others the library knows nothing',
    (props) => {
      expect(ingressOf(props).metadata).not.toHaveProperty('annotations');
    },
  );
});

describe('types of paths', () => {
  test('prefixes are prefixes as Kubernetes defines them, but for what the admission of ingress-nginx refuses', () => {
    expect(routesOf({ className: 'traefik' })).toEqual([...PATHS.map((path) => `Prefix ${path}`), 'Exact /jwks']);
    expect(routesOf({ className: 'nginx' })).toEqual([
      'Prefix /',
      'Prefix /oauth',
      'ImplementationSpecific /.well-known/',
      'ImplementationSpecific /a:b/',
      'Prefix /v1/',
      "ImplementationSpecific /x$y'z/",
      'Exact /jwks',
    ]);
  });

  test('a type that the user asks for is written for every prefix, and never lets another name in', () => {
    expect(routesOf({ className: 'nginx', pathType: 'Prefix' })).toEqual([
      ...PATHS.map((path) => `Prefix ${path}`),
      'Exact /jwks',
    ]);
    expect(routesOf({ className: 'edge', pathType: 'ImplementationSpecific' })).toEqual([
      ...['/', '/oauth/', '/.well-known/', '/a:b/', '/v1/', "/x$y'z/"].map((path) => `ImplementationSpecific ${path}`),
      'Exact /jwks',
    ]);
  });

  test.each([
    [{ className: 'nginx', pathType: 'Regex' }, 'pathType'],
    [{ className: 'nginx', controller: 'envoy' }, 'controller'],
  ])('%j is refused, with what there is', (props, property) => {
    expect(refused(() => Exposure.ingress(props as never))).toMatchObject({
      id: 'core/wrong-type',
      path: `Exposure.ingress.${property}`,
      message: expect.stringContaining('one of "') as unknown,
    });
  });
});

describe('TLS that ends at a load balancer', () => {
  const tls = Tls.atLoadBalancer({ 'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:eu-1:1:certificate/1' });

  test('names no Secret, and carries what the controller wants to know of the certificate', () => {
    const { metadata, spec } = ingressOf({ className: 'alb', tls });
    expect(spec).not.toHaveProperty('tls');
    expect(metadata.annotations).toEqual({
      'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:eu-1:1:certificate/1',
    });
    expect([Exposure.ingress({ className: 'alb', tls }).kind, tls.requiredApi]).toEqual(['ingress', undefined]);
  });

  test('routes the same paths as any other certificate', () => {
    expect(routesOf({ className: 'alb', tls })).toEqual(routesOf({ className: 'alb', tls: Tls.existingSecret('a') }));
  });

  test('annotations that are a list are refused', () => {
    expect(refused(() => Tls.atLoadBalancer(['a'] as never))).toMatchObject({
      id: 'core/wrong-type',
      path: 'Tls.atLoadBalancer.annotations',
    });
  });
});
