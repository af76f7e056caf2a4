import * as cdk8s from 'cdk8s';
import * as constructs from 'constructs';
import * as here from './two-copies-values';

/** The same with another copy of the library, as npm nests one; the peer dependencies are shared, as npm shares them. */
function loadAnotherCopy(): typeof here {
  let loaded: typeof here = here;
  jest.isolateModules(() => {
    jest.doMock('cdk8s', () => cdk8s);
    jest.doMock('constructs', () => constructs);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a second copy is what the test needs
    loaded = require('./two-copies-values') as typeof here;
  });
  return loaded;
}

describe('two copies of the package work together: a team’s own package may bring one', () => {
  const other = loadAnotherCopy();

  test('the copies are two, or the tests below would prove nothing', () => {
    expect(other.Peer).not.toBe(here.Peer);
    expect(other.Peer.internet()).not.toBeInstanceOf(here.Peer);
  });

  test.each([
    ['production', (copy: typeof here) => copy.everyValue()],
    ['dev', (copy: typeof here) => copy.devProps()],
  ])('a %s platform from the other copy’s values has the same manifests', (_profile, props) => {
    const manifests = (copy: typeof here): unknown[] => cdk8s.Testing.synth(here.caracal(props(copy)));
    expect(manifests(here).length).toBeGreaterThan(10);
    expect(manifests(other)).toEqual(manifests(here));
  });

  test('a flow between components of both is one egress and one ingress, not a peer without labels', () => {
    const app = cdk8s.Testing.app();
    const first = here.caracal(here.devProps({ instance: 'first' }), app, 'first');
    const second = other.caracal(other.devProps({ instance: 'second' }), app, 'second');
    first.api.connections.allowTo(second.sts, { reason: 'a test' });
    const flow = { from: first.api.serviceName, to: second.sts.serviceName, reason: 'a test' };
    expect(first.api.connections.flows).toContainEqual(expect.objectContaining(flow));
    expect(second.sts.connections.flows).toContainEqual(expect.objectContaining(flow));
  });

  test('peers and ports of the other copy are taken wherever a flow is declared', () => {
    const { api } = here.caracal(here.devProps());
    const peer = here.Peer.anyOf(other.Peer.cidr('10.1.0.0/16'), here.Peer.cidr('10.2.0.0/16'));
    api.connections.allowTo(peer, { port: other.Port.tcp(443), reason: 'a test' });
    api.connections.allowTo(other.Peer.namespace('mail'), { port: here.Port.tcp(25), reason: 'a test' });
    const flows = api.connections.flows.filter(({ reason }) => reason === 'a test');
    expect(flows.map(({ to, ports }) => `${to} ${ports.join()}`)).toEqual([
      '10.1.0.0/16 or 10.2.0.0/16 TCP/443',
      'namespace mail TCP/25',
    ]);
  });
});
