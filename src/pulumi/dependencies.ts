import { type Phase, PHASES } from '../core/phase';
import type { Manifest } from './resource-class';

/** An object, with what decides about its order. */
export interface Ordered {
  readonly phase: Phase;
  readonly manifest: Manifest;
  /** Positions of objects that it was told to depend on, all of them before it. */
  readonly declared: readonly number[];
}

/** Phases that the next one waits for as a whole, by waiting for their last object. */
const AWAITED: readonly Phase[] = ['namespace', 'configuration', 'data', 'migration'];

/**
 * For each object the positions of those that must be there (and ready, where the engine waits) before it. The objects
 * come in the order of their phases.
 *
 * A phase is closed by its last object, which waits for the others of the phase; later phases wait for that one alone,
 * so the number of dependencies grows with the number of objects and not with its square. A Service never closes a
 * phase: the engine waits for its pods, and pods may need it. Workloads do not wait for each other. What exposes waits
 * for the Services behind it, what observes for every workload.
 */
export function dependencies(objects: readonly Ordered[]): number[][] {
  const before = objects.map(({ declared }) => new Set(declared));
  const depend = (position: number, on: number | undefined): void => {
    // An object that was told to depend on a later phase comes after it; nothing may then wait the other way round.
    if (on !== undefined && on < position) {
      before[position]?.add(on);
    }
  };
  const positionsOf = (phase: Phase): number[] =>
    objects.flatMap((object, position) => (object.phase === phase ? [position] : []));
  const dependOnPhases = (position: number, barrier: number | undefined): void => {
    if (barrier === undefined || barrier < position) {
      depend(position, barrier);
      return;
    }
    // Something of an earlier phase was told to wait for this one: of the earlier phases it waits for what is left.
    closingOf(objects, PHASES.indexOf(objects[position]?.phase ?? 'namespace')).forEach((on) => depend(position, on));
  };

  let barrier: number | undefined;
  for (const phase of AWAITED) {
    const members = positionsOf(phase);
    members.forEach((position) => dependOnPhases(position, barrier));
    const closing = members.filter((position) => objects[position]?.manifest.kind !== 'Service');
    const last = closing.at(-1);
    if (last !== undefined) {
      closing.forEach((position) => depend(last, position));
      barrier = last;
    }
  }

  const workloads = positionsOf('workloads');
  workloads.forEach((position) => dependOnPhases(position, barrier));
  const services = servicesByName(objects);
  positionsOf('exposure').forEach((position) => {
    dependOnPhases(position, barrier);
    const manifest = objects[position]?.manifest;
    const namespace = manifest?.metadata.namespace;
    backendNames(manifest?.spec).forEach((name) => depend(position, services.get(`${namespace}/${name}`)));
  });
  const [first, ...others] = positionsOf('observation');
  if (first !== undefined) {
    [barrier, ...workloads].forEach((position) => depend(first, position));
    others.forEach((position) => depend(position, first));
  }
  return before.map((each) => [...each].sort((a, b) => a - b));
}

/** Positions of what closes the phases before one. */
function closingOf(objects: readonly Ordered[], phase: number): number[] {
  return objects.flatMap((object, position) =>
    PHASES.indexOf(object.phase) < phase && object.manifest.kind !== 'Service' ? [position] : [],
  );
}

function servicesByName(objects: readonly Ordered[]): ReadonlyMap<string, number> {
  return new Map(
    objects.flatMap(({ manifest: { kind, metadata } }, position) =>
      kind === 'Service' ? [[`${metadata.namespace}/${metadata.name}`, position] as const] : [],
    ),
  );
}

/** Names below `service` (Ingress) and `backendRefs` (Gateway API), wherever they stand. */
function backendNames(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(backendNames);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const references = key === 'service' ? [inner] : key === 'backendRefs' && Array.isArray(inner) ? inner : [];
    const names = references.map((each: unknown) => (each as { name?: unknown } | null)?.name);
    return [...names.filter((name): name is string => typeof name === 'string'), ...backendNames(inner)];
  });
}
