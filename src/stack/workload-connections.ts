import { ApiObject, Lazy } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { refuse } from '../core/errors';
import { check, requireShape } from '../core/checks';
import { Connections } from '../network/connections';
import { Port } from '../network/port';
import { manifestOf } from '../validation/manifest';
import { containersOf, podSpecsOf, type PodSpecPlace } from '../validation/pod-specs';
import type { ConnectedWorkload } from '../validation/rule';
import { at, entriesOf, textsOf } from '../validation/untyped';
import { ciliumPolicy } from '../workload/cilium-policy';
import { contextOf } from '../workload/context';
import { joinMesh } from '../workload/mesh-flows';

/** What a workload of the user's own may do without a flow. */
export interface WorkloadConnectionsOptions {
  /**
   * Whether the pods resolve names.
   * @default true
   */
  readonly resolvesNames?: boolean;
}

/** Flows of a workload that the library did not draw, with the policy that opens them and closes all else. */
export class WorkloadConnections extends Construct implements ConnectedWorkload {
  /** Flows of the pods. */
  public readonly connections: Connections;
  /** The NetworkPolicy. */
  public readonly networkPolicy: ApiObject;
  private readonly cluster;

  /**
   * @param workload A workload of Kubernetes as a raw ApiObject, or a construct around one, as those of cdk8s-plus are.
   * @throws ConfigurationError `network/no-workload` for an object without pods, `network/other-namespace` for one whose
   *   pods are in another namespace than the stack, or in one that nobody names.
   */
  constructor(
    scope: Construct,
    id: string,
    private readonly workload: ApiObject,
    options: WorkloadConnectionsOptions,
  ) {
    super(scope, id);
    requireShape('connectionsFor', options, { resolvesNames: check.flag });
    const { cluster, namespaceName } = contextOf(this);
    this.cluster = cluster;
    const { namespace } = workload.metadata;
    if (namespace !== namespaceName) {
      refuseWorkload(this.workload, 'network/other-namespace', {
        message:
          namespace === undefined
            ? 'nothing says in which namespace its pods are, and a policy reaches only those of its own'
            : `its pods are in namespace "${namespace}", and a policy of the stack reaches those in "${namespaceName}"`,
        fix: `make it inside of the stack, or in a chart with that namespace: new Chart(app, "...", { namespace: ${JSON.stringify(namespaceName)} })`,
      });
    }
    const owner = this;
    this.connections = new Connections({
      name: workload.name,
      cluster: cluster.name,
      namespace: namespaceName,
      // Read when policies are rendered: cdk8s-plus adds labels and ports until then.
      get selector() {
        return owner.selector;
      },
      get ports() {
        return owner.ports;
      },
      onEntity: () =>
        ciliumPolicy(this, cluster, { name: `${workload.name}-flows` }, () => this.connections.toCiliumPolicySpec()),
    });
    this.networkPolicy = markDrawn(
      new ApiObject(this, 'NetworkPolicy', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: `${workload.name}-flows` },
        spec: Lazy.any({ produce: () => this.connections.toPolicySpec() }),
      }),
    );
    if (!staysOut(this.pods?.labels ?? {})) {
      // Which of its ports are probed is the workload's own: all of them are.
      joinMesh(contextOf(this), {
        connections: this.connections,
        probedPorts: this.ports,
        resolvesNames: options.resolvesNames !== false,
      });
    }
    if (options.resolvesNames !== false) {
      this.connections.allowTo(cluster.dns.peer, { port: cluster.dns.ports, reason: 'resolves names' });
    }
  }

  /** Labels that select the pods: those of the workload's own selector, which never change, or else those of its pods. */
  public get selector(): Readonly<Record<string, string>> {
    const manifest = manifestOf(this.workload, this.cluster);
    const own = textsOf(at(manifest, 'spec', 'selector', 'matchLabels'));
    // cdk8s gives a bare Pod the labels of its chart, which tell it from no other one.
    const shared = Object.entries(this.workload.kind === 'Pod' ? this.workload.chart.labels : {});
    const labels = Object.entries(this.pods?.labels ?? {}).filter(
      ([key, value]) => !shared.some(([sharedKey, sharedValue]) => key === sharedKey && value === sharedValue),
    );
    return Object.keys(own).length > 0 ? own : Object.fromEntries(labels);
  }

  private get ports(): Port[] {
    const declared = containersOf(this.pods?.spec ?? {}).flatMap(({ container }) => entriesOf(container.ports));
    return declared.flatMap((port) => {
      const number = at(port, 'containerPort');
      if (typeof number !== 'number') {
        return [];
      }
      const protocol = at(port, 'protocol') ?? 'TCP';
      return protocol === 'UDP' ? [Port.udp(number)] : protocol === 'TCP' ? [Port.tcp(number)] : [];
    });
  }

  private get pods(): PodSpecPlace | undefined {
    return podSpecsOf(manifestOf(this.workload, this.cluster))[0];
  }
}

/** Whether pods of the user say that no mesh takes part in them. */
function staysOut(labels: Readonly<Record<string, string>>): boolean {
  return labels['sidecar.istio.io/inject'] === 'false' || labels['istio.io/dataplane-mode'] === 'none';
}

/**
 * The object that runs the pods of a construct.
 *
 * @throws ConfigurationError `network/no-workload`.
 */
export function workloadOf(construct: IConstruct): ApiObject {
  const object = ApiObject.isApiObject(construct)
    ? construct
    : [construct?.node?.defaultChild].find(
        (child): child is ApiObject => child !== undefined && ApiObject.isApiObject(child),
      );
  if (object === undefined) {
    return refuseWorkload(construct, 'network/no-workload', {
      message: 'this is no object, and no construct around one',
      fix: 'pass the ApiObject of the workload, or the workload of cdk8s-plus',
    });
  }
  if (object.kind !== 'Pod' && !hasTemplate(object)) {
    refuseWorkload(object, 'network/no-workload', {
      message: `${object.kind} "${object.name}" has no pods that rules could find`,
      fix: 'pass a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod; for pods that an operator makes, write a NetworkPolicy by their labels',
    });
  }
  return object;
}

function hasTemplate(object: ApiObject): boolean {
  try {
    return podSpecsOf(object.toJson()).length > 0;
  } catch {
    return true; // one that is not complete yet; the report of the stack says what it lacks
  }
}

function refuseWorkload(
  construct: IConstruct,
  id: string,
  problem: { readonly message: string; readonly fix: string },
): never {
  const path = construct?.node?.path ?? 'connectionsFor';
  return refuse('connectionsFor', [{ id, level: 'error', path, ...problem }]);
}
