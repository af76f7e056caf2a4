import type { ApiClient } from './client';
import { belongsTo, type Component, describeComponent } from './components';
import { isTrue, type KubeObject, type Node, type Pod } from './objects';

/** A component and how many of its pods must be available at each moment. */
export interface Guard {
  readonly component: Component;
  /** None means that nothing is promised, and that it is not watched. */
  readonly promised: number;
}

/** A time in which a component had fewer available pods than it promises. */
export interface Outage {
  readonly namespace: string;
  readonly component: string;
  readonly promised: number;
  /** The fewest available pods in that time. */
  readonly least: number;
  /** How long, in milliseconds; up to the end of the watch if it never ended. */
  readonly millis: number;
}

/** The fewest available pods that a component had during a watch. */
export interface Lowest {
  readonly namespace: string;
  readonly name: string;
  readonly promised: number;
  readonly least: number;
}

/** What a watch saw. */
export interface Availability {
  readonly outages: Outage[];
  /** One entry for each component that was watched. */
  readonly lowest: Lowest[];
}

/** What drains and lost zones may not take away: one available pod of each component that has two replicas. */
export function onePodEach(components: readonly Component[]): Guard[] {
  return components.map((component) => ({ component, promised: component.floor >= 2 ? 1 : 0 }));
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

/** A component under watch. */
interface Watched extends Guard {
  least: number;
  /** The outage that is going on. */
  open: { readonly since: number; least: number } | undefined;
}

/** Follows pods and nodes event by event, so that no gap is too short to be seen. */
export class AvailabilityWatch {
  /** Begins to watch the components that promise something. */
  public static async start(client: ApiClient, guards: readonly Guard[]): Promise<AvailabilityWatch> {
    const watch = new AvailabilityWatch(guards.filter(({ promised }) => promised > 0));
    await watch.follow<Node>(client, '/api/v1/nodes', watch.nodes);
    await watch.follow<Pod>(client, '/api/v1/pods', watch.pods);
    watch.started = true;
    watch.evaluate();
    return watch;
  }

  private readonly watched: readonly Watched[];
  private readonly nodes = new Map<string, Node>();
  private readonly pods = new Map<string, Pod>();
  private readonly outages: Outage[] = [];
  private readonly stops: (() => void)[] = [];
  private started = false;
  private broken: string | undefined;

  private constructor(guards: readonly Guard[]) {
    this.watched = guards.map((guard) => ({ ...guard, least: Infinity, open: undefined }));
  }

  /**
   * Ends the watch.
   *
   * @throws Error when the stream of events had broken off, since then nothing is known
   */
  public stop(): Availability {
    this.stops.forEach((stop) => stop());
    this.watched.forEach((one) => this.close(one));
    if (this.broken) throw new Error(`the watch over pods and nodes broke off: ${this.broken}`);
    const lowest = this.watched.map(({ component: { namespace, name }, promised, least }) => ({
      namespace,
      name,
      promised,
      least,
    }));
    return { outages: this.outages, lowest };
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
    const serving = [...this.pods.values()].filter((pod) => isAvailable(pod, nodes));
    for (const one of this.watched) {
      const available = serving.filter((pod) => belongsTo(one.component, pod)).length;
      one.least = Math.min(one.least, available);
      if (available >= one.promised) this.close(one);
      else if (one.open) one.open.least = Math.min(one.open.least, available);
      else one.open = { since: Date.now(), least: available };
    }
  }

  private close(one: Watched): void {
    if (!one.open) return;
    const { component, promised, open } = one;
    one.open = undefined;
    this.outages.push({
      namespace: component.namespace,
      component: describeComponent(component),
      promised,
      least: open.least,
      millis: Date.now() - open.since,
    });
  }
}

/** Outages as texts. */
export function describeOutages(outages: readonly Outage[]): string[] {
  return outages.map(({ component, promised, least, millis }) => {
    const had = least === 0 ? 'no available pod' : `only ${least} of the ${promised} promised pods available`;
    return `${component} had ${had} for ${millis} ms`;
  });
}

/** The fewest available pods of each component, as one line. */
export function describeLowest(lowest: readonly Lowest[]): string {
  const texts = lowest.map(({ name, promised, least }) => `${name} ${least} (${promised})`);
  return texts.length > 0 ? texts.join(', ') : 'none is watched, since each component has one replica';
}
