import type { ProfileName } from '../platform/profile';

/** `CARACAL_MODE`: always set, always lower case; the coordinator compares exactly (caracal-addendum.md A9). */
export const CARACAL_MODE: Readonly<Record<ProfileName, 'stable' | 'rc' | 'dev'>> = {
  production: 'stable',
  rc: 'rc',
  dev: 'dev',
};

/** `CARACAL_ENV` of the Go services, whose logger calls everything "development" otherwise (caracal-addendum.md D7). */
export const LOGGED_ENVIRONMENT: Readonly<Record<ProfileName, string>> = {
  production: 'production',
  rc: 'rc',
  dev: 'development',
};

/** How much the services write. `trace` and `debug` are refused outside of dev. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** A service of Caracal with a pool of connections to Postgres. */
export type CaracalService = 'api' | 'sts' | 'gateway' | 'audit' | 'coordinator' | 'web';

/** The services of Caracal. */
export const CARACAL_SERVICES: readonly CaracalService[] = ['sts', 'gateway', 'audit', 'api', 'coordinator', 'web'];
