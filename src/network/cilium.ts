import type { Port } from './port';

/** API of the policies that know identities of Cilium. */
export const CILIUM_API = 'cilium.io/v2';

/**
 * What Cilium knows by identity and no NetworkPolicy can name: `ingress` is its Envoy, the data plane of its Ingress and
 * Gateway API; `kube-apiserver` is the API server, wherever it runs.
 */
export type CiliumEntity = 'ingress' | 'kube-apiserver';

/** The entities that flows may name. */
export const CILIUM_ENTITIES: readonly CiliumEntity[] = ['ingress', 'kube-apiserver'];

/** A flow with entities at its other side. */
export interface EntityFlow {
  /** Who opens the connection: the pods (egress) or the entities. */
  readonly direction: 'egress' | 'ingress';
  /** The other side. */
  readonly entities: readonly CiliumEntity[];
  /** Ports of the accepting side. */
  readonly ports: readonly Port[];
}

/** One rule of a CiliumNetworkPolicy. */
export interface CiliumRule {
  /**
   * Who may connect.
   * @default - the rule is about connections that the pods open
   */
  readonly fromEntities?: readonly CiliumEntity[];
  /**
   * To whom the pods may connect.
   * @default - the rule is about connections that the pods accept
   */
  readonly toEntities?: readonly CiliumEntity[];
  /** Ports of the accepting side. */
  readonly toPorts: readonly {
    readonly ports: readonly { readonly port: string; readonly endPort?: number; readonly protocol: string }[];
  }[];
}

/** The part of a CiliumNetworkPolicy that is written here. */
export interface CiliumPolicySpec {
  /** The pods. */
  readonly endpointSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  /**
   * Connections that the pods accept.
   * @default - left to the NetworkPolicy
   */
  readonly ingress?: readonly CiliumRule[];
  /**
   * Connections that the pods open.
   * @default - left to the NetworkPolicy
   */
  readonly egress?: readonly CiliumRule[];
}

/**
 * The policy of pods for flows with entities. Policies of both kinds add up; a direction that has no such flow is left
 * to the NetworkPolicy.
 */
export function ciliumPolicySpec(
  selector: Readonly<Record<string, string>>,
  flows: readonly EntityFlow[],
): CiliumPolicySpec {
  const rules = (direction: EntityFlow['direction']): CiliumRule[] =>
    CILIUM_ENTITIES.flatMap((entity) => {
      const ports = new Map(
        flows
          .filter((flow) => flow.direction === direction && flow.entities.includes(entity))
          .flatMap((flow) => flow.ports.map((port) => [port.toString(), port] as const)),
      );
      const side = direction === 'egress' ? { toEntities: [entity] } : { fromEntities: [entity] };
      return ports.size === 0 ? [] : [{ ...side, toPorts: [{ ports: sorted(ports).map(written) }] }];
    });
  const [ingress, egress] = [rules('ingress'), rules('egress')];
  return {
    endpointSelector: { matchLabels: { ...selector } },
    ...(ingress.length === 0 ? {} : { ingress }),
    ...(egress.length === 0 ? {} : { egress }),
  };
}

// The order in which flows were declared must not show.
function sorted(ports: ReadonlyMap<string, Port>): Port[] {
  return [...ports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, port]) => port);
}

function written({ number, endPort, protocol }: Port): CiliumRule['toPorts'][number]['ports'][number] {
  return { port: String(number), ...(endPort === undefined ? {} : { endPort }), protocol };
}
