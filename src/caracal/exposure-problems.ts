import { isIPv4 } from 'node:net';
import { whenKnown } from '../core/deferred-checks';
import { type Finding, show } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import type { Value } from '../core/value';
import type { ProfileSettings } from '../platform/profile';
import { annotationProblems } from '../workload/pod-metadata';
import { originHost } from './origins';
import type { CaracalSettings } from './settings';

/** The class of an Ingress, from before there was a field for it. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

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
  const badPath = gatewayPaths.find(isRefusedPath);
  const internal = gatewayPaths.find((each) =>
    /^\/(internal|metrics|metrics\.json|ready)(\/|$)/.test(decoded(each) ?? each),
  );
  const routes = gatewayPaths.map(routeOf);
  const twice = gatewayPaths.find((_each, index) => routes.indexOf(routes[index] ?? '') < index);
  const paths = [
    ...(badPath === undefined
      ? []
      : [
          problem(
            'caracal/invalid-path',
            'gatewayPaths',
            'an Ingress refuses this path',
            'write prefixes as "/mcp", without "//", "." and ".." as a part, and "%2f"',
            badPath,
          ),
        ]),
    ...(twice === undefined
      ? []
      : [problem('caracal/invalid-path', 'gatewayPaths', 'this prefix is named twice', 'name it once', twice)]),
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
  if (!exposure.isPublic || exposure.proxy !== undefined) {
    return paths;
  }
  const given = Object.entries(origins).filter(([, origin]) => origin !== undefined) as [string, Value<string>][];
  const isAddress = (origin: string): boolean => isIPv4(originHost(origin)?.split(':')[0] ?? '');
  // A port of an origin that only the deployment knows is refused whether or not there is an Ingress.
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

/** Whether the API server refuses a path, or a controller would route another one than is written. */
function isRefusedPath(path: string): boolean {
  const plain = decoded(path);
  return (
    plain === undefined ||
    !/^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/.test(path) ||
    /%2f/i.test(path) ||
    [path, plain].some((text) => text.includes('//') || /\/\.{1,2}(?:\/|$)/.test(text))
  );
}

/** A path without percent encoding; undefined where that is broken. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

// A prefix matches by parts, so "/mcp" and "/mcp/" are one.
function routeOf(path: string): string {
  return (decoded(path) ?? path).replace(/(?<=.)\/$/, '');
}
