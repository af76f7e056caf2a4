import type { Construct } from 'constructs';
import type { Memory } from '../core/quantity';
import { Port } from '../network/port';
import { setPhase } from '../workload/phase';
import { Component } from '../workload/component';
import type { PodOptions } from '../workload/options';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import type { PostgresBinding } from './postgres';

/** User and group of the Alpine image (caracal-addendum.md C). */
const USER = { uid: 70, gid: 70, fsGroup: 70 };
const SECRETS = '/run/postgres-secrets';

/** Everything that the spec of an in-cluster server depends on. */
export interface InClusterPostgresSettings extends PostgresBinding {
  /** Size of the volume. */
  readonly size: Memory;
  /** What the user tunes on its pod. */
  readonly options: PodOptions;
  /** `max_connections`. */
  readonly maxConnections: number;
}

/** Postgres 18 on Alpine under Pod Security `restricted`, as caracal-addendum.md C tested it. */
export function postgresSpec(settings: InClusterPostgresSettings): ComponentSpec {
  const { image, version, secretName, passwordKey, user, size, maxConnections } = settings;
  // Over TCP: the server that initialises the database listens on its socket only, and must not count as ready.
  const ready = { exec: ['pg_isready', '-U', user, '-d', user, '-h', '127.0.0.1'] };
  return {
    component: 'postgres',
    kind: 'StatefulSet',
    image,
    ...(version === undefined ? {} : { version }),
    // The entry point puts "postgres" before arguments that begin with a dash.
    args: ['-c', `max_connections=${maxConnections}`],
    user: USER,
    ports: [{ name: 'postgres', port: Port.tcp(5432) }],
    env: { POSTGRES_USER: user, POSTGRES_DB: user, POSTGRES_PASSWORD_FILE: `${SECRETS}/${passwordKey}` },
    secretFiles: [
      {
        volume: 'secrets',
        mountPath: SECRETS,
        items: [{ secretName, key: passwordKey, path: passwordKey }],
      },
    ],
    scratch: [
      { volume: 'run', mountPath: '/var/run/postgresql', size: '16Mi' },
      // The container runtime's own default of 64 MiB is too small for parallel queries.
      { volume: 'shm', mountPath: '/dev/shm', size: '256Mi', medium: 'memory' },
      { volume: 'tmp', mountPath: '/tmp', size: '64Mi' },
    ],
    // Never .../data: the image of Postgres 18 keeps its data in a folder named after the version.
    storage: [{ volume: 'data', mountPath: '/var/lib/postgresql', size }],
    probes: {
      startup: { ask: ready, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 30 },
      readiness: { ask: ready, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      liveness: { ask: ready, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    },
    resources: { cpu: '100m', cpuLimit: '1', memory: '256Mi', memoryLimit: '1Gi' },
    scaling: Scaling.fixed(1),
    shutdown: { preStopSeconds: 1, budgetSeconds: 30, marginSeconds: 10 },
    resolvesNames: false,
    // No revision: the server takes its password once, when it makes the database.
  };
}

/** Adds the server to a stack. */
export function inClusterPostgres(scope: Construct, settings: InClusterPostgresSettings): Component {
  const component = new Component(scope, 'postgres', postgresSpec(settings), settings.options);
  setPhase(component, 'data');
  return component;
}
