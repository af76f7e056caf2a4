import { check, type Checks } from '../core/checks';
import type { Finding } from '../core/errors';
import type { Container } from '../core/kubernetes';
import { part, parts, type Shape, shapeProblems } from '../core/shape';
import { dnsLabelProblem } from '../core/text';
import { IMAGE_EXAMPLE, type ImageRef } from '../images/image-ref';
import type { Port } from '../network/port';
import { commandProblems } from './command-problems';
import { type ExtraEnv, envProblems, renderEnv } from './env';
import { folderProblem } from './mount-problems';
import { renderResources, RESOURCE_SHAPE, type Resources, resourceProblems } from './resources';
import { CONTAINER_USER_SHAPE, type PodUser, userProblems } from './security';
import { specFinding } from './spec-finding';

/** How a sidecar says that it is ready, on a port of its own. */
export type SidecarReady =
  { readonly port: Port } | { readonly port: Port; readonly http: string } | { readonly exec: readonly string[] };

/** A mount of one of the pod's volumes. */
export interface SidecarMount {
  /** Name of the volume: of `volumes` beside the sidecar, or of the component's own. */
  readonly volume: string;
  /** Folder. */
  readonly mountPath: string;
  /**
   * Whether the folder is read-only.
   * @default true
   */
  readonly readOnly?: boolean;
}

/**
 * A container that starts before the pod's own ones and lives as long as they do, such as the proxy of a database: an
 * init container with `restartPolicy: Always`. It ends after them, so a Job with one completes. Its flows are those of
 * the pod: `component.connections.allowTo(...)`. Its image counts like every other one of the stack.
 */
export interface Sidecar {
  /** Name of the container, unique in the pod. */
  readonly name: string;
  /** Image, before the stack's mirror is applied; by digest in production. */
  readonly image: ImageRef;
  /**
   * Replaces the image's entry point.
   * @default - the entry point of the image
   */
  readonly command?: readonly string[];
  /**
   * Arguments.
   * @default - the arguments of the image
   */
  readonly args?: readonly string[];
  /**
   * Environment; secrets as `SecretRef`.
   * @default - that of every container of the stack
   */
  readonly env?: ExtraEnv;
  /**
   * CPU and memory.
   * @default { cpu: "25m", memory: "64Mi", memoryLimit: "128Mi" }
   */
  readonly resources?: Resources;
  /**
   * User and group of the image.
   * @default - the pod's
   */
  readonly user?: Pick<PodUser, 'uid' | 'gid'>;
  /**
   * What must succeed before the containers after it start: a TCP connection, an HTTP request, or a command.
   * @default - they start as soon as the sidecar has started
   */
  readonly ready?: SidecarReady;
  /**
   * Mounts of the pod's volumes.
   * @default - none: the root file system is read-only, as everywhere
   */
  readonly mounts?: readonly SidecarMount[];
}

const MOUNT_SHAPE: Shape<SidecarMount> = {
  checks: { volume: check.text, mountPath: check.text, readOnly: check.flag },
  required: { volume: '"data"', mountPath: '"/data"' },
};

type Ready = { readonly port: Port; readonly http: string; readonly exec: readonly string[] };
const READY_CHECKS: Checks<Ready> = {
  port: check.instance('Port'),
  http: check.text,
  exec: check.each(check.text),
};

const SIDECAR_SHAPE: Shape<Sidecar> = {
  checks: {
    name: check.text,
    image: check.instance('ImageRef'),
    command: check.each(check.text),
    args: check.each(check.text),
    env: check.record,
    resources: check.record,
    user: check.record,
    ready: check.record,
    mounts: check.each(check.record),
  },
  required: { name: '"proxy"', image: IMAGE_EXAMPLE },
  inside: {
    resources: part(RESOURCE_SHAPE),
    user: part(CONTAINER_USER_SHAPE),
    ready: part<Ready>({ checks: READY_CHECKS, required: {} }),
    mounts: parts(MOUNT_SHAPE),
  },
};

/** Room for a proxy. */
const DEFAULT_RESOURCES: Resources = { cpu: '25m', memory: '64Mi', memoryLimit: '128Mi' };

/** The sidecars that can be drawn, as a property of a spec; the others are reported, and nothing of the stack is emitted. */
export function drawableSidecars(sidecars: readonly Sidecar[] = []): { readonly sidecars?: readonly Sidecar[] } {
  const drawable = sidecars.filter((sidecar) => shapeProblems('', sidecar, SIDECAR_SHAPE).length === 0);
  return drawable.length === 0 ? {} : { sidecars: drawable };
}

