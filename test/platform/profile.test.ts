import { PROFILE_NAMES, PROFILE_TABLE, profileSettings, type ProfileName } from '../../src/platform/profile';
import { refused } from '../core/refused';

/** Written from the design: what each profile promises, in the order production, rc, dev. */
const EXPECTED: Record<keyof typeof PROFILE_TABLE, readonly [unknown, unknown, unknown]> = {
  minimumReplicas: [2, 2, 1],
  autoscaled: [true, true, false],
  autoscalerShare: [1, 0.5, 1],
  smallRequests: [false, false, true],
  zoneSpread: ['hard', 'soft', 'none'],
  digestRequired: [true, true, false],
  publicTlsRequired: [true, true, false],
  databaseTlsRequired: [true, true, false],
  derivedSecretsAllowed: [false, false, true],
  monitored: [true, true, false],
  debugLogsAllowed: [false, false, true],
};
const settings = Object.keys(EXPECTED) as (keyof typeof EXPECTED)[];

describe('the table of profiles', () => {
  test.each(settings)('%s is what the profiles promise', (setting) => {
    const { production, rc, dev } = PROFILE_TABLE[setting];
    expect([production, rc, dev]).toEqual(EXPECTED[setting]);
  });

  test('has no row that is not promised, and none is missing', () => {
    expect(Object.keys(PROFILE_TABLE).sort()).toEqual([...settings].sort());
  });

  test.each(settings)('%s has a reason of its own, since the guide is written from the table', (setting) => {
    const reasons = Object.values(PROFILE_TABLE).map(({ reason }) => reason);
    expect(PROFILE_TABLE[setting].reason.length).toBeGreaterThan(30);
    expect(reasons.filter((each) => each === PROFILE_TABLE[setting].reason)).toHaveLength(1);
  });

  test('rc follows the rules of production: it differs in sizes and in soft zone spread only', () => {
    const different = settings.filter((setting) => PROFILE_TABLE[setting].production !== PROFILE_TABLE[setting].rc);
    expect(different).toEqual(['autoscalerShare', 'zoneSpread']);
  });

  test('dev has no row that could turn the policies off', () => {
    expect(settings.filter((setting) => /polic|network/i.test(setting))).toEqual([]);
  });
});

describe('profileSettings', () => {
  test.each(PROFILE_NAMES.map((name, index) => [name, index] as const))('%s is its column', (name, index) => {
    const column = Object.fromEntries(settings.map((setting) => [setting, EXPECTED[setting][index]]));
    expect(profileSettings(name)).toEqual(column);
  });

  test('there are three, the strictest first', () => {
    expect(PROFILE_NAMES).toEqual(['production', 'rc', 'dev']);
  });

  test('cannot be changed: one stack would change the next', () => {
    const dev = profileSettings('dev') as { minimumReplicas: number };
    expect(() => (dev.minimumReplicas = 5)).toThrow(TypeError);
    expect(profileSettings('dev').minimumReplicas).toBe(1);
  });

  test.each(['staging', 'prod', '', 'reason', 'constructor', undefined])(
    '%p is no profile, and is not a profile without rules either',
    (name) => {
      expect(refused(() => profileSettings(name as ProfileName))).toMatchObject({
        id: 'platform/unknown-profile',
        allowed: 'production, rc, dev',
      });
    },
  );
});
