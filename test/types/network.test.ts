import { Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Deferred } from '../../src/core/value';
import { ImageRef } from '../../src/images/image-ref';
import { RegistryMirror } from '../../src/images/registry-mirror';
import { Connections, type PeerLike } from '../../src/network/connections';
import { Exposure } from '../../src/network/exposure';
import { Peer } from '../../src/network/peer';
import { Port } from '../../src/network/port';
import { Tls } from '../../src/network/tls';

/** What must not compile in images and network; see core.test.ts for how to read it. */

const deferred = new Deferred<string>('<x>', 'props.x');
const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('images', () => {
  test('need a repository, and nothing of them may be deferred: the digest decides what runs', () => {
    expect(ImageRef.of({ repository: 'a', digest: DIGEST }).repository).toBe('a');
    // @ts-expect-error -- no repository
    expect(() => ImageRef.of({ digest: DIGEST })).toThrow();
    // @ts-expect-error -- a deferred digest
    expect(() => ImageRef.of({ repository: 'a', digest: deferred })).toThrow();
    // @ts-expect-error -- a deferred reference
    expect(() => ImageRef.parse(deferred)).toThrow();
    // @ts-expect-error -- a deferred registry
    expect(() => RegistryMirror.prefix(deferred)).toThrow();
  });

  test('are made by the factories only, which check them', () => {
    // @ts-expect-error -- private
    expect(new ImageRef({ repository: 'a', tag: 'v1' }).tag).toBe('v1');
    // @ts-expect-error -- plain data is no ImageRef
    const image: ImageRef = { repository: 'a', tag: 'v1' };
    expect(image).not.toBeInstanceOf(ImageRef);
  });

  test('misspelt parts', () => {
    // @ts-expect-error -- tag
    expect(() => ImageRef.of({ repository: 'a', tags: 'v1' })).toThrow();
  });
});

describe('ports', () => {
  test('are numbers: "8080" is text, and a name means another port in each pod', () => {
    expect(Port.tcp(8080).number).toBe(8080);
    // @ts-expect-error -- text
    expect(() => Port.tcp('8080')).toThrow();
    // @ts-expect-error -- a name
    expect(() => Port.udp('dns')).toThrow();
    // @ts-expect-error -- a deferred port
    expect(() => Port.tcp(new Deferred<number>('<p>', 'props.port'))).toThrow();
    // @ts-expect-error -- a range has two ends
    expect(() => Port.tcpRange(1)).toThrow();
  });

  test('are made by the factories only', () => {
    // @ts-expect-error -- private
    expect(() => new Port('tcp', 'TCP', 0)).toThrow();
    // @ts-expect-error -- plain data is no Port
    const port: Port = { protocol: 'TCP', number: 8080 };
    expect(port).not.toBeInstanceOf(Port);
  });
});

describe('peers', () => {
  test('need what makes them narrow', () => {
    expect(Peer.pods({ labels: { a: 'b' }, namespace: 'c' }).isNobody).toBe(false);
    // @ts-expect-error -- no labels would be all pods
    expect(() => Peer.pods({ namespace: 'c' })).toThrow();
    // @ts-expect-error -- labels are text
    expect(() => Peer.pods({ labels: { a: 1 } })).toThrow();
    // @ts-expect-error -- a list of namespaces is anyOf
    expect(() => Peer.pods({ labels: { a: 'b' }, namespace: ['c'] })).toThrow();
    // @ts-expect-error -- which namespace?
    expect(() => Peer.namespace()).toThrow();
    // @ts-expect-error -- everything needs a reason
    expect(() => Peer.anywhere()).toThrow();
    // @ts-expect-error -- everything needs a reason
    expect(() => Peer.anywhere({})).toThrow();
  });

  test('are known at synthesis: policies select by labels and addresses', () => {
    // @ts-expect-error -- a deferred namespace
    expect(() => Peer.namespace(deferred)).toThrow();
    // @ts-expect-error -- a deferred label
    expect(() => Peer.pods({ labels: { a: deferred } })).toThrow();
    // @ts-expect-error -- a deferred network
    expect(() => Peer.cidr(deferred)).toThrow();
  });

  test('a misspelt exception would open what was to be closed', () => {
    expect(Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }).isNobody).toBe(false);
    // @ts-expect-error -- except
    expect(() => Peer.cidr('10.0.0.0/8', { excepts: ['10.1.0.0/16'] })).toThrow();
  });
});