/** What Kubernetes would refuse of sidecars; `taken` are the names of the pod's other containers, `volumes` its volumes. */
export function sidecarProblems(
  path: string,
  sidecars: readonly Sidecar[],
  taken: readonly string[],
  volumes: readonly string[],
): Finding[] {
  const shape = parts(SIDECAR_SHAPE)(path, sidecars);
  if (shape.length > 0) {
    return shape;
  }
  return sidecars.flatMap((sidecar, index) => {
    const where = `${path}[${index}]`;
    const { name, env, user, resources = DEFAULT_RESOURCES, ready, mounts = [] } = sidecar;
    const names = [...taken, ...sidecars.slice(0, index).map((each) => each.name)];
    const wrong = dnsLabelProblem(name);
    return [
      ...specFinding({
        id: 'workload/invalid-name',
        path: `${where}.name`,
        message:
          (wrong && `a container cannot have this name: ${wrong}`) ??
          (names.includes(name) ? 'another container of the pod has this name' : undefined),
        given: name,
        fix: 'give each container a short name of its own, such as "database-proxy"',
      }),
      ...commandProblems(`${where}.command`, sidecar.command),
      ...commandProblems(`${where}.args`, sidecar.args),
      ...envProblems(`${where}.env`, env ?? {}),
      ...(user === undefined ? [] : userProblems(`${where}.user`, user)),
      ...resourceProblems(`${where}.resources`, resources),
      ...specFinding({
        id: 'workload/invalid-probe',
        path: `${where}.ready`,
        message: ready === undefined ? undefined : readyProblem(ready),
        given: ready,
        fix: 'ask for one thing: { port: Port.tcp(5432) }, { port: Port.tcp(9090), http: "/ready" } or { exec: ["command"] }',
      }),
      ...mounts.flatMap((mount, position) =>
        specFinding({
          id: 'workload/invalid-volume',
          path: `${where}.mounts[${position}]`,
          message: mountProblem(mount, mounts.slice(0, position), volumes),
          given: mount,
          fix: `mount each of ${volumes.join(', ') || 'the volumes of the pod'} at a folder of its own`,
        }),
      ),
    ];
  });
}

function mountProblem(
  { volume, mountPath }: SidecarMount,
  earlier: readonly SidecarMount[],
  volumes: readonly string[],
): string | undefined {
  return !volumes.includes(volume)
    ? `the pod has no volume "${volume}"`
    : earlier.some((each) => each.mountPath === mountPath)
      ? 'something else is mounted at this folder already'
      : folderProblem(mountPath);
}

function readyProblem(ready: Partial<Ready>): string | undefined {
  const { port, http, exec } = ready;
  return (port === undefined) === (exec === undefined)
    ? 'a port or a command is asked, and not both'
    : port !== undefined && (port.protocol !== 'TCP' || port.endPort !== undefined)
      ? 'a single TCP port is asked'
      : http !== undefined && (port === undefined || !/^\/[\x21-\x7e]*$/.test(http))
        ? 'an HTTP path goes with a port, begins with "/" and has no spaces'
        : exec?.length === 0
          ? 'the command is empty'
          : undefined;
}

/** What the stack and the pod decide about each of its containers. */
export interface ContainerContext {
  /** Where an image is pulled from. */
  readonly image: (reference: ImageRef) => string;
  /** Environment of every container of the stack. */
  readonly env: ExtraEnv;
  /** Security context of a container, with its own user where the pod may name one. */
  readonly locked: (user?: Pick<PodUser, 'uid' | 'gid'>) => Container['securityContext'];
}

/** The containers of sidecars. */
export function renderSidecars(sidecars: readonly Sidecar[] = [], context: ContainerContext): Container[] {
  return sidecars.map(({ name, image, command, args, env, resources, user, ready, mounts = [] }) => ({
    name,
    image: context.image(image),
    imagePullPolicy: 'IfNotPresent',
    restartPolicy: 'Always',
    ...(command === undefined ? {} : { command: [...command] }),
    ...(args === undefined ? {} : { args: [...args] }),
    env: renderEnv({ ...context.env, ...env }),
    resources: renderResources(resources ?? DEFAULT_RESOURCES),
    securityContext: context.locked(user),
    ...(ready === undefined ? {} : { startupProbe: { ...renderReady(ready), periodSeconds: 1, failureThreshold: 60 } }),
    ...(mounts.length === 0
      ? {}
      : {
          volumeMounts: mounts.map(({ volume, mountPath, readOnly = true }) => ({ name: volume, mountPath, readOnly })),
        }),
  }));
}

function renderReady(ready: SidecarReady): Partial<NonNullable<Container['startupProbe']>> {
  if ('exec' in ready) {
    return { exec: { command: [...ready.exec] } };
  }
  const port = ready.port.number;
  return 'http' in ready ? { httpGet: { path: ready.http, port } } : { tcpSocket: { port } };
}
