import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as ts from 'typescript';
import type * as evaluatorModule from '../../src/network/evaluator';
import { semanticCases } from './evaluator-cases';
import { namespaces, type SemanticCase } from './evaluator-world';

/**
 * Negative controls: copies of the evaluator with one mistake each, as a tired programmer makes it. The table of
 * semantic cases must answer at least one question differently, or the table would let that mistake pass.
 */
const FOLDER = join(__dirname, '../../src/network');
type EvaluatorModule = typeof evaluatorModule;

const mutations: readonly [mistake: string, file: string, find: string, replacement: string][] = [
  [
    'namespace and pod of one peer as OR',
    'evaluator-policy',
    'party.namespaceLabels) && podM',
    'party.namespaceLabels) || podM',
  ],
  ['podSelector alone in all namespaces', 'evaluator-policy', 'party.namespace === policyNamespace && ', ''],
  ['an empty list of peers as nobody', 'evaluator-policy', 'peers.length === 0 || ', ''],
  ['an empty list of ports as none', 'evaluator-policy', 'ports.length === 0 || ', ''],
  ['all peers must match', 'evaluator-policy', 'peers.some(', 'peers.every('],
  [
    'all ports must match',
    'evaluator-policy',
    '(ports.length === 0 || ports.some(',
    '(ports.length === 0 || ports.every(',
  ],
  ['peers and ports as OR', 'evaluator-policy', '(test) => test(peer))) &&', '(test) => test(peer))) ||'],
  ['exceptions ignored', 'evaluator-policy', ' && !holes.some((hole) => hole.contains(ip))', ''],
  ['only an address in all exceptions is closed', 'evaluator-policy', '!holes.some(', '!holes.every('],
  ['endPort excluded', 'evaluator-policy', 'traffic.port <= last', 'traffic.port < last'],
  ['endPort ignored', 'evaluator-policy', 'const last = endPort ?? port', 'const last = port'],
  [
    'first port of a range excluded',
    'evaluator-policy',
    'traffic.port >= port',
    '(traffic.port > port || port === last)',
  ],
  [
    'protocol ignored for numbers',
    'evaluator-policy',
    'traffic.protocol === wanted && traffic.port >=',
    'traffic.port >=',
  ],
  [
    'protocol ignored without port',
    'evaluator-policy',
    ': (_, traffic) => traffic.protocol === wanted',
    ': () => true',
  ],
  [
    'protocol of the rule ignored for names',
    'evaluator-policy',
    'traffic.protocol === wanted && destination',
    'destination',
  ],
  [
    'protocol of the pod ignored for names',
    'evaluator-policy',
    " && (port.protocol ?? 'TCP') === traffic.protocol",
    '',
  ],
  ['protocol defaults to UDP', 'evaluator-policy', "wanted = protocol ?? 'TCP'", "wanted = protocol ?? 'UDP'"],
  ['named port matches every name', 'evaluator-policy', 'port.name === name && ', ''],
  ['named port matches every number', 'evaluator-policy', ' && port.port === traffic.port', ''],
  ['an empty egress list isolates', 'evaluator-policy', ").length > 0 ? ['Ingress'", ").length >= 0 ? ['Ingress'"],
  ['egress rules alone imply only Egress', 'evaluator-policy', "? ['Ingress', 'Egress']", "? ['Egress']"],
  ['policyTypes default to both', 'evaluator-policy', ": ['Ingress'];", ": ['Ingress', 'Egress'];"],
  ['every policy isolates ingress', 'evaluator-policy', "types.includes('Ingress') ? ingress : undefined", 'ingress'],
  ['every policy isolates egress', 'evaluator-policy', "types.includes('Egress') ? egress : undefined", 'egress'],
  [
    'an absent podSelector selects nothing',
    'evaluator-policy',
    'compileSelector(spec.podSelector ?? {}',
    "compileSelector(spec.podSelector ?? { matchLabels: { no: 'body' } }",
  ],
  [
    'NotIn needs the key',
    'evaluator-selector',
    '=> !isOneOf(wanted, valueOf(labels, key))',
    '=> valueOf(labels, key) !== undefined && !isOneOf(wanted, valueOf(labels, key))',
  ],
  ['In as NotIn', 'evaluator-selector', '(labels) => isOneOf(', '(labels) => !isOneOf('],
  ['Exists matches always', 'evaluator-selector', 'valueOf(labels, key) !== undefined', 'true'],
  ['DoesNotExist matches always', 'evaluator-selector', 'valueOf(labels, key) === undefined', 'true'],
  ['any condition of a selector suffices', 'evaluator-selector', 'tests.every(', 'tests.length === 0 || tests.some('],
  ['an empty selector selects nothing', 'evaluator-selector', 'tests.every(', 'tests.length > 0 && tests.every('],
  ['inherited properties as labels', 'evaluator-selector', 'Object.hasOwn(labels, key)', 'key in labels'],
  ['one open end suffices', 'evaluator', 'egress.allowed && ingress.allowed', 'egress.allowed || ingress.allowed'],
  ['egress ignored', 'evaluator', 'egress.allowed && ingress.allowed', 'ingress.allowed'],
  ['ingress ignored', 'evaluator', 'egress.allowed && ingress.allowed', 'egress.allowed'],
  [
    'named ingress ports resolved on the source',
    'evaluator',
    'rule.allows(source, destination, traffic)',
    'rule.allows(source, source, traffic)',
  ],
  [
    'ingress peers as destinations',
    'evaluator',
    'rule.allows(source, destination, traffic)',
    'rule.allows(destination, destination, traffic)',
  ],
  [
    'named egress ports resolved on the source',
    'evaluator',
    'rule.allows(destination, destination, traffic)',
    'rule.allows(destination, source, traffic)',
  ],
  [
    'egress peers as sources',
    'evaluator',
    'rule.allows(destination, destination, traffic)',
    'rule.allows(source, destination, traffic)',
  ],
  [
    'closed unless a policy opens',
    'evaluator',
    "allowed: true, reason: 'not-isolated'",
    "allowed: false, reason: 'not-isolated'",
  ],
  ['every policy must allow', 'evaluator', 'allowing.length > 0', 'allowing.length === isolating.length'],
  [
    'policies isolate pods they do not select',
    'evaluator',
    'policy[direction] !== undefined && policy.selects(subject.labels)',
    'policy[direction] !== undefined',
  ],
  [
    'policies isolate every direction',
    'evaluator',
    'policy[direction] !== undefined && policy.selects',
    'policy.selects',
  ],
  [
    'policies isolate all namespaces',
    'evaluator',
    '(this.policies.get(subject.namespace) ?? [])',
    '[...this.policies.values()].flat()',
  ],
  [
    'namespaces without their name label',
    'evaluator',
    "{ ...labels, 'kubernetes.io/metadata.name': name }",
    '{ ...labels }',
  ],
  ['families add up', 'evaluator', 'ip.family === source.ip.family', 'true'],
  ['only the first family', 'evaluator', 'answers.find((answer) => answer.allowed) ?? ', ''],
  ['no loopback', 'evaluator', 'if (isSamePod(from, to))', 'if (false)'],
  ['replicas are one pod', 'evaluator', 'if (isSamePod(from, to))', 'if (from.labels?.app === to.labels?.app)'],
  ['the other family is inside', 'cidr', 'address.family === this.family && offset', 'offset'],
  ['the first address is outside', 'cidr', 'offset >= 0n', 'offset > 0n'],
  ['addresses below the network are inside', 'cidr', 'offset >= 0n && ', ''],
  ['addresses above the network are inside', 'cidr', ' && offset < this.size', ''],
];

