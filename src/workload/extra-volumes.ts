import { ofType } from '../core/check';
import { check, checkShape, type Checks } from '../core/checks';
import { type Finding, show } from '../core/errors';
import { dnsLabelProblem, freeTextProblem } from '../core/text';
import type { InitContainer, PodContent } from './spec';
import { volumeSourceProblem } from './volume-source';
import { type ExtraVolume, type ReplicaStorage, TRUST_VOLUME } from './volumes';

/** Kinds of volumes that Pod Security `restricted` admits. */
const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const;

// The volume and the folder are judged below, with messages of their own.
const VOLUME_CHECKS: Checks<ExtraVolume> = { volume: check.any, mountPath: check.any, readOnly: check.flag };

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of volumes with their mounts, as far as its shape goes. */
export const extraVolumesCheck = check.each(
  ofType(
    '{ volume, mountPath }',
    (each) => isObject(each) && isObject((each as Partial<ExtraVolume>).volume),
    () => '{ volume: { name: "extra", configMap: { name: "extra" } }, mountPath: "/etc/extra" }',
  ),
);

/** Volumes of the user that Kubernetes would refuse, or that would take the place of the component's own. */
export function extraVolumeProblems(
  path: string,
  extras: readonly ExtraVolume[],
  content: PodContent & {
    readonly storage?: readonly ReplicaStorage[];
    readonly initContainers?: readonly InitContainer[];
  },
): Finding[] {
  const { configFiles = [], scratch = [], storage = [], trust } = content;
  const waiting = (content.initContainers ?? []).flatMap((container) => container.secretFiles ?? []);
  const secretFiles = [...(content.secretFiles ?? []), ...waiting];
  const own = [
    ...[...secretFiles, ...configFiles, ...scratch, ...storage].map(({ volume, mountPath }) => ({
      name: volume,
      mountPath,
    })),
    ...(trust === undefined ? [] : [{ name: TRUST_VOLUME, mountPath: trust.folder }]),
  ];
  return extras.flatMap(({ volume, mountPath }, index): Finding[] => {
    const earlier = [
      ...own,
      ...extras.slice(0, index).flatMap((each) => [{ name: each.volume.name, mountPath: each.mountPath }]),
    ];
    const sources = Object.keys(volume).filter(
      (key) => key !== 'name' && volume[key as keyof typeof volume] !== undefined,
    );
    const [source] = sources;
    const entry = (id: string, message: string, given: unknown, allowed: string): Finding => ({
      id: `workload/${id}`,
      level: 'error',
      path: `${path}[${index}]`,
      message,
      given: show(given),
      allowed,
      fix: 'correct the volume',
    });
    const kind = RESTRICTED_VOLUMES.find((each) => each === source);
    const fields = kind === undefined ? undefined : volume[kind];
    const isVolume = sources.length === 1 && isObject(fields);
    const sourceProblem =
      kind !== undefined && isVolume ? volumeSourceProblem(kind, fields as Record<string, unknown>) : undefined;
    const nameProblem = typeof volume.name === 'string' ? dnsLabelProblem(volume.name) : 'it must be a string';
    return [
      ...(isVolume
        ? []
        : [
            entry(
              'forbidden-volume',
              'Pod Security "restricted" refuses this volume',
              volume,
              `exactly one of ${RESTRICTED_VOLUMES.join(', ')}`,
            ),
          ]),
      ...(sourceProblem === undefined
        ? []
        : [entry('invalid-volume', sourceProblem, volume, 'a source that names what it is filled from')]),
      ...(nameProblem === undefined
        ? []
        : [entry('invalid-volume', `this is not the name of a volume: ${nameProblem}`, volume.name, 'a DNS label')]),
      ...checkShape(`${path}[${index}]`, extras[index] as ExtraVolume, VOLUME_CHECKS),
      ...(earlier.some(({ name }) => name === volume.name)
        ? [entry('volume-taken', 'the pod has a volume of this name already', volume.name, 'a name of its own')]
        : []),
      ...(typeof mountPath === 'string' && /^\/[^:]+$/.test(mountPath) && freeTextProblem(mountPath) === undefined
        ? []
        : [entry('invalid-volume', 'this is not a folder to mount at', mountPath, 'an absolute path without ":"')]),
      ...(earlier.some((each) => each.mountPath === mountPath)
        ? [entry('volume-taken', 'something else is mounted at this folder already', mountPath, 'a folder of its own')]
        : []),
    ];
  });
}
