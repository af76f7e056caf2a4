import type { Construct } from 'constructs';
import { picked } from '../core/checks';
import { numberText } from '../core/value';
import { postgresPort, type IPostgres } from '../data/postgres';
import type { ISecrets } from '../secrets/secret-source';
import { JOB_OPTION_CHECKS, type JobOptions, OneShotJob } from '../workload/one-shot-job';
import type { JobContent } from '../workload/spec';
import type { MountedTrust } from '../workload/trust';
import { connect } from './edges';
import type { CaracalRelease } from './release';
import { DATABASES } from './secrets';
import { allFeatures, revisionOf, secretFiles, fromRelease } from './service';

/** User of the Postgres image (caracal.md 2). */
const POSTGRES_USER = { uid: 70, gid: 70, fsGroup: 70 };

/** Resources of both Jobs (caracal.md 6). */
export const JOB_RESOURCES = { cpu: '50m', cpuLimit: '500m', memory: '64Mi', memoryLimit: '256Mi' } as const;

/** Limits of both Jobs (caracal.md 7). */
export const JOB_LIMITS = { backoffLimit: 3, deadlineSeconds: 900 } as const;

/** What both Jobs are given. */
export interface CaracalJobProps extends JobOptions {
  /** The release that runs. */
  readonly release: CaracalRelease;
  /** The database. */
  readonly postgres: IPostgres;
  /** The stack's secrets. */
  readonly secrets: ISecrets;
  /**
   * Certificates of private authorities.
   * @default - the system's
   */
  readonly trust?: MountedTrust;
}

/**
 * How libpq finds the server. Its `verify-full` needs a file of authorities, or the word `system`, which `disable` does
 * not take; where packets are dropped, an attempt without a timeout would outlast the Job (caracal-addendum.md A19).
 */
export function libpqEnv(postgres: IPostgres, trust: MountedTrust | undefined, database: string, user: string) {
  return {
    PGHOST: postgres.host,
    PGPORT: numberText(postgres.port),
    PGUSER: user,
    PGDATABASE: database,
    PGSSLMODE: postgres.tls,
    PGCONNECT_TIMEOUT: '5',
    ...(trust === undefined
      ? postgres.tls === 'disable'
        ? {}
        : { PGSSLROOTCERT: 'system' }
      : { PGSSLROOTCERT: trust.file }),
  };
}

/** The content of the migration (caracal.md 7, caracal-addendum.md A10, A19). */
export function migrationContent(props: CaracalJobProps): JobContent {
  const { files, env } = secretFiles('migrate', props.secrets, allFeatures());
  return {
    component: 'migrate',
    ...fromRelease(props.release, 'postgres'),
    command: ['/bin/sh', '/usr/local/bin/caracal-migrate'],
    user: POSTGRES_USER,
    env: {
      ...libpqEnv(props.postgres, props.trust, DATABASES.main, props.postgres.adminUser),
      // It writes its password file here.
      TMPDIR: '/tmp',
      // A server in the stack starts at the same time; an attempt takes up to 5 s, so 60 stay within the deadline.
      MIGRATION_CONNECT_RETRIES: '60',
      MIGRATION_CONNECT_SLEEP_SECONDS: '2',
      ...env,
    },
    secretFiles: [files],
    scratch: [{ volume: 'tmp', mountPath: '/tmp', size: '16Mi', medium: 'memory' }],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    resources: JOB_RESOURCES,
    ...JOB_LIMITS,
    connectionsPerPod: 1,
    ...revisionOf(props.secrets),
  };
}

/** The migration: brings the schema up to date and gives the database roles their passwords. */
export class Migration extends OneShotJob {
  constructor(scope: Construct, id: string, props: CaracalJobProps) {
    super(scope, id, migrationContent(props), picked<JobOptions>(props, JOB_OPTION_CHECKS));
    connect(this, 'migrate', 'postgres', props.postgres.peer, postgresPort(props.postgres));
  }
}
