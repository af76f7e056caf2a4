import type { ApiClient } from './client';
import { belongsTo, type Component, describeComponent } from './components';
import { isTrue, type KubeObject, type Node, type Pod } from './objects';

/** A time in which a component that promises two replicas had no available pod. */
export interface Outage {
  readonly namespace: string;
  readonly component: string;
  /** How long, in milliseconds; up to the end of the watch if it never ended. */
  readonly millis: number;
}

/**
 * Whether a pod serves: Ready, not being deleted, and on a node that exists and answers.
 * Pods of a deleted node stay listed as ready for up to 80 seconds, so the pod's own conditions would lie.
 *
 * @param ready the nodes that answer, from `readyNodes`
 */
export function isAvailable(pod: Pod, ready: ReadonlySet<string>): boolean {
  return (
    isTrue(pod.status?.conditions, 'Ready') &&
    pod.metadata.deletionTimestamp === undefined &&
    ready.has(pod.spec.nodeName ?? '')
  );
}

/** The names of the nodes that answer. */
export function readyNodes(nodes: Iterable<Node>): ReadonlySet<string> {
  return new Set(
    [...nodes].filter(({ status }) => isTrue(status?.conditions, 'Ready')).map(({ metadata }) => metadata.name),
  );
}

/** Follows pods and nodes event by event, so that no gap is too short to be seen. */
export class AvailabilityWatch {
  /** Begins to watch the components that promise at least two replicas. */
  public static async start(client: ApiClient, components: readonly Component[]): Promise<AvailabilityWatch> {
    const watch = new AvailabilityWatch(components.filter(({ floor }) => floor >= 2));
    await watch.follow<Node>(client, '/api/v1/nodes', watch.nodes);
    await watch.follow<Pod>(client, '/api/v1/pods', watch.pods);
    watch.started = true;
    watch.evaluate();
    return watch;
  }

  private readonly nodes = new Map<string, Node>();
  private readonly pods = new Map<string, Pod>();
  private readonly openSince = new Map<Component, number>();
  private readonly outages: Outage[] = [];
  private readonly stops: (() => void)[] = [];
  private started = false;
  private broken: string | undefined;

  private constructor(private readonly guarded: readonly Component[]) {}

  /**
   * Ends the watch.
   *
   * @returns every outage that was seen
   * @throws Error when the stream of events had broken off, since then nothing is known
   */
  public stop(): Outage[] {
    this.stops.forEach((stop) => stop());
    [...this.openSince.keys()].forEach((component) => this.close(component));
    if (this.broken) throw new Error(`the watch over pods and nodes broke off: ${this.broken}`);
    return this.outages;
  }

  private async follow<T extends KubeObject>(client: ApiClient, path: string, cache: Map<string, T>): Promise<void> {
    const { items, metadata } = await client.list<T>(path);
    const keyOf = ({ metadata: { namespace, name } }: T): string => `${namespace ?? ''}/${name}`;
    items.forEach((item) => cache.set(keyOf(item), item));
    const stop = client.watch<T>(
      path,
      metadata.resourceVersion,
      ({ type, object }) => {
        if (type === 'ERROR') this.broken ??= JSON.stringify(object);
        else if (type === 'DELETED') cache.delete(keyOf(object));
        else cache.set(keyOf(object), object);
        if (this.started) this.evaluate();
      },
      (reason) => (this.broken ??= reason),
    );
    this.stops.push(stop);
  }

  private evaluate(): void {
    const nodes = readyNodes(this.nodes.values());
    const available = [...this.pods.values()].filter((pod) => isAvailable(pod, nodes));
    for (const component of this.guarded) {
      const serves = available.some((pod) => belongsTo(component, pod));
      if (serves) this.close(component);
      else if (!this.openSince.has(component)) this.openSince.set(component, Date.now());
    }
  }

  private close(component: Component): void {
    const since = this.openSince.get(component);
    if (since === undefined) return;
    this.openSince.delete(component);
    const { namespace } = component;
    this.outages.push({ namespace, component: describeComponent(component), millis: Date.now() - since });
  }
}

/** Outages as texts. */
export function describeOutages(outages: readonly Outage[]): string[] {
  return outages.map(({ component, millis }) => `${component} had no available pod for ${millis} ms`);
}
