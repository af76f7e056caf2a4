import type { Finding } from '../core/errors';
import { INT32_MAX } from '../core/quantity';
import { dnsLabelProblem, labelValueProblem } from '../core/text';
import { commandProblems } from './command-problems';
import { envProblems } from './env';
import { configFileProblems, secretFileProblems, trustProblems } from './file-problems';
import { jobLimitProblems } from './job-limits';
import { mountProblems, plannedMounts, sizeProblems } from './mount-problems';
import { metricsProblems, portProblems, probedPortProblems } from './port-problems';
import { completeProbes, probesProblems } from './probes';
import { resourceProblems } from './resources';
import { userProblems } from './security';
import type { ComponentSpec, InitContainer, JobContent, PodContent, Shutdown } from './spec';
import { specFinding, wholeNumberProblem } from './spec-finding';

/** Whether a property is there as it was given, or was never given; otherwise something in it has no shape. */
export type IsWhole<Spec> = (property: keyof Spec & string) => boolean;

/**
 * What Kubernetes would refuse of a component's spec, or what could never work. Parts of a wrong type were reported
 * before and are absent here; what only all parts together tell waits for them. The environment is judged together with
 * the user's options.
 */
export function specProblems(path: string, spec: Partial<ComponentSpec>, isWhole: IsWhole<ComponentSpec>): Finding[] {
  const { ports, probes, metrics, storage, shutdown, kind = 'Deployment' } = spec;
  const allPorts = isWhole('ports') ? ports : undefined;
  return [
    ...podContentProblems(path, spec),
    ...(ports === undefined ? [] : portProblems(`${path}.ports`, ports)),
    ...(probes === undefined ? [] : probesProblems(`${path}.probes`, probes)),
    ...(allPorts === undefined || !isWhole('probes') ? [] : probedPortProblems(path, allPorts, completeProbes(probes))),
    ...(metrics === undefined ? [] : metricsProblems(`${path}.metrics`, metrics, allPorts)),
    ...(shutdown === undefined ? [] : shutdownProblems(`${path}.shutdown`, shutdown)),
    ...(storage === undefined ? [] : sizeProblems(`${path}.storage`, storage)),
    ...specFinding({
      id: 'workload/storage-on-deployment',
      path: `${path}.storage`,
      message:
        isWhole('kind') && kind === 'Deployment' && (storage ?? []).length > 0
          ? 'the replicas of a Deployment have no storage of their own'
          : undefined,
      given: storage,
      fix: "write kind: 'StatefulSet', or use scratch for space that may be lost",
    }),
  ];
}

/** What Kubernetes would refuse of a Job's content. */
export function jobProblems(path: string, content: Partial<JobContent>, isWhole: IsWhole<JobContent>): Finding[] {
  const { initContainers = [] } = content;
  const hasAllVolumes = isWhole('secretFiles') && isWhole('scratch') && isWhole('trust');
  return [
    ...podContentProblems(path, content),
    ...jobLimitProblems(path, content),
    ...initContainers.flatMap((container, index) =>
      initContainerProblems(
        `${path}.initContainers[${index}]`,
        container,
        content,
        initContainers.slice(0, index),
        hasAllVolumes,
      ),
    ),
  ];
}

function podContentProblems(path: string, content: Partial<PodContent>): Finding[] {
  const { component, version, user, trust, secretFiles = [], configFiles = [], scratch = [] } = content;
  const name = component === undefined ? undefined : dnsLabelProblem(component);
  return [
    ...specFinding({
      id: 'workload/invalid-name',
      path: `${path}.component`,
      message: name && `a container and its objects cannot have this name: ${name}`,
      given: component,
      fix: 'use lower-case letters, digits and "-", such as "orders"',
    }),
    ...specFinding({
      id: 'workload/invalid-version',
      path: `${path}.version`,
      message: version === undefined ? undefined : version === '' ? 'it is empty' : labelValueProblem(version),
      given: version,
      fix: 'use a version that can be a label, such as "1.2.0", or leave it out',
    }),
    ...commandProblems(`${path}.command`, content.command),
    ...commandProblems(`${path}.args`, content.args),
    ...(user === undefined ? [] : userProblems(`${path}.user`, user)),
    ...(content.resources === undefined ? [] : resourceProblems(`${path}.resources`, content.resources)),
    ...(trust === undefined ? [] : trustProblems(`${path}.trust`, trust)),
    ...secretFileProblems(`${path}.secretFiles`, secretFiles),
    ...configFileProblems(`${path}.configFiles`, configFiles),
    ...sizeProblems(`${path}.scratch`, scratch),
    ...mountProblems(plannedMounts(path, content)),
  ];
}

/** Seconds that Kubernetes refuses. */
export function shutdownProblems(path: string, shutdown: Shutdown): Finding[] {
  const least = { preStopSeconds: 1, budgetSeconds: 1, marginSeconds: 0 } as const;
  return (Object.keys(least) as (keyof typeof least)[]).flatMap((key) =>
    shutdown[key] === undefined
      ? []
      : specFinding({
          id: 'workload/invalid-shutdown',
          path: `${path}.${key}`,
          message: wholeNumberProblem(key, shutdown[key], least[key], INT32_MAX),
          given: shutdown[key],
          fix: `write ${key} as a whole number of seconds, or leave it out`,
        }),
  );
}

function initContainerProblems(
  path: string,
  container: InitContainer,
  job: Partial<JobContent>,
  earlier: readonly InitContainer[],
  hasAllVolumes: boolean,
): Finding[] {
  const { name, command, user, mounts = [], secretFiles = [] } = container;
  const wrong = dnsLabelProblem(name);
  const volumes = new Set(
    [...plannedMounts('', job), ...plannedMounts('', { secretFiles })].map(({ volume }) => volume),
  );
  const missing = hasAllVolumes ? mounts.find((mount) => !volumes.has(mount.name)) : undefined;
  return [
    ...specFinding({
      id: 'workload/invalid-name',
      path: `${path}.name`,
      message:
        (wrong && `a container cannot have this name: ${wrong}`) ??
        ([job.component, ...earlier.map((each) => each.name)].includes(name)
          ? 'another container of the pod has this name'
          : undefined),
      given: name,
      fix: 'give each container a short name of its own, such as "wait-for-database"',
    }),
    ...commandProblems(`${path}.command`, command),
    ...(user === undefined ? [] : userProblems(`${path}.user`, user)),
    ...envProblems(`${path}.env`, container.env),
    ...secretFileProblems(`${path}.secretFiles`, secretFiles),
    ...specFinding({
      id: 'workload/invalid-volume',
      path: `${path}.mounts`,
      message: missing === undefined ? undefined : `the pod has no volume "${missing.name}"`,
      given: missing,
      fix: `mount one of ${[...volumes].join(', ') || 'the volumes of the Job'}`,
    }),
    ...mountProblems([
      // The volumes are the Job's; the same may be mounted by each of its containers.
      ...mounts.map((mount, index) => ({
        path: `${path}.mounts[${index}]`,
        volume: mount.name,
        folder: mount.mountPath,
        readOnly: mount.readOnly === true,
      })),
      ...plannedMounts(path, { secretFiles }),
    ]),
  ];
}
