import { at, type Emitted } from './objects';

/** What others rely on: names in commands, dashboards and policies of neighbours, selectors that cannot change, addresses. */
export interface Pinned {
  /** Every object but Jobs, whose names change with their content: `Kind/name`, sorted. */
  readonly objects: readonly string[];
  /** Names of the Jobs without their hashes. */
  readonly jobs: readonly string[];
  /** Selectors of workloads, Services, budgets and policies. */
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Names of the claims of StatefulSets, without the ordinal: data of replicas is found by them. */
  readonly claims: readonly string[];
  /** Ports of the Services: `name:port`. */
  readonly ports: Readonly<Record<string, readonly string[]>>;
}

const SELECTORS: Readonly<Record<string, string>> = {
  Deployment: 'spec.selector.matchLabels',
  StatefulSet: 'spec.selector.matchLabels',
  Service: 'spec.selector',
  PodDisruptionBudget: 'spec.selector.matchLabels',
  NetworkPolicy: 'spec.podSelector.matchLabels',
};

const compact = (labels: unknown): string =>
  Object.entries((labels ?? {}) as Record<string, string>)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(' ');

/** The identity of a set of objects. */
export function pin(objects: readonly Emitted[]): Pinned {
  const named = (each: Emitted): string => `${each.kind}/${each.metadata.name}`;
  const sorted = [...objects].sort((a, b) => (named(a) < named(b) ? -1 : 1));
  const rest = sorted.filter(({ kind }) => kind !== 'Job');
  const services = sorted.filter(({ kind }) => kind === 'Service');
  return {
    objects: rest.map(named),
    jobs: sorted
      .filter(({ kind }) => kind === 'Job')
      .map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{8}$/, '-<hash>')),
    selectors: Object.fromEntries(
      rest
        .filter(({ kind }) => kind in SELECTORS)
        .map((each) => [named(each), compact(at(each, SELECTORS[each.kind] ?? ''))]),
    ),
    claims: sorted
      .filter(({ kind }) => kind === 'StatefulSet')
      .flatMap(({ metadata, spec }) =>
        (spec?.volumeClaimTemplates as { metadata: { name: string } }[]).map(
          (claim) => `${claim.metadata.name}-${metadata.name}`,
        ),
      ),
    ports: Object.fromEntries(
      services.map(({ metadata, spec }) => [
        metadata.name,
        (spec?.ports as { name: string; port: number }[]).map(({ name, port }) => `${name}:${port}`),
      ]),
    ),
  };
}
