import type { Construct } from 'constructs';
import { brand, isBranded } from '../core/brand';
import { check, checkShape, type Checks, picked } from '../core/checks';
import { ConfigurationError, type Finding, invalidValue, show } from '../core/errors';
import { bytes, type Memory } from '../core/quantity';
import { together, usable } from '../core/usable';
import type { Value } from '../core/value';
import type { ImageRef } from '../images/image-ref';
import type { IConnectable } from '../network/connections';
import type { Peer } from '../network/peer';
import { Port } from '../network/port';
import type { Component } from '../workload/component';
import { POD_OPTION_CHECKS, type PodOptions } from '../workload/options';
import { addressProblems, policyPort as openPort, serverText } from './address';
import type { PortValue, ServerPort } from './server-port';
import { inClusterRedis } from './in-cluster-redis';
import { REDIS_MAKING } from './makings';

/** Where a Redis server runs: outside of the stack, or inside, for dev. */
export type RedisKind = 'external' | 'inCluster';

/** A Redis server outside of the stack. Its port is 6379 by default. */
export type ExternalRedisProps = ExternalRedisSettings & ServerPort;

/** What a Redis server outside of the stack is, beside its port. */
export interface ExternalRedisSettings {
  /** DNS name or address of the server. */
  readonly host: Value<string>;
  /** Where the server is, for the network policies: its network, or its pods. */
  readonly peer: Peer;
  /**
   * User of the server's access control list, for servers that know more than one; its password is the key
   * `redisPassword`. It needs every command and key that the product uses.
   * @default - the server's default user
   */
  readonly username?: string;
  /**
   * Number of the logical database.
   * @default 0
   */
  readonly database?: number;
  /**
   * Whether the connection is encrypted and the server's certificate checked. Production and rc want it.
   * @default true
   */
  readonly tls?: boolean;
}

const CHECKS: Checks<ExternalRedisProps> = {
  host: check.textValue,
  port: check.countValue,
  policyPort: check.count,
  peer: check.instance('Peer'),
  username: check.text,
  database: check.count,
  tls: check.flag,
};

/** A Redis server that runs inside the stack, for dev: one replica, no failover. What every pod may be tuned by is here too. */
export interface InClusterRedisProps extends PodOptions {
  /**
   * Size of its volume, for the append-only file.
   * @default "1Gi"
   */
  readonly size?: Memory;
  /**
   * Largest data set in MiB (`maxmemory`); the memory limit is twice that, for the fork that rewrites the file.
   * @default 256
   */
  readonly maxMemoryMiB?: number;
}

const IN_CLUSTER_CHECKS: Checks<InClusterRedisProps> = {
  ...POD_OPTION_CHECKS,
  size: check.any,
  maxMemoryMiB: check.count,
};

// The vendor's script and an empty data set already take some megabytes.
const SMALLEST_MAXMEMORY_MIB = 16;

/** What a product gives its in-cluster server. */
export interface RedisBinding {
  /** Image with the server. */
  readonly image: ImageRef;
  /**
   * Version of the server, for the label of its pods.
   * @default - the tag of the image
   */
  readonly version?: string;
  /** Name of the stack's Secret. */
  readonly secretName: string;
  /** Key with the password. */
  readonly passwordKey: string;
}

/** A Redis server as components use it, wherever it runs. */
export interface IRedis {
  /** Host. */
  readonly host: Value<string>;
  /** Port that clients connect to. */
  readonly port: PortValue;
  /**
   * Port that the network policies open.
   * @default - `port`, which must then be known
   */
  readonly policyPort?: number;
  /** User of the server's access control list; undefined for its default user. */
  readonly username: string | undefined;
  /** Number of the logical database. */
  readonly database: number;
  /** Whether the connection is encrypted. */
  readonly tls: boolean;
  /** Who the network peer is. */
  readonly peer: Peer | IConnectable;
  /** The server, where the stack runs it. */
  readonly component: Component | undefined;
}

/**
 * A recipe for a Redis server. Immutable; a stack binds it and offers the result as `stack.redis`. Its type says where
 * the server runs, so that production does not compile with a server for dev.
 */
export class Redis<Kind extends RedisKind = RedisKind, Tls extends boolean = boolean> {
  static {
    brand(this, 'Redis', REDIS_MAKING);
  }

