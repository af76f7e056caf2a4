import type { Construct } from 'constructs';
import { brand, isBranded } from '../core/brand';
import { check, checkShape, type Checks, picked } from '../core/checks';
import { ConfigurationError, type Finding, show } from '../core/errors';
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
import { inClusterPostgres } from './in-cluster-postgres';
import { POSTGRES_MAKING } from './makings';

/** How far a client checks the server's certificate. */
export type PostgresTls = 'verify-full' | 'disable';

/** Where a Postgres server runs: outside of the stack, or inside, for dev. */
export type PostgresKind = 'external' | 'inCluster';

/** A Postgres server outside of the stack. Its port is 5432 by default. */
export type ExternalPostgresProps = ExternalPostgresSettings & ServerPort;

/** What a Postgres server outside of the stack is, beside its port. */
export interface ExternalPostgresSettings {
  /** DNS name or address of the server. */
  readonly host: Value<string>;
  /** Where the server is, for the network policies: its network, or its pods. */
  readonly peer: Peer;
  /** `max_connections` of the server. The stack's connection budget must fit. */
  readonly maxConnections: number;
  /**
   * Connections that others keep: superusers, backups, monitoring.
   * @default 10
   */
  readonly reservedConnections?: number;
  /**
   * Administrator that the migration connects as. Its password is the key `postgresPassword`.
   * @default - the name of the product
   */
  readonly adminUser?: string;
  /**
   * How far certificates are checked. Production and rc want `verify-full`.
   * @default "verify-full"
   */
  readonly tls?: PostgresTls;
}

const CHECKS: Checks<ExternalPostgresProps> = {
  host: check.textValue,
  port: check.countValue,
  policyPort: check.count,
  peer: check.instance('Peer'),
  maxConnections: check.count,
  reservedConnections: check.count,
  adminUser: check.text,
  tls: check.oneOf('verify-full', 'disable'),
};

/** A Postgres server that runs inside the stack, for dev: one replica, no backup. What every pod may be tuned by is here too. */
export interface InClusterPostgresProps extends PodOptions {
  /**
   * Size of its volume.
   * @default "2Gi"
   */
  readonly size?: Memory;
  /**
   * `max_connections`. The server's own default of 100 is below six pods with twenty each, and
   * a rollout adds as many again where every component is a Deployment.
   * @default 300
   */
  readonly maxConnections?: number;
}

const IN_CLUSTER_CHECKS: Checks<InClusterPostgresProps> = {
  ...POD_OPTION_CHECKS,
  size: check.any,
  maxConnections: check.count,
};

// superuser_reserved_connections of a server that is not told otherwise.
const SUPERUSER_CONNECTIONS = 3;

/** What a product gives its in-cluster server. */
export interface PostgresBinding {
  /** Image with the server. */
  readonly image: ImageRef;
  /**
   * Version of the server, for the label of its pods.
   * @default - the tag of the image
   */
  readonly version?: string;
  /** Name of the stack's Secret. */
  readonly secretName: string;
  /** Key with the administrator's password. */
  readonly passwordKey: string;
  /** Administrator, and name of the first database. */
  readonly user: string;
}

/** A Postgres server as components use it, wherever it runs. */
export interface IPostgres {
  /** Host. */
  readonly host: Value<string>;
  /** Port that clients connect to. */
  readonly port: PortValue;
  /**
   * Port that the network policies open.
   * @default - `port`, which must then be known
   */
  readonly policyPort?: number;
  /** Whether and how certificates are checked. */
  readonly tls: PostgresTls;
  /** Who the network peer is. */
  readonly peer: Peer | IConnectable;
  /** Administrator that migrations connect as. */
  readonly adminUser: string;
  /** Connections that the server accepts. */
  readonly maxConnections: number;
  /** Connections that others keep. */
  readonly reservedConnections: number;
  /** The server, where the stack runs it. */
  readonly component: Component | undefined;
}

/**
 * A recipe for a Postgres server. Immutable; a stack binds it and offers the result as `stack.postgres`. Its type says
 * where the server runs, so that production does not compile with a server for dev.
 */
export class Postgres<Kind extends PostgresKind = PostgresKind, Tls extends PostgresTls = PostgresTls> {
  static {
    brand(this, 'Postgres', POSTGRES_MAKING);
  }

