import { WORKLOAD_METRICS } from '../monitoring/workload-alerts';
import type { CaracalService } from './mode';

/** A component of Caracal that Prometheus scrapes. Web has no metrics (caracal.md section 10). */
export type CaracalScraped = 'sts' | 'gateway' | 'audit' | 'api' | 'coordinator';

/** The Deployment or StatefulSet of a service, as kube-state-metrics sees it. */
export interface WatchedWorkload {
  /** The service. */
  readonly component: CaracalService;
  /** What runs its pods. STS and gateway are Deployments where their replay files end with the pod. */
  readonly kind: 'Deployment' | 'StatefulSet';
  /** Name of the object. */
  readonly name: string;
  /** Fewest replicas: its number, or the floor of its autoscaler. */
  readonly minimum: number;
  /** Most replicas: its number, or what its autoscaler may reach. */
  readonly maximum: number;
}

/** Where the exporter of a Redis server is scraped (oliver006/redis_exporter, or one with the same metric names). */
export interface RedisExporterTarget {
  /** Namespace of the exporter, as in the `namespace` label of its metrics. */
  readonly namespace: string;
  /** `job` label of its metrics: the plain value, not a selector. */
  readonly job: string;
}

/** The stack that the alerts watch, as its metrics are labelled. */
export interface AlertTarget {
  /** Namespace of the stack. */
  readonly namespace: string;
  /** `job` label of a component's metrics: the name of its Service, for Prometheus Operator takes it from there. */
  readonly job: (component: CaracalScraped) => string;
  /** What the names of the stack's pods, Jobs and claims begin with, `caracal-`. */
  readonly podPrefix: string;
  /** Components that are scraped; a component that is not has no alerts from metrics of its own. */
  readonly components: readonly CaracalScraped[];
  /** Workloads that must have ready pods. */
  readonly workloads: readonly WatchedWorkload[];
  /** Whether STS and gateway keep replay files on volumes of their own. */
  readonly replayPersistence: boolean;
  /**
   * Exporter of the Redis that the stack uses.
   * @default - none: the memory of Redis is not watched
   */
  readonly redisExporter?: RedisExporterTarget;
}

/** Services with pods, scraped or not: kube-state-metrics sees web too. */
const SERVICES: readonly CaracalService[] = ['api', 'audit', 'coordinator', 'gateway', 'sts', 'web'];

/**
 * Writes the selectors of one stack. Every one carries a namespace and a job, or the namespace and the name of an
 * object, exact or as an anchored pattern, so that two stacks of a cluster never answer for each other (caracal W51).
 */
export class MetricSelectors {
  constructor(private readonly target: AlertTarget) {}

  /** A metric that a component exports. */
  public of(component: CaracalScraped, metric: string, labels: Readonly<Record<string, string>> = {}): string {
    const { namespace, job } = this.target;
    return `${metric}{${matchers({ namespace, job: job(component), ...labels })}}`;
  }

  /**
   * A metric of kube-state-metrics about the pods of the services. Pods end in an ordinal, or in the hash of their
   * ReplicaSet and five characters (which lose the dash between them where the name is long): the end is spelled out,
   * so that `caracal-web-sts-0`, of an instance named `caracal-web`, is not taken for a pod of `caracal`.
   */
  public pods(
    metric: string,
    services: readonly CaracalService[] = SERVICES,
    labels: Readonly<Record<string, string>> = {},
  ): string {
    const names = `${literal(this.target.podPrefix)}(${services.join('|')})-([0-9]+|[a-z0-9]+-?[a-z0-9]{5})`;
    return `${metric}{${matchers({ namespace: this.target.namespace, ...labels })},pod=~${quoted(names)}}`;
  }

  /** A metric of kube-state-metrics about one workload, by its exact name. */
  public workload({ kind, name }: WatchedWorkload, metric: string): string {
    return `${metric}{${matchers({ namespace: this.target.namespace, [WORKLOAD_METRICS[kind].label]: name })}}`;
  }

  /** A metric of kube-state-metrics about the migration Jobs, whose names end in a hash. */
  public migrations(metric: string, labels: Readonly<Record<string, string>>): string {
    const names = `${literal(this.target.podPrefix)}(migrate|auth-migrate)-[0-9a-f]+`;
    return `${metric}{${matchers({ namespace: this.target.namespace, ...labels })},job_name=~${quoted(names)}}`;
  }

  /** A metric of the kubelet about the claims of the replay volumes, `replay-<pod>`. */
  public replayClaims(metric: string): string {
    const names = `replay-${literal(this.target.podPrefix)}(sts|gateway)-[0-9]+`;
    return `${metric}{${matchers({ namespace: this.target.namespace })},persistentvolumeclaim=~${quoted(names)}}`;
  }

  /** A metric of the Redis exporter. */
  public redis(exporter: RedisExporterTarget, metric: string): string {
    return `${metric}{${matchers({ namespace: exporter.namespace, job: exporter.job })}}`;
  }
}

function matchers(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${quoted(value)}`)
    .join(',');
}

/** A PromQL string. Its escapes are those of Go, and JSON uses a part of them. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Text that stands for itself in a regular expression (RE2). */
function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