  /**
   * A server that you run or rent. It needs streams, Lua and `noeviction`, as one logical node (caracal.md 14).
   *
   * @throws ConfigurationError with every problem of the properties: `data/invalid-host`, `data/invalid-port`,
   *   `data/port-mismatch` (at the deployment), `data/no-peer`, `core/unknown-property`, `core/wrong-type`.
   */
  public static external(props: ExternalRedisProps & { readonly tls?: true }): Redis<'external', true>;
  public static external(props: ExternalRedisProps): Redis<'external'>;
  public static external(props: ExternalRedisProps): Redis<'external'> {
    const path = 'Redis.external';
    const shape = checkShape(path, props, CHECKS);
    const problems = shape.some((finding) => finding.path === path)
      ? shape
      : together(shape, externalProblems(path, usable(path, props, shape).parts as typeof props));
    if (problems.length > 0) {
      throw new ConfigurationError(path, problems);
    }
    const { host, port = 6379, policyPort, peer, username, database = 0, tls = true } = props;
    return new Redis('external', tls, { host, port, database }, () => ({
      host,
      port,
      username,
      ...(policyPort === undefined ? {} : { policyPort }),
      database,
      tls,
      peer,
      component: undefined,
    }));
  }

  /**
   * A server in the stack, for dev: one replica on one volume, plain inside the cluster.
   *
   * @throws ConfigurationError `data/invalid-memory`, `core/invalid-memory`, `core/unknown-property`, `core/wrong-type`.
   */
  public static inCluster(props: InClusterRedisProps = {}): Redis<'inCluster', false> {
    const path = 'Redis.inCluster';
    const shape = checkShape(path, props, IN_CLUSTER_CHECKS);
    if (shape.length > 0) {
      throw new ConfigurationError(path, shape);
    }
    const { size = '1Gi', maxMemoryMiB = 256 } = props;
    const options = picked<PodOptions>(props, POD_OPTION_CHECKS);
    bytes(size, `${path}.size`);
    if (maxMemoryMiB < SMALLEST_MAXMEMORY_MIB) {
      invalidValue({
        id: 'data/invalid-memory',
        path: `${path}.maxMemoryMiB`,
        message: 'this is too small to run in',
        given: maxMemoryMiB,
        allowed: `whole numbers from ${SMALLEST_MAXMEMORY_MIB}, in MiB`,
        fix: 'leave it out for 256',
      });
    }
    return new Redis('inCluster', false, undefined, (scope, binding) => {
      const component = inClusterRedis(scope, { ...binding, size, maxMemoryMiB, options });
      return {
        host: component.serviceName,
        port: component.portNumber,
        username: undefined,
        database: 0,
        tls: false,
        peer: component,
        component,
      };
    });
  }

  private constructor(
    /** Where the server runs. */
    public readonly kind: Kind,
    /** Whether connections are encrypted. */
    public readonly tls: Tls,
    private readonly address:
      { readonly host: Value<string>; readonly port: PortValue; readonly database: number } | undefined,
    private readonly create: (scope: Construct, binding: RedisBinding) => IRedis,
  ) {}

  /** The database's address as text, to compare servers; undefined for one of the stack alone. */
  public get serverKey(): Value<string> | undefined {
    if (this.address === undefined) {
      return undefined;
    }
    return serverText(this.address, `/${this.address.database}`);
  }

  /** Makes the server part of a stack, or describes the one that is there. */
  public bind(scope: Construct, binding: RedisBinding): IRedis {
    return this.create(scope, binding);
  }
}

/** The port that clients of a server connect to. */
export function redisPort(redis: IRedis): Port {
  return Port.tcp(openPort(redis));
}

function externalProblems(path: string, props: ExternalRedisProps): Finding[] {
  return [
    ...usernameProblems(`${path}.username`, props.username),
    ...addressProblems(path, props, 6379),
    ...(!isBranded<Peer>(props.peer, 'Peer') || props.peer.isNobody
      ? [
          {
            id: 'data/no-peer',
            level: 'error' as const,
            path: `${path}.peer`,
            message: 'no policy would let the pods reach Redis',
            given: show(props.peer),
            fix: 'name its network, for instance peer: Peer.cidr("10.20.1.0/24")',
          },
        ]
      : []),
  ];
}

// Redis separates the words of a user's definition by white space, and a text with a colon is likely to be user and password.
function usernameProblems(path: string, username: string | undefined): Finding[] {
  return username === undefined || /^[\x21-\x39\x3b-\x7e]{1,128}$/.test(username)
    ? []
    : [
        {
          id: 'data/invalid-user',
          level: 'error',
          path,
          message: 'this is not the name of a user of Redis',
          allowed: 'printable ASCII without white space and ":"',
          fix: 'give the name alone, as in "ACL LIST"; the password is the key redisPassword',
        },
      ];
}
