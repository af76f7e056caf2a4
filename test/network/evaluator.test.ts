import { ConfigurationError } from '../../src/core/errors';
import { explainConnectivity, PolicyEvaluator } from '../../src/network/evaluator';
import type { NetworkPolicySpecLike, PolicyObject } from '../../src/network/evaluator-model';
import { semanticCases } from './evaluator-cases';
import { api, namespaces, outside, policy, probe, teller, web } from './evaluator-world';

const evaluate = (...policies: PolicyObject[]) => new PolicyEvaluator({ policies, namespaces });

function finding(action: () => unknown): { id: string; path: string; message: string; fix: string } {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).findings[0] as never;
  }
  throw new Error('nothing was refused');
}

describe.each(Object.entries(semanticCases))('semantics: %s', (_, cases) => {
  test.each(cases.map((each) => [each.title, each] as const))('%s', (_title, { policies, allowed, ...attempt }) => {
    const answer = evaluate(...policies).mayConnect(attempt);
    // The explanation stands in the compared value, so that a failure says which policy decided.
    const explanation = explainConnectivity(answer);
    expect({ allowed: answer.allowed, explanation }).toEqual({ allowed, explanation });
    expect(answer.allowed).toBe(answer.egress.allowed && answer.ingress.allowed);
  });

  test('the topic has open and closed connections, so that no constant answer passes', () => {
    expect(new Set(cases.map((each) => each.allowed))).toEqual(new Set([true, false]));
  });
});

describe('the verdict names the policies that decide, so that a failing test can say why', () => {
  const closed = policy('shop', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'default-deny');
  const open = policy(
    'shop',
    { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ ports: [{ port: 8080 }] }] },
    'api',
  );

  test('a rule is named with its policy, an isolation with all policies that isolate', () => {
    const evaluator = evaluate(open, closed);
    expect(evaluator.mayConnect({ from: probe, to: api, port: 8080 })).toEqual({
      allowed: true,
      egress: { allowed: true, reason: 'not-isolated', policies: [] },
      ingress: { allowed: true, reason: 'rule', policies: ['shop/api'] },
    });
    expect(evaluator.mayConnect({ from: web, to: api, port: 9090 })).toEqual({
      allowed: false,
      egress: { allowed: false, reason: 'isolated', policies: ['shop/default-deny'] },
      ingress: { allowed: false, reason: 'isolated', policies: ['shop/api', 'shop/default-deny'] },
    });
  });

  test('addresses and loopback have reasons of their own', () => {
    const evaluator = evaluate(closed);
    expect(evaluator.mayConnect({ from: outside, to: web, port: 80 }).egress.reason).toBe('not-selectable');
    expect(evaluator.mayConnect({ from: web, to: web, port: 80 }).ingress.reason).toBe('loopback');
  });

  test('the explanation is one line with the outcome and the policies', () => {
    const evaluator = evaluate(open, closed);
    expect(explainConnectivity(evaluator.mayConnect({ from: web, to: api, port: 8080 }))).toBe(
      'denied: egress closed, isolated by shop/default-deny without a rule that allows it; ingress by shop/api',
    );
    expect(explainConnectivity(evaluator.mayConnect({ from: outside, to: api, port: 8080 }))).toBe(
      'allowed: egress open, policies do not select addresses; ingress by shop/api',
    );
    expect(explainConnectivity(evaluator.mayConnect({ from: probe, to: teller, port: 1 }))).toBe(
      'allowed: egress open, no policy selects the pod; ingress open, no policy selects the pod',
    );
    expect(explainConnectivity(evaluator.mayConnect({ from: web, to: web, port: 1 }))).toContain('the same pod');
  });
});

