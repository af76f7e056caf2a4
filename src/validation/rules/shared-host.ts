import { routeClashes } from '../routes';
import type { Rule } from '../rule';

/** A route for a part of what another one serves. */
export const sharedHost: Rule = {
  id: 'network/shared-host',
  level: 'warning',
  acknowledgeable: true,
  why: 'the longer path wins, so requests that a service of the stack expects go elsewhere',
  fix: 'use a host of its own, or accept it with a reason',
  check: (model) =>
    routeClashes(model)
      .filter(({ isSame }) => !isSame)
      .map(({ object, other, host, path }) => ({
        path: object.path,
        message: `${object.title} takes ${host}${path} out of what ${other} serves`,
      })),
};
