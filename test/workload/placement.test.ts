import { Component, type ProfileName } from '../../src';
import type { TopologySpreadConstraint } from '../../src/core/kubernetes';
import type { SpreadConstraint } from '../../src/workload/topology-spread';
import { testCluster, testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { podTemplates } from '../support/manifests';

function constraints(
  profile: ProfileName,
  zones: number,
  spec = testComponentSpec(),
): readonly TopologySpreadConstraint[] {
  const stack = testStack({ profile, cluster: testCluster({ zones }) });
  new Component(stack, 'component', spec);
  return podTemplates(stack).flatMap((template) => template.spec.topologySpreadConstraints ?? []);
}

const summary = (all: readonly TopologySpreadConstraint[]): string[] =>
  all.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`);

describe('how pods spread', () => {
  const zone = (rule: string) => `topology.kubernetes.io/zone ${rule}`;
  const host = 'kubernetes.io/hostname ScheduleAnyway';

  test.each<[ProfileName, number, readonly string[], string]>([
    ['production', 3, [zone('DoNotSchedule'), host], 'one zone may fail'],
    ['production', 5, [zone('DoNotSchedule'), host], 'one zone may fail'],
    [
      'production',
      2,
      [zone('ScheduleAnyway'), host],
      'with two zones, force would leave pods pending when one is lost',
    ],
    ['production', 1, [host], 'there are no zones to spread over'],
    ['rc', 3, [zone('ScheduleAnyway'), host], 'rc also runs where zones are missing'],
    ['rc', 1, [host], 'there are no zones to spread over'],
    ['dev', 3, [], 'one replica has nothing to spread'],
  ])('%s with %i zones: %j, because %s', (profile, zones, expected) => {
    expect(summary(constraints(profile, zones))).toEqual(expected);
  });

  test('a cordoned node does not count, and no number of domains is demanded: both leave a pod of a drained node pending', () => {
    const all = [...constraints('production', 3), ...constraints('production', 3, testStatefulSpec())];
    expect(all.length).toBeGreaterThan(0);
    expect(
      all.every(({ nodeTaintsPolicy, minDomains }) => nodeTaintsPolicy === 'Honor' && minDomains === undefined),
    ).toBe(true);
  });

  test('a Deployment counts its revisions apart; a StatefulSet must not, its pods cannot leave the zone of their volume', () => {
    const keys = (spec = testComponentSpec()) =>
      constraints('production', 3, spec).map(({ matchLabelKeys }) => matchLabelKeys);
    expect(keys()).toEqual([['pod-template-hash'], ['pod-template-hash']]);
    expect(keys(testStatefulSpec())).toEqual([undefined, undefined]);
  });

  test('only pods of the component count', () => {
    const [first] = constraints('production', 3);
    expect(first?.labelSelector?.matchLabels).toEqual({
      'app.kubernetes.io/name': 'ledger',
      'app.kubernetes.io/instance': 'ledger',
      'app.kubernetes.io/component': 'server',
    });
  });

  test("rules of the user take the place of the profile's, also an empty list", () => {
    const own: SpreadConstraint = {
      maxSkew: 2,
      topologyKey: 'rack',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { tier: 'all' } },
    };
    const withRules = (topologySpread: readonly SpreadConstraint[]) => {
      const stack = testStack();
      new Component(stack, 'server', testComponentSpec(), { topologySpread });
      return podTemplates(stack)[0]?.spec.topologySpreadConstraints;
    };
    expect(withRules([own])).toEqual([own]);
    expect(withRules([])).toBeUndefined();
  });
});

describe('rules of the user', () => {
  const RULE: SpreadConstraint = { topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' };
  const build = (...topologySpread: object[]) => {
    const stack = testStack();
    const server = new Component(stack, 'server', testComponentSpec(), { topologySpread } as never);
    return { stack, server, problems: stack.findings().map(({ id, path }) => [id, path]) };
  };

  test('count the pods of the component, where they do not say which: without a selector they would count none', () => {
    const { stack, server, problems } = build(RULE);
    expect(problems).toEqual([]);
    expect(podTemplates(stack)[0]?.spec.topologySpreadConstraints).toEqual([
      { ...RULE, labelSelector: { matchLabels: server.selector } },
    ]);
  });

  test.each<[string, object]>([
    ['every field', { minDomains: 2, nodeTaintsPolicy: 'Honor', nodeAffinityPolicy: 'Ignore' }],
    ['the revision of a Deployment', { matchLabelKeys: ['pod-template-hash'] }],
    ['conditions', { labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] } }],
    ['a condition without values', { labelSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }],
  ])('%s is taken', (_what, change) => {
    expect(build({ ...RULE, ...change }).problems).toEqual([]);
  });

  test.each<[string, object]>([
    ['a skew of 0', { maxSkew: 0 }],
    ['no skew', { maxSkew: undefined }],
    ['no topology', { topologyKey: undefined }],
    ['a topology that is no label', { topologyKey: 'a b' }],
    ['no behaviour', { whenUnsatisfiable: undefined }],
    ['no domain', { minDomains: 0 }],
    ['domains of a wish', { whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }],
    ['a key that the selector has already', { matchLabelKeys: ['app.kubernetes.io/name'] }],
    ['a key that is no label', { matchLabelKeys: ['a b'] }],
    ['a value that is no label', { labelSelector: { matchLabels: { a: 'b c' } } }],
    ['In without values', { labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }],
    ['Exists with values', { labelSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }],
  ])('%s is refused, as the API server would', (_what, change) => {
    expect(build({ ...RULE, ...change }).problems).toEqual([
      ['workload/invalid-spread', 'ledger/server.topologySpread[0]'],
    ]);
  });

  test('twice the same topology is refused, since it is the key of the list', () => {
    expect(build(RULE, { ...RULE, maxSkew: 2 }).problems).toEqual([
      ['workload/invalid-spread', 'ledger/server.topologySpread[1]'],
    ]);
    expect(build(RULE, { ...RULE, whenUnsatisfiable: 'ScheduleAnyway' }).problems).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a word that is misspelt', { whenUnsatisfiable: 'DoNotScedule' }, 'core/wrong-type'],
    ['half a pod', { maxSkew: 0.5 }, 'core/wrong-type'],
    ['another property', { maxSkw: 1 }, 'core/unknown-property'],
    ['another property of the selector', { labelSelector: { app: 'a' } }, 'core/unknown-property'],
    ['another operator', { labelSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }, 'core/wrong-type'],
  ])('%s is refused', (_what, change, id) => {
    expect(build({ ...RULE, ...change }).problems.map(([each]) => each)).toEqual([id]);
  });

  test('a misspelt word does not compile', () => {
    // @ts-expect-error -- DoNotSchedule
    const rule: SpreadConstraint = { ...RULE, whenUnsatisfiable: 'DoNotScedule' };
    expect(rule.maxSkew).toBe(1);
  });
});
