import type { ApiClient } from './client';
import type { KubeObject } from './objects';

/** What a service account may do, as the API server's answer lists it. */
interface Rules {
  readonly resourceRules: readonly unknown[];
  readonly nonResourceRules: readonly unknown[];
}

/**
 * Checks that every service account of a namespace may do what each account may and nothing else.
 * This asks what `kubectl auth can-i --list` asks, as the account in question.
 *
 * @param declared what accounts may do beyond that, by name of the account; none of Caracal's needs anything
 */
export async function permissionProblems(
  client: ApiClient,
  namespace: string,
  declared: Readonly<Record<string, readonly string[]>> = {},
): Promise<string[]> {
  // An account that nobody ever bound to anything shows what all accounts may do.
  const common = new Set(await permissionsOf(client, namespace, 'account-without-any-binding'));
  const { items } = await client.list<KubeObject>(`/api/v1/namespaces/${namespace}/serviceaccounts`);
  const found = await Promise.all(
    items.map(async ({ metadata: { name } }) => {
      const own = (await permissionsOf(client, namespace, name)).filter((rule) => !common.has(rule));
      const wanted = declared[name] ?? [];
      return [
        ...own
          .filter((rule) => !wanted.includes(rule))
          .map((rule) => `ServiceAccount ${namespace}/${name} may ${rule}`),
        ...wanted
          .filter((rule) => !own.includes(rule))
          .map((rule) => `ServiceAccount ${namespace}/${name} lacks ${rule}`),
      ];
    }),
  );
  return found.flat();
}

async function permissionsOf(client: ApiClient, namespace: string, account: string): Promise<string[]> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  };
  const as = {
    user: `system:serviceaccount:${namespace}:${account}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const { status } = await client.call<{ status: Rules }>('POST', path, review, { as });
  return [...status.resourceRules, ...status.nonResourceRules].map((rule) => JSON.stringify(rule));
}
