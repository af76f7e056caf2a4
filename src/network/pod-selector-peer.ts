import type { NetworkPolicyPeerConfig, PodSelectorConfig } from 'cdk8s-plus-28';
import type { Port } from './port';

/** Pods, as cdk8s-plus reads the selector of a peer. */
export interface SelectedPods {
  /** Labels that select the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Their namespace. */
  readonly namespace: string;
}

/**
 * Pods of ours in the words of cdk8s-plus, made by shape: the library never loads cdk8s-plus. Its own class has private
 * fields that nobody outside reads.
 */
export function podSelectorConfig({ labels, namespace }: SelectedPods): PodSelectorConfig {
  const labelSelector = { isEmpty: () => false, _toKube: () => ({ matchLabels: { ...labels } }) };
  return {
    labelSelector: labelSelector as unknown as PodSelectorConfig['labelSelector'],
    namespaces: { names: [namespace] },
  };
}

/** The same as a peer of a policy. */
export function peerConfig(pods: SelectedPods): NetworkPolicyPeerConfig {
  return { podSelector: podSelectorConfig(pods) };
}

/** TCP ports as cdk8s-plus looks for them: on the containers of a peer. It knows no other protocol there. */
export function containersWithPorts(ports: readonly Port[]): { readonly ports: { readonly number: number }[] }[] {
  return [{ ports: ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => ({ number })) }];
}
