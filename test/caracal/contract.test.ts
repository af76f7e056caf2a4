import { PROFILES } from '../contract/data';
import { ASPECTS } from './support-aspects';
import { build, type Built, worldsOf } from './support-world';

/**
 * The emitted objects are what Caracal's containers need, in every profile and under every condition that a user can
 * bring about. The expectations are the data of `test/contract/caracal`.
 */
describe.each(PROFILES.flatMap(worldsOf))('%s', (_title, world) => {
  let built: Built;
  beforeAll(() => {
    built = build(world);
  });

  test.each(ASPECTS)('%s', (_aspect, differences) => {
    expect(differences(built)).toEqual([]);
  });
});
