/** The rules of `workloads.json` that hold for every pod, one check per rule id. */
import { type Row, section } from '../contract/data';
import { rowsOf } from './support-env';
import { type KubeObject, mountsOf, type PodView } from './support-objects';
import { type Built, FILES } from './support-world';

const SELECTOR = ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name'];
/** One key more: two Services with one selector are refused by admission policies. */
const HEADLESS = [...SELECTOR, 'cdk8s-selfhosted/pod-names'];
const READABLE_BY_GROUP = 0o440;

type PodRule = (view: PodView, built: Built) => boolean;

const isService = (component: string): boolean =>
  section(FILES, 'vocabulary', 'components').some((row) => row.id === component && row.role === 'service');
const isStateful = ({ workload }: PodView): boolean => workload.kind === 'StatefulSet';
const serviceOf = ({ component }: PodView, { emitted, templates }: Built) =>
  emitted.find('Service', `${String(templates.instance)}-${component}`);

/** Whether a Service leads to the one port of these pods, and to no others. */
function leadsTo(service: KubeObject, { main, template }: PodView, keys: readonly string[] = SELECTOR): boolean {
  const [port, ...more] = service.spec.ports as { port: number; targetPort: string | number; protocol?: string }[];
  const [listening] = main.ports ?? [];
  const selector = Object.entries(service.spec.selector as Record<string, string>);
  return (
    more.length === 0 &&
    port?.port === listening?.containerPort &&
    port?.targetPort === listening?.name &&
    [port?.protocol, listening?.protocol].every((protocol) => protocol === undefined || protocol === 'TCP') &&
    selector.length === keys.length &&
    selector.every(([key, value]) => keys.includes(key) && template.metadata.labels[key] === value)
  );
}