describe('what the API server refuses is refused, not guessed', () => {
  const peer = (from: unknown): NetworkPolicySpecLike => ({ ingress: [{ from: [from] as never }] });
  const port = (given: unknown): NetworkPolicySpecLike => ({ ingress: [{ ports: [given] as never }] });
  const selector = (given: unknown): NetworkPolicySpecLike => ({ podSelector: given as never });

  test.each<[string, unknown, string]>([
    ['a peer that names nobody', peer({}), 'names nobody'],
    ['an ipBlock beside a selector', peer({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }), 'exclude each other'],
    [
      'a misspelt selector, which would otherwise select everything',
      peer({ namespaceSelector: { matchLabel: {} } }),
      'matchLabel',
    ],
    ['a misspelt peer', peer({ namespaceSelektor: {} }), 'namespaceSelektor'],
    ['a misspelt rule field', { ingress: [{ form: [] }] }, 'form'],
    ['an ingress rule with "to"', { ingress: [{ to: [] }] }, 'to'],
    ['a misspelt spec field', { ingres: [] }, 'ingres'],
    ['a rule that is not a list', { ingress: {} }, 'list'],
    ['an unknown policy type', { policyTypes: ['ingress'] }, 'policy type'],
    ['three policy types', { policyTypes: ['Ingress', 'Egress', 'Ingress'] }, 'policy type'],
    ['a network without prefix', peer({ ipBlock: { cidr: '10.0.0.1' } }), 'prefix length'],
    [
      'an exception outside of the block',
      peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }),
      'smaller network',
    ],
    [
      'an exception that is the whole block',
      peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }),
      'smaller network',
    ],
    [
      'an exception that is wider than the block',
      peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['0.0.0.0/0'] } }),
      'smaller network',
    ],
    [
      'an exception of the other family',
      peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['2001:db8::/32'] } }),
      'smaller network',
    ],
    ['port 0', port({ port: 0 }), 'out of range'],
    ['port 65536', port({ port: 65536 }), 'out of range'],
    ['a broken port number', port({ port: 80.5 }), 'out of range'],
    ['endPort below port', port({ port: 80, endPort: 79 }), 'out of range'],
    ['endPort 0', port({ port: 80, endPort: 0 }), 'out of range'],
    ['endPort without port', port({ endPort: 80 }), 'endPort without port'],
    ['endPort with a named port', port({ port: 'http', endPort: 80 }), 'endPort with a named port'],
    ['a number as text, which would be a port name', port({ port: '8080' }), 'not a port name'],
    ['a port name with capitals', port({ port: 'HTTP' }), 'not a port name'],
    ['a port name of 16 characters', port({ port: 'a234567890123456' }), 'not a port name'],
    ['a port name with a double hyphen', port({ port: 'a--b' }), 'not a port name'],
    ['a port name with a hyphen at its end', port({ port: 'http-' }), 'not a port name'],
    ['an unknown protocol', port({ port: 80, protocol: 'tcp' }), 'protocol'],
    ['In without values', selector({ matchExpressions: [{ key: 'a', operator: 'In' }] }), 'at least one value'],
    [
      'NotIn with an empty list',
      selector({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: [] }] }),
      'at least one value',
    ],
    [
      'Exists with values',
      selector({ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] }),
      'takes no values',
    ],
    ['an unknown operator', selector({ matchExpressions: [{ key: 'a', operator: 'Gt' }] }), 'operator is unknown'],
    ['a label value that is a number', selector({ matchLabels: { a: 1 } }), 'must be a string'],
    ['a label value that cannot exist', selector({ matchLabels: { a: 'no spaces' } }), 'label value'],
    ['a label key that cannot exist', selector({ matchLabels: { 'a/b/c': 'x' } }), 'label key'],
    ['an expression without key', selector({ matchExpressions: [{ operator: 'Exists' }] }), 'label key'],
  ])('%s', (_title, spec, message) => {
    const problem = finding(() => evaluate(policy('shop', spec as never, 'broken')));
    expect(problem.id).toMatch(/^network\/invalid-(policy|cidr)$/);
    expect(problem.path).toContain('NetworkPolicy shop/broken spec');
    expect(problem.message).toContain(message);
    expect(problem.fix).not.toBe('');
  });

  test('a null rule is refused too, although the API server takes it: it would mean an empty rule, which allows all', () => {
    expect(finding(() => evaluate(policy('shop', { ingress: [null as never] }))).message).toContain('object');
  });

  test('a broken rule is found also in a direction that the policy is not about', () => {
    const spec = { policyTypes: ['Egress'], ingress: [{ ports: [{ port: 0 }] }] };
    expect(finding(() => evaluate(policy('shop', spec))).path).toBe('NetworkPolicy shop/p spec.ingress[0].ports[0]');
  });

  test('the same shapes without the mistake are accepted', () => {
    const specs: NetworkPolicySpecLike[] = [
      peer({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }),
      peer({ podSelector: {}, namespaceSelector: {} }),
      port({ port: 80, endPort: 65535, protocol: 'UDP' }),
      port({ port: 'a23456789012345' }),
      selector({ matchExpressions: [{ key: 'example.com/a', operator: 'Exists', values: [] }] }),
      { policyTypes: ['Ingress', 'Ingress'] },
      { ingress: null as never, egress: undefined },
    ];
    specs.forEach((spec) => expect(() => evaluate(policy('shop', spec))).not.toThrow());
  });

  test('a policy of another API group means something else and is refused', () => {
    const foreign = { ...policy('shop', {}), apiVersion: 'crd.projectcalico.org/v1' };
    expect(finding(() => evaluate(foreign)).message).toContain('not a NetworkPolicy');
    expect(finding(() => evaluate({ ...policy('shop', {}), kind: 'Deployment' })).message).toContain(
      'not a NetworkPolicy',
    );
  });

  test('a policy without namespace is refused: it is unknown which pods it selects', () => {
    const nowhere: PolicyObject = { metadata: { name: 'p' }, spec: {} };
    expect(finding(() => evaluate(nowhere)).message).toContain('no namespace');
    expect(finding(() => evaluate(undefined as never)).message).toContain('no namespace');
  });

  test('two policies of one identity are refused; the same name in two namespaces is fine', () => {
    expect(finding(() => evaluate(policy('shop', {}), policy('shop', {}))).message).toContain(
      'same namespace and name',
    );
    expect(() => evaluate(policy('shop', {}), policy('bank', {}))).not.toThrow();
  });

  test('a namespace that is listed twice is refused', () => {
    const twice = () =>
      new PolicyEvaluator({ policies: [], namespaces: [{ name: 'a' }, { name: 'a', labels: { x: 'y' } }] });
    expect(finding(twice).id).toBe('network/invalid-namespace');
  });
});