/** TypeScript sources as JavaScript; types are not looked at, since a mistake may well compile. */
const compiled = new Map<string, string>();
function javascriptOf(source: string): string {
  const known = compiled.get(source);
  if (known !== undefined) {
    return known;
  }
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  compiled.set(source, outputText);
  return outputText;
}

/** The evaluator with all of its modules loaded anew, each source passed through `change`. */
function loadEvaluator(change: (file: string, source: string) => string): EvaluatorModule {
  const loaded = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = loaded.get(path);
    if (known !== undefined) {
      return known.exports;
    }
    const source = readFileSync(`${path}.ts`, 'utf8');
    const module = { exports: {} };
    loaded.set(path, module);
    const run = new Function('require', 'module', 'exports', javascriptOf(change(basename(path), source)));
    run((name: string) => load(join(dirname(path), name)), module, module.exports);
    return module.exports;
  };
  return load(join(FOLDER, 'evaluator')) as EvaluatorModule;
}

function mutant(file: string, find: string, replacement: string): EvaluatorModule {
  let places = 0;
  const changed = loadEvaluator((name, source) => {
    if (name !== file) {
      return source;
    }
    places += source.split(find).length - 1;
    return source.replace(find, () => replacement);
  });
  // A control that changes nothing would look like a passing one.
  expect({ file, find, places }).toEqual({ file, find, places: 1 });
  return changed;
}

const cases = Object.values(semanticCases).flat();

function wrongAnswers({ PolicyEvaluator }: EvaluatorModule): SemanticCase[] {
  return cases.filter(({ policies, allowed, ...attempt }) => {
    try {
      return new PolicyEvaluator({ policies, namespaces }).mayConnect(attempt).allowed !== allowed;
    } catch {
      return false; // only a wrong answer shows that the table sees the mistake
    }
  });
}

test('the evaluator loaded this way without a change answers every case, so that the controls measure the mistakes', () => {
  expect(wrongAnswers(loadEvaluator((_, source) => source))).toEqual([]);
});

test.each(mutations)('the cases notice: %s', (_mistake, file, find, replacement) => {
  expect(wrongAnswers(mutant(file, find, replacement)).map(({ title }) => title)).not.toEqual([]);
});

test('a control whose place is gone fails instead of passing', () => {
  expect(() => mutant('evaluator', 'this text is nowhere', '')).toThrow('places');
});