/** What each rule means for one pod. A rule of the data without a check here fails the suite. */
const CHECKS: Readonly<Record<string, PodRule>> = {
  podSecurity: ({ pod }) =>
    pod.securityContext?.runAsNonRoot === true &&
    pod.securityContext.seccompProfile?.type === 'RuntimeDefault' &&
    [...(pod.initContainers ?? []), ...pod.containers].every(
      ({ securityContext }) =>
        securityContext?.allowPrivilegeEscalation === false &&
        securityContext.readOnlyRootFilesystem === true &&
        JSON.stringify(securityContext.capabilities) === '{"drop":["ALL"]}' &&
        securityContext.runAsUser !== 0,
    ),
  numericUser: ({ pod }) => typeof pod.securityContext?.runAsUser === 'number',
  noToken: ({ pod }) => pod.automountServiceAccountToken === false,
  noServiceLinks: ({ pod }) => pod.enableServiceLinks === false,
  ownAccount: (view, { emitted }) => {
    const account = view.pod.serviceAccountName;
    const users = emitted.pods.filter(({ pod }) => pod.serviceAccountName === account);
    return (
      account !== undefined &&
      account !== 'default' &&
      users.length === 1 &&
      emitted.find('ServiceAccount', account) !== undefined
    );
  },
  secretMode: ({ pod }) =>
    (pod.volumes ?? [])
      .map(({ secret, projected }) => secret ?? projected)
      .every((source) => source === undefined || source.defaultMode === READABLE_BY_GROUP),
  fsGroupChange: (view) =>
    !mountsOf(view).some(({ kind }) => kind === 'pvc') ||
    view.pod.securityContext?.fsGroupChangePolicy === 'OnRootMismatch',
  noVendorOverride: ({ component, main }) =>
    !['postgres', 'redis'].includes(component) || main.workingDir === undefined,
  claimLabels: ({ workload }) =>
    ((workload.spec.volumeClaimTemplates ?? []) as { metadata: { labels?: Record<string, string> } }[]).every(
      ({ metadata }) => Object.keys(metadata.labels ?? {}).every((key) => SELECTOR.includes(key)),
    ),
  selectorLabels: ({ workload, template }) => {
    if (workload.kind === 'Job') return true;
    const labels = workload.spec.selector.matchLabels as Record<string, string>;
    return (
      JSON.stringify(Object.keys(labels).sort()) === JSON.stringify(SELECTOR) &&
      Object.entries(labels).every(([key, value]) => template.metadata.labels[key] === value)
    );
  },
  headless: (view, { emitted }) => {
    const service = emitted.find('Service', view.workload.spec.serviceName);
    return !isStateful(view) || (service?.spec.clusterIP === 'None' && leadsTo(service, view, HEADLESS));
  },
  parallel: (view) => !isStateful(view) || view.workload.spec.podManagementPolicy === 'Parallel',
  claimRetention: (view) => {
    const policy = view.workload.spec.persistentVolumeClaimRetentionPolicy;
    return !isStateful(view) || (policy?.whenScaled === 'Retain' && policy?.whenDeleted !== undefined);
  },
  rollout: ({ workload, component }) =>
    workload.kind !== 'Deployment' ||
    !isService(component) ||
    (workload.spec.strategy.type === 'RollingUpdate' &&
      workload.spec.strategy.rollingUpdate.maxUnavailable === 0 &&
      workload.spec.strategy.rollingUpdate.maxSurge === 1),
  serviceName: (view, built) => {
    if (view.workload.kind === 'Job') return serviceOf(view, built) === undefined;
    return /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(serviceOf(view, built)?.metadata.name ?? '');
  },
  servicePort: (view, built) => {
    const service = serviceOf(view, built);
    if (view.workload.kind === 'Job' || service === undefined) return view.workload.kind === 'Job';
    const named = !isService(view.component) || service.spec.ports[0]?.targetPort === 'http';
    return service.spec.type === 'ClusterIP' && named && leadsTo(service, view);
  },
  spread: ({ workload, pod, component }, { world }) => {
    const constraints = pod.topologySpreadConstraints ?? [];
    if (world.profile === 'dev' || !isService(component)) return constraints.length === 0;
    const hard = world.profile === 'production' && workload.kind === 'Deployment';
    const ofZones = 'topology.kubernetes.io/zone';
    const revision = workload.kind === 'Deployment' ? ['pod-template-hash'] : undefined;
    const wanted = [
      ...(hard ? [`${ofZones} DoNotSchedule`] : []),
      `${ofZones} ScheduleAnyway`,
      'kubernetes.io/hostname ScheduleAnyway',
    ];
    return (
      constraints.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`).join() ===
        wanted.join() &&
      constraints.every(
        (each) =>
          JSON.stringify(each.labelSelector) === JSON.stringify({ matchLabels: workload.spec.selector.matchLabels }) &&
          JSON.stringify(each.matchLabelKeys) === JSON.stringify(revision) &&
          (each.whenUnsatisfiable === 'DoNotSchedule' || each.maxSkew === 1) &&
          each.nodeTaintsPolicy === 'Honor' &&
          each.minDomains === undefined,
      )
    );
  },
  noEmptyCommand: ({ main }) => !/caracal-go[:@]/.test(main.image ?? '') || (main.command ?? []).length > 0,
};

/** Rules that no check here knows, and checks without a rule: the data and this file must keep step. */
export function unknownRules(): string[] {
  const ids = section(FILES, 'workloads', 'podRules').map((row) => String(row.id));
  return [...ids.filter((id) => CHECKS[id] === undefined), ...Object.keys(CHECKS).filter((id) => !ids.includes(id))];
}

/** Every rule on every pod. */
export function podRuleDifferences(built: Built): string[] {
  return rowsOf(built, 'workloads', 'podRules').flatMap((row: Row) => {
    const check = CHECKS[String(row.id)];
    return built.emitted.pods
      .filter((view) => check?.(view, built) === false)
      .map(({ component }) => `${component}: ${String(row.id)}: ${String(row.rule)}`);
  });
}
