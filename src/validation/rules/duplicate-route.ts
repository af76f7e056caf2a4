import { routeClashes } from '../routes';
import type { Rule } from '../rule';

/** Two routes for one host and path. */
export const duplicateRoute: Rule = {
  id: 'network/duplicate-route',
  level: 'error',
  acknowledgeable: false,
  why: 'which of the two gets the requests depends on the controller and on their age, and some controllers refuse both',
  fix: 'give the route another host or path, or leave it out',
  check: (model) =>
    routeClashes(model)
      .filter(({ isSame }) => isSame)
      .map(({ object, other, host, path }) => ({
        path: object.path,
        message: `${object.title} routes ${host}${path}, and so does ${other}`,
      })),
};
