import * as fc from 'fast-check';
import { App, Chart } from 'cdk8s';
import { Namespaces, NetworkPolicyIpBlock, Pods } from 'cdk8s-plus-28';
import { type CidrPeerOptions, Peer, type PodPeerProps, Port } from '../../../src';
import type { EgressTarget } from '../../../src/caracal';
import { among, dictionary, distinct, either, type Generators, mostly, settings, some, sparse } from './generators';
import { dnsLabel, labelKey, labelValue } from './names';
import { calls, Recipe } from './recipe';

const portNumber = mostly(
  either(among(1, 53, 443, 8443, 65535), fc.integer({ min: 1, max: 65535 })),
  among(0, 65536, -1, 1.5),
);

/** TCP ports. */
export const tcpPort = calls('Port.tcp', Port.tcp, portNumber);

/** Ports of every kind. */
export const port = either(
  tcpPort,
  calls('Port.udp', Port.udp, portNumber),
  calls('Port.tcpRange', Port.tcpRange, among(1, 30000, 443), mostly(among(30000, 32767, 65535), among(1, 70000))),
);

const ipv4 = fc.tuple(fc.integer({ min: 1, max: 32 }), fc.nat(0xffffffff)).map(([bits, address]) => {
  const start = bits === 0 ? 0 : ((address >>> (32 - bits)) << (32 - bits)) >>> 0;
  return `${[24, 16, 8, 0].map((shift) => (start >>> shift) & 255).join('.')}/${bits}`;
});

const ipv6 = fc
  .tuple(fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 4 }), fc.constantFrom(16, 48, 64, 127, 128))
  .map(([groups, bits]) => {
    const kept = groups.slice(0, Math.floor(bits / 16)).map((group) => (group === 0 ? 1 : group).toString(16));
    return `${kept.join(':')}::/${bits}`;
  });

/** Networks of both families, in every spelling that users have. */
export const cidr = mostly(
  either(
    among('10.20.0.0/24', '192.0.2.7/32', '2001:db8::/32', '2001:DB8:0:0::/64', '64:ff9b::10.0.0.0/104'),
    ipv4,
    ipv6,
  ),
  among(
    '10.0.0.1/24',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0',
    '::ffff:10.0.0.0/104',
    '010.0.0.0/8',
    '10.0.0.0/33',
    '2001:db8::1/64',
  ),
);

const exceptions: Generators<CidrPeerOptions> = {
  except: mostly(
    distinct(among('10.1.0.0/16', '10.2.3.0/24', '10.255.255.255/32', '10.0.0.0/9'), 0, 4),
    either(among(['10.1.0.0/16', '10.1.0.0/16']), among(['10.0.0.0/8'], ['11.0.0.0/8'], ['2001:db8::/32'])),
    150,
  ),
};

const podPeer: Generators<PodPeerProps> = { labels: dictionary(labelKey, labelValue), namespace: dnsLabel };

const API_SERVERS = ['10.0.0.10/32', '2001:db8::1/128'].map((address) => ({
  apiServer: { addresses: [address], ports: [Port.tcp(6443)] },
}));

const simplePeer = either(
  calls('Peer.namespace', Peer.namespace, dnsLabel),
  calls('Peer.cidr', Peer.cidr, cidr),
  calls('Peer.internet', Peer.internet),
  calls('Peer.apiServer', Peer.apiServer, among(...API_SERVERS)),
  calls('Peer.ciliumEntity', Peer.ciliumEntity, mostly(among('ingress', 'kube-apiserver'), among('world'))),
  settings<PodPeerProps>('Peer.pods', Peer.pods, podPeer, ['labels']),
  calls('Peer.namespaces', Peer.namespaces, dictionary(labelKey, labelValue)),
  calls('Peer.cidr', Peer.cidr, among('10.0.0.0/8'), sparse<CidrPeerOptions>(exceptions, ['except'])),
  calls('Peer.anywhere', Peer.anywhere, among({ reason: 'a test' }, { reason: 'another reason' })),
);

/** Peers of every kind. */
export const peer = mostly(
  simplePeer,
  some(simplePeer, 1, 60).map((peers) => new Recipe('Peer.anyOf', Peer.anyOf, peers)),
  15,
);

/** A scope of its own for an object of cdk8s-plus, which never becomes part of the stack. */
const elsewhere = (): Chart => new Chart(new App(), 'elsewhere');
const ipBlock = (network: string): unknown => NetworkPolicyIpBlock.ipv4(elsewhere(), 'block', network);
const foreignNamespaces = (labels: Record<string, string>): unknown =>
  Namespaces.select(elsewhere(), 'namespaces', { labels });
const foreignPods = (labels: Record<string, string>): unknown => Pods.select(elsewhere(), 'pods', { labels });

/** Peers and what stands for them: objects of cdk8s-plus. */
export const peerLike = mostly(
  peer,
  either(
    calls('NetworkPolicyIpBlock.ipv4', ipBlock, among('10.50.0.0/16', '192.0.2.0/24')),
    calls('Namespaces.select', foreignNamespaces, among({ team: 'a' }, { team: 'b' })),
    calls('Pods.select', foreignPods, among({ app: 'a' }, { app: 'b' })),
  ),
  6,
);

const target: Generators<EgressTarget> = { peer: peerLike, port: either(port, some(port, 1, 4)) };

/** Whom a component may call. */
export const egressTarget = mostly(
  sparse<EgressTarget>(target, ['peer', 'port']),
  either(among({}, 'internet'), sparse<EgressTarget>(target)),
);
