import { check, type Checks } from '../core/checks';
import { code } from '../core/code';
import { type Finding, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { COORDINATOR_LIMITS, type CoordinatorLimits } from './coordinator';
import type { CaracalService } from './mode';
import type { CaracalLimits } from './props';

/** A pod needs a connection for each thing that it does at once; audit holds two as a leader, sts one to listen. */
const LEAST_POOL = 4;
const LARGEST_POOL = 100;

/** Checks of `connectionsPerPod`. */
export const POOL_CHECKS: Checks<Record<CaracalService, number>> = {
  api: check.count,
  sts: check.count,
  gateway: check.count,
  audit: check.count,
  coordinator: check.count,
  web: check.count,
};

/** Checks of the limits of the coordinator. */
export const COORDINATOR_LIMIT_CHECKS: Checks<CoordinatorLimits> = {
  idempotencyRetentionSeconds: check.count,
  generatedIdempotencyRetentionSeconds: check.count,
  maxReceiptsPerScope: check.count,
  sessionRetentionDays: check.count,
  bodyLimitBytes: check.count,
};

/** Limits that the services would not take. */
export function limitProblems(path: string, limits: CaracalLimits): Finding[] {
  const { connectionsPerPod = {}, coordinator = {}, privateEgressHosts = [], gatewayUpstreamHosts } = limits;
  const problem = (property: string, message: string, given: unknown, fix: string): Finding => ({
    id: 'caracal/invalid-limit',
    level: 'error',
    path: `${path}.${property}`,
    message,
    given: show(given),
    fix,
  });
  const pools = Object.entries(connectionsPerPod)
    .filter(([, size]) => size < LEAST_POOL || size > LARGEST_POOL)
    .map(([service, size]) =>
      problem(
        `connectionsPerPod.${service}`,
        `a pool has ${LEAST_POOL} to ${LARGEST_POOL} connections`,
        size,
        'choose a number in that range',
      ),
    );
  const tooSmall = Object.entries(COORDINATOR_LIMITS).flatMap(([name, { least }]) => {
    const value = coordinator[name as keyof CoordinatorLimits];
    return value === undefined || value >= least
      ? []
      : [problem(`coordinator.${name}`, `the coordinator takes ${least} or more`, value, 'choose a larger number')];
  });
  const poll = limits.policyPollSeconds;
  const zero = (['mintsPerMinute', 'apiRequestsPerMinute', 'auditRetentionDays'] as const).filter(
    (key) => limits[key] === 0,
  );
  const hosts = (property: 'privateEgressHosts' | 'gatewayUpstreamHosts', list: readonly string[]): Finding[] =>
    list.flatMap((host, index) =>
      dnsNameProblem(host.replace(/^\*\./, '').replace(/:\d{1,5}$/, '')) === undefined
        ? []
        : [problem(`${property}[${index}]`, 'this is not a host', host, hostFix(host))],
    );
  return [
    ...(poll !== undefined && (poll < 1 || poll > 300)
      ? [problem('policyPollSeconds', 'the STS takes 1 to 300 seconds', poll, 'choose a number in that range')]
      : []),
    ...zero.map((key) => problem(key, 'zero would stop the service', limits[key], 'give a positive number')),
    ...hosts('privateEgressHosts', privateEgressHosts),
    ...hosts('gatewayUpstreamHosts', gatewayUpstreamHosts ?? []),
    ...pools,
    ...tooSmall,
    ...(gatewayUpstreamHosts?.length === 0
      ? [
          problem(
            'gatewayUpstreamHosts',
            'an empty list reads as no restriction, not as nobody',
            gatewayUpstreamHosts,
            'leave it out, or close the gateway by its network: egress.gateway',
          ),
        ]
      : []),
  ];
}

function hostFix(given: string): string {
  const host = URL.canParse(given) ? new URL(given).hostname : given.toLowerCase().replace(/\/.*$/, '');
  return host !== given && dnsNameProblem(host) === undefined
    ? `write ${code(host)}`
    : 'give host names without scheme and path';
}
