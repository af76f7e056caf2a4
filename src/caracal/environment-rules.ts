import type { ProfileName } from '../platform/profile';
import type { Rule } from '../validation/rule';
import { SecretRef } from '../secrets/secret-ref';
import { FORBIDDEN_VARIABLES, type ForbiddenVariables, SECRET_VARIABLES } from './environment';
import { additions, everywhere } from './environment-additions';
import { environmentValueRules } from './environment-values';
import { isOfProduct, readsVariable } from './read-variables';
import type { CaracalStack } from './stack';

const PROXIES = /^(?:https?|all)_proxy$/i;

/** Rules about variables that users add: what the library cannot type, it must still not let through. */
export function environmentRules(stack: CaracalStack): Rule[] {
  return [forbidden, ...environmentValueRules(stack), proxyNotRead, aiProviderWithControl(stack), unread];
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
        if (isReference && (isOwn(component) || SECRET_VARIABLES[component]?.test(name) === true)) {
          return [];
        }
        const row = rowOf(component, name, profile) ?? strayedSecret(component, name);
        const problem = isReference ? referenceProblem(name, row) : row;
        return problem === undefined
          ? []
          : [{ path: `${path}.${name}`, message: `${name} cannot be set here`, why: problem.why, fix: problem.fix }];
      }),
    );
  },
};

/** A component of the user's own, which has settings of its own. */
function isOwn(component: string): boolean {
  return component !== '*' && !isOfProduct(component);
}

/** The row that refuses a variable. */
function rowOf(component: string, name: string, profile: ProfileName): ForbiddenVariables | undefined {
  return FORBIDDEN_VARIABLES.find(
    ({ names, components, profiles, isSecret = false }) =>
      names.test(name) &&
      (profiles?.includes(profile) ?? true) &&
      (component === '*' || (components?.includes(component) ?? true)) &&
      (isSecret || !isOwn(component)),
  );
}

const SECRET_NAME = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)$/;

/** A name that says it is a secret, and that the component does not read: it would be published for nothing. */
function strayedSecret(component: string, name: string): Pick<ForbiddenVariables, 'why' | 'fix'> | undefined {
  return SECRET_NAME.test(name) && (component === '*' || readsVariable(component, name) === false)
    ? {
        why: 'its name says that it is a secret, which would stand in the manifest in plain text',
        fix: 'leave it out: secrets come from the secret source, signIn and secretBackend of the stack',
      }
    : undefined;
}

/** Why a variable is no reference to a Secret, where the component does not need one. */
function referenceProblem(
  name: string,
  row: (Pick<ForbiddenVariables, 'why' | 'fix'> & Partial<ForbiddenVariables>) | undefined,
): Pick<ForbiddenVariables, 'why' | 'fix'> {
  if (row?.components !== undefined) {
    return row;
  }
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
      why: 'a reference is for secrets without a file form (keys of AI providers on api, AWS keys on audit); the checks of all other variables need their value',
      fix: 'give the value, or mount the Secret with `volumes`',
    }
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
        .filter((name) => readsVariable(component, name) === false && !PROXIES.test(name))
        .filter(
          (name) => (rowOf(component, name, model.context.profile) ?? strayedSecret(component, name)) === undefined,
        )
        .map((name) => ({ path: `${path}.${name}`, message: `${component} does not read ${name}` })),
    ),
};
