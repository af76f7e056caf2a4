import { withInstead } from '../core/check';
import { type Check, check } from '../core/checks';
import { part, parts, type Shape } from '../core/shape';
import { IMAGE_EXAMPLE } from '../images/image-ref';
import { ADDRESS_FAMILIES } from '../network/address-family';
import { METRICS_SHAPE, PORT_SHAPE } from './port-problems';
import { PROBES_SHAPE } from './probes';
import { RESOURCE_SHAPE } from './resources';
import { CONTAINER_USER_SHAPE, USER_SHAPE } from './security';
import { COMPONENT_ADVICE, JOB_ADVICE } from './spec-advice';
import type { ComponentSpec, InitContainer, JobContent, PodContent, Shutdown } from './spec';
import { TRUST_SHAPE } from './trust';
import { CONFIG_FILES_SHAPE, SCRATCH_SHAPE, SECRET_FILES_SHAPE, STORAGE_SHAPE } from './volumes';

const KIND = check.oneOf('Deployment', 'StatefulSet');

// Pods that end are another construct, and its name is what a user looks for.
const kindCheck = withInstead(
  (kind) =>
    kind === 'Job' || kind === 'CronJob'
      ? `${KIND(kind)}; what ends is a ${kind === 'Job' ? 'OneShotJob' : 'ScheduledJob'} in place of a Component`
      : KIND(kind),
  (kind) => KIND.instead?.(kind),
);

const portsCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 ? undefined : 'it must be an array of one port at least';

const familiesCheck: Check = (value) =>
  Array.isArray(value) && value.length === 0
    ? 'it must be an array of one family at least'
    : check.each(check.oneOf(...ADDRESS_FAMILIES))(value);

const POD_CONTENT_SHAPE: Shape<PodContent> = {
  checks: {
    component: check.text,
    image: check.instance('ImageRef'),
    version: check.text,
    command: check.each(check.text),
    args: check.each(check.text),
    user: check.record,
    env: check.record,
    secretFiles: check.list,
    configFiles: check.list,
    scratch: check.list,
    trust: check.record,
    resources: check.record,
    connectionsPerPod: check.count,
    secretsRevision: check.textValue,
    resolvesNames: check.flag,
  },
  required: { component: '"orders"', image: IMAGE_EXAMPLE },
  inside: {
    user: part(USER_SHAPE),
    secretFiles: parts(SECRET_FILES_SHAPE),
    configFiles: parts(CONFIG_FILES_SHAPE),
    scratch: parts(SCRATCH_SHAPE),
    trust: part(TRUST_SHAPE),
    resources: part(RESOURCE_SHAPE),
  },
};

// Numbers are judged by `shutdownProblems`, with what each may be.
const SHUTDOWN_SHAPE: Shape<Shutdown> = {
  checks: { preStopSeconds: check.any, budgetSeconds: check.any, marginSeconds: check.any },
  required: {},
};

/** Shape of `ComponentSpec`. */
export const COMPONENT_SHAPE: Shape<ComponentSpec> = {
  checks: {
    ...POD_CONTENT_SHAPE.checks,
    kind: kindCheck,
    ports: portsCheck,
    probes: check.record,
    scaling: check.instance('Scaling'),
    ipFamilies: familiesCheck,
    shutdown: check.record,
    metrics: check.record,
    storage: check.list,
  },
  required: { ...POD_CONTENT_SHAPE.required, ports: '[{ name: "http", port: Port.tcp(8080) }]' },
  advice: COMPONENT_ADVICE,
  inside: {
    ...POD_CONTENT_SHAPE.inside,
    ports: parts(PORT_SHAPE),
    probes: part(PROBES_SHAPE),
    shutdown: part(SHUTDOWN_SHAPE),
    metrics: part(METRICS_SHAPE),
    storage: parts(STORAGE_SHAPE),
  },
};

const INIT_CONTAINER_SHAPE: Shape<InitContainer> = {
  checks: {
    name: check.text,
    image: check.instance('ImageRef'),
    command: check.each(check.text),
    env: check.record,
    user: check.record,
    mounts: check.each(check.record),
    secretFiles: check.list,
  },
  required: { name: '"wait"', image: IMAGE_EXAMPLE, command: '["..."]', env: '{}' },
  inside: {
    user: part(CONTAINER_USER_SHAPE),
    secretFiles: parts(SECRET_FILES_SHAPE),
  },
};

const { configFiles: _noFiles, ...JOB_CHECKS } = POD_CONTENT_SHAPE.checks;
const { configFiles: _noShape, ...JOB_PARTS } = POD_CONTENT_SHAPE.inside ?? {};

/** Shape of `JobContent`. Files with known contents would not count into its name, so it has none. */
export const JOB_SHAPE: Shape<JobContent> = {
  checks: {
    ...JOB_CHECKS,
    // Judged by `jobLimitProblems`, with what each may be.
    backoffLimit: check.any,
    deadlineSeconds: check.any,
    initContainers: check.list,
  },
  required: { ...POD_CONTENT_SHAPE.required, backoffLimit: '3', deadlineSeconds: '600' },
  advice: JOB_ADVICE,
  inside: { ...JOB_PARTS, initContainers: parts(INIT_CONTAINER_SHAPE) },
};