  /**
   * A server that you run or rent.
   *
   * @throws ConfigurationError with every problem of the properties: `data/invalid-host`, `data/invalid-port`,
   *   `data/port-mismatch` (at the deployment), `data/no-peer`, `data/invalid-connections`, `core/unknown-property`, `core/wrong-type`.
   */
  public static external(
    props: ExternalPostgresProps & { readonly tls?: 'verify-full' },
  ): Postgres<'external', 'verify-full'>;
  public static external(props: ExternalPostgresProps): Postgres<'external'>;
  public static external(props: ExternalPostgresProps): Postgres<'external'> {
    const path = 'Postgres.external';
    const shape = checkShape(path, props, CHECKS);
    const problems = shape.some((finding) => finding.path === path)
      ? shape
      : together(shape, externalProblems(path, usable(path, props, shape).parts as typeof props));
    if (problems.length > 0) {
      throw new ConfigurationError(path, problems);
    }
    const { host, port = 5432, policyPort, peer, maxConnections, reservedConnections = 10, adminUser } = props;
    const { tls = 'verify-full' } = props;
    return new Postgres('external', tls, { host, port }, (_scope, { user }) => ({
      host,
      port,
      ...(policyPort === undefined ? {} : { policyPort }),
      tls,
      peer,
      adminUser: adminUser ?? user,
      maxConnections,
      reservedConnections,
      component: undefined,
    }));
  }

  /**
   * A server in the stack, for dev: one replica on one volume, plain inside the cluster.
   *
   * @throws ConfigurationError `data/invalid-connections`, `core/invalid-memory`, `core/unknown-property`, `core/wrong-type`.
   */
  public static inCluster(props: InClusterPostgresProps = {}): Postgres<'inCluster', 'disable'> {
    const path = 'Postgres.inCluster';
    const shape = checkShape(path, props, IN_CLUSTER_CHECKS);
    if (shape.length > 0) {
      throw new ConfigurationError(path, shape);
    }
    const { size = '2Gi', maxConnections = 300 } = props;
    const options = picked<PodOptions>(props, POD_OPTION_CHECKS);
    bytes(size, `${path}.size`);
    const problems = connectionProblems(path, maxConnections, SUPERUSER_CONNECTIONS);
    if (problems.length > 0) {
      throw new ConfigurationError(path, problems);
    }
    return new Postgres('inCluster', 'disable', undefined, (scope, binding) => {
      const component = inClusterPostgres(scope, { ...binding, size, maxConnections, options });
      return {
        host: component.serviceName,
        port: component.portNumber,
        tls: 'disable',
        peer: component,
        adminUser: binding.user,
        maxConnections,
        reservedConnections: SUPERUSER_CONNECTIONS,
        component,
      };
    });
  }

  private constructor(
    /** Where the server runs. */
    public readonly kind: Kind,
    /** How far clients check certificates. */
    public readonly tls: Tls,
    private readonly address: { readonly host: Value<string>; readonly port: PortValue } | undefined,
    private readonly create: (scope: Construct, binding: PostgresBinding) => IPostgres,
  ) {}

  /** The server's address as text, to compare servers; undefined for one of the stack alone. */
  public get serverKey(): Value<string> | undefined {
    if (this.address === undefined) {
      return undefined;
    }
    return serverText(this.address);
  }

  /** Makes the server part of a stack, or describes the one that is there. */
  public bind(scope: Construct, binding: PostgresBinding): IPostgres {
    return this.create(scope, binding);
  }
}

/** The port that clients of a server connect to. */
export function postgresPort(postgres: IPostgres): Port {
  return Port.tcp(openPort(postgres));
}

function externalProblems(path: string, props: ExternalPostgresProps): Finding[] {
  const { maxConnections, reservedConnections = 10, peer, adminUser } = props;
  return [
    ...addressProblems(path, props, 5432),
    ...(!isBranded<Peer>(peer, 'Peer') || peer.isNobody
      ? [
          {
            id: 'data/no-peer',
            level: 'error' as const,
            path: `${path}.peer`,
            message: 'no policy would let the pods reach the database',
            given: show(peer),
            fix: 'name its network, for instance peer: Peer.cidr("10.20.0.0/24")',
          },
        ]
      : []),
    ...connectionProblems(path, maxConnections, reservedConnections),
    ...(adminUser === undefined || /^[A-Za-z_][A-Za-z0-9_$@.-]{0,62}$/.test(adminUser)
      ? []
      : [
          {
            id: 'data/invalid-user',
            level: 'error' as const,
            path: `${path}.adminUser`,
            message: 'this is not the name of a role',
            given: show(adminUser),
            fix: 'use letters, digits, "_", "@", "." and "-", a letter or "_" first',
          },
        ]),
  ];
}

function connectionProblems(path: string, maxConnections: number, reserved: number): Finding[] {
  return Number.isInteger(maxConnections) && maxConnections > reserved
    ? []
    : [
        {
          id: 'data/invalid-connections',
          level: 'error',
          path: `${path}.maxConnections`,
          message: `no connection is left: ${reserved} of them are reserved`,
          given: show(maxConnections),
          fix: 'give max_connections of the server',
        },
      ];
}
