import * as fc from 'fast-check';
import { Disruption, profileSettings, Scaling } from '../../src';
import { refusal } from '../support/findings';

const target = { kind: 'Deployment', name: 'ledger-server', container: 'server' };
const [production, rc, dev] = [profileSettings('production'), profileSettings('rc'), profileSettings('dev')];

describe('Scaling', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['no replica', () => Scaling.fixed(0), /at least one replica/],
    ['half a replica', () => Scaling.fixed(1.5), /at least one replica/],
    ['text for a number', () => Scaling.fixed('2' as unknown as number), /at least one replica/],
    ['a floor of nothing', () => Scaling.auto({ min: 0, max: 2, cpuPercent: 50 }), /at least one replica/],
    [
      'a minimum above the maximum',
      () => Scaling.auto({ min: 5, max: 2, cpuPercent: 50 }),
      /minimum 5 is above the maximum 2/,
    ],
    ['a floor of nothing, decided elsewhere', () => Scaling.external({ min: 0, max: 2 }), /at least one replica/],
    ['bounds the wrong way round, decided elsewhere', () => Scaling.external({ min: 3, max: 2 }), /minimum 3 is above/],
    ['more than Kubernetes counts', () => Scaling.external({ min: 1, max: 2 ** 31 }), /32 bits/],
    ['nothing to aim at', () => Scaling.auto({ min: 1, max: 2 }), /something to aim at/],
    ['0 percent', () => Scaling.auto({ min: 1, max: 2, cpuPercent: 0 }), /something to aim at/],
    ['101 percent', () => Scaling.auto({ min: 1, max: 2, cpuPercent: 50, memoryPercent: 101 }), /something to aim at/],
  ])('%s is refused where it is written', (_what, make, message) => {
    expect(refusal(make)).toEqual([
      expect.objectContaining({
        id: 'workload/invalid-scaling',
        message: expect.stringMatching(message) as string,
        path: expect.stringMatching(/^Scaling\./) as string,
      }),
    ]);
  });

  test('an autoscaler keeps to its bounds, aims at what is asked and scales down slowly', () => {
    expect(Scaling.auto({ min: 2, max: 6, cpuPercent: 70, memoryPercent: 80 }).toAutoscalerSpec(target)).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ledger-server' },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: 'ContainerResource',
          containerResource: {
            container: 'server',
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: 70 },
          },
        },
        {
          type: 'ContainerResource',
          containerResource: {
            container: 'server',
            name: 'memory',
            target: { type: 'Utilization', averageUtilization: 80 },
          },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    });
    expect(Scaling.auto({ min: 1, max: 2, memoryPercent: 60 }).toAutoscalerSpec(target)?.metrics).toHaveLength(1);
    expect(Scaling.fixed(2).toAutoscalerSpec(target)).toBeUndefined();
  });

  describe('by somebody else', () => {
    const external = Scaling.external({ min: 2, max: 9 });

    test('has bounds and no autoscaler, and is no fixed number', () => {
      expect([external.min, external.max, external.isAutoscaled]).toEqual([2, 9, true]);
      expect(external.toAutoscalerSpec(target)).toBeUndefined();
      expect(external.memoryPercent).toBeUndefined();
    });

    test('follows the profile as an autoscaler of ours does', () => {
      const under = [production, rc, dev].map((settings) => external.under(settings));
      expect(under.map(({ min, max, isAutoscaled }) => [min, max, isAutoscaled])).toEqual([
        [2, 9, true],
        [2, 5, true],
        [1, 1, false],
      ]);
    });

    test('takes no targets: they would do nothing', () => {
      const given = { min: 2, max: 9, cpuPercent: 70 };
      expect(refusal(() => Scaling.external(given))).toEqual([
        expect.objectContaining({ id: 'core/unknown-property', path: 'Scaling.external.cpuPercent' }),
      ]);
    });
  });

  test('production takes the figures as they are, rc half the maximum, dev one replica', () => {
    const scaling = Scaling.auto({ min: 2, max: 9, cpuPercent: 70 });
    const under = [production, rc, dev].map((settings) => scaling.under(settings));
    expect(under.map(({ min, max, isAutoscaled }) => [min, max, isAutoscaled])).toEqual([
      [2, 9, true],
      [2, 5, true],
      [1, 1, false],
    ]);
  });

  test("no profile puts the maximum below the minimum, raises a maximum or changes a fixed number but to dev's one", () => {
    const bounds = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(bounds, fc.constantFrom(production, rc, dev), ([min, more], settings) => {
        const auto = Scaling.auto({ min, max: min + more, cpuPercent: 50 }).under(settings);
        const fixed = Scaling.fixed(min).under(settings);
        expect(auto.min).toBeLessThanOrEqual(auto.max);
        expect(auto.max).toBeLessThanOrEqual(min + more);
        expect([fixed.min, fixed.max]).toEqual(settings === dev ? [1, 1] : [min, min]);
      }),
    );
  });
});

describe('Disruption', () => {
  test.each<[string, () => unknown]>([
    ['maxUnavailable 0, which blocks every drain', () => Disruption.maxUnavailable(0)],
    ['half a pod', () => Disruption.maxUnavailable(0.5)],
    ['minAvailable 0, which protects nothing', () => Disruption.minAvailable(0)],
    ['a percentage', () => Disruption.minAvailable('50%' as unknown as number)],
  ])('%s is refused where it is written', (_what, make) => {
    expect(refusal(make)).toEqual([
      expect.objectContaining({
        id: 'workload/invalid-disruption',
        path: expect.stringMatching(/^Disruption\./) as string,
      }),
    ]);
  });

  test('a budget blocks a drain exactly when it keeps all pods that are there', () => {
    const pods = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(pods, pods, (kept, there) => {
        expect(Disruption.minAvailable(kept).blocksDrainOf(there)).toBe(there - kept <= 0);
        expect(Disruption.maxUnavailable(kept).blocksDrainOf(there)).toBe(false);
        // A single replica goes with its node in any case.
        expect(Disruption.maxUnavailable(kept).mayEvictAllOf(there)).toBe(there > 1 && kept >= there);
        expect(Disruption.minAvailable(kept).mayEvictAllOf(there)).toBe(false);
      }),
    );
  });
});
