import { Mesh, Peer } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { clusterWith, devProps, publishedProps } from '../caracal/fixture';
import type { Build } from './examples';
import { differences, inBothEngines } from './parity';

jest.setTimeout(120_000);

const everything = clusterWith({
  ipFamilies: ['IPv4', 'IPv6'],
  assignsPodUsers: true,
  mesh: Mesh.istioAmbient(),
  ingressController: Peer.ciliumEntity('ingress'),
  customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1', 'cilium.io/v2'],
});

describe('both engines make the same objects of what a cluster says about itself', () => {
  it.each<[string, Build, string]>([
    [
      'production',
      (app) => new CaracalStack(app, 'caracal', publishedProps({ cluster: everything })),
      'CiliumNetworkPolicy',
    ],
    ['dev', (app) => new CaracalStack(app, 'caracal', devProps({ cluster: everything })), 'StatefulSet'],
  ])('%s', async (_name, build, kind) => {
    const pair = await inBothEngines(build);
    expect(differences(pair)).toEqual([]);
    expect(pair.written.map((manifest) => manifest.kind)).toContain(kind);
  });
});
