import type { ExposedPath, Exposure, PublicRoute } from '../network/exposure';
import { controllerFacts } from '../network/ingress-controller';
import type { Rule } from './rule';

/**
 * Rules of the Ingresses of a stack: what its controller would refuse, and what only its owner can set there.
 *
 * @param routes What the Ingresses route, read when the rules run.
 */
export function ingressRules(exposure: Exposure, routes: () => readonly PublicRoute[]): Rule[] {
  const ingressed = (): readonly PublicRoute[] => (exposure.controller === undefined ? [] : routes());
  return [readTimeoutRule(exposure, ingressed), refusedPathRule(exposure, ingressed)];
}

function readTimeoutRule(exposure: Exposure, routes: () => readonly PublicRoute[]): Rule {
  const controller = exposure.controller ?? 'other';
  const facts = controllerFacts(controller);
  const given = facts.readTimeout === undefined ? undefined : exposure.annotations[facts.readTimeout];
  const isSaid = facts.knowsReadTimeout || Object.keys(exposure.annotations).some((key) => /timeout/i.test(key));
  return {
    id: 'network/read-timeout',
    level: 'warning',
    acknowledgeable: true,
    why: 'a proxy that waits less than the service is silent cuts streams: clients see an error where the service would have ended them',
    fix: 'set the read timeout of your controller in annotations, or name the controller: controller: "nginx" or "traefik"; accept the finding where it is set for all Ingresses',
    check: ({ path }) => {
      const needed = Math.max(0, ...routes().map(({ readTimeoutSeconds = 0 }) => readTimeoutSeconds));
      if (needed === 0) {
        return [];
      }
      if (!isSaid) {
        const message = `it is not known how long the controller of the class "${exposure.className}" waits for a response; ${needed} seconds are needed`;
        return [{ path: `${path}.exposure`, message }];
      }
      return given !== undefined && Number(given) < needed
        ? [
            {
              path: `${path}.exposure.annotations`,
              message: `the controller waits shorter than the ${needed} seconds that are needed`,
              given: `${facts.readTimeout}: "${given}"`,
              allowed: `at least "${needed}"`,
              fix: 'leave the annotation out: the library sets it',
            },
          ]
        : [];
    },
  };
}

function refusedPathRule(exposure: Exposure, routes: () => readonly PublicRoute[]): Rule {
  const { strictPaths } = controllerFacts(exposure.controller ?? 'other');
  const isRefused = ({ path, match }: ExposedPath): boolean =>
    strictPaths?.test(path) === false && (match === 'Exact' || exposure.pathType === 'Prefix');
  return {
    id: 'network/refused-path',
    level: 'error',
    acknowledgeable: true,
    why: 'the admission of ingress-nginx takes prefixes and exact paths of letters, digits, "-", "_" and "/" only (the dot since 1.13.2), unless its strict-validate-path-type is off',
    fix: 'leave pathType out: such prefixes are then written as ImplementationSpecific; or accept the finding where the check is off',
    check: ({ path }) =>
      routes()
        .flatMap(({ paths }) => paths)
        .filter(isRefused)
        .map((each) => ({
          path: `${path}.exposure.pathType`,
          message: `the controller "${exposure.controller}" refuses the path ${each.path} with the type ${each.match}`,
          given: each.path,
        })),
  };
}
