import type { Making } from '../core/brand';

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
