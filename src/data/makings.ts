import type { Making } from '../core/brand';
import { fieldsOf } from '../core/fields';

// A connection string holds a password, so nothing of what was given in the place of a server is repeated.
const isInCluster = (given: unknown): boolean =>
  given === true || given === 'inCluster' || given === 'in-cluster' || fieldsOf(given).enabled === true;

/** How a Postgres server is described. */
export const POSTGRES_MAKING: Making = {
  example: 'Postgres.external({ host: "...", peer: Peer.cidr("10.20.0.0/24"), maxConnections: 500 })',
  from: (given) => (isInCluster(given) ? 'Postgres.inCluster()' : undefined),
};

/** How a Redis server is described. */
export const REDIS_MAKING: Making = {
  example: 'Redis.external({ host: "...", peer: Peer.cidr("10.20.1.0/24") })',
  from: (given) => (isInCluster(given) ? 'Redis.inCluster()' : undefined),
};
