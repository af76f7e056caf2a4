import { brand } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { INT32_MAX } from '../core/quantity';
import type { HorizontalPodAutoscalerSpec } from '../core/kubernetes';
import type { ProfileSettings } from '../platform/profile';

/** Bounds and targets of an autoscaler. */
export interface AutoscaleProps {
  /** Fewest replicas: the floor that stays available. */
  readonly min: number;
  /** Most replicas. The database's connection budget counts with it. */
  readonly max: number;
  /**
   * Average CPU use that is aimed at, in percent of the request.
   * @default - CPU does not scale the component
   */
  readonly cpuPercent?: number;
  /**
   * Average memory use that is aimed at, in percent of the request.
   * @default - memory does not scale the component
   */
  readonly memoryPercent?: number;
}

// Numbers are judged below, with messages that name what each may be.
const CHECKS: Checks<AutoscaleProps> = {
  min: check.any,
  max: check.any,
  cpuPercent: check.any,
  memoryPercent: check.any,
};

/** How many replicas a component has. Immutable. */
export class Scaling {
  static {
    brand(this, 'Scaling');
  }

  /**
   * Always the same number.
   *
   * @throws ConfigurationError `workload/invalid-scaling` for anything but a whole number from 1 to 2147483647.
   */
  public static fixed(replicas: number): Scaling {
    if (!Number.isInteger(replicas) || replicas < 1) {
      refuse('Scaling.fixed', replicas, 'a component has at least one replica', 'whole numbers from 1');
    }
    if (replicas > INT32_MAX) {
      refuse('Scaling.fixed', replicas, 'Kubernetes counts replicas with 32 bits', `whole numbers up to ${INT32_MAX}`);
    }
    return new Scaling(replicas, replicas, undefined);
  }

  /**
   * Between two numbers, by use of CPU or memory.
   *
   * @throws ConfigurationError `workload/invalid-scaling` for a minimum above the maximum, for no target, and for
   *   percentages outside 1 to 100.
   */
  public static auto(props: AutoscaleProps): Scaling {
    requireShape('Scaling.auto', props, CHECKS);
    const { min, max, cpuPercent, memoryPercent } = props;
    if (![min, max].every((count) => Number.isInteger(count) && count >= 1)) {
      refuse('Scaling.auto', props, 'a component has at least one replica', 'whole numbers from 1');
    }
    if (max > INT32_MAX) {
      refuse('Scaling.auto', props, 'Kubernetes counts replicas with 32 bits', `whole numbers up to ${INT32_MAX}`);
    }
    if (min > max) {
      refuse('Scaling.auto', props, `the minimum ${min} is above the maximum ${max}`, 'min <= max');
    }
    const targets = [cpuPercent, memoryPercent].filter((percent) => percent !== undefined);
    if (targets.length === 0 || targets.some((percent) => !Number.isInteger(percent) || percent < 1 || percent > 100)) {
      refuse(
        'Scaling.auto',
        props,
        'an autoscaler needs something to aim at',
        'cpuPercent, memoryPercent or both, 1 to 100',
      );
    }
    return new Scaling(min, max, { cpuPercent, memoryPercent });
  }

  private constructor(
    /** Replicas that are always there: the floor under an autoscaler. */
    public readonly min: number,
    /** Replicas that there may be. */
    public readonly max: number,
    private readonly targets:
      Pick<{ [K in keyof AutoscaleProps]: AutoscaleProps[K] | undefined }, 'cpuPercent' | 'memoryPercent'> | undefined,
  ) {}

  /** Whether an autoscaler decides. Then `replicas` is left out of the workload (caracal W24). */
  public get isAutoscaled(): boolean {
    return this.targets !== undefined;
  }

  /** The same scaling under a profile: dev runs one replica, rc has a smaller maximum. */
  public under(settings: ProfileSettings): Scaling {
    if (!settings.autoscaled) {
      return new Scaling(settings.minimumReplicas, settings.minimumReplicas, undefined);
    }
    const max = Math.max(this.min, Math.ceil(this.max * settings.autoscalerShare));
    return new Scaling(this.min, this.isAutoscaled ? max : this.max, this.targets);
  }

  /** The autoscaler's spec; undefined for a fixed number. */
  public toAutoscalerSpec(target: {
    readonly kind: string;
    readonly name: string;
  }): HorizontalPodAutoscalerSpec | undefined {
    if (this.targets === undefined) {
      return undefined;
    }
    const metric = (name: string, averageUtilization: number | undefined) =>
      averageUtilization === undefined
        ? []
        : [{ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } }];
    return {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: target.kind, name: target.name },
      minReplicas: this.min,
      maxReplicas: this.max,
      metrics: [...metric('cpu', this.targets.cpuPercent), ...metric('memory', this.targets.memoryPercent)],
      // Scaling down at once would end streams and strand replay files after each short peak (caracal.md 6, W27).
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    };
  }
}

function refuse(path: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({ id: 'workload/invalid-scaling', path, message, given, allowed, fix: 'correct the numbers' });
}
