import { findPrograms } from '../../support/programs';

/** The programs that make up the control plane, by the name of their file. */
export const BINARIES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
] as const;

/** One of the control plane's programs. */
export type Binary = (typeof BINARIES)[number];

/** How to get the programs, printed whenever one of them is missing. */
export const HOW_TO_GET_THE_BINARIES = [
  'KUBEBUILDER_ASSETS names a folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok.',
  '  1. etcd, kube-apiserver, kubectl: go run sigs.k8s.io/controller-runtime/tools/setup-envtest@latest use 1.36 -p path',
  '  2. kube-controller-manager, kube-scheduler: the server archive of the same release on https://kubernetes.io/releases/download/',
  '  3. kwok 0.7 or newer: https://github.com/kubernetes-sigs/kwok/releases',
  'Copy all six into one folder, then: KUBEBUILDER_ASSETS=<folder> npm run test:cluster',
].join('\n');

/**
 * Finds the programs of the control plane.
 *
 * @param folder where they are; by default the value of KUBEBUILDER_ASSETS, the convention of the Kubernetes test environment
 * @returns the path of each program
 * @throws Error one message that names everything that is missing and how to get it
 */
export function findBinaries(folder = process.env.KUBEBUILDER_ASSETS): Record<Binary, string> {
  return findPrograms(
    { variable: 'KUBEBUILDER_ASSETS', names: BINARIES, howToGetThem: HOW_TO_GET_THE_BINARIES },
    folder,
  );
}
