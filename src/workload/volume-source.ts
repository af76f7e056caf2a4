import { dnsNameProblem, freeTextProblem } from '../core/text';

type Fields = Readonly<Record<string, unknown>>;

/** Fields that name what a kind of volume is filled from. */
const NAMED: Readonly<Record<string, string>> = {
  configMap: 'name',
  csi: 'driver',
  persistentVolumeClaim: 'claimName',
  secret: 'secretName',
};

/**
 * What is wrong with where a volume comes from, or undefined: a missing or impossible name, keys and files that the API
 * server refuses. A name that no object can have would leave the pod waiting for ever.
 */
export function volumeSourceProblem(kind: string, source: Fields): string | undefined {
  const named = NAMED[kind];
  if (named !== undefined) {
    return nameProblem(`${kind}.${named}`, source[named]) ?? itemsProblem(kind, source.items);
  }
  if (kind === 'ephemeral') {
    return isFields(source.volumeClaimTemplate) ? undefined : 'ephemeral.volumeClaimTemplate is required';
  }
  if (kind !== 'projected' || source.sources === undefined) {
    return undefined;
  }
  return Array.isArray(source.sources)
    ? firstProblem(source.sources, projectedProblem)
    : 'projected.sources must be an array';
}

function projectedProblem(entry: unknown): string | undefined {
  const kinds = isFields(entry) ? Object.keys(entry).filter((key) => entry[key] !== undefined) : [];
  const [kind] = kinds;
  const source = isFields(entry) && kind !== undefined ? entry[kind] : undefined;
  if (kinds.length !== 1 || kind === undefined || !isFields(source)) {
    return 'each of projected.sources has exactly one kind';
  }
  if (kind === 'serviceAccountToken') {
    return pathProblem('serviceAccountToken.path', source.path);
  }
  return kind === 'secret' || kind === 'configMap'
    ? (nameProblem(`projected ${kind}.name`, source.name) ?? itemsProblem(kind, source.items))
    : undefined;
}

function itemsProblem(kind: string, items: unknown): string | undefined {
  if (items === undefined) {
    return undefined;
  }
  return Array.isArray(items)
    ? firstProblem(items, (item) =>
        isFields(item) && typeof item.key === 'string' && item.key !== ''
          ? pathProblem(`${kind}.items path`, item.path)
          : `each of ${kind}.items needs a key`,
      )
    : `${kind}.items must be an array`;
}

function nameProblem(field: string, name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') {
    return `${field} is required`;
  }
  // Drivers may be written in upper case.
  const problem = dnsNameProblem(field === 'csi.driver' ? name.toLowerCase() : name);
  return problem === undefined ? undefined : `${field}: ${problem}`;
}

function pathProblem(field: string, path: unknown): string | undefined {
  const isRelative =
    typeof path === 'string' &&
    path !== '' &&
    !path.startsWith('/') &&
    !path.startsWith('..') &&
    !path.split('/').includes('..') &&
    freeTextProblem(path) === undefined;
  return isRelative ? undefined : `${field} must be relative, without ".."`;
}

function firstProblem(
  entries: readonly unknown[],
  problem: (entry: unknown) => string | undefined,
): string | undefined {
  return entries.map(problem).find((each) => each !== undefined);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
