import { isBranded } from '../core/brand';
import type { ConfigurationError } from '../core/errors';
import { bytes } from '../core/quantity';
import { ingressRules } from '../validation/ingress-rules';
import { type Rule, violationsOf } from '../validation/rule';
import { withResources } from '../workload/resources';
import { closedToClientsRule } from './clients-rule';
import { CARACAL_EDGES } from './edges';
import { environmentRules } from './environment-rules';
import { noEffectRule } from './no-effect-rule';
import type { CaracalSettings } from './settings';
import type { CaracalStack } from './stack';

/** Rules of Caracal that only the finished tree can answer. */
export function caracalRules(stack: CaracalStack, settings: CaracalSettings): Rule[] {
  return [
    connectionBudgetRule(stack),
    gatewayUpstreamsRule(stack),
    gatewayPathsRule(stack),
    closedToClientsRule(stack),
    exposedPasswordRule(stack),
    scaledReplayRule(stack),
    memoryTargetRule(stack),
    placeholderHostRule(stack),
    noEffectRule(settings),
    ...ingressRules(stack.exposure, () => Object.values(stack.publicRoutes)),
    ...environmentRules(stack),
  ];
}

/** Two services that a scale-down leaves replay files of. */
function scaledReplayRule(stack: CaracalStack): Rule {
  return {
    id: 'caracal/scaled-replay',
    level: 'warning',
    acknowledgeable: true,
    why: 'replay files are sent only when the same pod starts again, so those of a replica that was scaled away wait on its volume',
    fix: 'accept it with the alert on replay volumes, or use Scaling.fixed(...) for the component',
    check: () =>
      [stack.sts, stack.gateway]
        .filter(({ spec, scaling }) => spec.kind === 'StatefulSet' && scaling.max > scaling.min)
        .map(({ node, scaling }) => ({
          path: node.path,
          message: `between ${scaling.min} and ${scaling.max} replicas, scaling down can strand audit events after a Redis outage`,
        })),
  };
}

function connectionBudgetRule(stack: CaracalStack): Rule {
  return {
    id: 'caracal/connection-budget',
    level: 'error',
    acknowledgeable: true,
    judged: 'construction',
    why: 'the database refuses connections exactly when the autoscalers have answered a peak',
    fix: 'raise max_connections, lower the pools (limits.connectionsPerPod, and connectionsPerPod of components of your own), or lower the maximum of a component (sts: { scaling: Scaling.auto({ min: 2, max: 4, cpuPercent: 70 }) })',
    check: ({ path }) => {
      const budget = stack.connectionBudget();
      return budget.needed <= budget.available
        ? []
        : [
            {
              path,
              message: `up to ${budget.needed} connections may be opened: ${budget.pods} by pods at their maximum, ${budget.surge} by a rollout, ${budget.jobs} by Jobs, ${budget.reserved} reserved`,
              given: `maxConnections: ${budget.available}`,
              allowed: `at least ${budget.needed}`,
            },
          ];
    },
  };
}

function gatewayUpstreamsRule(stack: CaracalStack): Rule {
  const own = new Set(
    CARACAL_EDGES.filter(({ from, to }) => from === 'gateway' && to !== 'upstreams').map(({ reason }) => reason),
  );
  return {
    id: 'caracal/gateway-without-upstreams',
    level: 'warning',
    acknowledgeable: true,
    why: 'every governed call would be refused by the network policy',
    fix: 'name the services: stack.gateway.connections.allowTo(Peer.cidr("..."), { port: Port.tcp(443), reason: "..." }), or egress.gateway',
    check: () => {
      const upstreams = stack.gateway.connections.flows.filter(
        ({ from, reason, through }) =>
          from === stack.gateway.serviceName &&
          through === undefined &&
          !own.has(reason) &&
          reason !== 'resolves names',
      );
      return upstreams.length > 0
        ? []
        : [{ path: stack.gateway.node.path, message: 'the gateway may call no service' }];
    },
  };
}

/** A gateway whose every path is public: its own routes too, behind nothing but their tokens. */
function gatewayPathsRule(stack: CaracalStack): Rule {
  return {
    id: 'caracal/gateway-catch-all',
    level: 'warning',
    acknowledgeable: true,
    why: 'a route cannot leave paths out, so /internal, /metrics and /ready of the gateway are public too; /internal and /metrics want tokens, /ready answers everybody',
    fix: 'name the prefixes of your upstreams: gatewayPaths: ["/mcp"]',
    check: () =>
      stack.gatewayPaths.includes('/')
        ? [{ path: stack.gateway.node.path, message: 'every path of the gateway is public' }]
        : [],
  };
}

/** Sign-up by password that more people than the laptop's user can reach. */
function exposedPasswordRule({ web, publicRoutes }: CaracalStack): Rule {
  return {
    id: 'caracal/exposed-password-sign-in',
    level: 'warning',
    acknowledgeable: true,
    why: 'nothing proves an address: whoever registers one of operators first administers the platform',
    fix: 'reach the console by kubectl port-forward, or sign in with SignIn.github(), SignIn.google() or SignIn.smtp({ ... })',
    check: () =>
      publicRoutes.console !== undefined && web.spec.env.NODE_ENV === 'development'
        ? [{ path: web.node.path, message: 'the console is exposed, and takes accounts without a proof' }]
        : [],
  };
}

/** Verifying secrets takes 337 MB under the least load, so a small request keeps the autoscaler at its maximum. */
function memoryTargetRule(stack: CaracalStack): Rule {
  const least = '1Gi' as const;
  return {
    id: 'caracal/sts-memory-target',
    level: 'error',
    acknowledgeable: false,
    judged: 'construction',
    why: 'the STS holds at least 337 MB under load and 792 MB at peak, so an autoscaler with a memory target would stay at its maximum',
    fix: `request at least ${least}, or scale the STS by CPU alone`,
    check: () => {
      const { sts } = stack;
      const { memory } = withResources(sts.spec.resources, sts.options.resources);
      return sts.scaling.memoryPercent !== undefined && isBelow(memory, least)
        ? [{ path: sts.node.path, message: 'the memory target is measured against a small request', given: memory }]
        : [];
    },
  };
}

function isBelow(memory: Parameters<typeof bytes>[0], least: Parameters<typeof bytes>[0]): boolean {
  try {
    return bytes(memory) < bytes(least);
  } catch (error) {
    if (isBranded<ConfigurationError>(error, 'ConfigurationError')) {
      return false; // the component reports a quantity that is none
    }
    throw error;
  }
}

/** Hosts that the vendor's own values use as placeholders. */
function placeholderHostRule(stack: CaracalStack): Rule {
  const placeholder = /^(postgres|redis)\.default(\.svc(\.cluster\.local)?)?\.?$/i;
  const rule: Rule = {
    id: 'caracal/placeholder-host',
    level: 'error',
    acknowledgeable: false,
    judged: 'construction',
    why: 'this is the placeholder of the vendor, not a server of yours',
    fix: 'give the host of your own server',
    check: ({ path }) =>
      (['postgres', 'redis'] as const).flatMap((server) =>
        violationsOf(rule, stack[server].host, (host = '') =>
          placeholder.test(host)
            ? [{ path: `${path}.${server}`, message: 'the host is a placeholder', given: host }]
            : [],
        ),
      ),
  };
  return rule;
}
