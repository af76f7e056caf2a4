import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../../src/core/kubernetes';
import { section } from '../contract/data';
import type { KubeObject } from './support-objects';
import { compareReachability, UNKNOWN } from './support-reachability';
import { build, type Built, changed, FILES, switchable, worldOf } from './support-world';

/**
 * Controls of the reachability test: what it must notice. They change copies of the emitted policies; the comparison is
 * the one of `reachability.test.ts`.
 */
const DNS_PORT = 53;
const COMPONENT = 'app.kubernetes.io/component';
// Everything that production offers at once, and the smallest platform with servers of its own.
const WORLDS: readonly (readonly [string, Built])[] = [
  [
    'production with everything',
    build(
      worldOf(
        'production',
        switchable('production').filter((id) => id !== 'aiProviders'),
      ),
    ),
  ],
  ['dev, plain', build(worldOf('dev'))],
];

const specOf = (policy: KubeObject): NetworkPolicySpec => policy.spec as NetworkPolicySpec;
const policiesOf = (objects: readonly KubeObject[]): KubeObject[] =>
  objects.filter(({ kind }) => kind === 'NetworkPolicy');

/** The first difference that a change of the objects brings about, at the node that a policy is about. */
function firstDifference(
  built: Built,
  name: string,
  change: (objects: KubeObject[]) => KubeObject[],
): string | undefined {
  const policy = policiesOf(built.emitted.objects).find(({ metadata }) => metadata.name === name);
  const node = policy?.metadata.labels?.[COMPONENT] ?? UNKNOWN;
  return compareReachability(changed(built, change), { node, enough: 1 }).differences[0];
}

/** Whether a change of one policy is noticed. */
function noticed(built: Built, name: string, change: (spec: NetworkPolicySpec) => void): boolean {
  const difference = firstDifference(built, name, (objects) => {
    policiesOf(objects)
      .filter(({ metadata }) => metadata.name === name)
      .forEach((policy) => change(specOf(policy)));
    return objects;
  });
  return difference !== undefined;
}

const add = (direction: 'ingress' | 'egress', rule: object) => (spec: NetworkPolicySpec) => {
  Object.assign(spec, { [direction]: [...(spec[direction] ?? []), rule] });
};

interface RuleAt {
  readonly policy: string;
  readonly component: string;
  readonly direction: 'ingress' | 'egress';
  readonly index: number;
  /** The component at the other end, where it is one of the stack: then both policies must allow a connection. */
  readonly other: string | undefined;
}

const peersOf = (rule: object): NetworkPolicyPeer[] => {
  const { from, to } = rule as { from?: NetworkPolicyPeer[]; to?: NetworkPolicyPeer[] };
  return from ?? to ?? [];
};

function rulesOf(built: Built, direction: RuleAt['direction']): RuleAt[] {
  return policiesOf(built.emitted.objects).flatMap((policy) =>
    (specOf(policy)[direction] ?? []).map((rule, index): RuleAt => {
      const [peer] = peersOf(rule);
      const labels = peer?.namespaceSelector === undefined ? peer?.podSelector?.matchLabels : undefined;
      const component = String(policy.metadata.labels?.[COMPONENT]);
      return { policy: policy.metadata.name, component, direction, index, other: labels?.[COMPONENT] };
    }),
  );
}

/** Rules whose change nobody would notice. A flow between two components is changed on both sides. */
function unnoticed(
  built: Built,
  direction: RuleAt['direction'],
  change: (rule: { ports?: NetworkPolicyPort[] }) => void,
): string[] {
  const opposite = rulesOf(built, direction === 'egress' ? 'ingress' : 'egress');
  return rulesOf(built, direction)
    .filter((rule) => {
      const both = [
        rule,
        ...opposite.filter(({ component, other }) => component === rule.other && other === rule.component),
      ];
      const difference = firstDifference(built, rule.policy, (objects) => {
        for (const { policy, direction: side, index } of both) {
          const spec = policiesOf(objects)
            .filter(({ metadata }) => metadata.name === policy)
            .map(specOf)[0];
          change(spec?.[side]?.[index] ?? {});
        }
        return objects;
      });
      return difference === undefined;
    })
    .map(({ policy, index }) => `${policy} ${direction}[${index}]`);
}

