import { brand } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { INT32_MAX } from '../core/quantity';
import type { HorizontalPodAutoscalerSpec } from '../core/kubernetes';
import type { ProfileSettings } from '../platform/profile';
import { SCALING_MAKING } from './makings';

/** Bounds of a number of replicas that changes. */
export interface ScalingBounds {
  /** Fewest replicas: the floor that stays available. */
  readonly min: number;
  /** Most replicas. The database's connection budget counts with it. */
  readonly max: number;
}

/** Bounds and targets of an autoscaler. */
export interface AutoscaleProps extends ScalingBounds {
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
const BOUND_CHECKS: Checks<ScalingBounds> = { min: check.any, max: check.any };
const CHECKS: Checks<AutoscaleProps> = {
  ...BOUND_CHECKS,
  cpuPercent: check.any,
  memoryPercent: check.any,
};

/** What an autoscaler of ours aims at. */
type Targets = { readonly [K in Exclude<keyof AutoscaleProps, keyof ScalingBounds>]: AutoscaleProps[K] | undefined };

/** How many replicas a component has. Immutable. */
export class Scaling {
  static {
    brand(this, 'Scaling', SCALING_MAKING);
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
    requireBounds('Scaling.auto', props);
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

  /**
   * Between two numbers, decided by somebody else: KEDA, or another autoscaler that you run. The workload names no number
   * of replicas and gets no HorizontalPodAutoscaler. Give the other one the same two numbers: everything here counts with
   * them (the connection budget with the maximum; drains, zones and alerts with the minimum).
   *
   * @throws ConfigurationError `workload/invalid-scaling` for a minimum of none or above the maximum.
   */
  public static external(props: ScalingBounds): Scaling {
    requireShape('Scaling.external', props, BOUND_CHECKS);
    requireBounds('Scaling.external', props);
    return new Scaling(props.min, props.max, 'external');
  }

  private constructor(
    /** Replicas that are always there: the floor under an autoscaler. */
    public readonly min: number,
    /** Replicas that there may be. */
    public readonly max: number,
    private readonly decider: Targets | 'external' | undefined,
  ) {}

  /** Whether an autoscaler decides, ours or another. Then `replicas` is left out of the workload (caracal W24). */
  public get isAutoscaled(): boolean {
    return this.decider !== undefined;
  }

  /** Average memory use that an autoscaler of ours aims at, in percent; undefined where memory decides nothing. */
  public get memoryPercent(): number | undefined {
    return typeof this.decider === 'object' ? this.decider.memoryPercent : undefined;
  }

  /** The same scaling under a profile: dev runs one replica, rc has a smaller maximum. */
  public under(settings: ProfileSettings): Scaling {
    if (!settings.autoscaled) {
      return new Scaling(settings.minimumReplicas, settings.minimumReplicas, undefined);
    }
    const max = Math.max(this.min, Math.ceil(this.max * settings.autoscalerShare));
    return new Scaling(this.min, this.isAutoscaled ? max : this.max, this.decider);
  }

  /**
   * The autoscaler's spec; undefined for a fixed number and where somebody else scales.
   *
   * @param target The workload, and its container whose use counts. Other containers of the pods do not: one that a mesh
   *   injects has its own load, and without a request it would stop the autoscaler altogether.
   */
  public toAutoscalerSpec(target: {
    readonly kind: string;
    readonly name: string;
    readonly container: string;
  }): HorizontalPodAutoscalerSpec | undefined {
    const { decider } = this;
    if (typeof decider !== 'object') {
      return undefined;
    }
    const { container } = target;
    const metric = (name: string, averageUtilization: number | undefined) =>
      averageUtilization === undefined
        ? []
        : [
            {
              type: 'ContainerResource',
              containerResource: { container, name, target: { type: 'Utilization', averageUtilization } },
            },
          ];
    return {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: target.kind, name: target.name },
      minReplicas: this.min,
      maxReplicas: this.max,
      metrics: [...metric('cpu', decider.cpuPercent), ...metric('memory', decider.memoryPercent)],
      // Scaling down at once would end streams and strand replay files after each short peak (caracal.md 6, W27).
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    };
  }
}

/** Refuses bounds that no workload can keep. */
function requireBounds(path: string, props: ScalingBounds): void {
  const { min, max } = props;
  if (![min, max].every((count) => Number.isInteger(count) && count >= 1)) {
    refuse(path, props, 'a component has at least one replica', 'whole numbers from 1');
  }
  if (max > INT32_MAX) {
    refuse(path, props, 'Kubernetes counts replicas with 32 bits', `whole numbers up to ${INT32_MAX}`);
  }
  if (min > max) {
    refuse(path, props, `the minimum ${min} is above the maximum ${max}`, 'min <= max');
  }
}

function refuse(path: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({ id: 'workload/invalid-scaling', path, message, given, allowed, fix: 'correct the numbers' });
}
