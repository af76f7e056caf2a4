import { Agent, type RequestOptions, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubeList, KubeObject } from './objects';

/** How to reach an API server. */
export interface ClientOptions {
  readonly port: number;
  /** The server's certificate authority, PEM. */
  readonly ca: Buffer;
  readonly token: string;
  /** @default the error as it is */
  readonly explain?: Explain;
}

/** Turns a failure to reach the server into the error that says why, which the processes' logs know better. */
export type Explain = (what: string) => Promise<Error>;

/** A kind of object, as the API server describes it. */
export interface ApiResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** The plural name in paths. */
  readonly name: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** An answer of the API server other than success. */
export class ApiError extends Error {
  constructor(
    public readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** An event of a watch. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

interface CallOptions {
  /** How long the server may be silent, in milliseconds. @default 30000 */
  readonly timeoutMillis?: number;
  /** @default application/json */
  readonly contentType?: string;
  /** Acts as this user, with these groups. @default the administrator */
  readonly as?: { readonly user: string; readonly groups: readonly string[] };
}

/** A small client of the Kubernetes API: what this suite needs, over one keep-alive connection pool. */
export class ApiClient {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Promise<ApiResource[]>>();

  constructor(private readonly options: ClientOptions) {
    this.agent = new Agent({ keepAlive: true, ca: options.ca, maxSockets: 16 });
  }

  /** Closes all connections. */
  public close(): void {
    this.agent.destroy();
  }

  /**
   * Sends one request.
   *
   * @throws ApiError when the server answers with 400 or above, with the server's own message
   */
  public async call<T = KubeObject>(
    method: string,
    path: string,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<T> {
    const answer = await this.send(method, path, body, options).catch(async (error: Error) => {
      throw (await this.options.explain?.(`${method} ${path}: ${error.message}`)) ?? error;
    });
    if (answer.status >= 400) throw new ApiError(answer.status, messageOf(answer.body, `${method} ${path}`));
    return (answer.body.startsWith('{') ? JSON.parse(answer.body) : { text: answer.body }) as T;
  }

  /** Lists objects of a path such as `/api/v1/pods`; items get the kind and version that the server leaves out in lists. */
  public async list<T = KubeObject>(path: string): Promise<KubeList<T>> {
    const list = await this.call<KubeList<T> & { apiVersion: string; kind: string }>('GET', path);
    const type = { apiVersion: list.apiVersion, kind: list.kind.replace(/List$/, '') };
    return { metadata: list.metadata, items: list.items.map((item) => ({ ...type, ...item })) };
  }

  /** Reads an object, or nothing where the server does not have it. */
  public async tryGet<T = KubeObject>(path: string): Promise<T | undefined> {
    try {
      return await this.call<T>('GET', path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Changes fields of an object by a JSON merge patch. */
  public async patch<T = KubeObject>(path: string, patch: unknown): Promise<T> {
    return this.call<T>('PATCH', path, patch, { contentType: 'application/merge-patch+json' });
  }

  /** Creates an object; one that is there already is left as it is. */
  public async ensure(object: KubeObject): Promise<void> {
    try {
      await this.call('POST', await this.collectionOf(object), object);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
    }
  }

  /** Deletes an object, with its dependents in the background; one that is gone already is no error. */
  public async remove(path: string): Promise<void> {
    try {
      await this.call('DELETE', path, { propagationPolicy: 'Background' });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /** The path of the collection that an object belongs to. */
  public async collectionOf(object: KubeObject): Promise<string> {
    const found = (await this.resourcesOf(object.apiVersion)).find(({ kind }) => kind === object.kind);
    if (!found) throw new Error(`the API server knows no kind ${object.kind} in ${object.apiVersion}`);
    return collectionPath(found, object.metadata.namespace ?? 'default');
  }

  /** The path of one object. */
  public async pathOf(object: KubeObject): Promise<string> {
    return `${await this.collectionOf(object)}/${object.metadata.name}`;
  }

  /** The kinds of one API version, without sub-resources; asked once. */
  public async resourcesOf(apiVersion: string): Promise<ApiResource[]> {
    const known = this.resources.get(apiVersion);
    if (known) return known;
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const asked = this.call<{ resources: Omit<ApiResource, 'apiVersion'>[] }>('GET', path).then(({ resources }) =>
      resources.filter(({ name }) => !name.includes('/')).map((one) => ({ ...one, apiVersion })),
    );
    this.resources.set(apiVersion, asked);
    // A kind may arrive later, with its definition: a failure is not remembered.
    asked.catch(() => this.resources.delete(apiVersion));
    return asked;
  }

  /** All kinds of the preferred version of every API group. */
  public async allResources(): Promise<ApiResource[]> {
    const { groups } = await this.call<{ groups: { preferredVersion: { groupVersion: string } }[] }>('GET', '/apis');
    const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
    return (await Promise.all(versions.map((version) => this.resourcesOf(version)))).flat();
  }

  /**
   * Follows the changes of a collection.
   *
   * @param onEvent is called for each change, in the server's order
   * @param onEnd is called once when the stream ends other than by the returned function
   * @returns a function that stops following
   */
  public watch<T>(
    path: string,
    resourceVersion: string,
    onEvent: (event: WatchEvent<T>) => void,
    onEnd: (reason: string) => void,
  ): () => void {
    let stopped = false;
    const end = (reason: string): void => {
      if (!stopped) onEnd(reason);
      stopped = true;
    };
    const query = `watch=true&resourceVersion=${resourceVersion}`;
    const outgoing = request(this.requestOptions('GET', `${path}?${query}`, {}), (incoming) => {
      const lines = createInterface({ input: incoming });
      lines.on('line', (line) => {
        if (!stopped) onEvent(JSON.parse(line) as WatchEvent<T>);
      });
      // Both report the same failure, also the one that stopping causes.
      lines.on('error', (error: Error) => end(error.message));
      incoming.on('error', (error) => end(error.message));
      incoming.once('end', () => end('the API server closed the stream'));
    });
    outgoing.on('error', (error) => end(error.message));
    outgoing.end();
    return () => {
      stopped = true;
      outgoing.destroy();
    };
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<{ status: number; body: string }> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(this.requestOptions(method, path, options, text), (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      const millis = options.timeoutMillis ?? 30_000;
      outgoing.setTimeout(millis, () => outgoing.destroy(new Error(`no answer within ${millis} ms`)));
      outgoing.once('error', reject);
      outgoing.end(text);
    });
  }

  private requestOptions(method: string, path: string, { contentType, as }: CallOptions, body = ''): RequestOptions {
    const impersonation = as ? { 'Impersonate-User': as.user, 'Impersonate-Group': [...as.groups] } : {};
    return {
      method,
      path,
      host: '127.0.0.1',
      port: this.options.port,
      agent: this.agent,
      headers: {
        Authorization: `Bearer ${this.options.token}`,
        'Content-Type': contentType ?? 'application/json',
        Accept: 'application/json',
        // Node adds none to a DELETE, and its body would then be read as the next request.
        'Content-Length': Buffer.byteLength(body),
        ...impersonation,
      },
    };
  }
}

/** The path of a kind's collection, in a namespace if the kind lives in one. */
export function collectionPath(resource: ApiResource, namespace: string): string {
  const root = resource.apiVersion.includes('/') ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`;
  return resource.namespaced ? `${root}/namespaces/${namespace}/${resource.name}` : `${root}/${resource.name}`;
}

function messageOf(body: string, fallback: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? fallback;
  } catch {
    return `${fallback}: ${body.slice(0, 200)}`;
  }
}
