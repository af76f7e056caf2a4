import { ADDRESS_FAMILIES } from '../../network/address-family';
import type { Rule } from '../rule';

/** Programs that listen on no address of the cluster. */
export const unservedFamily: Rule = {
  id: 'network/unserved-family',
  level: 'error',
  acknowledgeable: true,
  why: 'the pods would run, fail every probe and never be reached',
  fix: 'run it where its family is (Redis.external, Postgres.external), or take an image that listens on the family of the cluster',
  check: ({ components, context: { cluster } }) =>
    components
      .filter(
        ({ spec }) => !(spec.ipFamilies ?? ADDRESS_FAMILIES).some((family) => cluster.ipFamilies.includes(family)),
      )
      .map(({ node, spec }) => ({
        path: node.path,
        message: `${spec.component} listens on ${(spec.ipFamilies ?? []).join(' and ')} only, which cluster "${cluster.name}" does not have`,
        given: `ipFamilies: ${JSON.stringify(cluster.ipFamilies)}`,
      })),
};
