import { code } from '../core/code';
import { type Finding, show } from '../core/errors';

/** Routes of the gateway that are not for the public. */
const INTERNAL = /^\/(?:internal|metrics|metrics\.json|ready)(?:\/|$)/;

/** Prefixes that no Ingress routes as they are meant; each wrong one is a finding of its own. */
export function gatewayPathProblems(path: string, paths: readonly string[] | undefined): Finding[] {
  if (paths === undefined) {
    return [];
  }
  const problem = (where: string, message: string, fix: string, given?: string): Finding => ({
    id: 'caracal/invalid-path',
    level: 'error',
    path: where,
    message,
    ...(given === undefined ? {} : { given: show(given) }),
    fix,
  });
  const routes = paths.map(routeOf);
  if (paths.length === 0) {
    return [
      problem(
        path,
        'an Ingress without a path routes nothing',
        'leave origins.gateway out, or name the prefixes: gatewayPaths: ["/mcp"]',
      ),
    ];
  }
  return paths.flatMap((each, index) => {
    const where = `${path}[${index}]`;
    return [
      ...(isRefusedPath(each) ? [problem(where, 'an Ingress refuses this path', pathFix(each), each)] : []),
      ...(routes.indexOf(routes[index] ?? '') < index
        ? [problem(where, 'this prefix is named twice', 'name it once', each)]
        : []),
      ...(INTERNAL.test(decoded(each) ?? each)
        ? [problem(where, 'this route of the gateway is not for the public', 'leave it out', each)]
        : []),
    ];
  });
}

function pathFix(given: string): string {
  const path = `/${given
    .replace(/^https?:\/\/[^/]*/, '')
    .replace(/^\/+/, '')
    .replace(/\/{2,}/g, '/')
    .replace(/\*+$/, '')}`;
  return path !== given && !isRefusedPath(path)
    ? `write ${code(path)}`
    : 'write prefixes as "/mcp", without "//", "." and ".." as a part, and "%2f"';
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
