import { containersOf } from './pod-specs';
import { at, entriesOf, fieldsOf, type Untyped } from './untyped';

/** Sources of volumes that Pod Security `restricted` admits. */
const ADMITTED_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'name',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const PROFILES = ['RuntimeDefault', 'Localhost'];

/**
 * What the admission of Kubernetes would say against a pod under Pod Security `restricted`, in words; empty where it
 * admits the pod. Rules that only Windows or SELinux have are left to the API server.
 */
export function restrictedProblems(spec: Untyped): string[] {
  const pod = fieldsOf(spec.securityContext);
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true),
    ...entriesOf(spec.volumes).flatMap((volume) =>
      Object.keys(fieldsOf(volume))
        .filter((source) => !ADMITTED_VOLUMES.has(source))
        .map((source) => `a ${source} volume`),
    ),
    ...(pod.runAsUser === 0 ? ['runs as root (runAsUser: 0)'] : []),
    ...containersOf(spec).flatMap(({ name, container }) =>
      containerProblems(pod, container).map((problem) => `"${name}" ${problem}`),
    ),
  ];
}

function containerProblems(pod: Untyped, container: Untyped): string[] {
  const own = fieldsOf(container.securityContext);
  const added = entriesOf(at(own, 'capabilities', 'add')).filter((each) => each !== 'NET_BIND_SERVICE');
  const hasHostPort = entriesOf(container.ports).some((port) => Boolean(at(port, 'hostPort')));
  const problems: readonly [boolean, string][] = [
    [own.privileged === true, 'is privileged'],
    [own.allowPrivilegeEscalation !== false, 'lacks allowPrivilegeEscalation: false'],
    [!entriesOf(at(own, 'capabilities', 'drop')).includes('ALL'), 'lacks capabilities.drop: ["ALL"]'],
    [added.length > 0, `adds capabilities ${added.map(String).join(', ')}`],
    [(own.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'lacks runAsNonRoot: true'],
    [own.runAsUser === 0, 'runs as root (runAsUser: 0)'],
    [
      !PROFILES.includes(String(at(own, 'seccompProfile', 'type') ?? at(pod, 'seccompProfile', 'type'))),
      'lacks seccompProfile.type: "RuntimeDefault"',
    ],
    [own.procMount !== undefined && own.procMount !== 'Default', 'changes procMount'],
    [hasHostPort, 'takes a port of its node (hostPort)'],
  ];
  return problems.flatMap(([isThere, text]) => (isThere ? [text] : []));
}
