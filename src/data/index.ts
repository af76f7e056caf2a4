export {
  connectionBudget,
  type ConnectionBudget,
  type ConnectionUsers,
  type PoolUse,
  stackConnectionBudget,
} from './connection-budget';
export {
  Postgres,
  type ExternalPostgresProps,
  type ExternalPostgresSettings,
  type InClusterPostgresProps,
  type IPostgres,
  type PostgresBinding,
  type PostgresKind,
  type PostgresTls,
} from './postgres';
export {
  Redis,
  type ExternalRedisProps,
  type ExternalRedisSettings,
  type InClusterRedisProps,
  type IRedis,
  type RedisBinding,
  type RedisKind,
} from './redis';
export type { DeferredServerPort, KnownServerPort, PortValue, ServerPort } from './server-port';
