import type { Making } from '../core/brand';

/**
 * Who resolves names, told of one address or name. The address of the DNS Service helps nobody: policies apply behind
 * it, at the pods of kube-dns.
 */
export function dnsInstead(given: unknown): string | undefined {
  const address = typeof given === 'string' ? given.trim() : '';
  return address === ''
    ? undefined
    : address === '169.254.169.254' || /cloud-?dns/i.test(address)
      ? 'Dns.cloudDns()'
      : /^169\.254\.|^fe80:|node-?local/i.test(address)
        ? 'Dns.nodeLocal()'
        : 'Dns.kubeDns()';
}

/** How a mesh is made of its name. */
export const MESH_MAKING: Making = {
  example: 'Mesh.istioSidecar()',
  from: (given) => {
    if (typeof given !== 'string') {
      return undefined;
    }
    return /ambient/i.test(given)
      ? 'Mesh.istioAmbient()'
      : /linkerd/i.test(given)
        ? 'Mesh.linkerd()'
        : /istio/i.test(given)
          ? 'Mesh.istioSidecar()'
          : undefined;
  },
};
