import { Exposure, Peer } from '../../src';
import { refusal } from '../support/findings';
import { clusterWith, devProps, emit, publishedProps } from './fixture';

const ORIGINS = { console: 'https://console.example.com', sts: 'https://10.0.0.1' };
const exposedInDev = { cluster: clusterWith(), exposure: Exposure.ingress({ className: 'traefik' }) };
const found = (action: () => unknown) => refusal(action).map(({ id, path }) => [id, path]);
const REFUSED = [['caracal/invalid-origin', 'caracal.origins.sts']];

describe('an origin whose host is an address', () => {
  test.each(['production', 'rc'] as const)('is refused in %s, once: an Ingress takes names only', (profile) => {
    expect(found(() => emit(publishedProps({ origins: ORIGINS, gatewayPaths: undefined }, profile)))).toEqual(REFUSED);
  });

  test('is refused in production without an Ingress too: browsers ignore HSTS for addresses', () => {
    const exposure = Exposure.external({ proxy: Peer.namespace('istio-ingress') });
    expect(found(() => emit(publishedProps({ origins: ORIGINS, exposure, gatewayPaths: undefined })))).toEqual(REFUSED);
  });

  test('is refused in dev where an Ingress exposes it, since the API server refuses that Ingress', () => {
    const origins = { console: 'http://console.example.com', sts: 'http://10.0.0.1' };
    expect(found(() => emit(devProps({ ...exposedInDev, origins })))).toEqual(REFUSED);
  });

  test('is taken in dev where nothing exposes it: a port is forwarded to the address of the machine', () => {
    const origins = { console: 'http://192.168.0.7:3002', sts: 'http://192.168.0.7:8080' };
    expect(() => emit(devProps({ origins }))).not.toThrow();
  });

  test('is told from a name with digits', () => {
    const origins = { console: 'http://10-0-0-1.example.com', sts: 'http://sts.10.example.com' };
    expect(() => emit(devProps({ ...exposedInDev, origins }))).not.toThrow();
  });
});
