import * as fc from 'fast-check';
import { PolicyEvaluator } from '../../src/network/evaluator';
import type { Endpoint, PodEndpoint, PolicyObject, Verdict } from '../../src/network/evaluator-model';
import { anotherPolicy, egressRule, ingressRule, peer, policies, selector, world } from './evaluator-arbitraries';
import { connectionKey, openConnections, type World } from './evaluator-naive';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
/** Each run asks some hundred questions, so that few runs suffice for a law. */
const LAW = { numRuns: 30 };

/** Asks the evaluator about every connection of the world. */
function ask(where: World, given: readonly PolicyObject[]) {
  const evaluator = new PolicyEvaluator({ policies: given, namespaces: where.namespaces });
  return where.members.flatMap((from) =>
    where.members
      .filter((to) => to !== from)
      .flatMap((to) =>
        PROTOCOLS.flatMap((protocol) =>
          where.ports.map((port) => ({
            key: connectionKey(from.id, to.id, protocol, port),
            from,
            to,
            answer: evaluator.mayConnect({ from: from as Endpoint, to: to as Endpoint, port, protocol }),
          })),
        ),
      ),
  );
}

type Answers = ReturnType<typeof ask>;
const openOf = (answers: Answers): Set<string> =>
  new Set(answers.filter(({ answer }) => answer.allowed).map(({ key }) => key));
const allowed = (where: World, given: readonly PolicyObject[]): Set<string> => openOf(ask(where, given));
const missing = (from: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...from].filter((key) => !others.has(key));

/** The pods that policies isolate, once per direction, from the evaluator's own verdicts. */
function isolatedBy(answers: Answers): Set<string> {
  const isolates = ({ reason }: Verdict): boolean => reason === 'rule' || reason === 'isolated';
  return new Set(
    answers.flatMap(({ from, to, answer }) => [
      ...(isolates(answer.egress) ? [`egress of ${from.id}`] : []),
      ...(isolates(answer.ingress) ? [`ingress of ${to.id}`] : []),
    ]),
  );
}