describe.each(WORLDS)('%s: the comparison with the matrix notices', (_title, built) => {
  const names = policiesOf(built.emitted.objects).map(({ metadata }) => metadata.name);

  test('nothing while nothing is changed, and it asks about every pair', () => {
    const { differences, asked, allowed } = compareReachability(built);
    const nodes = section(FILES, 'reachability', 'nodes').length;
    const ports = section(FILES, 'reachability', 'probePorts').length;
    const own = built.emitted.pods.length;
    expect(differences).toEqual([]);
    // Pairs with one of ours at either end; addresses count more than once.
    expect(asked).toBeGreaterThanOrEqual((nodes * nodes - (nodes - own) ** 2) * ports);
    expect(allowed).toBeGreaterThan(names.length);
  });

  test('each policy that is missing', () => {
    const without = (name: string) => (objects: KubeObject[]) =>
      objects.filter(({ kind, metadata }) => kind !== 'NetworkPolicy' || metadata.name !== name);
    expect(names.filter((name) => firstDifference(built, name, without(name)) === undefined)).toEqual([]);
  });

  test.each(['ingress', 'egress'] as const)('each rule of %s that is missing, on one side alone', (direction) => {
    const silent = rulesOf(built, direction).filter(
      ({ policy, index }) => !noticed(built, policy, (spec) => spec[direction]?.splice(index, 1)),
    );
    expect(silent).toEqual([]);
  });

  test.each(['ingress', 'egress'] as const)('each rule of %s that is open on every port', (direction) => {
    expect(unnoticed(built, direction, (rule) => Object.assign(rule, { ports: [] }))).toEqual([]);
  });

  test.each(['ingress', 'egress'] as const)(
    'each rule of %s whose last port becomes a range to the end',
    (direction) => {
      expect(
        unnoticed(built, direction, (rule) => Object.assign(rule.ports?.at(-1) ?? {}, { endPort: 65535 })),
      ).toEqual([]);
    },
  );

  test('each policy that no longer names a direction, when the default deny of the stack is gone too', () => {
    const open = names.flatMap((name) =>
      (['Ingress', 'Egress'] as const)
        .filter((kept) => {
          const difference = firstDifference(built, name, (objects) => {
            policiesOf(objects)
              .filter(({ metadata }) => metadata.name === name)
              .forEach((policy) => Object.assign(policy.spec, { policyTypes: [kept] }));
            return objects.filter(
              ({ kind, metadata }) =>
                kind !== 'NetworkPolicy' || metadata.name === name || !metadata.name.endsWith('default-deny'),
            );
          });
          return difference === undefined;
        })
        .map((kept) => `${name} with ${kept} only`),
    );
    expect(open).toEqual([]);
  });

  test('names that no pod of a component can resolve any more', () => {
    const isDns = (rule: NonNullable<NetworkPolicySpec['egress']>[number]) =>
      rule.ports?.some(({ port }) => port === DNS_PORT) === true;
    const resolving = policiesOf(built.emitted.objects).filter((policy) => specOf(policy).egress?.some(isDns) === true);
    const silent = resolving.filter(
      ({ metadata }) =>
        !noticed(built, metadata.name, (spec) =>
          Object.assign(spec, { egress: spec.egress?.filter((rule) => !isDns(rule)) }),
        ),
    );
    expect(resolving.length).toBeGreaterThanOrEqual(8);
    expect(silent).toEqual([]);
  });

  test.each<[string, (spec: NetworkPolicySpec) => void]>([
    ['a way out to everywhere', add('egress', {})],
    [
      'a way out to private networks',
      add('egress', { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 22 }] }),
    ],
    [
      'a way out to the metadata server',
      add('egress', { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }], ports: [{ port: 443 }] }),
    ],
    ['a way out to any public address', add('egress', { to: [{ ipBlock: { cidr: '::/0' } }], ports: [{ port: 22 }] })],
    ['a way in from everywhere', add('ingress', {})],
    ['a way in from all namespaces', add('ingress', { from: [{ namespaceSelector: {} }], ports: [{ port: 65535 }] })],
    ['a way in from all pods of the namespace', add('ingress', { from: [{ podSelector: {} }], ports: [{ port: 22 }] })],
  ])('%s, on any component', (_way, change) => {
    expect(names.filter((name) => !noticed(built, name, change))).toEqual([]);
  });

  test('pods in a namespace that become these pods or this namespace', () => {
    const peers = policiesOf(built.emitted.objects).flatMap((policy) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        (specOf(policy)[direction] ?? []).flatMap((rule, index) => {
          const side = direction === 'ingress' ? 'from' : 'to';
          const [peer] = (rule as Record<string, NetworkPolicyPeer[] | undefined>)[side] ?? [];
          const { namespaceSelector, podSelector } = peer ?? {};
          return namespaceSelector === undefined || podSelector === undefined
            ? []
            : [
                {
                  policy: policy.metadata.name,
                  direction,
                  index,
                  to: { [side]: [{ namespaceSelector }, { podSelector }] },
                },
              ];
        }),
      ),
    );
    const silent = peers.filter(
      ({ policy, direction, index, to }) =>
        !noticed(built, policy, (spec) => Object.assign(spec[direction]?.[index] ?? {}, to)),
    );
    expect(peers.length).toBeGreaterThanOrEqual(8);
    expect(silent).toEqual([]);
  });
});
