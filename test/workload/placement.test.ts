import { Component, type ProfileName } from '../../src';
import type { TopologySpreadConstraint } from '../../src/core/kubernetes';
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
    const own: TopologySpreadConstraint = { maxSkew: 2, topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' };
    const withRules = (topologySpread: readonly TopologySpreadConstraint[]) => {
      const stack = testStack();
      new Component(stack, 'server', testComponentSpec(), { topologySpread });
      return podTemplates(stack)[0]?.spec.topologySpreadConstraints;
    };
    expect(withRules([own])).toEqual([own]);
    expect(withRules([])).toBeUndefined();
  });
});
