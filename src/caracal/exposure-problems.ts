import { type Finding, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import type { ProfileSettings } from '../platform/profile';
import { annotationProblems } from '../workload/pod-defaults';
import { originHost } from './origins';
import type { CaracalSettings } from './settings';

/** What keeps the origins from being exposed as asked. */
export function exposureProblems(path: string, settings: CaracalSettings, rules: ProfileSettings): Finding[] {
  const { exposure, cluster, origins, gatewayPaths = [] } = settings;
  const problem = (id: string, property: string, message: string, fix: string, given?: unknown): Finding => ({
    id,
    level: 'error',
    path: `${path}.${property}`,
    message,
    ...(given === undefined ? {} : { given: show(given) }),
    fix,
  });
  const badPath = gatewayPaths.find(
    (each) => !/^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/.test(each) || each.includes('//'),
  );
  const internal = gatewayPaths.find((each) => /^\/(internal|metrics|metrics\.json|ready)(\/|$)/.test(each));
  const paths = [
    ...(badPath === undefined
      ? []
      : [
          problem(
            'caracal/invalid-path',
            'gatewayPaths',
            'an Ingress refuses this path',
            'write prefixes as "/mcp"',
            badPath,
          ),
        ]),
    ...(settings.gatewayPaths?.length === 0
      ? [
          problem(
            'caracal/invalid-path',
            'gatewayPaths',
            'an Ingress without a path routes nothing',
            'leave origins.gateway out, or name the prefixes',
          ),
        ]
      : []),
    ...(internal === undefined
      ? []
      : [
          problem(
            'caracal/invalid-path',
            'gatewayPaths',
            'this route of the gateway is not for the public',
            'leave it out',
            internal,
          ),
        ]),
  ];
  if (!exposure.isPublic) {
    return paths;
  }
  const ports = Object.entries(origins).filter(([, origin]) => originHost(origin)?.includes(':'));
  const tlsApi = exposure.tls?.requiredApi;
  return [
    ...paths,
    ...(cluster.ingressController === undefined || cluster.ingressController.isNobody
      ? [
          problem(
            'network/no-ingress-peer',
            'exposure',
            `cluster "${cluster.name}" names no ingress controller, so no policy would let it in`,
            'give the cluster its peer: ingressController: Peer.namespace("ingress-nginx")',
          ),
        ]
      : []),
    ...(rules.publicTlsRequired && exposure.tls === undefined
      ? [
          problem(
            'network/no-tls',
            'exposure',
            'the origins are https, but the Ingress has no certificate',
            'add tls: Tls.certManager({ clusterIssuer: "..." }) or Tls.existingSecret("...")',
          ),
        ]
      : []),
    ...(tlsApi !== undefined && !cluster.serves(tlsApi)
      ? [
          problem(
            'network/tls-api-missing',
            'exposure',
            `cluster "${cluster.name}" does not serve ${tlsApi}`,
            `install cert-manager and add "${tlsApi}" to the cluster's customResources`,
          ),
        ]
      : []),
    ...(dnsNameProblem(exposure.className ?? '') === undefined
      ? []
      : [
          problem(
            'network/invalid-ingress',
            'exposure',
            'this is not the name of an IngressClass',
            'use a name from "kubectl get ingressclass"',
            exposure.className,
          ),
        ]),
    ...annotationProblems(`${path}.exposure.annotations`, exposure.annotations),
    ...ports.map(([key, origin]) =>
      problem(
        'caracal/origin-port',
        `origins.${key}`,
        'an Ingress has no ports of its own',
        'leave the port out of the origin',
        origin,
      ),
    ),
  ];
}
