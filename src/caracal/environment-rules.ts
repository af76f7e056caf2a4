import { Deferred, type Value } from '../core/value';
import { type Rule, type StackModel, violationsOf } from '../validation/rule';
import { SecretRef } from '../secrets/secret-ref';
import type { ExtraEnv } from '../workload/env';
import { FORBIDDEN_VARIABLES, type ForbiddenVariables, READABLE_VARIABLES, SECRET_VARIABLES } from './environment';
import { POOL_SIZE } from './service';
import type { CaracalStack } from './stack';

const PROXIES = /^(?:https?|all)_proxy$/i;
const BACKEND = /^(?:CARACAL_SECRET_BACKEND|(?:CARACAL_VAULT|INFISICAL|AZURE|CUSTOM_SECRETS)_[A-Z0-9_]+)$/;
const POOLS: readonly string[] = ['DB_MAX_CONNS', 'DB_POOL_MAX'];

/** Variables that the user adds to one kind of pods. */
interface Addition {
  readonly component: string;
  readonly path: string;
  readonly env: ExtraEnv;
}

/** Rules about variables that users add: what the library cannot type, it must still not let through. */
export function environmentRules(stack: CaracalStack): Rule[] {
  return [
    forbidden,
    backendSplit(stack),
    poolSize,
    gatewayTimeouts(stack),
    proxyNotRead,
    aiProviderWithControl(stack),
    unread,
  ];
}

/** Variables that the user gives to single components and Jobs. */
function additions({ components, jobs }: StackModel): Addition[] {
  return [
    ...components.map(({ spec, node, extraEnv }) => ({
      component: spec.component,
      path: `${node.path}.env`,
      env: extraEnv,
    })),
    ...jobs.map(({ spec, node, options }) => ({
      component: spec.component,
      path: `${node.path}.env`,
      env: options.env ?? {},
    })),
  ];
}

/** Variables that the user gives to all pods; a component's own ones win over them. */
function everywhere({ path, context }: StackModel): Addition {
  return { component: '*', path: `${path}.pods.env`, env: context.pods.env ?? {} };
}

const forbidden: Rule = {
  id: 'caracal/forbidden-env',
  level: 'error',
  acknowledgeable: false,
  judged: 'construction',
  why: 'the variable is not for users',
  fix: 'use the property that it comes from',
  check: (model) => {
    const { profile } = model.context;
    return [...additions(model), everywhere(model)].flatMap(({ component, path, env }) =>
      Object.entries(env).flatMap(([name, value]) => {
        const isReference = SecretRef.isSecretRef(value);
        if (isReference && SECRET_VARIABLES[component]?.test(name) === true) {
          return [];
        }
        const row = FORBIDDEN_VARIABLES.find(
          ({ names, components, profiles }) =>
            names.test(name) &&
            (profiles?.includes(profile) ?? true) &&
            (component === '*' || (components?.includes(component) ?? true)),
        );
        const problem = isReference ? referenceProblem(name, row) : row;
        return problem === undefined
          ? []
          : [{ path: `${path}.${name}`, message: `${name} cannot be set here`, why: problem.why, fix: problem.fix }];
      }),
    );
  },
};

/** Why a variable is no reference to a Secret, where the component does not need one. */
function referenceProblem(name: string, row: ForbiddenVariables | undefined): Pick<ForbiddenVariables, 'why' | 'fix'> {
  const readBy = Object.keys(SECRET_VARIABLES).filter((component) => SECRET_VARIABLES[component]?.test(name));
  if (readBy.length > 0) {
    return { why: `it is read by ${readBy.join(', ')} only`, fix: 'give it to such a component, or leave it out' };
  }
  if (row?.fromFile === true) {
    return {
      why: 'this secret is read from a file, which no listing of variables and no child process shows; a variable would win over the file',
      fix: row.fix,
    };
  }
  return (
    row ?? {
      why: 'a reference is for secrets without a file form (keys of AI providers on api, AWS keys on api, sts and audit); the checks of all other variables need their value',
      fix: 'give the value, or mount the Secret with `volumes`',
    }
  );
}

function backendSplit({ api, sts }: CaracalStack): Rule {
  const rule: Rule = {
    id: 'caracal/secret-backend-split',
    level: 'error',
    acknowledgeable: false,
    judged: 'construction',
    why: 'the api stores credentials that the STS must be able to read',
    fix: 'give api and sts the same variable with the same value',
    check: () => {
      const ofApi = api.extraEnv;
      const ofSts = sts.extraEnv;
      const names = [...new Set([...Object.keys(ofApi), ...Object.keys(ofSts)])].filter((name) => BACKEND.test(name));
      return names.flatMap((name) =>
        violationsOf(rule, [textOf(ofApi[name]), textOf(ofSts[name])], (one, other) =>
          one === other ? [] : [{ path: `${api.node.path}.env.${name}`, message: `api and sts differ in ${name}` }],
        ),
      );
    },
  };
  return rule;
}

/** What JavaScript gave, as text; a value that is known only at deployment stays one. */
function textOf(value: unknown): Value<string> {
  return Deferred.isDeferred(value) ? (value as Deferred<string>) : String(value);
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
            isPoolSize(Number(given))
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

const proxyNotRead: Rule = {
  id: 'caracal/proxy-not-read',
  level: 'warning',
  acknowledgeable: true,
  why: 'api, sts and gateway do not read proxy variables, so egress through a proxy alone does not work for them',
  fix: 'let them reach their targets directly: egress of the stack',
  check: (model) => {
    const shared = model.context.pods.env ?? {};
    return model.components
      .filter(({ spec }) => ['api', 'sts', 'gateway'].includes(spec.component))
      .filter(({ extraEnv }) => Object.keys({ ...shared, ...extraEnv }).some((name) => PROXIES.test(name)))
      .map(({ node, spec }) => ({
        path: node.path,
        message: `${spec.component} does not use the proxy that it is told of`,
      }));
  },
};

function aiProviderWithControl({ api }: CaracalStack): Rule {
  return {
    id: 'caracal/ai-provider-with-control',
    level: 'warning',
    acknowledgeable: true,
    why: 'with control on, model calls go through the gateway; a provider that the api knows itself is called past it only while control is off',
    fix: 'register the provider in the platform instead, or switch control off',
    check: () =>
      api.spec.env.CARACAL_CONTROL_ENABLED === 'true'
        ? Object.keys(api.extraEnv)
            .filter((name) => name.startsWith('API_OPERATOR_AI_'))
            .map((name) => ({
              path: `${api.node.path}.env.${name}`,
              message: 'an AI provider is configured beside the control plane',
            }))
        : [],
  };
}

const unread: Rule = {
  id: 'caracal/unread-env',
  level: 'warning',
  acknowledgeable: true,
  why: 'a variable that nobody reads changes nothing, and is most often misspelt',
  fix: 'correct the name, or accept it with a reason where a newer release reads it',
  check: (model) =>
    additions(model).flatMap(({ component, path, env }) =>
      Object.keys(env)
        .filter((name) => READABLE_VARIABLES[component]?.test(name) === false && !PROXIES.test(name))
        .filter((name) => !FORBIDDEN_VARIABLES.some(({ names }) => names.test(name)))
        .map((name) => ({ path: `${path}.${name}`, message: `${component} does not read ${name}` })),
    ),
};
