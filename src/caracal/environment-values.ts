import { type Rule, type Violation, violationsOf } from '../validation/rule';
import type { Component } from '../workload/component';
import { additions, everywhere, textOf } from './environment-additions';
import { READ_TIMEOUT_SECONDS } from './exposed';
import { POOL_SIZE } from './service';
import type { CaracalStack } from './stack';

const POOLS: readonly string[] = ['DB_MAX_CONNS', 'DB_POOL_MAX', 'DB_MIN_CONNS'];

/** Rules about the values of variables that users may set, where the manifests rely on them. */
export function environmentValueRules(stack: CaracalStack): Rule[] {
  return [poolSize, rangeRule(stack), gatewayTimeouts(stack), proxyTimeouts(stack)];
}

const poolSize: Rule = {
  id: 'caracal/pool-above-budget',
  level: 'error',
  acknowledgeable: false,
  judged: 'construction',
  why: `the connection budget counts ${POOL_SIZE} connections for each pod`,
  fix: 'use limits.connectionsPerPod of the stack',
  check: (model) =>
    [...additions(model), everywhere(model)].flatMap(({ path, env }) =>
      Object.entries(env)
        .filter(([name]) => POOLS.includes(name))
        .flatMap(([name, value]) =>
          violationsOf(poolSize, textOf(value), (given = '') =>
            isPoolSize(Number(given)) || (name === 'DB_MIN_CONNS' && given === '0')
              ? []
              : [{ path: `${path}.${name}`, message: 'the pool is not counted in the budget', given }],
          ),
        ),
    ),
};

function isPoolSize(size: number): boolean {
  return Number.isInteger(size) && size >= 1 && size <= POOL_SIZE;
}

// The service's own timeouts, in seconds (caracal.md 3.2).
const GATEWAY_TIMEOUTS = { STS_TIMEOUT: '5s', UPSTREAM_TIMEOUT: '30s', READ_TIMEOUT: '45s' } as const;

function gatewayTimeouts({ gateway }: CaracalStack): Rule {
  const rule: Rule = {
    id: 'caracal/gateway-timeouts',
    level: 'error',
    acknowledgeable: false,
    judged: 'construction',
    why: 'the gateway would give up on its client before the STS and the upstream have answered',
    fix: 'choose READ_TIMEOUT above STS_TIMEOUT plus UPSTREAM_TIMEOUT, each written as "45s"',
    check: ({ context }) => {
      const variables: Record<string, unknown> = { ...GATEWAY_TIMEOUTS, ...context.pods.env, ...gateway.extraEnv };
      const names = Object.keys(GATEWAY_TIMEOUTS);
      return violationsOf(
        rule,
        names.map((name) => textOf(variables[name])),
        (...texts) => {
          const [sts = NaN, upstream = NaN, read = NaN] = texts.map(goSeconds);
          return read > sts + upstream
            ? []
            : [
                {
                  path: `${gateway.node.path}.env`,
                  message: 'READ_TIMEOUT is not above STS_TIMEOUT plus UPSTREAM_TIMEOUT, or one of them is no duration',
                  given: names.map((name, index) => `${name}=${texts[index] ?? ''}`).join(', '),
                },
              ];
        },
      );
    },
  };
  return rule;
}

/** Seconds of a Go duration of hours, minutes, seconds and milliseconds; NaN for anything else. */
function goSeconds(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) {
    return Number.NaN;
  }
  const factor: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, unit = 's']) => sum + Number(amount) * (factor[unit] ?? 0),
    0,
  );
}

/** A variable that a probe, a grace period or another part of the manifests relies on. */
interface Range {
  readonly name: string;
  readonly least: number;
  readonly most: (component: Component) => number;
  readonly message: string;
  readonly fix: string;
}

/** What Node services read as a whole number, and the manifests rely on. */
const RANGES: readonly Range[] = [
  {
    name: 'SHUTDOWN_GRACE_MS',
    least: 1,
    most: ({ spec }) => (spec.shutdown?.budgetSeconds ?? 0) * 1000,
    message: 'the grace period of the pod is made for less, and the process would be killed before it is through',
    fix: 'leave it out, or give what is allowed: SHUTDOWN_GRACE_MS: "15000"',
  },
  {
    // The kubelet asks every 10 to 19 seconds; twice that is left for a second node address and for diagnostics.
    name: 'READY_RATE_LIMIT_PER_MIN',
    least: 12,
    most: () => Number.MAX_SAFE_INTEGER,
    message: 'readiness probes would be answered with 429, and the pod would leave its Service',
    fix: 'leave it out, or give at least READY_RATE_LIMIT_PER_MIN: "12"',
  },
];

function rangeRule({ api, coordinator }: CaracalStack): Rule {
  const rule: Rule = {
    id: 'caracal/variable-range',
    level: 'error',
    acknowledgeable: false,
    judged: 'construction',
    why: 'probes and grace periods of the pods are made for the values of the services',
    fix: 'leave the variable out, or give what is allowed',
    check: ({ context, path }) =>
      [api, coordinator].flatMap((component) =>
        RANGES.flatMap(({ name, least, most, message, fix }): Violation[] => {
          const own = component.extraEnv[name];
          const value = own ?? context.pods.env?.[name];
          const where = own === undefined ? `${path}.pods.env` : `${component.node.path}.env`;
          const limit = most(component);
          const allowed =
            limit === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `a whole number from ${least} to ${limit}`;
          return value === undefined
            ? []
            : violationsOf({ ...rule, fix }, textOf(value), (given = '') =>
                /^\d+$/.test(given) && Number(given) >= least && Number(given) <= limit
                  ? []
                  : [{ path: `${where}.${name}`, message: `${component.spec.component}: ${message}`, given, allowed }],
              );
        }),
      ),
  };
  return rule;
}

/** A gateway that answers later than the proxy before it waits. */
function proxyTimeouts({ gateway, publicRoutes }: CaracalStack): Rule {
  const defaults = { STREAM_IDLE_TIMEOUT: '60s', STS_TIMEOUT: '5s', UPSTREAM_TIMEOUT: '30s' } as const;
  const rule: Rule = {
    id: 'caracal/proxy-gives-up',
    level: 'warning',
    acknowledgeable: true,
    why: `Ingresses and routes wait ${READ_TIMEOUT_SECONDS} seconds for an answer; a proxy that gives up first shows the client an error`,
    fix: `keep STREAM_IDLE_TIMEOUT, and STS_TIMEOUT plus UPSTREAM_TIMEOUT, below "${READ_TIMEOUT_SECONDS}s"; or let your proxy wait longer and accept this with a reason`,
    check: ({ context }) => {
      const variables: Record<string, unknown> = { ...defaults, ...context.pods.env, ...gateway.extraEnv };
      const names = Object.keys(defaults);
      return publicRoutes.gateway === undefined
        ? []
        : violationsOf(
            rule,
            names.map((name) => textOf(variables[name])),
            (...texts) => {
              const [idle = 0, sts = 0, upstream = 0] = texts.map(goSeconds);
              return Math.max(idle, sts + upstream) < READ_TIMEOUT_SECONDS || texts.map(goSeconds).some(Number.isNaN)
                ? []
                : [
                    {
                      path: `${gateway.node.path}.env`,
                      message: 'the gateway may answer later than the proxy before it waits',
                      given: names.map((name, index) => `${name}=${texts[index] ?? ''}`).join(', '),
                    },
                  ];
            },
          );
    },
  };
  return rule;
}
