import type { IConstruct } from 'constructs';
import { type Check, check } from '../core/checks';
import { parts, requireWhole, type Shape } from '../core/shape';
import { Component } from '../workload/component';
import { PodJob } from '../workload/pod-job';
import type { IPostgres } from './postgres';

/** Connections that one component may open. */
export interface PoolUse {
  /** The component. */
  readonly component: Component;
  /** Largest pool of one pod. */
  readonly poolSize: number;
}

const USE_SHAPE: Shape<PoolUse> = {
  checks: { component: isOf(Component.isComponent), poolSize: check.count },
  required: { component: 'stack.api', poolSize: '10' },
};

const BUDGET_SHAPE: Shape<{ readonly uses: readonly PoolUse[]; readonly jobs: number }> = {
  checks: { uses: check.list, jobs: check.count },
  required: { uses: '[]', jobs: '0' },
  inside: { uses: parts(USE_SHAPE) },
};

/** What opens connections according to its own spec: components and Jobs of a stack. */
export interface ConnectionUsers {
  /** Components. */
  readonly components: readonly Component[];
  /** One-shot Jobs. */
  readonly jobs: readonly PodJob[];
}

const USERS_SHAPE: Shape<ConnectionUsers> = {
  checks: { components: check.each(isOf(Component.isComponent)), jobs: check.each(isOf(PodJob.isJob)) },
  required: { components: '[]', jobs: '[]' },
};

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
 *
 * @throws ConfigurationError `core/wrong-type` for numbers that are not whole or below 0, which would make the sum
 *   meaningless, and for what is no component.
 */
export function connectionBudget(postgres: IPostgres, uses: readonly PoolUse[], jobs: number): ConnectionBudget {
  requireWhole('connectionBudget', { uses, jobs }, BUDGET_SHAPE);
  const sum = (amount: (use: PoolUse) => number): number => uses.reduce((total, use) => total + amount(use), 0);
  const pods = sum(({ component, poolSize }) => component.scaling.max * poolSize);
  const surge = sum(({ component, poolSize }) => (component.spec.kind === 'Deployment' ? poolSize : 0));
  const reserved = postgres.reservedConnections;
  return { pods, surge, jobs, reserved, needed: pods + surge + jobs + reserved, available: postgres.maxConnections };
}

/**
 * The budget of everything in a stack that says how many connections it opens (`connectionsPerPod`).
 *
 * @throws ConfigurationError `core/wrong-type` for lists of anything else.
 */
export function stackConnectionBudget(postgres: IPostgres, users: ConnectionUsers): ConnectionBudget {
  requireWhole('stackConnectionBudget', users, USERS_SHAPE);
  const { components, jobs } = users;
  const uses = components.map((component) => ({ component, poolSize: component.spec.connectionsPerPod ?? 0 }));
  const ofJobs = jobs.reduce((sum, { spec }) => sum + (spec.connectionsPerPod ?? 0), 0);
  return connectionBudget(postgres, uses, ofJobs);
}

function isOf(test: (construct: IConstruct) => boolean): Check {
  return (value) => (test(value as IConstruct) ? undefined : 'it must be a component or a Job of a stack');
}
