import { ConfigurationError, Disruption, Scaling } from '../../src';
import { spreadProblems } from '../../src/workload/topology-spread';

/** Kubernetes counts with 32 bits; a larger number is refused, or silently becomes another one: 2^40 becomes 0. */
const LARGEST = 2 ** 31 - 1;
const TOO_LARGE = [2 ** 31, 2 ** 40, 2 ** 63];

const NUMBERS: readonly [name: string, make: (number: number) => unknown][] = [
  ['Scaling.fixed', (replicas) => Scaling.fixed(replicas)],
  ['Scaling.auto', (max) => Scaling.auto({ min: 2, max, cpuPercent: 70 })],
  ['Disruption.maxUnavailable', (pods) => Disruption.maxUnavailable(pods)],
  ['Disruption.minAvailable', (pods) => Disruption.minAvailable(pods)],
];

describe.each(NUMBERS)('%s', (_name, make) => {
  test.each(TOO_LARGE)('refuses %d', (number) => {
    expect(() => make(number)).toThrow(ConfigurationError);
    expect(() => make(number)).toThrow(/32 bits[\s\S]*2147483647/);
  });

  test('takes the largest number of 32 bits', () => {
    expect(() => make(LARGEST)).not.toThrow();
  });
});

describe.each(['maxSkew', 'minDomains'] as const)('%s of a spread rule', (field) => {
  const rule = { topologyKey: 'a', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' } as const;

  test.each([...TOO_LARGE.filter(Number.isSafeInteger)])('refuses %d', (number) => {
    const [finding, ...others] = spreadProblems('spread', [{ ...rule, [field]: number }], {});
    expect(finding).toMatchObject({ id: 'workload/invalid-spread', message: expect.stringContaining(String(LARGEST)) });
    expect(others).toEqual([]);
  });

  test('a number that cannot be written exactly is of the wrong type', () => {
    expect(spreadProblems('spread', [{ ...rule, [field]: 2 ** 63 }], {}).map(({ id }) => id)).toEqual([
      'core/wrong-type',
    ]);
  });

  test('takes the largest number of 32 bits', () => {
    expect(spreadProblems('spread', [{ ...rule, [field]: LARGEST }], {})).toEqual([]);
  });
});
