import type { ApiClient } from '../../cluster/harness/client';
import type { ControlPlane } from '../../cluster/harness/control-plane';
import { type KubeObject, nameOf } from '../../cluster/harness/objects';
import { settle } from '../../cluster/harness/rest';

/** Fields that the cluster gives to each object anew, by their path. Everything else must be equal. */
const GIVEN_BY_THE_CLUSTER = [
  'metadata.uid',
  'metadata.resourceVersion',
  'metadata.creationTimestamp',
  'metadata.generation',
  'metadata.managedFields',
  'status',
] as const;

/** The same, for kinds to which the cluster gives more. */
const GIVEN_BY_KIND: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec.clusterIP', 'spec.clusterIPs', 'spec.healthCheckNodePort'],
  // The controller selects the Job's own pods by its uid.
  Job: [
    'spec.selector.matchLabels.batch\\.kubernetes\\.io/controller-uid',
    'spec.template.metadata.labels.batch\\.kubernetes\\.io/controller-uid',
    'spec.template.metadata.labels.controller-uid',
  ],
};

/** A headless Service is one because of this address; it is not the cluster's choice. */
const HEADLESS = 'None';

/**
 * Compares what runs in two namespaces, object by object: the objects of a list, as the API server returns them.
 *
 * @param objects the objects to look at, as they are in the first namespace
 * @param second the other namespace
 * @returns each object that is missing or differs, with both forms of what differs
 */
export async function liveDifferences(
  client: ApiClient,
  objects: readonly KubeObject[],
  first: string,
  second: string,
): Promise<string[]> {
  const compared = objects.map(async (object) => {
    const path = await client.pathOf(object);
    const [one, other] = await Promise.all([client.tryGet(path), client.tryGet(renamed(path, first, second))]);
    if (!one || !other) return [`${nameOf(object)} is missing in ${one ? second : first}`];
    const texts = differences('', comparable(one), comparable(renamed(other, second, first)));
    return texts.map((text) => `${nameOf(object)}${text}`);
  });
  return (await Promise.all(compared)).flat();
}

/** Any JSON with another namespace, wherever its name stands. */
export function renamed<T>(value: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T;
}

function comparable(object: KubeObject): unknown {
  const copy = structuredClone(object);
  const { clusterIP } = (copy.spec ?? {}) as { clusterIP?: string };
  const given = clusterIP === HEADLESS ? [] : (GIVEN_BY_KIND[copy.kind] ?? []);
  for (const path of [...GIVEN_BY_THE_CLUSTER, ...given]) {
    const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
    const last = keys.pop()!;
    const holder = keys.reduce<unknown>((value, key) => field(value, key), copy);
    if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, last);
  }
  return copy;
}

function differences(path: string, one: unknown, other: unknown): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [`${path}: ${JSON.stringify(one)}, but ${JSON.stringify(other)}`];
  }
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return keys.flatMap((key) => differences(`${path}.${key}`, field(one, key), field(other, key)));
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** What is not at rest in a namespace. */
export async function restOf({ client }: ControlPlane, namespace: string): Promise<string[]> {
  const { problems, waitingForZone } = await settle(client, namespace);
  return [...problems, ...waitingForZone];
}
