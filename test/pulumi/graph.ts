import type { Registration } from './program';

/** What waits for what, as the engine was told. */
export class Graph {
  private readonly byUrn: ReadonlyMap<string, Registration>;
  private readonly reached = new Map<string, ReadonlySet<string>>();

  constructor(public readonly registrations: readonly Registration[]) {
    this.byUrn = new Map(registrations.map((each) => [each.urn, each]));
  }

  /** Number of dependencies. */
  public get edges(): number {
    return this.registrations.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  }

  /** Resources of some kinds; fails where there is none, since a test over nothing would be green. */
  public ofKind(...kinds: string[]): Registration[] {
    const found = this.registrations.filter(({ inputs }) => kinds.includes(String(inputs.kind)));
    if (found.length === 0) {
      throw new Error(`no resource is a ${kinds.join(' or ')}`);
    }
    return found;
  }

  /** The resource of a name, without the name of the component and the namespace, and of a kind. */
  public find(kind: string, name: string): Registration {
    const found = this.ofKind(kind).filter((each) => each.name.endsWith(`/${name}`) || each.name.endsWith(`:${name}`));
    const [one] = found;
    if (one === undefined || found.length > 1) {
      throw new Error(`${found.length} resources are ${kind}/${name}`);
    }
    return one;
  }

  /**
   * URNs of everything that comes before a resource, also through others.
   *
   * @throws Error for a cycle, and for a dependency on what was never registered.
   */
  public before({ urn }: Registration, trail: readonly string[] = []): ReadonlySet<string> {
    const known = this.reached.get(urn);
    if (known !== undefined) {
      return known;
    }
    if (trail.includes(urn)) {
      throw new Error(`a cycle: ${[...trail, urn].join(' -> ')}`);
    }
    const result = new Set<string>();
    for (const dependency of this.byUrn.get(urn)?.dependencies ?? []) {
      const other = this.byUrn.get(dependency);
      if (other === undefined) {
        throw new Error(`${urn} waits for ${dependency}, which was not registered`);
      }
      result.add(dependency);
      this.before(other, [...trail, urn]).forEach((each) => result.add(each));
    }
    this.reached.set(urn, result);
    return result;
  }

  /** Pairs in which the first does not wait for the second, `Kind/name -> Kind/name`. */
  public notAfter(later: readonly Registration[], earlier: readonly Registration[]): string[] {
    return later.flatMap((each) =>
      earlier.filter(({ urn }) => !this.before(each).has(urn)).map((other) => `${label(each)} -> ${label(other)}`),
    );
  }
}

function label({ inputs, name }: Registration): string {
  return `${String(inputs.kind)}/${name}`;
}
