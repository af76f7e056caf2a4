import type { StackModel } from './rule';
import { at, entriesOf, textOf } from './untyped';
import { type WrittenObject, writtenObject } from './written-object';

/** One host and path that an object routes. */
interface Route {
  readonly object: WrittenObject;
  /** Host; `*` for every host. */
  readonly host: string;
  /** Path, without a slash at its end. */
  readonly path: string;
  readonly isExact: boolean;
}

/** A route of an object that the library did not draw, which meets that of another object. */
export interface RouteClash {
  /** The object. */
  readonly object: WrittenObject;
  /** Title of the other object. */
  readonly other: string;
  /** Their host. */
  readonly host: string;
  /** Path of the object. */
  readonly path: string;
  /** Whether both have the same path; otherwise the object has a part of the other's. */
  readonly isSame: boolean;
}

const KINDS = ['Ingress', 'HTTPRoute'];

/** Where routes of Ingresses and HTTPRoutes of the user meet those of the stack, or each other. */
export function routeClashes(model: StackModel): RouteClash[] {
  const isRoute = (object: WrittenObject): boolean => KINDS.includes(object.manifest.kind);
  const foreign = model.written.filter((object) => isRoute(object) && !object.isDrawn);
  if (foreign.length === 0) {
    return [];
  }
  const { cluster, namespaceName } = model.context;
  const failing = new Set(model.unwritable.map(({ path }) => path));
  const drawn = model.objects
    .filter(({ kind, node }) => KINDS.includes(kind) && !failing.has(node.path))
    .map((object) => writtenObject(object, cluster, namespaceName))
    .filter((object) => object.isDrawn);
  const routes = [...drawn, ...foreign].flatMap(routesOf);
  return routes.flatMap((route, index) => {
    if (route.object.isDrawn) {
      return [];
    }
    // Of two of the user's own, the later one is told.
    const others = routes.filter(
      (other, position) => other.object.path !== route.object.path && (other.object.isDrawn || position < index),
    );
    const same = others.find(
      (other) => other.host === route.host && other.path === route.path && isAlike(other, route),
    );
    const around = others.find(
      (other) => other.object.isDrawn && other.host === route.host && !other.isExact && isBelow(route.path, other.path),
    );
    const other = same ?? around;
    return other === undefined
      ? []
      : [
          {
            object: route.object,
            other: `${other.object.title} (${other.object.path})`,
            host: route.host,
            path: route.path === '' ? '/' : route.path,
            isSame: other === same,
          },
        ];
  });
}

/** An exact path and a prefix may share their text: the exact one wins, and takes a part. */
function isAlike(one: Route, other: Route): boolean {
  return one.isExact === other.isExact;
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function routesOf(object: WrittenObject): Route[] {
  const { manifest } = object;
  return manifest.kind === 'Ingress'
    ? entriesOf(at(manifest, 'spec', 'rules')).flatMap((rule) =>
        pathsOf(entriesOf(at(rule, 'http', 'paths')), 'path', 'pathType').map((path) => ({
          object,
          host: textOf(at(rule, 'host')) ?? '*',
          ...path,
        })),
      )
    : hostsOf(manifest).flatMap((host) =>
        entriesOf(at(manifest, 'spec', 'rules')).flatMap((rule) => {
          const matches = entriesOf(at(rule, 'matches')).map((match) => at(match, 'path'));
          return pathsOf(matches.length === 0 ? [undefined] : matches, 'value', 'type').map((path) => ({
            object,
            host,
            ...path,
          }));
        }),
      );
}

function hostsOf(manifest: unknown): string[] {
  const hosts = entriesOf(at(manifest, 'spec', 'hostnames')).flatMap((host) => textOf(host) ?? []);
  return hosts.length === 0 ? ['*'] : hosts;
}

function pathsOf(places: readonly unknown[], field: string, type: string): { path: string; isExact: boolean }[] {
  return places.map((place) => ({
    path: (textOf(at(place, field)) ?? '/').replace(/\/+$/, ''),
    isExact: at(place, type) === 'Exact',
  }));
}
