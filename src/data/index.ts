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
  type InClusterPostgresProps,
  type IPostgres,
  type PostgresBinding,
  type PostgresKind,
  type PostgresTls,
} from './postgres';
export {
  Redis,
  type ExternalRedisProps,
  type InClusterRedisProps,
  type IRedis,
  type RedisBinding,
  type RedisKind,
} from './redis';
