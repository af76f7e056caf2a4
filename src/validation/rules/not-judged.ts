import { isKnownWorkload, podSpecsOf } from '../pod-specs';
import type { Rule } from '../rule';

/** Custom kinds that only say something about objects which rules read, or that run nothing. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'autoscaling.k8s.io': ['VerticalPodAutoscaler'],
  'bitnami.com': ['SealedSecret'],
  'cert-manager.io': ['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer'],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterSecretStore', 'ExternalSecret', 'PushSecret', 'SecretStore'],
  'gateway.networking.k8s.io': [
    'BackendTLSPolicy',
    'Gateway',
    'GatewayClass',
    'GRPCRoute',
    'HTTPRoute',
    'ReferenceGrant',
  ],
  'keda.sh': ['ClusterTriggerAuthentication', 'ScaledObject', 'TriggerAuthentication'],
  'monitoring.coreos.com': ['AlertmanagerConfig', 'PodMonitor', 'Probe', 'PrometheusRule', 'ServiceMonitor'],
  'secrets-store.csi.x-k8s.io': ['SecretProviderClass'],
};

/** Objects of kinds that rules do not know. */
export const notJudged: Rule = {
  id: 'stack/not-judged',
  level: 'warning',
  acknowledgeable: true,
  why: 'an operator makes pods, policies or Services of it that no rule sees, so nothing vouches for them',
  fix: 'read what its operator makes of it, and accept it with the result',
  check: ({ written }) =>
    written
      .filter(({ object, manifest }) => isCustom(object.apiGroup) && !KNOWN[object.apiGroup]?.includes(manifest.kind))
      .filter(({ manifest, isDrawn }) => !isDrawn && !isKnownWorkload(manifest))
      .map(({ path, title, manifest }) => ({
        path,
        message:
          podSpecsOf(manifest).length > 0
            ? `rules read the pods in ${title} of ${manifest.apiVersion}, not how many there are and what replaces them`
            : `rules do not know what ${title} of ${manifest.apiVersion} does`,
      })),
};

/** Groups of Kubernetes itself have no dot, or end in `.k8s.io`; the Gateway API and others of its guests are listed above. */
function isCustom(group: string): boolean {
  return (
    group.includes('.') && (!group.endsWith('.k8s.io') || Object.hasOwn(KNOWN, group) || group.includes('.x-k8s.io'))
  );
}
