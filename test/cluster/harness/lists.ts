import { isDeepStrictEqual } from 'node:util';
import type { ApiClient } from './client';
import { type KubeObject, nameOf } from './objects';

/** The parts of an OpenAPI schema that say how a list is merged. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[];
}

/**
 * Fields that the server writes into members although nobody may set them to anything else: what a tool knows of them is
 * part of its knowledge of built-in kinds.
 */
const WRITTEN_BY_THE_SERVER: Readonly<Record<string, readonly string[]>> = {
  'spec.volumeClaimTemplates': ['status'],
};

/**
 * Compares the lists of what was sent with what the server stores. Lists that are merged by a key are walked member by
 * member: what others add beside our fields is theirs. All other lists belong to one owner as a whole, so a default that
 * the server adds to a member is a difference for whoever compares them, for ever.
 *
 * @returns one text for each list that differs
 */
export async function listProblems(client: ApiClient, objects: readonly KubeObject[]): Promise<string[]> {
  const problems: string[] = [];
  for (const object of objects) {
    const stored = await client.call('GET', await client.pathOf(object));
    const { schemas, root } = await schemasOf(client, object);
    const walk = (sent: unknown, kept: unknown, schema: Schema, path: string): string[] => {
      const known = resolve(schema, schemas);
      if (Array.isArray(sent)) return ofList(sent, kept, known, path);
      if (!isRecord(sent) || !isRecord(kept)) return [];
      return Object.keys(sent).flatMap((key) => {
        const { additionalProperties: rest } = known;
        const inner = known.properties?.[key] ?? (typeof rest === 'object' ? rest : {});
        return walk(sent[key], kept[key], inner, path === '' ? key : `${path}.${key}`);
      });
    };
    const ofList = (sent: readonly unknown[], kept: unknown, schema: Schema, path: string): string[] => {
      const stays = Array.isArray(kept) ? (kept as readonly unknown[]) : [];
      const keys = schema['x-kubernetes-list-map-keys'] ?? [];
      if (schema['x-kubernetes-list-type'] !== 'map') {
        const ours = stays.map((member) => without(member, WRITTEN_BY_THE_SERVER[path]));
        return isDeepStrictEqual(sent, ours)
          ? []
          : [`${path} was sent as ${JSON.stringify(sent)} and is stored as ${JSON.stringify(ours)}`];
      }
      return sent.flatMap((member) => {
        const same = stays.find((one) => keys.every((key) => fieldOf(one, key) === fieldOf(member, key)));
        const name = keys.map((key) => String(fieldOf(member, key))).join(',');
        return same === undefined
          ? [`${path}[${name}] has no member of its key, so a default is part of the key`]
          : walk(member, same, schema.items ?? {}, `${path}[${name}]`);
      });
    };
    problems.push(...walk(object, stored, root, '').map((text) => `${nameOf(object)}: ${text}`));
  }
  return problems;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldOf = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);

function without(member: unknown, fields: readonly string[] = []): unknown {
  return isRecord(member)
    ? Object.fromEntries(Object.entries(member).filter(([key]) => !fields.includes(key)))
    : member;
}

type Schemas = Readonly<Record<string, Schema>>;

function resolve(schema: Schema, schemas: Schemas): Schema {
  const [inner] = schema.allOf ?? [];
  const ref = schema.$ref ?? inner?.$ref;
  const name = ref?.slice(ref.lastIndexOf('/') + 1);
  const { allOf: _allOf, $ref: _ref, ...own } = schema;
  return name === undefined ? schema : { ...schemas[name], ...own };
}

const documents = new WeakMap<ApiClient, Map<string, Promise<Schemas>>>();

async function schemasOf(client: ApiClient, { apiVersion, kind }: KubeObject) {
  const cache = documents.get(client) ?? new Map<string, Promise<Schemas>>();
  documents.set(client, cache);
  const path = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
  const asked =
    cache.get(path) ??
    client
      .call<KubeObject & { components: { schemas: Schemas } }>('GET', `/openapi/v3/${path}`)
      .then(({ components }) => components.schemas);
  cache.set(path, asked);
  const schemas = await asked;
  const root = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((one) => one.kind === kind && schema.properties?.metadata),
  );
  if (root === undefined) throw new Error(`the server has no schema for ${apiVersion} ${kind}`);
  return { schemas, root };
}
