import type { NetworkPolicyPeer } from '../../src/core/kubernetes';
import { Peer } from '../../src/network/peer';
import { renderRules, type ResolvedFlow } from '../../src/network/policy';
import { Port } from '../../src/network/port';
import { refused } from '../core/refused';

const flow = (peer: Peer, ...ports: Port[]): ResolvedFlow => ({
  peers: peer.toPolicyPeers(),
  ports,
  reason: 'a test',
  owner: 'sts',
});
const monitoring = Peer.namespace('monitoring');
const network = Peer.cidr('10.0.0.0/8');

describe('renderRules', () => {
  test('no flow is no rule; a rule without peers and ports would open everything', () => {
    expect(renderRules([])).toEqual([]);
  });

  test('ports of one peer never become ports of another', () => {
    const rules = renderRules([flow(monitoring, Port.tcp(9090)), flow(network, Port.tcp(5432))]);
    expect(rules).toHaveLength(2);
    expect(rules).toContainEqual({ peers: monitoring.toPolicyPeers(), ports: [{ protocol: 'TCP', port: 9090 }] });
    expect(rules).toContainEqual({ peers: network.toPolicyPeers(), ports: [{ protocol: 'TCP', port: 5432 }] });
  });

  test('one peer is one rule, whatever the order of its labels', () => {
    const one = flow(Peer.pods({ labels: { a: '1', b: '2' } }), Port.tcp(1));
    const same = flow(Peer.pods({ labels: { b: '2', a: '1' } }), Port.tcp(2));
    expect(renderRules([one, same])).toHaveLength(1);
    expect(JSON.stringify(renderRules([one, same]))).toBe(JSON.stringify(renderRules([same, one])));
  });

  test('TCP and UDP of one number are two ports, a range and its first port too', () => {
    const [rule] = renderRules([flow(network, Port.tcp(53), Port.udp(53), Port.tcpRange(53, 54), Port.tcp(53))]);
    expect(rule?.ports).toEqual([
      { protocol: 'TCP', port: 53 },
      { protocol: 'TCP', port: 53, endPort: 54 },
      { protocol: 'UDP', port: 53 },
    ]);
  });

  test('each part of a peer is a rule, so that a flow to one of the parts adds to it', () => {
    const rules = renderRules([flow(Peer.anyOf(monitoring, network), Port.tcp(443)), flow(network, Port.tcp(5432))]);
    expect(rules.map(({ peers, ports }) => [peers.length, ports.length])).toEqual([
      [1, 2],
      [1, 1],
    ]);
  });

  test('order of bytes, not of a language: the same on every machine', () => {
    const names = ['b', 'a', 'aa', 'a-b', 'a1'];
    const rules = renderRules(names.map((name) => flow(Peer.namespace(name), Port.tcp(1))));
    const shown = rules.map(
      ({ peers }) => Object.values((peers[0] as NetworkPolicyPeer).namespaceSelector?.matchLabels ?? {})[0],
    );
    expect(shown).toEqual(['a', 'a-b', 'a1', 'aa', 'b']);
  });

  test('a flow without port is refused with its reason', () => {
    expect(refused(() => renderRules([flow(network)]))).toMatchObject({ id: 'network/no-port', path: 'sts' });
  });
});