describe('a question that cannot be answered is an error, never "denied"', () => {
  const ask = (change: object) => () => evaluate().mayConnect({ from: web, to: api, port: 80, ...change });

  test.each<[string, object, string]>([
    ['a pod in an unknown namespace', { from: { ...web, namespace: 'shpo' } }, 'network/invalid-attempt'],
    ['a pod without labels', { from: { ...web, labels: undefined } }, 'network/invalid-attempt'],
    ['port 0', { port: 0 }, 'network/invalid-attempt'],
    ['a port name', { port: 'http' }, 'network/invalid-attempt'],
    ['an unknown protocol', { protocol: 'ICMP' }, 'network/invalid-attempt'],
    ['a network in place of an address', { from: { kind: 'address', ip: '10.0.0.0/8' } }, 'network/invalid-ip'],
    ['a pod with a broken address', { to: { ...api, ips: ['10.0.0.256'] } }, 'network/invalid-ip'],
  ])('%s', (_title, change, id) => {
    expect(finding(ask(change)).id).toBe(id);
  });

  test('an address under another name of property, with the name that it needs', () => {
    const from = { kind: 'address', address: '10.0.0.1' };
    expect(finding(ask({ from })).path).toBe('PolicyEvaluator.mayConnect address.ip');
  });

  test('the untouched question is answered', () => {
    expect(ask({})().allowed).toBe(true);
  });
});

describe('the evaluator is a value', () => {
  test('later changes of a policy or a namespace have no effect on an evaluator', () => {
    const labels: Record<string, string> = { team: 'shop' };
    const ingress: object[] = [];
    const evaluator = new PolicyEvaluator({
      policies: [policy('shop', { ingress })],
      namespaces: [...namespaces.filter(({ name }) => name !== 'shop'), { name: 'shop', labels }],
    });
    const before = evaluator.mayConnect({ from: probe, to: api, port: 80 });
    ingress.push({});
    labels.team = 'bank';
    expect(evaluator.mayConnect({ from: probe, to: api, port: 80 })).toEqual(before);
    expect(before.allowed).toBe(false);
  });

  test('a namespace cannot forge the label of its name', () => {
    const only = policy('shop', {
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'bank' } } }] }],
    });
    const forged = [{ name: 'shop' }, { name: 'lab', labels: { 'kubernetes.io/metadata.name': 'bank' } }];
    const answer = new PolicyEvaluator({ policies: [only], namespaces: forged }).mayConnect({
      from: probe,
      to: api,
      port: 80,
    });
    expect(answer.allowed).toBe(false);
  });

  test('a question looks only at the policies of the two namespaces, however many others there are', () => {
    const reads = (environments: number): number => {
      let count = 0;
      const labels = new Proxy({ app: 'api' } as Record<string, string>, {
        getOwnPropertyDescriptor: (target, key) => {
          count += 1;
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
      });
      const names = Array.from({ length: environments }, (_, index) => `env-${index}`);
      const evaluator = new PolicyEvaluator({
        policies: names.map((name) => policy(name, { podSelector: { matchLabels: { app: 'api' } } })),
        namespaces: names.map((name) => ({ name })),
      });
      evaluator.mayConnect({
        from: { kind: 'pod', namespace: 'env-0', labels: {} },
        to: { kind: 'pod', namespace: 'env-1', labels },
        port: 80,
      });
      return count;
    };
    expect(reads(2)).toBeGreaterThan(0);
    expect(reads(500)).toBe(reads(2));
  });
});