describe('flows', () => {
  const connections = new Connections({
    name: 'a',
    cluster: 'c',
    namespace: 'n',
    selector: { a: 'b' },
    ports: [Port.tcp(1)],
  });
  const port = Port.tcp(443);

  test('need a peer and a reason; the port is a Port', () => {
    expect(() => connections.allowTo(Peer.internet(), { port, reason: 'a test' })).not.toThrow();
    // @ts-expect-error -- no reason
    expect(() => connections.allowTo(Peer.internet(), { port })).toThrow();
    // @ts-expect-error -- no options
    expect(() => connections.allowFrom(Peer.internet())).toThrow();
    // @ts-expect-error -- a number is no Port
    expect(() => connections.allowTo(Peer.internet(), { port: 443, reason: 'a test' })).toThrow();
    // @ts-expect-error -- misspelt, every port of the peer would be open
    expect(() => connections.allowTo(Peer.internet(), { ports: port, reason: 'a test' })).toThrow();
    // @ts-expect-error -- a name is no peer
    expect(() => connections.allowTo('caracal-sts', { port, reason: 'a test' })).toThrow();
    // @ts-expect-error -- a Service's address is no peer: policies apply to pods
    expect(() => connections.allowTo({ host: 'db', port: 5432 }, { port, reason: 'a test' })).toThrow();
  });

  test('workloads, namespaces and IP blocks of cdk8s-plus are peers by their shape', () => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'tools' });
    const peers: PeerLike[] = [
      new kplus.Deployment(chart, 'd', { containers: [{ image: 'a:1' }] }),
      new kplus.Namespace(chart, 'n'),
      kplus.NetworkPolicyIpBlock.ipv4(chart, 'b', '10.0.0.0/8'),
      { connections },
    ];
    // @ts-expect-error -- a Service has no pods of its own
    const service: PeerLike = new kplus.Service(chart, 's', { ports: [{ port: 80 }] });
    const declare = (peer: PeerLike) => () => connections.allowFrom(peer, { reason: 'a test' });
    peers.forEach((peer) => expect(declare(peer)).not.toThrow());
    expect(declare(service)).toThrow();
  });
});

describe('exposure', () => {
  test('needs a class; TLS is made by Tls', () => {
    expect(Exposure.ingress({ className: 'traefik', tls: Tls.existingSecret('a') }).isPublic).toBe(true);
    // @ts-expect-error -- no class; from JavaScript, the report of the stack says so
    expect(Exposure.ingress({}).className).toBeUndefined();
    // @ts-expect-error -- the name of a Secret
    expect(() => Exposure.ingress({ className: 'traefik', tls: 'a' })).toThrow();
    // @ts-expect-error -- misspelt
    expect(() => Exposure.ingress({ className: 'traefik', annotation: {} })).toThrow();
  });

  test('certificates come from one issuer, or from a Secret that is known', () => {
    expect(Tls.certManager({ issuer: 'a' }).requiredApi).toBe('cert-manager.io/v1');
    // @ts-expect-error -- no issuer
    expect(() => Tls.certManager({})).toThrow();
    // @ts-expect-error -- which kind of issuer?
    expect(() => Tls.certManager('letsencrypt')).toThrow();
    // @ts-expect-error -- a deferred name
    expect(() => Tls.existingSecret(deferred)).toThrow();
  });
});
