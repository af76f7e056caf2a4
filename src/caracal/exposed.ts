import type { ExposedPath } from '../network/exposure';

/** A service of Caracal that may be public. */
export type PublicService = 'console' | 'sts' | 'gateway' | 'api';

const prefix = (path: string): ExposedPath => ({ path, match: 'Prefix' });

/**
 * Paths that an Ingress routes (caracal W43, caracal-addendum.md A20). The STS has internal and administrative routes
 * beside these; of the api only the versioned part is meant for callers. The gateway is a catch-all whose own routes an
 * Ingress cannot leave out: `/internal` answers 404 without an administration token, `/metrics` 401 without the bearer,
 * and `/ready` tells no more than that. Name your own prefixes to route less.
 */
export const PUBLIC_PATHS: Readonly<Record<PublicService, readonly ExposedPath[]>> = {
  console: [prefix('/')],
  sts: [prefix('/oauth'), prefix('/v1/run'), prefix('/.well-known'), prefix('/approvals')],
  gateway: [prefix('/')],
  api: [prefix('/v1')],
};

/**
 * Gateway and web stream, and close a stream that was silent for 60 seconds themselves: a proxy that waits less, or as
 * long, cuts it first, and the client sees an error instead of an end.
 */
export const READ_TIMEOUT_SECONDS = 75;
