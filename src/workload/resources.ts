import { check, type Checks } from '../core/checks';
import type { Finding } from '../core/errors';
import { bytes, type Cpu, type Memory, millicores } from '../core/quantity';
import type { Shape } from '../core/shape';
import type { ProfileSettings } from '../platform/profile';
import { RESOURCE_ADVICE } from './habits';

/** CPU and memory of one container. */
export interface Resources {
  /** CPU that is reserved. */
  readonly cpu: Cpu;
  /**
   * CPU that is never exceeded; `none` takes the limit away that a product or a default sets.
   * @default - no limit: idle CPU of the node may be used, and nobody is throttled
   */
  readonly cpuLimit?: Cpu | 'none';
  /** Memory that is reserved. */
  readonly memory: Memory;
  /** Memory at which the container is ended. */
  readonly memoryLimit: Memory;
}

/** Checks of `Resources`; the amounts are checked by `resourceProblems`. */
export const RESOURCE_CHECKS: Checks<Resources> = {
  cpu: check.any,
  cpuLimit: check.any,
  memory: check.any,
  memoryLimit: check.any,
};

/** Shape of `Resources`, where a spec has them. */
export const RESOURCE_SHAPE: Shape<Resources> = {
  checks: RESOURCE_CHECKS,
  required: { cpu: '"100m"', memory: '"256Mi"', memoryLimit: '"512Mi"' },
  advice: RESOURCE_ADVICE,
};

/** The resources of a product with those that the user changes; a property that is undefined changes nothing. */
export function withResources(resources: Resources, change: Partial<Resources> = {}): Resources {
  const given = Object.entries(change).filter(([, amount]) => amount !== undefined);
  return { ...resources, ...Object.fromEntries(given) };
}

/** Space on the node's disk: logs and writable layers, without volumes that have a limit of their own. */
const EPHEMERAL_REQUEST = '64Mi' as const;
const EPHEMERAL_LIMIT_MIB = 512;

/** What a container requests in dev. */
const SMALL_CPU = '25m' as const;
const SMALL_MEMORY = '128Mi' as const;

/** A container's `resources`; `scratchMiB` is disk of emptyDir volumes, which counts into the same limit. */
export function renderResources(resources: Resources, scratchMiB = 0) {
  const limit = cpuLimitOf(resources);
  return {
    requests: { cpu: resources.cpu, memory: resources.memory, 'ephemeral-storage': EPHEMERAL_REQUEST },
    limits: {
      ...(limit === undefined ? {} : { cpu: limit }),
      memory: resources.memoryLimit,
      'ephemeral-storage': `${EPHEMERAL_LIMIT_MIB + scratchMiB}Mi`,
    },
  };
}

/** The same resources under a profile: dev requests little, so that everything fits on one node. */
export function resourcesUnder(settings: ProfileSettings, resources: Resources): Resources {
  if (!settings.smallRequests) {
    return resources;
  }
  const memory = bytes(resources.memory) > bytes(SMALL_MEMORY) ? SMALL_MEMORY : resources.memory;
  return { ...resources, cpu: SMALL_CPU, memory };
}

/** Requests above limits, and quantities that Kubernetes refuses. */
export function resourceProblems(path: string, resources: Resources): Finding[] {
  const findings: Finding[] = [];
  const amount = (read: () => number): number | undefined => {
    try {
      return read();
    } catch (error) {
      findings.push(...((error as { findings?: Finding[] }).findings ?? []));
      return undefined;
    }
  };
  const above = (what: string, request: number | undefined, limit: number | undefined, given: string): void => {
    if (request !== undefined && limit !== undefined && request > limit) {
      findings.push({
        id: 'workload/request-above-limit',
        level: 'error',
        path: `${path}.${what}`,
        message: `more ${what} is requested than the limit allows`,
        given,
        fix: `raise ${what}Limit or lower ${what}`,
      });
    }
  };
  above(
    'memory',
    amount(() => bytes(resources.memory, `${path}.memory`)),
    amount(() => bytes(resources.memoryLimit, `${path}.memoryLimit`)),
    `${String(resources.memory)} of ${String(resources.memoryLimit)}`,
  );
  const cpuLimit = cpuLimitOf(resources);
  above(
    'cpu',
    amount(() => millicores(resources.cpu, `${path}.cpu`)),
    cpuLimit === undefined ? undefined : amount(() => millicores(cpuLimit, `${path}.cpuLimit`)),
    `${String(resources.cpu)} of ${String(cpuLimit)}`,
  );
  return findings;
}

function cpuLimitOf({ cpuLimit }: Resources): Cpu | undefined {
  return cpuLimit === 'none' ? undefined : cpuLimit;
}
