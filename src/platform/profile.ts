import { invalidValue } from '../core/errors';

/** The three profiles: production, its rehearsal, and one made small for a laptop. */
export type ProfileName = 'production' | 'rc' | 'dev';

/** One setting in the three profiles, with the reason for it. */
export interface ProfileRow<T> {
  /** Value under production. */
  readonly production: T;
  /** Value under rc. */
  readonly rc: T;
  /** Value under dev. */
  readonly dev: T;
  /** Why the profiles differ, or do not. */
  readonly reason: string;
}

const row = <T>(entry: ProfileRow<T>): ProfileRow<T> => entry;

/** What a profile sets, a reason beside each row. The guide to profiles is written from this table. */
export const PROFILE_TABLE = {
  minimumReplicas: row({
    production: 2,
    rc: 2,
    dev: 1,
    reason:
      'one replica must stay while a node drains or a pod is replaced, so from two on a budget lets one pod go at a time; dev has one of everything to fit a laptop, and a budget over one would block every drain',
  }),
  autoscaled: row({
    production: true,
    rc: true,
    dev: false,
    reason: 'load varies, and a fixed count written on each deployment would undo the autoscaler',
  }),
  autoscalerShare: row({
    production: 1,
    rc: 0.5,
    dev: 1,
    reason: 'rc rehearses with the same rules and half the maximum, so that it costs less and needs fewer connections',
  }),
  smallRequests: row({
    production: false,
    rc: false,
    dev: true,
    reason: 'the whole platform must be scheduled on a laptop; limits stay, so nothing runs out of memory sooner',
  }),
  zoneSpread: row<'hard' | 'soft' | 'none'>({
    production: 'hard',
    rc: 'soft',
    dev: 'none',
    reason:
      'production must survive a zone: pods go apart, not all into one zone, and no rule keeps one from running for ever; rc may run where zones are missing; one replica has nothing to spread',
  }),
  digestRequired: row({
    production: true,
    rc: true,
    dev: false,
    reason: 'a tag can be moved, a digest cannot; what was tested is what runs',
  }),
  publicTlsRequired: row({
    production: true,
    rc: true,
    dev: false,
    reason: 'tokens and session cookies travel to the public origins',
  }),
  databaseTlsRequired: row({
    production: true,
    rc: true,
    dev: false,
    reason: 'credentials and evidence travel to the databases; inside a dev namespace they have no certificate',
  }),
  derivedSecretsAllowed: row({
    production: false,
    rc: false,
    dev: true,
    reason: 'derived values stand in the manifest, so they protect nothing that matters',
  }),
  monitored: row({
    production: true,
    rc: true,
    dev: false,
    reason: 'nobody is paged by a platform that nobody scrapes; a laptop cluster has no Prometheus operator',
  }),
  debugLogsAllowed: row({
    production: false,
    rc: false,
    dev: true,
    reason: 'debug logs of an authority hold what must not be kept',
  }),
} as const;

/** One setting of a profile. */
export type ProfileSetting = keyof typeof PROFILE_TABLE;

/** The settings of one profile. */
export type ProfileSettings = {
  readonly [K in ProfileSetting]: (typeof PROFILE_TABLE)[K] extends ProfileRow<infer T> ? T : never;
};

/** Names of the profiles, strictest first. */
export const PROFILE_NAMES: readonly ProfileName[] = ['production', 'rc', 'dev'];

/**
 * The settings of a profile, read from the table.
 *
 * @throws ConfigurationError `platform/unknown-profile` for any other name.
 */
export function profileSettings(name: ProfileName): ProfileSettings {
  if (!PROFILE_NAMES.includes(name)) {
    return invalidValue({
      id: 'platform/unknown-profile',
      path: 'profileSettings',
      message: 'there is no such profile',
      given: name,
      allowed: PROFILE_NAMES.join(', '),
      fix: 'use one of the three; what differs between environments beyond them is a property of the stack',
    });
  }
  const entries = Object.entries(PROFILE_TABLE).map(([setting, values]) => [setting, values[name]]);
  return Object.freeze(Object.fromEntries(entries)) as ProfileSettings;
}
