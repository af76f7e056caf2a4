import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { Yaml } from 'cdk8s';
import type { ControlPlane } from '../harness/control-plane';
import { type KubeObject, nameOf } from '../harness/objects';

/** What a kubeconfig tells of the server. */
interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority': string } },
  ];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly warnings: readonly string[];
}

/**
 * Asks the API server what it thinks of objects: strict server-side apply as a dry run, from the YAML text that a user
 * would have, many objects at a time. Beside errors it reads warnings, which is how the server says that the pods of a
 * workload would not be admitted.
 */
export class StrictServer {
  /** Reads from the kubeconfig of a control plane how to reach it. */
  public static async of(plane: ControlPlane): Promise<StrictServer> {
    const { stdout } = await plane.kubectl.run(['config', 'view', '--raw', '--output=json']);
    return new StrictServer(plane, JSON.parse(stdout) as Kubeconfig);
  }

  private readonly agent: Agent;
  private readonly judged = new Map<string, Promise<string[]>>();

  private constructor(
    private readonly plane: ControlPlane,
    private readonly config: Kubeconfig,
  ) {
    const ca = readFileSync(config.clusters[0].cluster['certificate-authority']);
    this.agent = new Agent({ keepAlive: true, ca, maxSockets: 24 });
  }

  /** Closes all connections. */
  public close(): void {
    this.agent.destroy();
  }

  /**
   * What the server refuses of these objects, warns about, or understands in another way than it was meant.
   *
   * @param namespace where they would be; it stands in for their own, which need not exist
   */
  public async problems(objects: readonly KubeObject[], namespace: string): Promise<string[]> {
    const asked = objects.map(async (object) => this.problemsOf(movedTo(object, namespace)));
    return (await Promise.all(asked)).flat();
  }

  /** Many stacks share objects; each is judged once. */
  private async problemsOf(object: KubeObject): Promise<string[]> {
    const text = Yaml.stringify(object);
    const key = createHash('sha256').update(text).digest('base64');
    const known = this.judged.get(key) ?? this.judgement(object, text);
    this.judged.set(key, known);
    return known;
  }

  private async judgement(object: KubeObject, text: string): Promise<string[]> {
    const path = `${await this.plane.client.pathOf(object)}?fieldManager=fuzz&dryRun=All&fieldValidation=Strict`;
    const { status, body, warnings } = await this.apply(path, text);
    const answer = parsed(body);
    const problems =
      status >= 400
        ? [String(answer.message ?? body)]
        : changes(object, answer).map((each) => `arrives changed: ${each}`);
    return [...problems, ...warnings.map((each) => `warning: ${each}`)].map((each) => `${nameOf(object)}: ${each}`);
  }

  private async apply(path: string, text: string): Promise<Answer> {
    const { server } = this.config.clusters[0].cluster;
    const headers = {
      Authorization: `Bearer ${this.config.users[0].user.token}`,
      'Content-Type': 'application/apply-patch+yaml',
      'Content-Length': Buffer.byteLength(text),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(`${server}${path}`, { method: 'PATCH', agent: this.agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const warnings = [incoming.headers.warning ?? []].flat();
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), warnings });
        });
      });
      outgoing.setTimeout(30_000, () => outgoing.destroy(new Error(`PATCH ${path}: no answer within 30 s`)));
      outgoing.once('error', reject);
      outgoing.end(text);
    });
  }
}

/** An object as it would be in another namespace. */
export function movedTo(object: KubeObject, namespace: string): KubeObject {
  const { metadata } = object;
  return metadata.namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace } };
}

function parsed(body: string): Record<string, unknown> {
  return body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {};
}

/** Amounts, which the server writes in its own way: "0.5" as "500m". */
const AMOUNTS = ['requests', 'limits', 'sizeLimit', 'divisor'];

/** Fields that the server has other than they were sent, each with its path. */
function changes(sent: unknown, stored: unknown, path = ''): string[] {
  if (Array.isArray(sent)) {
    return sent.flatMap((each, index) =>
      changes(each, (stored as unknown[] | undefined)?.[index], `${path}[${index}]`),
    );
  }
  if (typeof sent === 'object' && sent !== null) {
    return Object.entries(sent).flatMap(([key, each]) => {
      const other = isObject(stored) && Object.hasOwn(stored, key) ? stored[key] : undefined;
      return AMOUNTS.includes(key) || isEmpty(each) ? [] : changes(each, other, `${path}.${key}`);
    });
  }
  return isDeepStrictEqual(sent, stored) ? [] : [`${path} is ${JSON.stringify(stored)}, not ${JSON.stringify(sent)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What the server drops: it means the same as nothing. */
function isEmpty(value: unknown): boolean {
  return value === '' || value === 0 || value === false || (isObject(value) && Object.keys(value).length === 0);
}
