import type { Component } from '../workload/component';
import type { IPostgres } from './postgres';

/** Connections that one component may open. */
export interface PoolUse {
  /** The component. */
  readonly component: Component;
  /** Largest pool of one pod. */
  readonly poolSize: number;
}

/** The most connections that a stack may open, against what the server accepts. */
export interface ConnectionBudget {
  /** Connections of pods at their maximum number. */
  readonly pods: number;
  /** Connections of the pods that a rolling update adds: one more pod per Deployment. */
  readonly surge: number;
  /** Connections of one-shot Jobs. */
  readonly jobs: number;
  /** Connections that others keep. */
  readonly reserved: number;
  /** Sum of the above. */
  readonly needed: number;
  /** `max_connections` of the server. */
  readonly available: number;
}

/**
 * Counts connections: pool size times maximum replicas, plus one pool per Deployment during a rollout (a StatefulSet
 * replaces its pods in place), plus Jobs, plus what is reserved.
 */
export function connectionBudget(postgres: IPostgres, uses: readonly PoolUse[], jobs: number): ConnectionBudget {
  const sum = (amount: (use: PoolUse) => number): number => uses.reduce((total, use) => total + amount(use), 0);
  const pods = sum(({ component, poolSize }) => component.scaling.max * poolSize);
  const surge = sum(({ component, poolSize }) => (component.spec.kind === 'Deployment' ? poolSize : 0));
  const reserved = postgres.reservedConnections;
  return { pods, surge, jobs, reserved, needed: pods + surge + jobs + reserved, available: postgres.maxConnections };
}
