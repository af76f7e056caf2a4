import { brand } from '../core/brand';
import { invalidValue } from '../core/errors';
import { INT32_MAX } from '../core/quantity';
import type { PodDisruptionBudgetSpec } from '../core/kubernetes';
import { DISRUPTION_MAKING } from './makings';

/** How many pods of a component a drain may take at once. Immutable. */
export class Disruption {
  static {
    brand(this, 'Disruption', DISRUPTION_MAKING);
  }

  /**
   * At most this many pods are missing at a time. One is right for nearly everything. It must be below the floor of the
   * component's scaling, or one drain may evict every pod.
   *
   * @throws ConfigurationError `workload/invalid-disruption` for anything but a whole number of at least 1: 0 blocks every drain.
   */
  public static maxUnavailable(pods: number): Disruption {
    if (!Number.isInteger(pods) || pods < 1) {
      refuse(
        'Disruption.maxUnavailable',
        pods,
        'with 0 no node of the component could ever be drained',
        'whole numbers from 1',
      );
    }
    refuseAbove32Bits('Disruption.maxUnavailable', pods);
    return new Disruption({ maxUnavailable: pods });
  }

  /**
   * At least this many pods stay. It must be below the floor of the component's scaling, or it blocks every drain.
   *
   * @throws ConfigurationError `workload/invalid-disruption` for anything but a whole number of at least 1.
   */
  public static minAvailable(pods: number): Disruption {
    if (!Number.isInteger(pods) || pods < 1) {
      refuse('Disruption.minAvailable', pods, 'a budget that keeps nothing is no budget', 'whole numbers from 1');
    }
    refuseAbove32Bits('Disruption.minAvailable', pods);
    return new Disruption({ minAvailable: pods });
  }

  private constructor(
    private readonly limit: { readonly maxUnavailable: number } | { readonly minAvailable: number },
  ) {}

  /** Whether a component with this many pods could not lose even one. */
  public blocksDrainOf(pods: number): boolean {
    return 'minAvailable' in this.limit && this.limit.minAvailable >= pods;
  }

  /** Whether a drain could evict all of this many pods at once, although there is more than one. */
  public mayEvictAllOf(pods: number): boolean {
    return pods >= 2 && 'maxUnavailable' in this.limit && this.limit.maxUnavailable >= pods;
  }

  /** The budget's spec. Pods that are not ready may always be evicted: they protect nothing (caracal W23). */
  public toSpec(selector: Readonly<Record<string, string>>): PodDisruptionBudgetSpec {
    return { ...this.limit, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: { ...selector } } };
  }
}

function refuseAbove32Bits(path: string, pods: number): void {
  if (pods > INT32_MAX) {
    refuse(path, pods, 'Kubernetes counts pods with 32 bits', `whole numbers up to ${INT32_MAX}`);
  }
}

function refuse(path: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({
    id: 'workload/invalid-disruption',
    path,
    message,
    given,
    allowed,
    fix: 'use Disruption.maxUnavailable(1)',
  });
}
