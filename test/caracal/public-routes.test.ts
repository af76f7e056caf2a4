import { Exposure, type ExposedPath, Peer, Tls } from '../../src';
import type { CaracalStackProps } from '../../src/caracal';
import { findingsWith } from '../support/findings';
import ingress from '../contract/caracal/ingress.json';
import { caracal, devProps, publishedProps } from './fixture';

const ORIGINS = {
  console: 'https://console.example.com',
  sts: 'https://sts.example.com',
  gateway: 'https://gateway.example.com',
  api: 'https://api.example.com',
};
const EXTERNAL = Exposure.external({ proxy: Peer.namespace('istio-ingress') });
const TLS = Tls.existingSecret('wildcard');

/** Whether a route as Kubernetes defines prefixes takes a path. */
const takes = (paths: readonly ExposedPath[], path: string): boolean =>
  paths.some(({ path: route, match }) =>
    match === 'Exact' ? path === route : `${path}/`.startsWith(route.endsWith('/') ? route : `${route}/`),
  );

describe('routes of the public services as data', () => {
  test.each([EXTERNAL, Exposure.ingress({ className: 'traefik', tls: TLS })])(
    'hold each origin with its host, its Service and the paths that are meant for the public, as $kind',
    (exposure) => {
      const { publicRoutes, gatewayPaths } = caracal(publishedProps({ origins: ORIGINS, exposure }));
      expect(Object.entries(publicRoutes).map(([key, { host, service }]) => [key, host, service])).toEqual([
        ['console', 'console.example.com', { name: 'caracal-web', port: 3002 }],
        ['sts', 'sts.example.com', { name: 'caracal-sts', port: 8080 }],
        ['gateway', 'gateway.example.com', { name: 'caracal-gateway', port: 8081 }],
        ['api', 'api.example.com', { name: 'caracal-api', port: 3000 }],
      ]);
      expect(publicRoutes.gateway?.paths).toEqual([{ path: '/mcp', match: 'Prefix' }]);
      expect(gatewayPaths).toEqual(['/mcp']);
      // A route that is built from an empty list matches everything, internal routes included.
      expect(Object.values(publicRoutes).filter(({ paths }) => paths.length === 0)).toEqual([]);
    },
  );

  test('take and leave the sample paths of the contract', () => {
    const { publicRoutes } = caracal(publishedProps({ origins: ORIGINS, exposure: EXTERNAL }));
    const samples = ingress.samples.filter(({ condition }) => ['ingressWeb', 'ingressSts'].includes(condition));
    expect(samples.length).toBeGreaterThan(20);
    for (const { component, path, routed } of samples) {
      const { paths = [] } = (component === 'web' ? publicRoutes.console : publicRoutes.sts) ?? {};
      expect([component, path, takes(paths, path)]).toEqual([component, path, routed]);
    }
  });

  test('are none where nothing is exposed, and without the origins that are not', () => {
    const closed = caracal(devProps());
    expect([closed.publicRoutes, closed.gatewayPaths]).toEqual([{}, []]);
    const { gateway: _gateway, api: _api, ...origins } = ORIGINS;
    const open = caracal(publishedProps({ origins, exposure: EXTERNAL, gatewayPaths: undefined }));
    expect([Object.keys(open.publicRoutes), open.gatewayPaths]).toEqual([['console', 'sts'], []]);
  });

  test("a gateway without prefixes is open with routes of one's own too, and the stack says so", () => {
    const stack = caracal(publishedProps({ origins: ORIGINS, exposure: EXTERNAL, gatewayPaths: undefined }));
    expect(stack.publicRoutes.gateway?.paths).toEqual([{ path: '/', match: 'Prefix' }]);
    expect(findingsWith(stack, 'caracal/gateway-catch-all')).toHaveLength(1);
  });
});

describe('what the controller of an Ingress must be told', () => {
  const found = (props: object, id: string) => {
    const exposure = Exposure.ingress({ className: 'edge', tls: TLS, ...props });
    return findingsWith(caracal(publishedProps({ exposure }) as CaracalStackProps), id);
  };
  const TIMEOUT = 'nginx.ingress.kubernetes.io/proxy-read-timeout';

  test('streams are silent for 60 seconds: a controller of which nothing is known is a finding, until a timeout is set', () => {
    expect(found({}, 'network/read-timeout')).toEqual([
      expect.objectContaining({
        level: 'warning',
        path: 'caracal.exposure',
        message: expect.stringContaining('class "edge" waits for a response; 75 seconds are needed') as unknown,
      }),
    ]);
    expect(found({ annotations: { 'haproxy.org/timeout-server': '90s' } }, 'network/read-timeout')).toEqual([]);
    expect(found({ controller: 'traefik' }, 'network/read-timeout')).toEqual([]);
    expect(found({ controller: 'nginx' }, 'network/read-timeout')).toEqual([]);
  });

  test('a timeout of the user that is too short is a finding', () => {
    expect(found({ controller: 'nginx', annotations: { [TIMEOUT]: '60' } }, 'network/read-timeout')).toEqual([
      expect.objectContaining({ given: `${TIMEOUT}: "60"`, allowed: 'at least "75"' }),
    ]);
    expect(found({ controller: 'nginx', annotations: { [TIMEOUT]: '90' } }, 'network/read-timeout')).toEqual([]);
  });

  test('a path that the admission of ingress-nginx refuses is an error where its type is demanded, and else none', () => {
    expect(found({ controller: 'nginx', pathType: 'Prefix' }, 'network/refused-path')).toEqual([
      expect.objectContaining({
        level: 'error',
        path: 'caracal.exposure.pathType',
        message: 'the controller "nginx" refuses the path /.well-known with the type Prefix',
      }),
    ]);
    expect(found({ controller: 'nginx' }, 'network/refused-path')).toEqual([]);
    expect(found({ controller: 'traefik', pathType: 'Prefix' }, 'network/refused-path')).toEqual([]);
  });

  test('annotations of the certificate are checked as those of the user are', () => {
    const exposure = Exposure.ingress({ className: 'alb', tls: Tls.atLoadBalancer({ 'not a key': 'x' }) });
    expect(() => caracal(publishedProps({ exposure }))).toThrow('exposure.tls.annotations] workload/invalid-metadata');
  });
});
