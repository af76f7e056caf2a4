import { LABELS } from '../core/identity';
import type { Container } from '../core/kubernetes';
import { labelValueProblem } from '../core/text';
import type { Value } from '../core/value';
import type { ImageRef } from '../images/image-ref';
import type { AddressFamily } from '../network/address-family';
import type { Port } from '../network/port';
import type { Env, ExtraEnv } from './env';
import type { Probes } from './probes';
import type { Resources } from './resources';
import type { Scaling } from './scaling';
import type { PodUser } from './security';
import type { Sidecar } from './sidecars';
import type { MountedTrust } from './trust';
import type { ConfigFiles, ReplicaStorage, ScratchSpace, SecretFiles } from './volumes';

/** A port that the main container listens on. */
export interface ComponentPort {
  /** Name of the port, also in the Service: 1 to 15 lower-case letters, digits and "-", with a letter among them. */
  readonly name: string;
  /** The port; one number, no range. */
  readonly port: Port;
}

/** How a container is asked to stop. Times are in whole seconds; together they are the grace period. */
export interface Shutdown {
  /**
   * Seconds between "leave the endpoints" and SIGTERM, so that no proxy still sends requests. From 1.
   * @default 5
   */
  readonly preStopSeconds?: number;
  /**
   * Seconds that the service itself may need after SIGTERM. From 1.
   * @default 20
   */
  readonly budgetSeconds?: number;
  /**
   * Seconds on top: some services flush without a deadline. From 0.
   * @default 5
   */
  readonly marginSeconds?: number;
}

/** Where Prometheus reads metrics, and with which credential. */
export interface MetricsEndpoint {
  /** HTTP path, from "/". */
  readonly path: string;
  /** Name of one of the component's ports. */
  readonly port: string;
  /**
   * Key of the Secret with the bearer token.
   * @default - the endpoint is open
   */
  readonly bearer?: { readonly secretName: string; readonly key: string };
}

/** What a pod runs: the part that components and one-shot Jobs share. Plain data. */
export interface PodContent {
  /** Component's name: the component label, and the suffix of its objects' names. */
  readonly component: string;
  /** Image, before the stack's mirror is applied. */
  readonly image: ImageRef;
  /**
   * Version of what runs, for the label `app.kubernetes.io/version` of the workload and its pods. A component has its
   * own, so that nobody else's release restarts it.
   * @default - the tag of the image, where it can be a label
   */
  readonly version?: string;
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
   * User of the image; nobody is named where the platform gives pods their user (`assignsPodUsers` of the cluster).
   * @default { uid: 65532, gid: 65532, fsGroup: 65532 }
   */
  readonly user?: PodUser;
  /**
   * Environment. A secret that the program reads from no file is a `SecretRef`.
   * @default - none
   */
  readonly env?: ExtraEnv;
  /**
   * Files from Secrets.
   * @default - none
   */
  readonly secretFiles?: readonly SecretFiles[];
  /**
   * Files with known contents.
   * @default - none
   */
  readonly configFiles?: readonly ConfigFiles[];
  /**
   * Writable folders that live as long as the pod.
   * @default - none: the pod writes nowhere
   */
  readonly scratch?: readonly ScratchSpace[];
  /**
   * Certificates of private authorities.
   * @default - the system's
   */
  readonly trust?: MountedTrust;
  /**
   * CPU and memory.
   * @default { cpu: "100m", memory: "256Mi", memoryLimit: "512Mi" }
   */
  readonly resources?: Resources;
  /**
   * Connections to the stack's Postgres that each pod may open. They count in the stack's connection budget.
   * @default 0
   */
  readonly connectionsPerPod?: number;
  /**
   * Changes when the mounted secrets change; then the pods are replaced.
   * @default - pods keep the values that they started with
   */
  readonly secretsRevision?: Value<string>;
  /**
   * Whether the pods resolve names.
   * @default true
   */
  readonly resolvesNames?: boolean;
}

/**
 * A component that runs all the time. Plain data: `Component` draws objects from it. Name, image and ports are enough;
 * product files compute the rest, and what is left out has a default that suits a stateless service.
 */
export interface ComponentSpec extends PodContent {
  /**
   * Kind of the workload: a StatefulSet where each replica keeps data.
   * @default "Deployment"
   */
  readonly kind?: 'Deployment' | 'StatefulSet';
  /** Ports; the first one is probed and is the component's address. */
  readonly ports: readonly [ComponentPort, ...ComponentPort[]];
  /**
   * Probes.
   * @default - a TCP connection to the first port
   */
  readonly probes?: Probes;
  /**
   * Scaling in production, before the profile is applied.
   * @default Scaling.fixed(2)
   */
  readonly scaling?: Scaling;
  /**
   * Families of addresses that the program listens on.
   * @default - both
   */
  readonly ipFamilies?: readonly AddressFamily[];
  /**
   * How it stops.
   * @default - 5 seconds before SIGTERM and 25 after it
   */
  readonly shutdown?: Shutdown;
  /**
   * Metrics.
   * @default - none: the component is not scraped
   */
  readonly metrics?: MetricsEndpoint;
  /**
   * Storage per replica (StatefulSet only).
   * @default - none
   */
  readonly storage?: readonly ReplicaStorage[];
}

/** A container that must finish before a Job's own one starts. */
export interface InitContainer {
  /** Name of the container. */
  readonly name: string;
  /** Image, before the stack's mirror is applied. */
  readonly image: ImageRef;
  /** Command. */
  readonly command: readonly string[];
  /** Environment. */
  readonly env: Env;
  /** User, where it differs from the pod's. */
  readonly user?: Pick<PodUser, 'uid' | 'gid'>;
  /** Mounts of the pod's volumes. */
  readonly mounts: Container['volumeMounts'];
  /**
   * Files from Secrets that this container reads and the Job's own one does not.
   * @default - none
   */
  readonly secretFiles?: readonly SecretFiles[];
}

/** A Job that runs once per content. Plain data. Files with known contents would not count into its name, so it has none. */
export interface JobContent extends Omit<PodContent, 'configFiles'> {
  /** Attempts after the first one. */
  readonly backoffLimit: number;
  /** Seconds after which the Job has failed, whatever it does. */
  readonly deadlineSeconds: number;
  /**
   * Containers that wait for what the Job needs.
   * @default - none
   */
  readonly initContainers?: readonly InitContainer[];
}

/**
 * The version label of a workload and its pods. No other object carries it: what changes with a release alone would be
 * a change of every object, and selectors never hold it (caracal W1).
 */
export function versionLabel({ version, image }: Pick<PodContent, 'version' | 'image'>): Record<string, string> {
  const text = version ?? image.tag ?? '';
  return text === '' || labelValueProblem(text) !== undefined ? {} : { [LABELS.version]: text };
}

/** Every image of a pod: of the main container, of those that wait, and of sidecars. */
export function imagesOf(
  content: Pick<PodContent, 'image'> &
    Pick<Partial<JobContent>, 'initContainers'> & { readonly sidecars?: readonly Pick<Sidecar, 'image'>[] },
): ImageRef[] {
  const { image, initContainers = [], sidecars = [] } = content;
  return [image, ...[...initContainers, ...sidecars].map((each) => each.image)];
}
