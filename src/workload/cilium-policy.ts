import { ApiObject, type ApiObjectMetadata, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { CILIUM_API, type CiliumPolicySpec } from '../network/cilium';
import type { Cluster } from '../platform/cluster';

/**
 * Draws the CiliumNetworkPolicy beside a NetworkPolicy, for flows that only Cilium can name. Nothing where the cluster
 * does not serve the API: the object would be refused, and a rule of the stack says what is missing.
 */
export function ciliumPolicy(
  owner: Construct,
  cluster: Cluster,
  metadata: ApiObjectMetadata,
  spec: () => CiliumPolicySpec,
): void {
  if (cluster.serves(CILIUM_API)) {
    markDrawn(
      new ApiObject(owner, 'CiliumNetworkPolicy', {
        apiVersion: CILIUM_API,
        kind: 'CiliumNetworkPolicy',
        metadata,
        spec: Lazy.any({ produce: spec }),
      }),
    );
  }
}
