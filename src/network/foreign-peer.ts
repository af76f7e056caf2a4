import { invalidValue } from '../core/errors';
import type { LabelSelector } from '../core/kubernetes';
import { Peer } from './peer';

interface SelectorLike {
  _toKube(): LabelSelector;
}

/**
 * A workload, namespace or IP block of cdk8s-plus, recognised by its shape so that any minor version fits.
 */
export interface ForeignPeer {
  /** What cdk8s-plus says about the peer. */
  toNetworkPolicyPeerConfig(): {
    readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
    readonly podSelector?: {
      readonly labelSelector: object;
      readonly namespaces?: { readonly labelSelector?: object; readonly names?: readonly string[] };
    };
  };
}

/**
 * The peer that a cdk8s-plus object stands for.
 *
 * @throws ConfigurationError `network/invalid-peer` for anything that is not such an object, and for what a `Peer` does
 *   not carry: selectors by expression, and pods by labels in namespaces that are not named.
 */
export function foreignPeer(object: ForeignPeer): Peer {
  if (typeof object?.toNetworkPolicyPeerConfig !== 'function') {
    return refuse(object, 'this is neither a Peer, nor a component, nor a cdk8s-plus object');
  }
  const { ipBlock, podSelector } = object.toNetworkPolicyPeerConfig();
  if (ipBlock !== undefined) {
    return Peer.cidr(ipBlock.cidr, ipBlock.except === undefined ? {} : { except: ipBlock.except });
  }
  if (podSelector === undefined) {
    return refuse(object, 'the object names neither pods nor addresses');
  }
  const pods = labelsOf(podSelector.labelSelector);
  const hasLabels = Object.keys(pods).length > 0;
  const { namespaces } = podSelector;
  if (namespaces === undefined && isWorkload(object)) {
    return refuse(
      object,
      'the workload stands in a chart without a namespace, so nobody can say in which one its pods are',
      'give the chart its namespace: new Chart(app, "...", { namespace: "..." }), or make the workload inside of the stack',
    );
  }
  if (namespaces === undefined) {
    return hasLabels ? Peer.pods({ labels: pods }) : refuse(object, 'the object selects every pod');
  }
  const { names } = namespaces;
  const namespaceLabels = namespaces.labelSelector === undefined ? {} : labelsOf(namespaces.labelSelector);
  const hasNamespaceLabels = Object.keys(namespaceLabels).length > 0;
  if (names === undefined) {
    return hasNamespaceLabels && !hasLabels
      ? Peer.namespaces(namespaceLabels)
      : refuse(object, 'the object selects pods in namespaces that it does not name');
  }
  if (hasNamespaceLabels || names.length === 0) {
    return refuse(object, 'the object selects namespaces by name and by label, or none at all');
  }
  return Peer.anyOf(
    ...names.map((namespace) => (hasLabels ? Peer.pods({ labels: pods, namespace }) : Peer.namespace(namespace))),
  );
}

function labelsOf(selector: object): Record<string, string> {
  const { matchLabels, matchExpressions } = (selector as SelectorLike)._toKube();
  if (matchExpressions !== undefined && matchExpressions.length > 0) {
    return refuse(selector, 'the object selects by expressions, not by labels');
  }
  return { ...matchLabels };
}

/** A workload of cdk8s-plus has pods of its own; a selection of pods (`Pods.select`) means those beside the other side. */
function isWorkload(object: object): boolean {
  return 'podMetadata' in object;
}

function refuse(given: unknown, message: string, fix = 'use one of the factories of Peer'): never {
  return invalidValue({
    id: 'network/invalid-peer',
    path: 'connections',
    message,
    given: (given as { constructor?: { name?: string } })?.constructor?.name ?? given,
    allowed: 'a Peer, a component of a stack, or a cdk8s-plus workload, namespace or IP block',
    fix,
  });
}
