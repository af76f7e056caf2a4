import { type ApiClient, ApiError, type WatchEvent } from './client';
import { type KubeObject, nameOf, type Service } from './objects';

/** An Ingress, or a Service of type LoadBalancer: something that gets an address from outside of the cluster. */
type Exposed = KubeObject & {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
};

const COLLECTIONS = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', path: '/apis/networking.k8s.io/v1/ingresses' },
  { apiVersion: 'v1', kind: 'Service', path: '/api/v1/services' },
] as const;

/** Addresses for documentation: nobody answers there, so a test that connects by mistake reaches no one. */
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];

/** The most addresses that can be given: 254 of each network. */
const ADDRESSES = NETWORKS.length * 254;

/**
 * Plays the ingress controller and the cloud's load balancers: every Ingress and every Service of type LoadBalancer, in
 * all namespaces, gets an address in its status. Without it such an object waits for ever, and so does whoever waits for
 * the object, as Pulumi does.
 */
export class LoadBalancers {
  /** Begins to give out addresses, also to what exists already. */
  public static async start(client: ApiClient): Promise<LoadBalancers> {
    const balancers = new LoadBalancers(client);
    try {
      for (const collection of COLLECTIONS) await balancers.follow(collection);
    } catch (error) {
      balancers.stops.forEach((stop) => stop());
      throw error;
    }
    return balancers;
  }

  private readonly addresses = new Map<string, string>();
  private readonly pending = new Set<Promise<void>>();
  private readonly stops: (() => void)[] = [];
  private readonly errors: string[] = [];

  private constructor(private readonly client: ApiClient) {}

  /**
   * Ends it; what has an address keeps it.
   *
   * @throws Error when an address could not be given, or the stream of events had broken off
   */
  public async stop(): Promise<void> {
    this.stops.forEach((stop) => stop());
    await Promise.all(this.pending);
    if (this.errors.length > 0) throw new Error(`the played load balancers failed: ${this.errors.join('; ')}`);
  }

  private async follow({ apiVersion, kind, path }: (typeof COLLECTIONS)[number]): Promise<void> {
    const { items, metadata } = await this.client.list<Exposed>(path);
    items.forEach((item) => this.serve(path, item));
    const onEvent = ({ type, object }: WatchEvent<Exposed>): void => {
      if (type === 'ERROR') this.errors.push(JSON.stringify(object));
      else if (type === 'ADDED' || type === 'MODIFIED') this.serve(path, { ...object, apiVersion, kind });
    };
    const onEnd = (reason: string): number => this.errors.push(`the watch over ${path} ended: ${reason}`);
    this.stops.push(this.client.watch<Exposed>(path, metadata.resourceVersion, onEvent, onEnd));
  }

  private serve(path: string, object: Exposed): void {
    if (!needsAddress(object)) return;
    const work = this.patch(path, object).catch((error: Error) => {
      this.errors.push(`${nameOf(object)}: ${error.message}`);
    });
    this.pending.add(work);
    void work.then(() => this.pending.delete(work));
  }

  private async patch(path: string, { kind, metadata: { namespace, name } }: Exposed): Promise<void> {
    const own = path.replace(/[^/]+$/, (plural) => `namespaces/${namespace}/${plural}/${name}`);
    const ip = this.addressOf(`${kind} ${namespace}/${name}`);
    try {
      await this.client.patch(`${own}/status`, { status: { loadBalancer: { ingress: [{ ip }] } } });
    } catch (error) {
      // It is gone again: then nobody needs the address.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /** The same object gets the same address again, as long as this runs. */
  private addressOf(name: string): string {
    const known = this.addresses.get(name);
    if (known) return known;
    const index = this.addresses.size;
    if (index >= ADDRESSES) throw new Error(`all ${ADDRESSES} addresses are given away`);
    const address = `${NETWORKS[Math.floor(index / 254)]}.${(index % 254) + 1}`;
    this.addresses.set(name, address);
    return address;
  }
}

/** Ingresses and Services of type LoadBalancer of a namespace that have no address, one text each. */
export async function addressProblems(client: ApiClient, namespace: string): Promise<string[]> {
  const inNamespace = COLLECTIONS.map(({ path }) =>
    path.replace(/[^/]+$/, (name) => `namespaces/${namespace}/${name}`),
  );
  const lists = await Promise.all(inNamespace.map((path) => client.list<Exposed>(path)));
  return lists.flatMap(({ items }) => items.filter(needsAddress).map((object) => `${nameOf(object)} has no address`));
}

function needsAddress(object: Exposed): boolean {
  const isExposed = object.kind === 'Ingress' || (object as unknown as Service).spec.type === 'LoadBalancer';
  const given = object.status?.loadBalancer?.ingress ?? [];
  return isExposed && given.length === 0 && object.metadata.deletionTimestamp === undefined;
}
