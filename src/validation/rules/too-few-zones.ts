import type { Rule } from '../rule';

/** Production where a zone is the whole cluster, or half of it. */
export const tooFewZones: Rule = {
  id: 'platform/too-few-zones',
  level: 'warning',
  acknowledgeable: true,
  why: 'with fewer than three zones, a lost zone can take every replica of a component along',
  fix: 'run production on three zones, or accept it with a reason',
  check: ({ path, context: { cluster, settings } }) =>
    settings.zoneSpread === 'hard' && cluster.zones < 3
      ? [
          {
            path,
            message: `cluster "${cluster.name}" has too few zones to survive the loss of one`,
            given: String(cluster.zones),
          },
        ]
      : [],
};
