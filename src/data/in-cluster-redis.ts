import type { Construct } from 'constructs';
import type { Memory } from '../core/quantity';
import { Port } from '../network/port';
import { setPhase } from '../workload/phase';
import { Component } from '../workload/component';
import type { PodOptions } from '../workload/options';
import { Scaling } from '../workload/scaling';
import type { ComponentSpec } from '../workload/spec';
import type { RedisBinding } from './redis';

/** User and group of the Alpine image; the image names its user, so a number is needed here (caracal-addendum.md C). */
const USER = { uid: 999, gid: 1000, fsGroup: 1000 };
const SECRETS = '/run/redis-secrets';

/** Everything that the spec of an in-cluster server depends on. */
export interface InClusterRedisSettings extends RedisBinding {
  /** Size of the volume. */
  readonly size: Memory;
  /** What the user tunes on its pod. */
  readonly options: PodOptions;
  /** Largest data set in MiB. */
  readonly maxMemoryMiB: number;
}

/** Redis 8 on Alpine under Pod Security `restricted` (caracal-addendum.md C). Entry point and folder stay the image's. */
export function redisSpec(settings: InClusterRedisSettings): ComponentSpec {
  const { image, version, secretName, passwordKey, size, maxMemoryMiB } = settings;
  const passwordFile = `${SECRETS}/${passwordKey}`;
  const ping = `REDISCLI_AUTH=$(cat ${passwordFile}) redis-cli --no-auth-warning PING | grep -q PONG`;
  const alive = { exec: ['sh', '-c', ping] };
  // The image makes its streams and groups after the server answers; before that it is not ready for clients.
  const provisioned = { exec: ['sh', '-c', `${ping} && test -f /run/caracal/provisioned`] };
  return {
    component: 'redis',
    kind: 'StatefulSet',
    image,
    ...(version === undefined ? {} : { version }),
    user: USER,
    ports: [{ name: 'redis', port: Port.tcp(6379) }],
    // The configuration that the image writes binds IPv4 alone (caracal-addendum.md C).
    ipFamilies: ['IPv4'],
    env: { REDIS_PASSWORD_FILE: passwordFile, REDIS_MAXMEMORY: `${maxMemoryMiB}mb` },
    secretFiles: [
      {
        volume: 'secrets',
        mountPath: SECRETS,
        items: [{ secretName, key: passwordKey, path: passwordKey }],
      },
    ],
    // In memory: it holds the generated configuration with the password.
    scratch: [{ volume: 'run', mountPath: '/run/caracal', size: '16Mi', medium: 'memory' }],
    storage: [{ volume: 'data', mountPath: '/data', size }],
    probes: {
      startup: { ask: provisioned, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 30 },
      readiness: { ask: provisioned, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      liveness: { ask: alive, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    },
    resources: {
      cpu: '50m',
      cpuLimit: '500m',
      memory: `${Math.min(128, maxMemoryMiB)}Mi`,
      memoryLimit: `${maxMemoryMiB * 2}Mi`,
    },
    scaling: Scaling.fixed(1),
    shutdown: { preStopSeconds: 1, budgetSeconds: 20, marginSeconds: 10 },
    resolvesNames: false,
  };
}

/** Adds the server to a stack. */
export function inClusterRedis(scope: Construct, settings: InClusterRedisSettings): Component {
  const component = new Component(scope, 'redis', redisSpec(settings), settings.options);
  setPhase(component, 'data');
  return component;
}
