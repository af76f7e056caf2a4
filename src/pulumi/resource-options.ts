import type { CustomResourceOptions } from '@pulumi/pulumi';
import type { Phase } from '../core/phase';
import type { Manifest } from './resource-class';

/** What the options of a resource follow from. */
export interface OptionRequest {
  readonly manifest: Manifest;
  readonly phase: Phase;
  /** Whether people rely on the platform: its data is then protected. */
  readonly durable: boolean;
  /** Whether the component is protected. */
  readonly isProtected: boolean;
}

/**
 * Kinds that a release replaces or runs again: their names end in a hash of their content, and one that failed is made
 * anew under its name.
 */
const RUN_ONCE_KINDS = new Set(['Job']);

/** Kinds that hold data themselves, or whose controller does. */
const DATA_KINDS = new Set(['PersistentVolumeClaim', 'StatefulSet', 'Cluster']);

/**
 * Fields that a controller fills in, so that a value of ours and theirs would replace each other with each update. The
 * replicas of an autoscaled workload are not among them: they are left out of the object, and a remembered number would
 * take the field back from the autoscaler.
 */
const CONTROLLER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  PersistentVolumeClaim: ['spec.volumeName'],
  APIService: ['spec.caBundle'],
  CustomResourceDefinition: ['spec.conversion.webhook.clientConfig.caBundle'],
  MutatingWebhookConfiguration: ['webhooks[*].clientConfig.caBundle'],
  ValidatingWebhookConfiguration: ['webhooks[*].clientConfig.caBundle'],
};

/** The engine's own patience, in minutes. */
const USUAL_MINUTES = 10;

/** Time that an image takes to arrive, on top of what a container may take to start, in minutes. */
const PULL_MINUTES = 5;

/**
 * Options of one resource.
 *
 * - Outside of dev a namespace that the stack created is kept when the stack goes, since claims go with their namespace;
 *   databases and claims are kept and protected. Claims of a StatefulSet are made by its controller: no engine removes them.
 *   In dev everything that the stack made goes with it, so that it can be made again.
 * - A Job is never protected, whatever the component says: the next release makes another one and takes this one away.
 *   Replacing it deletes it first, since the new one has the same name.
 * - The engine waits as long as the object itself allows: a Job until its deadline, a workload for its startup probes.
 */
export function optionsOf({ manifest, phase, durable, isProtected }: OptionRequest): CustomResourceOptions {
  const holdsData = phase === 'data' && DATA_KINDS.has(manifest.kind);
  const runsOnce = RUN_ONCE_KINDS.has(manifest.kind);
  const minutes = patience(manifest);
  const timeout = `${minutes}m`;
  const ignoreChanges = CONTROLLER_FIELDS[manifest.kind];
  return {
    ...(durable && (holdsData || manifest.kind === 'Namespace') ? { retainOnDelete: true } : {}),
    ...((durable && holdsData) || (isProtected && !runsOnce) ? { protect: true } : {}),
    ...(runsOnce ? { deleteBeforeReplace: true } : {}),
    ...(ignoreChanges === undefined ? {} : { ignoreChanges: [...ignoreChanges] }),
    ...(minutes > USUAL_MINUTES ? { customTimeouts: { create: timeout, update: timeout } } : {}),
  };
}

function patience({ kind, spec }: Manifest): number {
  if (kind === 'Job') {
    return Math.ceil(numberAt(spec, 'activeDeadlineSeconds') / 60) + 1;
  }
  const containers = at(at(at(spec, 'template'), 'spec'), 'containers');
  const startups = (Array.isArray(containers) ? containers : []).map((container: unknown) => {
    const probe = at(container, 'startupProbe');
    return numberAt(probe, 'periodSeconds') * numberAt(probe, 'failureThreshold');
  });
  const replicas = kind === 'StatefulSet' ? Math.max(1, numberAt(spec, 'replicas')) : 1;
  return startups.length === 0 ? 0 : Math.ceil((Math.max(...startups) * replicas) / 60) + PULL_MINUTES;
}

function numberAt(value: unknown, key: string): number {
  const found = at(value, key);
  return typeof found === 'number' ? found : 0;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
