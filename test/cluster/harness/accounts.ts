import type { ControlPlane } from './control-plane';
import type { KubeObject } from './objects';
import { COMPONENT_LABEL } from './selectors';

/**
 * What the accounts of a platform may do beyond what every account may, by component: lines of `kubectl auth can-i --list`
 * with one space between columns, such as `secrets [] [] [get]`.
 */
export type DeclaredPermissions = Readonly<Record<string, readonly string[]>>;

/** An account that nobody ever bound to anything shows what all accounts may do. */
const UNBOUND = 'account-without-any-binding';

/**
 * Checks that every service account of a namespace may do what is declared and nothing else, by what
 * `kubectl auth can-i --list` prints for it. An account without a component, as the namespace's default one, may do nothing.
 *
 * @param declared must name exactly the components that have an account
 */
export async function permissionProblems(
  plane: ControlPlane,
  namespace: string,
  declared: DeclaredPermissions,
): Promise<string[]> {
  const common = new Set(await permissionsOf(plane, namespace, UNBOUND));
  const { items } = await plane.client.list<KubeObject>(`/api/v1/namespaces/${namespace}/serviceaccounts`);
  const componentOf = ({ metadata }: KubeObject): string | undefined => metadata.labels?.[COMPONENT_LABEL];
  const found = items.map(async (account) => {
    const title = `ServiceAccount ${namespace}/${account.metadata.name}`;
    const component = componentOf(account);
    const wanted = component === undefined ? [] : declared[component];
    if (!wanted) return [`${title}: nobody declared what ${component} may do`];
    const own = (await permissionsOf(plane, namespace, account.metadata.name)).filter((line) => !common.has(line));
    return [
      ...own.filter((line) => !wanted.includes(line)).map((line) => `${title} may ${line}`),
      ...wanted.filter((line) => !own.includes(line)).map((line) => `${title} lacks ${line}`),
    ];
  });
  const missing = Object.keys(declared).filter((component) => !items.some((one) => componentOf(one) === component));
  return [...(await Promise.all(found)).flat(), ...missing.map((component) => `${component} has no ServiceAccount`)];
}

async function permissionsOf({ kubectl }: ControlPlane, namespace: string, account: string): Promise<string[]> {
  const user = `system:serviceaccount:${namespace}:${account}`;
  const args = ['auth', 'can-i', '--list', '--no-headers', '--namespace', namespace, '--as', user];
  const { code, stdout, stderr } = await kubectl.run(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with code ${code}: ${stderr}`);
  const lines = stdout.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
  return lines.filter((line) => line !== '');
}
