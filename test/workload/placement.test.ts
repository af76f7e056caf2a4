import * as fc from 'fast-check';
import { Component, type ComponentOptions, type ComponentSpec, type ProfileName, Scaling } from '../../src';
import type { TopologySpreadConstraint } from '../../src/core/kubernetes';
import type { SpreadConstraint } from '../../src/workload/topology-spread';
import { testCluster, testComponentSpec, testStack, testStatefulSpec } from '../support/ledger';
import { podTemplates } from '../support/manifests';

function constraints(
  profile: ProfileName,
  zones: number,
  spec = testComponentSpec(),
  options: ComponentOptions = {},
): readonly TopologySpreadConstraint[] {
  const stack = testStack({ profile, cluster: testCluster({ zones }) });
  new Component(stack, 'component', spec, options);
  return podTemplates(stack).flatMap((template) => template.spec.topologySpreadConstraints ?? []);
}

const summary = (all: readonly TopologySpreadConstraint[]): string[] =>
  all.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`);

describe('how pods spread', () => {
  const zone = (rule: string) => `topology.kubernetes.io/zone ${rule}`;
  const host = 'kubernetes.io/hostname ScheduleAnyway';

  const soft = zone('ScheduleAnyway');
  const hard = zone('DoNotSchedule');

  test.each<[ProfileName, number, readonly string[], string]>([
    ['production', 3, [hard, soft, host], 'not all may go to one zone, and beyond that they go where fewest are'],
    ['production', 5, [hard, soft, host], 'not all may go to one zone, and beyond that they go where fewest are'],
    ['production', 2, [soft, host], 'with two zones, force would leave pods pending when one is lost or full'],
    ['production', 1, [host], 'there are no zones to spread over'],
    ['rc', 3, [soft, host], 'rc also runs where zones are missing'],
    ['rc', 1, [host], 'there are no zones to spread over'],
    ['dev', 3, [], 'one replica has nothing to spread'],
  ])('%s with %i zones: %j, because %s', (profile, zones, expected) => {
    expect(summary(constraints(profile, zones))).toEqual(expected);
  });

  test.each<[string, ComponentSpec, ComponentOptions]>([
    ['a StatefulSet', testStatefulSpec(), {}],
    [
      'a Deployment whose pods mount one claim',
      testComponentSpec(),
      {
        volumes: [{ volume: { name: 'shared', persistentVolumeClaim: { claimName: 'shared' } }, mountPath: '/shared' }],
      },
    ],
  ])('%s has wishes only: its pods cannot leave the zone of their volume', (_what, spec, options) => {
    expect(summary(constraints('production', 3, spec, options))).toEqual([soft, host]);
  });

  test.each<[replicas: number, zones: number, skew: number]>([
    [2, 3, 1],
    [3, 3, 2],
    [6, 3, 3],
    [7, 3, 4],
    [6, 4, 2],
  ])('%i replicas in %i zones: at most %i more in one zone than in the emptiest', (replicas, zones, skew) => {
    const spec = testComponentSpec({ scaling: Scaling.external({ min: 2, max: replicas }) });
    const [first] = constraints('production', zones, spec);
    expect(first).toMatchObject({ whenUnsatisfiable: 'DoNotSchedule', maxSkew: skew });
  });

  test('the share lets all replicas run without any one zone, and keeps them from being all in one', () => {
    const numbers = fc.tuple(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 3, max: 8 }));
    fc.assert(
      fc.property(numbers, ([replicas, zones]) => {
        const spec = testComponentSpec({ scaling: Scaling.fixed(replicas) });
        const [first] = constraints('production', zones, spec);
        const share = first?.maxSkew ?? 0;
        expect(share * (zones - 1)).toBeGreaterThanOrEqual(replicas);
        expect(share).toBeLessThan(replicas);
      }),
    );
  });

  test('production keeps pods apart by zone with all weight that a wish can have; rules of the user replace it', () => {
    const affinityOf = (profile: ProfileName, zones: number, options: ComponentOptions = {}) => {
      const stack = testStack({ profile, cluster: testCluster({ zones }) });
      new Component(stack, 'server', testComponentSpec(), options);
      return podTemplates(stack)[0]?.spec.affinity;
    };
    const own = { 'app.kubernetes.io/name': 'ledger', 'app.kubernetes.io/instance': 'ledger' };
    expect(affinityOf('production', 3)).toEqual({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: 'topology.kubernetes.io/zone',
              labelSelector: { matchLabels: { ...own, 'app.kubernetes.io/component': 'server' } },
            },
          },
        ],
      },
    });
    expect([affinityOf('production', 1), affinityOf('rc', 3), affinityOf('dev', 3)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(affinityOf('production', 3, { topologySpread: [] })).toBeUndefined();
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
    expect(keys()).toEqual([['pod-template-hash'], ['pod-template-hash'], ['pod-template-hash']]);
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
