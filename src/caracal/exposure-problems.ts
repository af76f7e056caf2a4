import { isIPv4 } from 'node:net';
import { whenKnown } from '../core/deferred-checks';
import { type Finding, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import type { Value } from '../core/value';
import type { Cluster } from '../platform/cluster';
import type { ProfileSettings } from '../platform/profile';
import { annotationProblems } from '../workload/pod-metadata';
import { type CaracalOrigins, originHost } from './origins';
import type { CaracalSettings } from './settings';

/** The class of an Ingress, from before there was a field for it. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** What exposure depends on; what is absent is not judged. */
export interface ExposureParts extends Pick<CaracalSettings, 'exposure'> {
  /** The cluster, where it is known. */
  readonly cluster: Cluster | undefined;
  /** The origins that are usable. */
  readonly origins: Partial<CaracalOrigins>;
}

/** What keeps the origins from being exposed as asked. */
export function exposureProblems(path: string, parts: ExposureParts, rules: ProfileSettings): Finding[] {
  const { exposure, cluster, origins } = parts;
  const problem = (id: string, property: string, message: string, fix: string, given?: unknown): Finding => ({
    id,
    level: 'error',
    path: `${path}.${property}`,
    message,
    ...(given === undefined ? {} : { given: show(given) }),
    fix,
  });
  if (!exposure.isPublic || exposure.proxy !== undefined) {
    return [];
  }
  const given = Object.entries(origins).filter(([, origin]) => origin !== undefined) as [string, Value<string>][];
  const isAddress = (origin: string): boolean => isIPv4(originHost(origin)?.split(':')[0] ?? '');
  // A port of an origin that only the deployment knows is refused whether or not there is an Ingress.
  const ports = Object.entries(origins).filter(([, origin]) => originHost(origin)?.includes(':'));
  const tlsApi = exposure.tls?.requiredApi;
  return [
    ...(cluster !== undefined && (cluster.ingressController === undefined || cluster.ingressController.isNobody)
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
    ...(tlsApi !== undefined && cluster?.serves(tlsApi) === false
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
    ...annotationProblems(`${path}.exposure.tls.annotations`, exposure.tls?.annotations),
    ...(exposure.annotations[CLASS_ANNOTATION] === undefined
      ? []
      : [
          problem(
            'network/invalid-ingress',
            'exposure.annotations',
            'an Ingress names its class once, and Kubernetes refuses two names that differ',
            'leave the annotation out: className says it',
            { [CLASS_ANNOTATION]: exposure.annotations[CLASS_ANNOTATION] },
          ),
        ]),
    // Where the profile wants TLS, the origin itself is refused for it.
    ...(rules.publicTlsRequired ? [] : given).flatMap(([key, origin]) =>
      whenKnown(origin, (text) =>
        isAddress(text)
          ? [
              problem(
                'caracal/invalid-origin',
                `origins.${key}`,
                'the host of an Ingress is a DNS name, not an address',
                'give the address a name: "https://host"',
                text,
              ),
            ]
          : [],
      ),
    ),
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
