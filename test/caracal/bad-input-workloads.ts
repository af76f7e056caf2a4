import { Disruption, Postgres, Scaling } from '../../src';
import { ReplayPersistence } from '../../src/caracal';
import { type BadInput, PUBLISHED, ALL, DEV } from './bad-input-case';
import { POSTGRES } from './fixture';

/** Replicas, budgets, probes and replay files. */
export const WORKLOADS: readonly BadInput[] = [
  {
    row: 'hpa-min-above-max',
    what: 'a minimum above the maximum',
    id: 'workload/invalid-scaling',
    path: 'Scaling.auto',
    run: () => Scaling.auto({ min: 5, max: 4, cpuPercent: 70 }),
  },
  {
    row: 'hpa-below-two',
    what: 'a minimum of one',
    id: 'workload/replica-floor',
    path: 'caracal/api',
    change: () => ({ api: { scaling: Scaling.auto({ min: 1, max: 4, cpuPercent: 70 }) } }),
    profiles: PUBLISHED,
  },
  {
    row: 'hpa-below-two',
    what: 'one replica',
    id: 'workload/replica-floor',
    path: 'caracal/web',
    change: () => ({ web: { scaling: Scaling.fixed(1) } }),
    profiles: PUBLISHED,
  },
  {
    row: 'hpa-memory-target',
    what: 'a small request under a memory target',
    id: 'caracal/sts-memory-target',
    path: 'caracal/sts',
    change: () => ({ sts: { resources: { memory: '512Mi' } } }),
    profiles: PUBLISHED,
  },
  {
    row: 'connections-exceeded',
    what: 'too few connections',
    id: 'caracal/connection-budget',
    path: 'caracal',
    change: () => ({ postgres: Postgres.external({ ...POSTGRES, maxConnections: 300 }) }),
    profiles: PUBLISHED,
    says: ['maxConnections: 300', 'at least', 'raise max_connections', 'by pods at their maximum', 'by a rollout'],
  },
  {
    row: 'connections-exceeded',
    what: 'a pool that the budget does not count',
    id: 'caracal/pool-above-budget',
    path: 'caracal/api.env.DB_POOL_MAX',
    change: () => ({ api: { env: { DB_POOL_MAX: '50' } } }),
    profiles: ALL,
  },
  {
    row: 'pdb-blocks-drain',
    what: 'a budget of zero',
    id: 'workload/invalid-disruption',
    path: 'Disruption.maxUnavailable',
    run: () => Disruption.maxUnavailable(0),
  },
  {
    row: 'pdb-blocks-drain',
    what: 'a budget that keeps every replica',
    id: 'workload/drain-blocked',
    path: 'caracal/api',
    change: () => ({ api: { disruption: Disruption.minAvailable(2) } }),
    profiles: PUBLISHED,
  },
  {
    row: 'grace-too-short',
    what: 'a grace period of the user',
    id: 'core/unknown-property',
    path: '.web.terminationGracePeriodSeconds',
    change: () => ({ web: { terminationGracePeriodSeconds: 5 } }),
    profiles: ALL,
  },
  {
    row: 'probe-timeout-short',
    what: 'a probe of the user',
    id: 'core/unknown-property',
    path: '.api.probes',
    change: () => ({ api: { probes: { readiness: { timeoutSeconds: 1 } } } }),
    profiles: ALL,
  },
  {
    row: 'replay-persistence-off',
    what: 'replay files that end with their pod',
    id: 'caracal/ephemeral-replay',
    path: '.replayPersistence',
    change: () => ({ replayPersistence: ReplayPersistence.ephemeral() }),
    profiles: ['production'],
  },
  {
    row: 'replay-persistence-off-rc',
    what: 'replay files that end with their pod, in rc',
    id: 'caracal/ephemeral-replay',
    path: '.replayPersistence',
    change: () => ({ replayPersistence: ReplayPersistence.ephemeral() }),
    profiles: ['rc'],
  },
  {
    row: 'replay-emptydir-unbounded',
    what: 'another volume for the replay folder',
    id: 'workload/volume-taken',
    path: 'sts.volumes[0]',
    change: () => ({
      replayPersistence: ReplayPersistence.ephemeral(),
      sts: { volumes: [{ volume: { name: 'free', emptyDir: {} }, mountPath: '/var/lib/caracal' }] },
    }),
    profiles: DEV,
  },
];