describe('against a naive evaluator that enumerates', () => {
  test('both agree on every connection of random clusters', () => {
    fc.assert(
      fc.property(world, policies, (where, given) => {
        const [real, naive] = [allowed(where, given), openConnections(where, given)];
        expect({ tooMuch: missing(real, naive), tooLittle: missing(naive, real) }).toEqual({
          tooMuch: [],
          tooLittle: [],
        });
      }),
      { numRuns: 150 },
    );
  });

  test('the random clusters exercise rules: many connections are opened by a rule and many are closed', () => {
    const reasons = new Map<string, number>();
    fc.sample(fc.tuple(world, policies), { numRuns: 50, seed: 1 }).forEach(([where, given]) => {
      ask(where, given).forEach(({ answer }) => {
        [answer.egress, answer.ingress].forEach(({ reason }) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
      });
    });
    for (const reason of ['rule', 'isolated', 'not-isolated', 'not-selectable']) {
      expect({ reason, enough: (reasons.get(reason) ?? 0) > 1000 }).toEqual({ reason, enough: true });
    }
  });

  test('negative control: a policy less, or an exception less, is noticed by the comparison', () => {
    const changed = (given: readonly PolicyObject[]): PolicyObject[] =>
      JSON.parse(JSON.stringify(given), (key, value: unknown) =>
        key === 'except' ? undefined : value,
      ) as PolicyObject[];
    const noticed = (change: (given: readonly PolicyObject[]) => PolicyObject[]): number =>
      fc.sample(fc.tuple(world, policies), { numRuns: 60, seed: 2 }).filter(([where, given]) => {
        const [real, naive] = [allowed(where, given), openConnections(where, change(given))];
        return missing(real, naive).length + missing(naive, real).length > 0;
      }).length;
    expect(noticed((given) => given.slice(1))).toBeGreaterThan(5);
    expect(noticed(changed)).toBeGreaterThan(0);
  });
});

describe('laws of NetworkPolicies', () => {
  test('without policies every connection is open', () => {
    fc.assert(
      fc.property(world, (where) => {
        expect(ask(where, []).every(({ answer }) => answer.allowed)).toBe(true);
      }),
      LAW,
    );
  });

  test('the order of policies, rules, peers, ports and conditions does not change any verdict', () => {
    fc.assert(
      fc.property(world, policies, (where, given) => {
        const mirrored = [...given].reverse().map((each) => reversed(each));
        const verdicts = (list: readonly PolicyObject[]) =>
          ask(where, list).map(({ key, answer }) => ({ key, answer }));
        expect(verdicts(mirrored)).toEqual(verdicts(given));
      }),
      LAW,
    );
  });

  test("the order of a pod's addresses and of the namespaces does not change any answer", () => {
    fc.assert(
      fc.property(world, policies, (where, given) => {
        const mirrored: World = {
          ...where,
          namespaces: [...where.namespaces].reverse(),
          members: where.members.map((each) =>
            'labels' in each ? { ...each, ips: [...(each.ips ?? [])].reverse() } : each,
          ),
        };
        expect(allowed(mirrored, given)).toEqual(allowed(where, given));
      }),
      LAW,
    );
  });

  test('adding a rule to a policy with stated policyTypes never closes a connection', () => {
    fc.assert(
      fc.property(world, policies, ingressRule, egressRule, (where, given, ingress, egress) => {
        const stated = given.map((each) => withTypes(each, each.spec.policyTypes ?? []));
        const more = stated.map((each) => ({
          ...each,
          spec: {
            ...each.spec,
            ingress: [...(each.spec.ingress ?? []), ingress],
            egress: [...(each.spec.egress ?? []), egress],
          },
        }));
        expect(missing(allowed(where, stated), allowed(where, more))).toEqual([]);
      }),
      LAW,
    );
  });

  test('without policyTypes the first egress rule does close: it is what isolates, so the law needs its condition', () => {
    const pod: PodEndpoint = { kind: 'pod', namespace: 'n1', labels: {} };
    const attempt = { from: pod, to: { kind: 'address', ip: '192.0.2.1' }, port: 1 } as const;
    const answer = (egress: object[]) =>
      new PolicyEvaluator({
        policies: [{ metadata: { name: 'p', namespace: 'n1' }, spec: { egress } }],
        namespaces: [{ name: 'n1' }],
      }).mayConnect(attempt).allowed;
    expect([answer([]), answer([{ ports: [{ port: 2 }] }])]).toEqual([true, false]);
  });

  test('adding a policy whose pods were not isolated never opens a connection', () => {
    fc.assert(
      fc.property(world, policies, anotherPolicy, (where, given, added) => {
        const before = ask(where, given);
        const already = isolatedBy(before);
        fc.pre([...isolatedBy(ask(where, [added]))].every((pod) => !already.has(pod)));
        expect(missing(allowed(where, [...given, added]), openOf(before))).toEqual([]);
      }),
      LAW,
    );
  });

  test('adding a policy whose pods were all isolated already never closes a connection', () => {
    fc.assert(
      fc.property(world, policies, anotherPolicy, (where, given, added) => {
        // Closing the whole cluster first makes sure of the condition.
        const closed = where.namespaces.map(({ name }): PolicyObject => ({
          metadata: { name: 'closed', namespace: name },
          spec: { policyTypes: ['Ingress', 'Egress'] },
        }));
        const before = [...closed, ...given];
        expect(missing(allowed(where, before), allowed(where, [...before, added]))).toEqual([]);
      }),
      LAW,
    );
  });

  test('a policy with several rules is the same as several policies with one rule each', () => {
    fc.assert(
      fc.property(world, policies, (where, given) => {
        expect(
          allowed(
            where,
            given.flatMap((each) => split(each)),
          ),
        ).toEqual(allowed(where, given));
      }),
      LAW,
    );
  });

  test('a rule with several peers is the same as several rules with one peer each', () => {
    fc.assert(
      fc.property(world, policies, (where, given) => {
        const alone = given.map((each) => ({
          ...each,
          spec: {
            ...each.spec,
            ingress: (each.spec.ingress ?? []).flatMap((rule) =>
              (rule.from ?? []).length === 0 ? [rule] : (rule.from ?? []).map((one) => ({ ...rule, from: [one] })),
            ),
            egress: (each.spec.egress ?? []).flatMap((rule) =>
              (rule.to ?? []).length === 0 ? [rule] : (rule.to ?? []).map((one) => ({ ...rule, to: [one] })),
            ),
          },
        }));
        expect(allowed(where, alone)).toEqual(allowed(where, given));
      }),
      LAW,
    );
  });

  test('two selectors in one peer allow exactly what both of them allow alone across all namespaces', () => {
    fc.assert(
      fc.property(world, selector, selector, (where, podSelector, namespaceSelector) => {
        const open = (...from: object[]): Set<string> =>
          allowed(
            where,
            where.namespaces.map(({ name }) => ({
              metadata: { name: 'p', namespace: name },
              spec: { ingress: [{ from }] },
            })),
          );
        const both = open({ podSelector, namespaceSelector });
        const byPod = open({ podSelector, namespaceSelector: {} });
        const byNamespace = open({ namespaceSelector });
        expect(both).toEqual(new Set([...byPod].filter((key) => byNamespace.has(key))));
        expect(open({ podSelector, namespaceSelector: {} }, { namespaceSelector })).toEqual(
          new Set([...byPod, ...byNamespace]),
        );
      }),
      LAW,
    );
  });

  test('a peer in a rule of its own or beside another peer allows the same', () => {
    fc.assert(
      fc.property(world, peer, peer, (where, one, other) => {
        const open = (...from: object[]): Set<string> =>
          allowed(where, [{ metadata: { name: 'p', namespace: 'n1' }, spec: { ingress: [{ from }] } }]);
        expect(open(one, other)).toEqual(new Set([...open(one), ...open(other)]));
      }),
      LAW,
    );
  });

  test('an answer changes neither the policies nor the question, and the same question has the same answer', () => {
    fc.assert(
      fc.property(world, policies, (where, given) => {
        const text = JSON.stringify([where, given]);
        const first = ask(deepFreeze(where), deepFreeze(given));
        expect(ask(where, given)).toEqual(first);
        expect(JSON.stringify([where, given])).toBe(text);
      }),
      LAW,
    );
  });
});

function reversed(given: PolicyObject): PolicyObject {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(turn).reverse();
    }
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .map(([key, each]) => [key, turn(each)])
            .reverse(),
        )
      : value;
  };
  return turn(given) as PolicyObject;
}

/** The policy with policyTypes that say what its absence means, so that more rules do not change them. */
function withTypes(given: PolicyObject, types: readonly string[]): PolicyObject {
  const implied = (given.spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return { ...given, spec: { ...given.spec, policyTypes: types.length > 0 ? types : implied } };
}

function split(given: PolicyObject): PolicyObject[] {
  const stated = withTypes(given, given.spec.policyTypes ?? []);
  const { ingress = [], egress = [], ...rest } = stated.spec;
  const parts = [
    { ...rest },
    ...ingress.map((rule) => ({ ...rest, ingress: [rule] })),
    ...egress.map((rule) => ({ ...rest, egress: [rule] })),
  ];
  return parts.map((each, index) => ({
    ...stated,
    metadata: { ...stated.metadata, name: `${stated.metadata.name}-${index}` },
    spec: each,
  }));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
