import { PROFILES } from '../contract/data';
import { compareReachability } from './support-reachability';
import { build, worldsOf } from './support-world';

/** Who may reach whom, of the emitted NetworkPolicies, is what caracal.md section 9 with the addendum says. */
describe.each(PROFILES)('reachability in %s', (profile) => {
  test.each(worldsOf(profile))('%s: every pair on every port is as the matrix says', (_title, world) => {
    const { differences } = compareReachability(build(world));
    expect(differences).toEqual([]);
  });
});
