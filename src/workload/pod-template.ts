import type { Container, PodSpec, PodTemplate, Volume, VolumeMount } from '../core/kubernetes';
import { OWN_PREFIX } from '../core/identity';
import { printable } from '../core/value';
import type { StackContext } from './context';
import { type ExtraEnv, renderEnv } from './env';
import type { PodOptions } from './options';
import { renderResources, type Resources, withResources } from './resources';
import { PodSecurity } from './security';
import { type ContainerContext, renderSidecars } from './sidecars';
import { type InitContainer, type PodContent, versionLabel } from './spec';
import type { CompletePodContent } from './spec-defaults';
import { configVolume, readOnlyMount, scratchDiskMiB, scratchVolume, secretVolume, TRUST_VOLUME } from './volumes';

/** What the two kinds of pods, of components and of Jobs, add to the common part. */
export interface PodExtras {
  /** Labels of the pods that selectors of ours need besides. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Fields of the main container. */
  readonly container?: Partial<Container>;
  /** Mounts of claims. */
  readonly claimMounts?: readonly VolumeMount[];
  /** Fields of the pod. */
  readonly pod: Omit<Partial<PodSpec>, 'containers'>;
  /** Containers that wait. */
  readonly initContainers?: readonly InitContainer[];
  /** More environment, added after construction. */
  readonly env?: ExtraEnv;
  /** Whether a mesh may inject its proxy, where the user does not say. */
  readonly sidecarInjection: 'mesh-default' | 'disabled';
}

const SIDECAR_LABEL = 'sidecar.istio.io/inject';
const SIDECAR_ANNOTATION = 'linkerd.io/inject';

/** Draws a pod template from plain data. Pure: the same input gives the same template. */
export function podTemplate(
  context: StackContext,
  selector: Readonly<Record<string, string>>,
  names: { readonly serviceAccount: string; readonly configMap: string },
  content: CompletePodContent,
  options: PodOptions,
  extras: PodExtras,
): PodTemplate {
  const security = options.security ?? PodSecurity.restricted();
  const resources = withResources(content.resources, options.resources);
  const assigned = context.cluster.assignsPodUsers;
  const noSidecar = (options.sidecarInjection ?? extras.sidecarInjection) === 'disabled';
  const image = (reference: PodContent['image']): string => (context.mirror?.apply(reference) ?? reference).toString();
  const nodeSelector = { 'kubernetes.io/os': 'linux', ...context.pods.nodeSelector, ...options.nodeSelector };
  const tolerations = [...(context.pods.tolerations ?? []), ...(options.tolerations ?? [])];
  const priorityClassName = options.priorityClassName ?? context.pods.priorityClassName;
  const annotations = {
    ...context.pods.annotations,
    ...options.podAnnotations,
    ...(noSidecar ? { [SIDECAR_ANNOTATION]: 'disabled' } : {}),
    ...(content.secretsRevision === undefined
      ? {}
      : { [`${OWN_PREFIX}/secrets-revision`]: printable(content.secretsRevision) }),
    // No program reads its certificates a second time.
    ...(content.trust?.revision === undefined ? {} : { [`${OWN_PREFIX}/trust-revision`]: content.trust.revision }),
  };
  const env: ExtraEnv = { ...context.pods.env, ...content.env, ...options.env, ...extras.env };
  const common: ContainerContext = {
    image,
    env: context.pods.env ?? {},
    locked: (user) => security.containerContext(assigned ? undefined : user),
  };
  // Sidecars first: those that wait may need the proxy of the database as well.
  const initContainers = [
    ...renderSidecars(content.sidecars, common),
    ...(extras.initContainers ?? []).map((init) => renderWaiting(init, resources, common)),
  ];
  return {
    metadata: {
      labels: {
        ...context.pods.labels,
        ...options.podLabels,
        ...(noSidecar ? { [SIDECAR_LABEL]: 'false', ...context.cluster.mesh?.optOut } : {}),
        ...selector,
        ...extras.labels,
        ...versionLabel(content),
      },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: {
      serviceAccountName: options.serviceAccount?.name ?? names.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: security.podContext(assigned ? undefined : content.user),
      nodeSelector,
      ...(tolerations.length > 0 ? { tolerations } : {}),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
      ...((context.pods.pullSecrets ?? []).length > 0
        ? { imagePullSecrets: (context.pods.pullSecrets ?? []).map((name) => ({ name })) }
        : {}),
      ...extras.pod,
      ...(initContainers.length === 0 ? {} : { initContainers }),
      containers: [
        {
          name: content.component,
          image: image(content.image),
          imagePullPolicy: 'IfNotPresent',
          ...(content.command === undefined ? {} : { command: [...content.command] }),
          ...(content.args === undefined ? {} : { args: [...content.args] }),
          env: renderEnv(env),
          resources: renderResources(resources, scratchDiskMiB(content.scratch ?? [])),
          securityContext: security.containerContext(),
          ...mounts(content, options, extras.claimMounts ?? []),
          ...extras.container,
        },
      ],
      ...volumes(content, options, names.configMap, extras.initContainers),
    },
  };
}

function renderWaiting(init: InitContainer, resources: Resources, { image, env, locked }: ContainerContext): Container {
  return {
    name: init.name,
    image: image(init.image),
    imagePullPolicy: 'IfNotPresent',
    command: [...init.command],
    env: renderEnv({ ...env, ...init.env }),
    // What the user gives the Job holds for all of its containers: a quota or a small node knows no difference.
    resources: renderResources(resources),
    securityContext: locked(init.user),
    volumeMounts: [
      ...(init.mounts ?? []),
      ...(init.secretFiles ?? []).map(({ volume, mountPath }) => readOnlyMount(volume, mountPath)),
    ],
  };
}

function mounts(
  content: PodContent,
  options: PodOptions,
  claims: readonly VolumeMount[],
): { volumeMounts?: VolumeMount[] } {
  const all = [
    ...[...(content.secretFiles ?? []), ...(content.configFiles ?? [])].map(({ volume, mountPath }) =>
      readOnlyMount(volume, mountPath),
    ),
    ...(content.trust === undefined ? [] : [readOnlyMount(TRUST_VOLUME, content.trust.folder)]),
    ...(content.scratch ?? []).map(({ volume, mountPath }) => ({ name: volume, mountPath })),
    ...claims,
    ...(options.volumes ?? []).map(({ volume, mountPath, readOnly = true }) => ({
      name: volume.name,
      mountPath,
      readOnly,
    })),
  ];
  return all.length > 0 ? { volumeMounts: all } : {};
}

function volumes(
  content: PodContent,
  options: PodOptions,
  configMap: string,
  waiting: readonly InitContainer[] = [],
): { volumes?: Volume[] } {
  const { trust } = content;
  const all = [
    ...[...(content.secretFiles ?? []), ...waiting.flatMap(({ secretFiles = [] }) => secretFiles)].map(secretVolume),
    ...(content.configFiles ?? []).map((files) => configVolume(files, configMap)),
    ...(trust === undefined
      ? []
      : [{ name: TRUST_VOLUME, configMap: { name: trust.configMap, items: [{ key: trust.key, path: trust.key }] } }]),
    ...(content.scratch ?? []).map(scratchVolume),
    ...(options.volumes ?? []).map(({ volume }) => volume),
  ];
  return all.length > 0 ? { volumes: all } : {};
}
