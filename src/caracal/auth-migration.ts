import type { Construct } from 'constructs';
import { picked } from '../core/checks';
import { postgresPort } from '../data/postgres';
import { JOB_OPTION_CHECKS, type JobOptions, OneShotJob } from '../workload/one-shot-job';
import type { JobContent } from '../workload/spec';
import { readOnlyMount } from '../workload/volumes';
import { connect } from './edges';
import { type CaracalJobProps, JOB_LIMITS, JOB_RESOURCES, libpqEnv } from './migration';
import { DATABASE_ROLES } from './secrets';
import { allFeatures, NONROOT, POOL_SIZE, revisionOf, secretFiles, trustEnv, fromRelease } from './service';

/** The waiting container alone reads the password, so it has a folder of its own; the program takes it from its URL. */
const PASSWORD = { key: 'authDbPassword', env: 'CARACAL_AUTH_DB_PASSWORD_FILE', folder: '/run/role-password' } as const;

/**
 * Waits until the role can log in, which the migration makes possible, so that the two Jobs may be applied in any
 * order. 90 attempts of at most 7 s leave time for scheduling and pulling within the Job's deadline; then the attempt
 * of the Job counts as failed and is repeated. What psql says is printed now and then, for whoever looks at the log.
 */
const WAIT_FOR_ROLE = [
  `export PGPASSWORD="$(cat ${PASSWORD.folder}/${PASSWORD.key})"`,
  'attempt=1',
  'while [ "$attempt" -le 90 ]; do',
  '  answer="$(psql -w -q -c \'select 1\' 2>&1 >/dev/null)" && exit 0',
  '  [ "$((attempt % 10))" -eq 1 ] && echo "attempt $attempt: $answer" >&2',
  '  sleep 2',
  '  attempt=$((attempt + 1))',
  'done',
  'echo "the role $PGUSER could not log in at $PGHOST:$PGPORT; has the migration finished? $answer" >&2',
  'exit 1',
].join('\n');

/** The content of the accounts' migration (caracal.md 7, caracal-addendum.md B3). */
export function authMigrationContent(props: CaracalJobProps): JobContent {
  const { files, env } = secretFiles('auth-migrate', props.secrets, allFeatures());
  const { [PASSWORD.env]: _waitOnly, ...programEnv } = env;
  const ofProgram = files.items.filter(({ key }) => key !== PASSWORD.key);
  const ofWaiting = files.items.filter(({ key }) => key === PASSWORD.key);
  return {
    component: 'auth-migrate',
    ...fromRelease(props.release, 'web'),
    args: ['/app/auth/dist/migrate.js'],
    user: NONROOT,
    env: {
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      ...trustEnv('node', props.trust),
      ...programEnv,
    },
    secretFiles: [{ ...files, items: ofProgram }],
    ...(props.trust === undefined ? {} : { trust: props.trust }),
    initContainers: [
      {
        name: 'wait-for-role',
        image: props.release.image('postgres'),
        command: ['/bin/sh', '-c', WAIT_FOR_ROLE],
        // The database that exists before any migration; the program makes its own.
        env: libpqEnv(props.postgres, props.trust, 'postgres', DATABASE_ROLES.auth),
        mounts: props.trust === undefined ? [] : [readOnlyMount('trust', props.trust.folder)],
        secretFiles: [{ volume: 'role-password', mountPath: PASSWORD.folder, items: ofWaiting }],
      },
    ],
    resources: JOB_RESOURCES,
    ...JOB_LIMITS,
    connectionsPerPod: POOL_SIZE,
    ...revisionOf(props.secrets),
  };
}

/** The migration of the console's accounts; it waits for the main migration by itself. */
export class AuthMigration extends OneShotJob {
  constructor(scope: Construct, id: string, props: CaracalJobProps) {
    super(scope, id, authMigrationContent(props), picked<JobOptions>(props, JOB_OPTION_CHECKS));
    connect(this, 'auth-migrate', 'postgres', props.postgres.peer, postgresPort(props.postgres));
  }
}
