import type { Finding } from '../core/errors';
import { usable } from '../core/usable';
import { Postgres } from '../data/postgres';
import { Redis } from '../data/redis';
import { Exposure } from '../network/exposure';
import { Peer } from '../network/peer';
import { Cluster } from '../platform/cluster';
import { Dns } from '../platform/dns';
import { SecretSource } from '../secrets/secret-source';
import { MONITORING_API } from '../workload/service-monitor';
import { profileOf } from './problems';
import type { CaracalStackProps } from './props';
import { CaracalRelease } from './release';
import { type CaracalSettings, withDefaults } from './settings';

/** The properties that each construct of the stack is made of, where they have another name. */
export const PROPERTY_OF: Readonly<Record<string, string>> = { migrate: 'migration', 'auth-migrate': 'authMigration' };

const PEER = Peer.cidr('192.0.2.0/24');

/** In the place of what is required and has a problem: nothing that any rule would speak about. */
function standIns(): Pick<
  CaracalSettings,
  'namespace' | 'cluster' | 'release' | 'origins' | 'signIn' | 'postgres' | 'redis' | 'secrets' | 'exposure'
> {
  return {
    namespace: 'trial',
    cluster: Cluster.generic({
      name: 'trial',
      kubernetes: '1.33',
      zones: 3,
      dns: Dns.kubeDns(),
      ingressController: PEER,
      prometheus: { peer: PEER, selectorLabels: {} },
      customResources: [MONITORING_API],
    }),
    release: CaracalRelease.newestKnown(),
    origins: { console: 'https://console.invalid', sts: 'https://sts.invalid' },
    signIn: [],
    postgres: Postgres.external({ host: 'postgres.invalid', peer: PEER, maxConnections: 100_000 }),
    redis: Redis.external({ host: 'redis.invalid', peer: PEER }),
    secrets: SecretSource.existing({ name: 'trial' }),
    exposure: Exposure.none(),
  };
}

/**
 * The parts that problems are about, as far as they can be left out: an entry of a list, or a reference, is nothing
 * without one of its fields.
 */
export function wholeParts(problems: readonly Finding[]): Finding[] {
  return problems.map((problem) => ({
    ...problem,
    path: problem.path.replace(/^(.*?\[\d+\]).*$/s, '$1').replace(/(\.serviceAccount)\..*$/s, '$1'),
  }));
}

/** The properties without the parts that have problems, and with stand-ins for those that are required. */
export function trialSettings(path: string, props: CaracalStackProps, problems: readonly Finding[]): CaracalSettings {
  const { parts } = usable(path, props, wholeParts(problems));
  const profile = profileOf(parts) ?? 'dev';
  const { origins, ...others } = standIns();
  return withDefaults({
    ...others,
    ...parts,
    profile,
    origins: { ...origins, ...parts.origins },
  } as CaracalStackProps);
}
