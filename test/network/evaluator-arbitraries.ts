import * as fc from 'fast-check';
import type {
  LabelSelectorLike,
  NetworkPolicySpecLike,
  PodPort,
  PolicyObject,
  PolicyPeerLike,
  PolicyPortLike,
} from '../../src/network/evaluator-model';
import type { Member, World } from './evaluator-naive';

/**
 * Random clusters and policies. The alphabets are tiny, so that labels, ports and networks meet often: a random policy
 * over a rich alphabet matches nothing and proves nothing.
 */

const NAMESPACES = ['n1', 'n2', 'n3'];
const KEYS = ['a', 'b'];
const VALUES = ['x', 'y'];
const PORTS = [1, 2, 3, 4, 5];
const PORT_NAMES = ['http', 'dns'];

const labels = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), { maxKeys: 2 });
const protocol = fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const);
const nibble = fc.integer({ min: 0, max: 15 });
const ipv4 = nibble.map((last) => `10.0.0.${last}`);
const ipv6 = nibble.map((last) => `2001:db8::${last.toString(16)}`);

/** `{ key: value }` or nothing, for fields that may be absent. */
const maybe = <K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> =>
  fc.option(value, { nil: undefined }).map((each) => (each === undefined ? {} : { [key]: each }) as { [P in K]?: T });

const podPort: fc.Arbitrary<PodPort> = fc
  .tuple(maybe('name', fc.constantFrom(...PORT_NAMES)), fc.constantFrom(...PORTS), maybe('protocol', protocol))
  .map(([name, port, proto]) => ({ ...name, port, ...proto }));
const podIps = fc
  .tuple(fc.option(ipv4), fc.option(ipv6), fc.boolean())
  .map(([v4, v6, swapped]) => [v4, v6].filter((each) => each !== null).sort(() => (swapped ? -1 : 1)));

const pod = fc.record({
  kind: fc.constant('pod' as const),
  namespace: fc.constantFrom(...NAMESPACES),
  labels,
  ports: fc.array(podPort, { maxLength: 2 }),
  ips: podIps,
});
const address = fc.oneof(ipv4, ipv6).map((ip) => ({ kind: 'address' as const, ip }));

/** Three namespaces, up to five pods, two addresses. Every pod has a name, so that none is another's loopback. */
export const world: fc.Arbitrary<World> = fc
  .record({
    namespaceLabels: fc.tuple(labels, labels, labels),
    pods: fc.array(pod, { minLength: 2, maxLength: 5 }),
    addresses: fc.tuple(address, address),
  })
  .map(({ namespaceLabels, pods, addresses }) => ({
    namespaces: NAMESPACES.map((name, index) => ({ name, labels: namespaceLabels[index] ?? {} })),
    members: [...pods, ...addresses].map((each, index) => ({ ...each, id: `m${index}`, name: `m${index}` }) as Member),
    ports: PORTS,
  }));

const requirement = fc
  .tuple(
    fc.constantFrom(...KEYS, 'kubernetes.io/metadata.name'),
    fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
    fc.subarray([...VALUES, 'n1'], { minLength: 1 }),
  )
  .map(([key, operator, values]) => (operator.endsWith('In') ? { key, operator, values } : { key, operator }));

/** Selectors, mostly with few conditions, so that they select something. */
export const selector: fc.Arbitrary<LabelSelectorLike> = fc.oneof(
  fc.constant({}),
  fc
    .tuple(maybe('matchLabels', labels), maybe('matchExpressions', fc.array(requirement, { maxLength: 2 })))
    .map(([some, more]) => ({ ...some, ...more })),
);

const network = (base: (last: number) => string, bits: number, wide: string): fc.Arbitrary<PolicyPeerLike> =>
  fc
    .tuple(
      nibble,
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.tuple(nibble, fc.integer({ min: 1, max: 4 })), { maxLength: 2 }),
    )
    .map(([last, free, inner]) => {
      const size = 2 ** free;
      const start = last - (last % size);
      const except = inner
        .filter(([, narrower]) => narrower <= free)
        .map(([offset, narrower]) => {
          const part = 2 ** (free - narrower);
          return `${base(start + ((offset % size) - ((offset % size) % part)))}/${bits - free + narrower}`;
        });
      const cidr = free === 4 && last > 7 ? wide : `${base(start)}/${bits - free}`;
      return { ipBlock: except.length > 0 ? { cidr, except } : { cidr } };
    });
const ipBlock = fc.oneof(
  network((last) => `10.0.0.${last}`, 32, '0.0.0.0/0'),
  network((last) => `2001:db8::${last === 0 ? '' : last.toString(16)}`, 128, '::/0'),
);

/** Peers of all kinds. */
export const peer: fc.Arbitrary<PolicyPeerLike> = fc.oneof(
  ipBlock,
  selector.map((podSelector) => ({ podSelector })),
  selector.map((namespaceSelector) => ({ namespaceSelector })),
  fc.tuple(selector, selector).map(([podSelector, namespaceSelector]) => ({ podSelector, namespaceSelector })),
);

const port: fc.Arbitrary<PolicyPortLike> = fc
  .tuple(
    fc.oneof(
      fc.constant({}),
      fc.constantFrom(...PORTS).map((first) => ({ port: first })),
      fc.constantFrom(...PORT_NAMES).map((name) => ({ port: name })),
      fc
        .tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
        .map(([one, other]) => ({ port: Math.min(one, other), endPort: Math.max(one, other) })),
    ),
    maybe('protocol', protocol),
  )
  .map(([which, proto]) => ({ ...which, ...proto }));

const rule = <K extends 'from' | 'to'>(
  key: K,
): fc.Arbitrary<{ [P in K]?: PolicyPeerLike[] } & { ports?: PolicyPortLike[] }> =>
  fc
    .tuple(maybe(key, fc.array(peer, { maxLength: 2 })), maybe('ports', fc.array(port, { maxLength: 2 })))
    .map(([peers, ports]) => ({ ...peers, ...ports }));
export const ingressRule = rule('from');
export const egressRule = rule('to');

/** Specs of all forms, with and without `policyTypes`. */
export const spec: fc.Arbitrary<NetworkPolicySpecLike> = fc
  .tuple(
    maybe('podSelector', selector),
    maybe('policyTypes', fc.subarray(['Ingress', 'Egress'])),
    maybe('ingress', fc.array(ingressRule, { maxLength: 2 })),
    maybe('egress', fc.array(egressRule, { maxLength: 2 })),
  )
  .map((parts) => Object.assign({}, ...parts) as NetworkPolicySpecLike);

/** Up to four policies with different names. */
export const policies: fc.Arbitrary<PolicyObject[]> = fc
  .array(fc.tuple(fc.constantFrom(...NAMESPACES), spec), { maxLength: 4 })
  .map((list) => list.map(([namespace, each], index) => named(`p${index}`, namespace, each)));

/** One more policy, with a name of its own. */
export const anotherPolicy: fc.Arbitrary<PolicyObject> = fc
  .tuple(fc.constantFrom(...NAMESPACES), spec)
  .map(([namespace, each]) => named('another', namespace, each));

function named(name: string, namespace: string, each: NetworkPolicySpecLike): PolicyObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec: each };
}
