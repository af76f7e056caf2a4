import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { markDrawn } from '../core/drawn';
import { type Identity, instanceSelector, LABELS, OWN_LABELS, OWN_PREFIX } from '../core/identity';
import { ciliumPolicySpec } from '../network/cilium';
import type { Peer } from '../network/peer';
import { renderRules } from '../network/policy';
import { Port } from '../network/port';
import { ciliumPolicy } from '../workload/cilium-policy';
import { contextOf } from '../workload/context';

/** A namespace that the stack creates. It is retained when the stack is removed: it may hold claims and Secrets. */
export interface StackNamespace {
  /** Name of the namespace. */
  readonly name: string;
  /** The stack creates it. */
  readonly create: true;
}

/** cert-manager puts this label on the pods that answer HTTP-01 challenges, and lets them listen here. */
const ACME_SOLVER = { label: 'acme.cert-manager.io/http01-solver', port: Port.tcp(8089) } as const;

/**
 * The namespace, where the stack creates it, and the policy that closes whatever has none of its own: every pod of a
 * created namespace, the pods of the stack in one that exists.
 */
export function namespaceObjects(scope: Construct, namespace: string | StackNamespace, identity: Identity): void {
  const created = typeof namespace !== 'string';
  if (created) {
    const name = namespace.name;
    // Not the stack's own labels: whoever removes objects by one of them must not take the namespace along.
    const notTheStack = `${identity.product}-namespace`;
    markDrawn(
      new ApiObject(scope, 'Namespace', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          labels: {
            [LABELS.name]: notTheStack,
            [LABELS.instance]: notTheStack,
            [OWN_LABELS.instance]: notTheStack,
            [LABELS.partOf]: notTheStack,
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
          },
          annotations: {
            [`${OWN_PREFIX}/retain`]: 'true',
            'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false',
            'helm.sh/resource-policy': 'keep',
            'kustomize.toolkit.fluxcd.io/prune': 'disabled',
          },
        },
      }),
    );
  }
  markDrawn(
    new ApiObject(scope, 'DefaultDeny', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `${identity.instance}-default-deny` },
      spec: {
        podSelector: created ? {} : { matchLabels: instanceSelector(identity) },
        policyTypes: ['Ingress', 'Egress'],
      },
    }),
  );
}

/**
 * Lets the ingress controller reach the pods with which cert-manager answers HTTP-01 challenges. They stand in the
 * namespace of the Ingress, carry none of the stack's labels, and in a created namespace the default deny covers them:
 * without this policy no certificate would ever be issued.
 */
export function acmeSolverPolicy(scope: Construct, identity: Identity, controller: Peer): void {
  const name = `${identity.instance}-acme-http01`;
  const flow = {
    peers: controller.toPolicyPeers(),
    ports: [ACME_SOLVER.port],
    reason: 'HTTP-01 challenges',
    owner: name,
  };
  const ingress = renderRules([flow]).map(({ peers, ports }) => ({ from: peers, ports }));
  const solver = { [ACME_SOLVER.label]: 'true' };
  if (controller.entities.length > 0) {
    ciliumPolicy(scope, contextOf(scope).cluster, { name }, () =>
      ciliumPolicySpec(solver, [{ direction: 'ingress', entities: controller.entities, ports: [ACME_SOLVER.port] }]),
    );
  }
  markDrawn(
    new ApiObject(scope, 'AcmeHttp01', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name },
      spec: {
        podSelector: { matchLabels: solver },
        policyTypes: ['Ingress'],
        ...(ingress.length === 0 ? {} : { ingress }),
      },
    }),
  );
}
