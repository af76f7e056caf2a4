import * as fc from 'fast-check';
import { componentSelector, instanceSelector, LABELS, Names, workloadNameProblem } from '../../src/core/identity';
import { hostileText } from './hostile';
import { accepted, refused } from './refused';

const caracal = { product: 'caracal', instance: 'eu' };

describe('selectors never change between releases', () => {
  test('of a component: name, instance and component, nothing else and never a version', () => {
    expect(componentSelector(caracal, 'sts')).toEqual({
      'app.kubernetes.io/name': 'caracal',
      'app.kubernetes.io/instance': 'eu',
      'app.kubernetes.io/component': 'sts',
    });
  });

  test('of an installation: what all of its components have in common', () => {
    expect(instanceSelector(caracal)).toEqual({
      'app.kubernetes.io/name': 'caracal',
      'app.kubernetes.io/instance': 'eu',
    });
    expect(componentSelector(caracal, 'sts')).toMatchObject(instanceSelector(caracal));
  });

  test('two components, two installations and two products are told apart', () => {
    const selectors = [
      componentSelector(caracal, 'sts'),
      componentSelector(caracal, 'api'),
      componentSelector({ ...caracal, instance: 'us' }, 'sts'),
      componentSelector({ ...caracal, product: 'calypso' }, 'sts'),
    ];
    expect(new Set(selectors.map((each) => JSON.stringify(each))).size).toBe(selectors.length);
  });

  test('the labels are those of the Kubernetes convention', () => {
    expect(LABELS).toEqual({
      name: 'app.kubernetes.io/name',
      instance: 'app.kubernetes.io/instance',
      component: 'app.kubernetes.io/component',
      version: 'app.kubernetes.io/version',
      partOf: 'app.kubernetes.io/part-of',
      managedBy: 'app.kubernetes.io/managed-by',
    });
  });
});

describe('Names.standard', () => {
  test('is the instance and the component; the product is no part of it', () => {
    expect(Names.standard().of(caracal, 'sts')).toBe('eu-sts');
  });
});

describe('Names.helmRelease gives the names that the chart gave, to adopt what it left', () => {
  const prefix = (release: string, chart: string): string => {
    const name = Names.helmRelease(release, chart).of(caracal, 'x');
    expect(name.endsWith('-x')).toBe(true);
    return name.slice(0, -'-x'.length);
  };

  test('release and chart, also where both are the same word (caracal.md 1: "caracal-caracal-sts")', () => {
    expect(Names.helmRelease('caracal', 'caracal').of(caracal, 'sts')).toBe('caracal-caracal-sts');
    expect(Names.helmRelease('prod', 'caracal').of(caracal, 'sts')).toBe('prod-caracal-sts');
    expect(Names.helmRelease('my-caracal', 'caracal').of(caracal, 'sts')).toBe('my-caracal-caracal-sts');
  });

  test('the instance has no part in it: the names are those of the release', () => {
    expect(Names.helmRelease('prod', 'caracal').of({ ...caracal, instance: 'other' }, 'sts')).toBe('prod-caracal-sts');
  });

  test('the part before the component is cut at 63 characters', () => {
    expect(prefix('a'.repeat(53), 'caracal')).toBe(`${'a'.repeat(53)}-caracal`);
    expect(prefix('a'.repeat(53), 'b'.repeat(20))).toBe(`${'a'.repeat(53)}-${'b'.repeat(9)}`);
  });

  test('one "-" at the cut goes, a second one stays, as `trimSuffix "-"` has it', () => {
    expect(prefix('a'.repeat(62), 'caracal')).toBe('a'.repeat(62));
    expect(prefix(`${'a'.repeat(60)}-b`, 'caracal')).toBe(`${'a'.repeat(60)}-b`);
    expect(prefix('a'.repeat(53), `${'b'.repeat(7)}--c`)).toBe(`${'a'.repeat(53)}-${'b'.repeat(7)}-`);
  });

  test.each([
    ['', 'caracal'],
    ['prod', ''],
    ['Prod', 'caracal'],
    ['1prod', 'caracal'],
    ['prod.eu', 'caracal'],
    ['prod', 'caracal 0.1'],
    ['prod-', 'caracal'],
    ['prod', 'oci://ghcr.io/caracal'],
  ])('release %j and chart %j are refused at their own line', (release, chart) => {
    expect(refused(() => Names.helmRelease(release, chart))).toMatchObject({
      id: 'core/invalid-name',
      path: 'Names.helmRelease',
      given: JSON.stringify({ release, chart }),
    });
  });

  test('whatever is accepted begins a name that DNS takes', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,70}$/);
    fc.assert(
      fc.property(fc.oneof(hostileText, word), fc.oneof(hostileText, word), (release, chart) => {
        fc.pre(accepted(() => Names.helmRelease(release, chart)));
        expect(prefix(release, chart)).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
      }),
    );
  });
});

describe('the name of a workload', () => {
  test('has at most 52 characters: longer StatefulSets are accepted and then create no pods', () => {
    expect(workloadNameProblem('a'.repeat(52))).toBeUndefined();
    expect(workloadNameProblem('a'.repeat(53))).toBe('it has 53 characters, 52 are possible');
  });

  test.each(['1a', 'a.b', 'A', '-a', 'a-', ''])('"%s" is refused, since a Service of that name is', (name) => {
    expect(workloadNameProblem(name)).toEqual(expect.any(String));
  });
});
