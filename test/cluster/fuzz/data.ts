import type * as fc from 'fast-check';
import {
  type ExternalPostgresProps,
  type ExternalRedisProps,
  type InClusterPostgresProps,
  type InClusterRedisProps,
  Postgres,
  Redis,
} from '../../../src';
import { among, either, type Generators, mostly, settings } from './generators';
import { hugeNumber, server } from './names';
import { peer } from './network';
import { podOptions } from './pods';
import { extraVolumes } from './volumes';

/** Amounts of storage. */
export const storage: fc.Arbitrary<unknown> = mostly(
  among('1Gi', '1Ki', '1536Mi', '1Ti', '8191Ti'),
  among('0Gi', '1.5Gi', '1G', '1', '10000Ti', '01Gi', '-1Gi', '1gi', ''),
);

const externalPostgres: Generators<ExternalPostgresProps> = {
  host: server,
  port: mostly(among(5432, 6432, 1, 65535), among(0, 65536, 2 ** 31)),
  policyPort: mostly(among(undefined, 5432), among(0, 65536)),
  peer,
  maxConnections: mostly(among(10_000, 20_000, 1_000_000), among(1300, 200, 0, 10), 25),
  reservedConnections: mostly(among(0, 3, 50), hugeNumber),
  adminUser: mostly(among('postgres', 'admin@tenant', 'A$b'), among('_1', '', 'a b', '1a', 'x'.repeat(64))),
  tls: among('verify-full'),
};

const externalRedis: Generators<ExternalRedisProps> = {
  host: server,
  port: mostly(among(6379, 6380, 1), among(0, 70000)),
  policyPort: mostly(among(undefined, 6379), among(0, 70000)),
  peer,
  username: mostly(among('app', 'a-b_c.d', 'a/b@c'), among('', 'a b', 'a:b', 'ä')),
  database: mostly(among(0, 1, 15), hugeNumber),
  tls: among(true),
};

/** Databases that production takes. */
export const postgresForProduction: fc.Arbitrary<unknown> = settings<ExternalPostgresProps>(
  'Postgres.external',
  Postgres.external,
  externalPostgres,
  [...(['host', 'peer', 'maxConnections'] as const)],
);

/** Streams that production takes. */
export const redisForProduction: fc.Arbitrary<unknown> = settings<ExternalRedisProps>(
  'Redis.external',
  Redis.external,
  externalRedis,
  [...(['host', 'peer'] as const)],
);

/** What the pod of an in-cluster server is tuned by. */
const serverOptions = { ...podOptions, volumes: extraVolumes };

const plain = among('disable', 'verify-full');

/** Databases that dev takes. */
export const postgresForDev: fc.Arbitrary<unknown> = mostly(
  settings<InClusterPostgresProps>(
    'Postgres.inCluster',
    Postgres.inCluster,
    { ...serverOptions, size: storage, maxConnections: mostly(among(1000, 3000), among(300, 0, 3, 1e21), 30) },
    [],
    8,
  ),
  settings<ExternalPostgresProps>('Postgres.external', Postgres.external, { ...externalPostgres, tls: plain }, [
    ...(['host', 'peer', 'maxConnections'] as const),
  ]),
  1,
);

/** Streams that dev takes. */
export const redisForDev: fc.Arbitrary<unknown> = mostly(
  settings<InClusterRedisProps>(
    'Redis.inCluster',
    Redis.inCluster,
    { ...serverOptions, size: storage, maxMemoryMiB: mostly(among(16, 256, 4096), either(among(15), hugeNumber), 12) },
    [],
    8,
  ),
  settings<ExternalRedisProps>('Redis.external', Redis.external, { ...externalRedis, tls: among(true, false) }, [
    ...(['host', 'peer'] as const),
  ]),
  1,
);
